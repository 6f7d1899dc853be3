/** How Fig. 2 looks. */
import type { TopLevelSpec } from 'vega-lite';
import {
  caption,
  colours,
  operationColours,
  type Parameters,
  parameterLines,
  theme,
} from './theme.js';

export interface Figure2Data {
  readonly parameters: Parameters;
  readonly rows: readonly {
    readonly ratio: number;
    readonly Q1: number;
    readonly Q2: number;
    readonly Qr: number;
    readonly WQ: number;
    readonly efficiency: number | null;
    readonly carnotEfficiency: number;
    readonly cop: number | null;
    readonly carnotCop: number | null;
    readonly operation: string;
  }[];
  readonly regimes: readonly {
    readonly operation: string;
    readonly from: number;
    readonly to: number;
  }[];
}

const ratioTitle = 'β₂/β₁';
/** The four curves of panel (a): name in the data, label, colour, dash (grey print tells them apart). */
const flows = [
  { name: 'Q1', label: 'Q̇₁', colour: colours.blue, dash: [1, 0] },
  { name: 'Q2', label: 'Q̇₂', colour: colours.vermilion, dash: [7, 3] },
  { name: 'Qr', label: 'Q̇ᵣ', colour: colours.green, dash: [2, 2] },
  { name: 'WQ', label: 'Ẇ(Q)', colour: colours.black, dash: [8, 2, 2, 2] },
] as const;

/** Panel (a) shows flows in thousandths. */
const FLOW_SCALE = 1e3;

function flowPanel({ rows, regimes }: Figure2Data) {
  const values = rows.flatMap((row) =>
    flows.map(({ name, label }) => ({
      ratio: row.ratio,
      flow: label,
      value: FLOW_SCALE * row[name],
    })),
  );
  const x = {
    field: 'ratio',
    type: 'quantitative',
    title: ratioTitle,
    scale: { domain: [0, rows[rows.length - 1].ratio], nice: false },
  };
  return {
    width: 380,
    height: 210,
    title: '(a)',
    layer: [
      {
        data: { values: regimes },
        mark: { type: 'rect', opacity: 1 },
        encoding: {
          x: { ...x, field: 'from' },
          x2: { field: 'to' },
          color: {
            field: 'operation',
            type: 'nominal',
            legend: null,
            scale: {
              domain: Object.keys(operationColours),
              range: Object.values(operationColours),
            },
          },
        },
      },
      {
        data: {
          values: regimes.map((r) => ({ ...r, middle: (r.from + r.to) / 2 })),
        },
        mark: { type: 'text', fontSize: 7.5, baseline: 'top', y: 5 },
        encoding: { x: { ...x, field: 'middle' }, text: { field: 'operation' } },
      },
      {
        data: { values: [{}] },
        mark: { type: 'rule', strokeWidth: 0.6, color: colours.grey },
        encoding: { y: { datum: 0 } },
      },
      {
        data: { values },
        mark: { type: 'line', clip: true },
        encoding: {
          x,
          y: { field: 'value', type: 'quantitative', title: 'flow into the system  (10⁻³)' },
          stroke: {
            field: 'flow',
            type: 'nominal',
            sort: null,
            scale: { domain: flows.map((f) => f.label), range: flows.map((f) => f.colour) },
          },
          strokeDash: {
            field: 'flow',
            type: 'nominal',
            sort: null,
            scale: { domain: flows.map((f) => f.label), range: flows.map((f) => f.dash) },
          },
        },
      },
    ],
    resolve: { scale: { color: 'independent' } },
  };
}

/** A quantity (solid) under its Carnot bound (dashed), over the range where it is defined. */
function boundedPanel(
  letter: string,
  values: readonly { ratio: number; value: number; bound: number }[],
  labels: {
    readonly value: string;
    readonly bound: string;
    readonly boundShift: number;
    readonly axis: string;
  },
  top: number,
) {
  const x = {
    field: 'ratio',
    type: 'quantitative',
    title: ratioTitle,
    scale: { zero: false, nice: false },
    axis: { tickCount: 5 },
  };
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
  // Each curve is named at its own end, inside the frame.
  const named = (field: 'value' | 'bound', text: string, at: number, colour: string) => ({
    data: { values: [values[Math.round(at * (values.length - 1))]] },
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
    width: 165,
    height: 140,
    title: letter,
    data: { values },
    layer: [
      curve('bound', [5, 3], colours.vermilion),
      curve('value', [1, 0], colours.blue),
      named('bound', labels.bound, 0.5, colours.vermilion),
      named('value', labels.value, 0.5, colours.blue),
    ],
  };
}

/** Three panels: (a) heat flows and power with the regimes, (b) efficiency, (c) COP. */
export function figure2Plot(data: Figure2Data): TopLevelSpec {
  const engine = data.rows.flatMap(({ ratio, efficiency, carnotEfficiency }) =>
    efficiency === null ? [] : [{ ratio, value: efficiency, bound: carnotEfficiency }],
  );
  const refrigerator = data.rows.flatMap(({ ratio, cop, carnotCop }) =>
    cop === null || carnotCop === null ? [] : [{ ratio, value: cop, bound: carnotCop }],
  );
  const highestCop = Math.max(...refrigerator.map(({ bound }) => bound));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    title: caption(parameterLines(data.parameters)),
    vconcat: [
      flowPanel(data),
      {
        hconcat: [
          boundedPanel(
            '(b)',
            engine,
            { value: 'η', bound: 'Carnot', boundShift: 18, axis: 'efficiency' },
            1,
          ),
          boundedPanel(
            '(c)',
            refrigerator,
            { value: 'COP', bound: 'Carnot', boundShift: -14, axis: 'COP' },
            Math.ceil(highestCop),
          ),
        ],
        bounds: 'flush',
        spacing: 50,
      },
    ],
    spacing: 14,
  } as TopLevelSpec;
}
