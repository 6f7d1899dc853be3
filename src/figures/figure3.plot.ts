/** How Fig. 3 looks. */
import type { TopLevelSpec } from 'vega-lite';
import type { Figure3Data } from './figure3.js';
import type { FigureStyle } from './style.js';
import {
  byCurve,
  colours,
  dashes,
  figureOf,
  parameterLines,
  quantitative,
  roundAbove,
} from './theme.js';

const curves = [
  { name: 'total', label: 'total system', colour: colours.black, dash: dashes.solid },
  { name: 'qubits', label: 'two qubits', colour: colours.vermilion, dash: dashes.dashed },
  { name: 'rotor', label: 'rotor', colour: colours.blue, dash: dashes.dotted },
] as const;

export function figure3Plot({ parameters, rows }: Figure3Data, style: FigureStyle): TopLevelSpec {
  return figureOf(style, parameterLines(parameters), {
    width: style.frame,
    height: 230,
    data: {
      values: rows.flatMap((row) =>
        curves.map(({ name, label }) => ({ ratio: row.ratio, part: label, ergotropy: row[name] })),
      ),
    },
    mark: { type: 'line' },
    encoding: {
      x: quantitative('ratio', 'β₂/β₁', {
        scale: { domain: [0, rows[rows.length - 1].ratio], nice: false },
        axis: { tickCount: 6 },
      }),
      y: quantitative('ergotropy', 'ergotropy  (energy)', {
        scale: {
          domain: [0, roundAbove(1.02 * Math.max(...rows.map((row) => row.total)))],
          nice: false,
        },
        axis: { tickCount: 6 },
      }),
      ...byCurve('part', curves),
    },
  });
}
