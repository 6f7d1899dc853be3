/** How Figs. 4 and 5 look: curves in χ through the plane of R and J, dots where Γ_α is largest. */
import type { TopLevelSpec } from 'vega-lite';
import { caption, colours, type Parameters, parameterLines, theme } from './theme.js';

export interface RectificationData {
  readonly parameters: Parameters;
  /** Lines under the figure, besides the parameters. */
  readonly remarks: readonly string[];
  readonly axes: { readonly R: string; readonly J: string };
  readonly curves: readonly {
    readonly beta2: number;
    readonly chi: number;
    readonly R: number;
    readonly J: number;
  }[];
  readonly optima: readonly {
    readonly beta2: number;
    readonly alpha: number;
    readonly chi: number;
    readonly R: number;
    readonly J: number;
  }[];
}

const lineColours = [colours.vermilion, colours.green, colours.blue];
const dashes = [
  [1, 0],
  [7, 3],
  [2, 2],
];

export function rectificationPlot(data: RectificationData): TopLevelSpec {
  const { curves, optima, axes } = data;
  const labelOf = ({ beta2 }: { beta2: number }) => `β₂ = ${beta2}`;
  const labels = [...new Set(curves.map(labelOf))];
  const alphas = [...new Set(optima.map(({ alpha }) => `α = ${alpha}`))];
  const x = { field: 'R', type: 'quantitative', title: axes.R, scale: { zero: false } };
  const y = { field: 'J', type: 'quantitative', title: axes.J };
  const colour = { domain: labels, range: lineColours };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    title: caption([...parameterLines(data.parameters), ...data.remarks]),
    width: 380,
    height: 260,
    layer: [
      {
        data: { values: curves.map((point) => ({ ...point, label: labelOf(point) })) },
        mark: { type: 'line' },
        encoding: {
          x,
          y,
          order: { field: 'chi', type: 'quantitative' },
          color: {
            field: 'label',
            type: 'nominal',
            sort: null,
            scale: colour,
            legend: { symbolType: 'stroke' },
          },
          strokeDash: {
            field: 'label',
            type: 'nominal',
            sort: null,
            scale: { domain: labels, range: dashes },
          },
        },
      },
      {
        data: {
          values: optima.map((point) => ({
            ...point,
            hotBath: labelOf(point),
            weight: `α = ${point.alpha}`,
          })),
        },
        mark: { type: 'point', size: 60, opacity: 1, filled: false, strokeWidth: 1.4 },
        encoding: {
          x,
          y,
          stroke: { field: 'hotBath', type: 'nominal', sort: null, scale: colour, legend: null },
          shape: {
            field: 'weight',
            type: 'nominal',
            sort: null,
            scale: { domain: alphas, range: ['circle', 'square', 'triangle-up'] },
            legend: {
              symbolSize: 60,
              symbolStrokeColor: colours.black,
              symbolStrokeWidth: 1.4,
              orient: 'top-left',
              direction: 'vertical',
            },
          },
        },
      },
    ],
  } as TopLevelSpec;
}
