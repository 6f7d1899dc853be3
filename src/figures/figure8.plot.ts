/** How Fig. 8 looks: the same curves on a linear and a logarithmic time axis. */
import type { TopLevelSpec } from 'vega-lite';
import {
  byCurve,
  caption,
  colours,
  type Parameters,
  parameterLines,
  plainNumber,
  theme,
} from './theme.js';

export interface Figure8Data {
  readonly parameters: Parameters;
  /** End of the linear axis, and start of the logarithmic one. */
  readonly linearTo: number;
  readonly logarithmicFrom: number;
  readonly rows: readonly {
    readonly t: number;
    readonly kinetic: number;
    readonly intrinsic: number;
    readonly backAction: number;
    readonly net: number;
    readonly Qr: number;
  }[];
}

const curves = [
  { name: 'kinetic', label: 'kinetic', colour: colours.blue, dash: [1, 0] },
  { name: 'intrinsic', label: 'intrinsic', colour: colours.vermilion, dash: [7, 3] },
  { name: 'net', label: 'net', colour: colours.green, dash: [8, 2, 2, 2] },
  { name: 'backAction', label: 'back-action', colour: colours.black, dash: [2, 2] },
] as const;

/** Powers are shown in units of 10⁻⁴, times on linear axes in 10⁴. */
const POWER_SCALE = 1e4;
const TIME_SCALE = 1e-4;

export function figure8Plot({
  parameters,
  linearTo,
  logarithmicFrom,
  rows,
}: Figure8Data): TopLevelSpec {
  const valuesOf = (from: number, to: number, timeScale = 1) =>
    rows
      .filter(({ t }) => t >= from && t <= to)
      .flatMap((row) =>
        curves.map(({ name, label }) => ({
          t: timeScale * row.t,
          power: label,
          value: POWER_SCALE * row[name],
        })),
      );
  const panel = (title: string, values: object[], time: object, height: number, y: object) => ({
    width: 380,
    height,
    title,
    layer: [
      {
        data: { values: [{}] },
        mark: { type: 'rule', strokeWidth: 0.6, color: colours.grey },
        encoding: { y: { datum: 0 } },
      },
      {
        data: { values },
        mark: { type: 'line', clip: true },
        encoding: {
          x: { field: 't', type: 'quantitative', title: 't', ...time },
          y: { field: 'value', type: 'quantitative', title: 'power  (10⁻⁴)', ...y },
          ...byCurve('power', curves),
        },
      },
    ],
  });
  const linear = {
    title: 't  (10⁴)',
    scale: { domain: [0, TIME_SCALE * linearTo], nice: false },
    axis: { tickCount: 6 },
  };
  const onLinear = valuesOf(0, linearTo, TIME_SCALE);
  const end = rows[rows.length - 1].t;
  const decades = Array.from(
    { length: Math.round(Math.log10(end / logarithmicFrom)) + 1 },
    (_, i) => Number((logarithmicFrom * 10 ** i).toPrecision(6)),
  );
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    title: caption(parameterLines(parameters)),
    vconcat: [
      panel('(a) time linear', onLinear, linear, 170, {}),
      panel('(b) the same, enlarged', onLinear, linear, 120, {
        scale: { domain: [-0.3, 0.6], nice: false },
        axis: { tickCount: 5 },
      }),
      panel(
        '(c) time logarithmic',
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
    spacing: 12,
  } as TopLevelSpec;
}
