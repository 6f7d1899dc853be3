/** How Fig. 2 looks. */
import type { TopLevelSpec } from 'vega-lite';
import type { Figure2Data } from './figure2.js';
import type { FigureStyle } from './style.js';
import {
  byCurve,
  colours,
  figureOf,
  inPowersOf,
  looks,
  panelLetter,
  parameterLines,
  powerOf,
  quantitative,
  regimeLayer,
  zeroLine,
} from './theme.js';

const ratioTitle = 'β₂/β₁';
/** The four curves of panel (a): name in the data, label, colour, dash (grey print tells them apart). */
const flows = [
  { name: 'Q1', label: 'Q̇₁', ...looks[0] },
  { name: 'Q2', label: 'Q̇₂', ...looks[1] },
  { name: 'Qr', label: 'Q̇ᵣ', ...looks[2] },
  { name: 'WQ', label: 'Ẇ^(Q)', ...looks[3] },
] as const;

/** A letter of a regime's name is about so wide, in pixels: what does not fit is written upwards. */
const LETTER_WIDTH = 4.6;

/** The names of the regimes, upright where they fit between their borders. */
function regimeNames(
  regimes: Figure2Data['regimes'],
  domain: readonly [number, number],
  frame: number,
  x: object,
) {
  const placed = regimes.map((r) => {
    const width = (frame * (r.to - r.from)) / (domain[1] - domain[0]);
    const fits = r.operation.length * LETTER_WIDTH <= width;
    return { operation: r.operation, middle: (r.from + r.to) / 2, fits, isSeen: fits || width > 9 };
  });
  const layer = (fits: boolean, mark: object) => ({
    data: { values: placed.filter((r) => r.isSeen && r.fits === fits) },
    mark: { type: 'text', fontSize: 7.5, ...mark },
    encoding: { x: { ...x, field: 'middle' }, text: { field: 'operation' } },
  });
  return [
    layer(true, { baseline: 'top', y: 5 }),
    layer(false, { baseline: 'middle', align: 'right', angle: 270, y: 5 }),
  ];
}

function flowPanel({ rows, regimes }: Figure2Data, frame: number) {
  const power = powerOf(rows.flatMap((row) => flows.map(({ name }) => row[name])));
  const unit = Number(`1e${power}`);
  const values = rows.flatMap((row) =>
    flows.map(({ name, label }) => ({
      ratio: row.ratio,
      flow: label,
      value: row[name] / unit,
    })),
  );
  const { color, strokeDash } = byCurve('flow', flows);
  const domain = [0, rows[rows.length - 1].ratio] as const;
  const x = quantitative('ratio', ratioTitle, { scale: { domain, nice: false } });
  return {
    width: frame,
    height: 210,
    layer: [
      regimeLayer({ values: regimes }, x),
      ...regimeNames(regimes, domain, frame, x),
      panelLetter('(a)'),
      zeroLine,
      {
        data: { values },
        mark: { type: 'line', clip: true },
        encoding: {
          x,
          y: quantitative('value', `Q̇, Ẇ^(Q)  (${inPowersOf(power, 'energy/time')})`),
          stroke: color,
          strokeDash,
        },
      },
    ],
    resolve: { scale: { color: 'independent' } },
  };
}

interface Bounded {
  readonly ratio: number;
  readonly value: number;
  readonly bound: number;
}

/** A quantity (solid) under its Carnot bound (dashed), over the range where it is defined. */
function boundedPanel(
  letter: string,
  values: readonly Bounded[],
  labels: {
    readonly value: string;
    readonly bound: string;
    readonly boundShift: number;
    readonly axis: string;
  },
  from: number,
  top: number,
  width: number,
) {
  const x = quantitative('ratio', ratioTitle, {
    scale: { domain: [from, values[values.length - 1].ratio], nice: false },
    axis: { tickCount: 5 },
  });
  const y = {
    type: 'quantitative',
    title: labels.axis,
    scale: { domain: [0, top] },
    axis: { tickCount: 5 },
  };
  const curve = (field: 'value' | 'bound', dash: readonly number[], colour: string) => ({
    mark: { type: 'line', clip: true, strokeDash: dash, color: colour },
    encoding: { x, y: { ...y, field } },
  });
  // Each curve is named at its own middle, inside the frame.
  const named = (field: 'value' | 'bound', text: string, colour: string) => ({
    data: { values: [values[Math.round((values.length - 1) / 2)]] },
    mark: {
      type: 'text',
      text,
      dx: field === 'bound' ? labels.boundShift : 0,
      dy: -9,
      fontSize: 9.5,
      color: colour,
    },
    encoding: { x, y: { ...y, field } },
  });
  return {
    width,
    height: 140,
    data: { values },
    layer: [
      panelLetter(letter),
      curve('bound', [5, 3], colours.vermilion),
      curve('value', [1, 0], colours.blue),
      named('bound', labels.bound, colours.vermilion),
      named('value', labels.value, colours.blue),
    ],
  };
}

/** Between the frames of (b) and (c): room for the axis of (c). */
const GAP = 56;

/** Three panels: (a) heat flows and power with the regimes, (b) efficiency, (c) COP, where there are any. */
export function figure2Plot(data: Figure2Data, style: FigureStyle): TopLevelSpec {
  const engine = data.rows.flatMap(({ ratio, efficiency, carnotEfficiency }) =>
    efficiency === null ? [] : [{ ratio, value: efficiency, bound: carnotEfficiency }],
  );
  const refrigerator = data.rows.flatMap(({ ratio, cop, carnotCop }) =>
    cop === null || carnotCop === null ? [] : [{ ratio, value: cop, bound: carnotCop }],
  );
  const highestCop = Math.max(...refrigerator.map(({ bound }) => bound));
  const width = (style.frame - GAP) / 2;
  const startsAtZero = engine[0]?.ratio === data.rows[0].ratio;
  const below = [
    ...(engine.length < 2
      ? []
      : [
          boundedPanel(
            '(b)',
            engine,
            { value: 'η', bound: 'η_C', boundShift: 16, axis: 'efficiency η' },
            startsAtZero ? 0 : engine[0].ratio,
            1,
            width,
          ),
        ]),
    ...(refrigerator.length < 2
      ? []
      : [
          boundedPanel(
            '(c)',
            refrigerator,
            { value: 'COP', bound: 'COP_C', boundShift: -16, axis: 'COP' },
            refrigerator[0].ratio,
            Math.ceil(highestCop),
            width,
          ),
        ]),
  ];
  return figureOf(style, parameterLines(data.parameters), {
    vconcat: [
      flowPanel(data, style.frame),
      ...(below.length === 0 ? [] : [{ hconcat: below, bounds: 'flush', spacing: GAP }]),
    ],
    spacing: 22,
  });
}
