/** How Fig. 8 looks: the same curves on a linear and a logarithmic time axis. */
import type { TopLevelSpec } from 'vega-lite';
import type { Figure8Data } from './figure8.js';
import type { FigureStyle } from './style.js';
import {
  byCurve,
  colours,
  dashes,
  figureOf,
  inPowersOf,
  panelLetter,
  parameterLines,
  plainNumber,
  powerOf,
  quantitative,
  zeroLine,
} from './theme.js';

const curves = [
  { name: 'kinetic', label: 'kinetic', colour: colours.blue, dash: dashes.solid },
  { name: 'intrinsic', label: 'intrinsic', colour: colours.vermilion, dash: dashes.dashed },
  { name: 'net', label: 'net', colour: colours.green, dash: dashes.mixed },
  { name: 'backAction', label: 'back-action', colour: colours.black, dash: dashes.dotted },
] as const;

/** Times on linear axes are shown in 10⁴. */
const TIME_SCALE = 1e-4;
/** Time by which the first oscillations are over, less than a pixel of the linear axes. */
const SETTLED = 10;
/** Share of the powers' range that is enlarged. */
const ENLARGED = 0.1;

export function figure8Plot(
  { parameters, linearTo, logarithmicFrom, rows }: Figure8Data,
  style: FigureStyle,
): TopLevelSpec {
  const settled = rows
    .filter(({ t }) => t >= SETTLED && t <= linearTo)
    .flatMap((row) => curves.map(({ name }) => row[name]));
  const power = powerOf(settled);
  const unit = Number(`1e${power}`);
  /** What is small beside the first values, as far as it goes below zero. */
  const enlarged = [1.6 * Math.min(0, ...settled), ENLARGED * Math.max(0, ...settled)].map(
    (value) => value / unit,
  );
  const valuesOf = (from: number, to: number, timeScale = 1) =>
    rows
      .filter(({ t }) => t >= from && t <= to)
      .flatMap((row) =>
        curves.map(({ name, label }) => ({
          t: timeScale * row.t,
          power: label,
          value: row[name] / unit,
        })),
      );
  const panel = (title: string, values: object[], time: object, height: number, y: object) => ({
    width: style.frame,
    height,
    layer: [
      panelLetter(title),
      zeroLine,
      {
        data: { values },
        mark: { type: 'line', clip: true },
        encoding: {
          x: quantitative('t', 'time t  (1/energy)', { ...time }),
          y: quantitative('value', `power  (${inPowersOf(power, 'energy/time')})`, { ...y }),
          ...byCurve('power', curves),
        },
      },
    ],
  });
  const linear = {
    title: 'time t  (10⁴/energy)',
    scale: { domain: [0, TIME_SCALE * linearTo], nice: false },
    axis: { tickCount: 6 },
  };
  // The first oscillations would be a stroke along the axis: they are in (c).
  const onLinear = valuesOf(SETTLED, linearTo, TIME_SCALE);
  const end = rows[rows.length - 1].t;
  const decades = Array.from(
    { length: Math.round(Math.log10(end / logarithmicFrom)) + 1 },
    (_, i) => Number((logarithmicFrom * 10 ** i).toPrecision(6)),
  );
  return figureOf(style, parameterLines(parameters), {
    vconcat: [
      panel('(a)  from t = 10 on', onLinear, linear, 170, {}),
      panel('(b)  the same, enlarged', onLinear, linear, 120, {
        scale: { domain: enlarged, nice: false },
        axis: { tickCount: 5 },
      }),
      panel(
        '(c)  time logarithmic',
        valuesOf(logarithmicFrom, end),
        {
          scale: { type: 'log', domain: [logarithmicFrom, end], nice: false },
          axis: {
            values: decades,
            labelExpr: `split('${decades.map(plainNumber).join(' ')}', ' ')[round(log(datum.value / ${logarithmicFrom}) / LN10)]`,
          },
        },
        170,
        {},
      ),
    ],
    spacing: 22,
  });
}
