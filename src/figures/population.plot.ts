/** How Figs. 6 and 7 look: one panel for each time. */
import type { TopLevelSpec } from 'vega-lite';
import { type FigureStyle, NARROW } from './style.js';
import {
  colours,
  figureOf,
  type Parameters,
  parameterLines,
  plainNumber,
  quantitative,
  themeOf,
} from './theme.js';

export interface PopulationData {
  readonly parameters: Parameters;
  readonly remarks: readonly string[];
  /** Legend texts of the bars, the red marks, and the circles where there are any. */
  readonly names: { readonly bars: string; readonly steady: string; readonly circles?: string };
  readonly panels: readonly {
    readonly t: number;
    /** Under the panel's title. */
    readonly note: string | null;
    readonly levels: readonly {
      readonly l: number;
      readonly population: number;
      readonly steady: number;
      readonly wide: number | null;
    }[];
  }[];
}

/** Panels side by side: fewer in a narrow picture, so that each can be read. */
const PANELS = { wide: 4, narrow: 2 } as const;
/** Between two panels, and between two rows: room for axis, title and note. */
const GAP = { column: 18, row: 62 } as const;

/** Legends below one another. */
const STACKED = { top: { direction: 'vertical', anchor: 'start', margin: 2 } } as const;

/** A whole number with a sign that print has. */
export const minus = (value: number): string => String(value).replace('-', '−');

export function populationPlot(
  { parameters, remarks, names, panels }: PopulationData,
  style: FigureStyle,
): TopLevelSpec {
  const config = themeOf(style);
  const isNarrow = style.frame < NARROW;
  const columns = isNarrow ? PANELS.narrow : PANELS.wide;
  const width = Math.round((style.frame - (columns - 1) * GAP.column) / columns);
  const slot = (0.92 * width) / panels[0].levels.length;
  /** The same in every panel: how high a distribution is shall be seen. */
  const top = Math.max(
    ...panels.flatMap(({ levels }) => levels.flatMap((v) => [v.population, v.steady, v.wide ?? 0])),
  );
  /** A legend entry of its own for each kind of mark, which looks like the mark. */
  const named = (name: string, range: string, legend: object) => ({
    datum: name,
    scale: { domain: [name], range: [range] },
    legend,
  });
  const bars = named(names.bars, colours.sky, {
    symbolType: 'square',
    symbolSize: 90,
    symbolStrokeWidth: 0,
  });
  const dashes = named(names.steady, colours.red, {
    symbolType: 'stroke',
    // As high as the bars' with its stroke, so that all texts are on one line.
    symbolSize: 58,
    symbolStrokeWidth: 1.8,
  });
  /** A line of text over the middle of a panel, as high in each. */
  const above = (text: string, at: number, fontSize: number) => ({
    data: { values: [{}] },
    mark: { type: 'text', text, x: width / 2, y: at, baseline: 'middle', fontSize },
  });
  const panel = ({ t, note, levels }: PopulationData['panels'][number], at: number) => {
    const x = quantitative('l', at >= panels.length - columns ? 'ℓ  (ħ)' : null, {
      scale: { domain: [levels[0].l - 0.8, levels[levels.length - 1].l + 0.8], nice: false },
      axis: { values: [-5, 0, 5, 10], format: 'd' },
    });
    const y = (field: string) =>
      quantitative(field, at % columns === 0 ? '⟨ℓ|ρᵣ(t)|ℓ⟩' : null, {
        scale: { domain: [0, 1.04 * top], nice: false },
        axis: { tickCount: 3, format: '.1f', labels: at % columns === 0 },
      });
    const circles =
      names.circles === undefined
        ? []
        : [
            {
              mark: {
                type: 'point',
                size: Math.min(18, 2.6 * slot),
                strokeWidth: 0.9,
                opacity: 1,
                stroke: colours.black,
              },
              encoding: {
                x,
                y: y('wide'),
                shape: named(names.circles, 'circle', {
                  symbolSize: 26,
                  symbolStrokeWidth: 0.9,
                  symbolStrokeColor: colours.black,
                  symbolFillColor: 'transparent',
                }),
              },
            },
          ];
    return {
      width,
      height: 82,
      data: { values: levels },
      layer: [
        above(`t = ${plainNumber(t)}`, note === null ? -8 : -19, 10),
        ...(note === null ? [] : [above(note, -7, 7.5)]),
        {
          mark: { type: 'bar', width: 0.8 * slot },
          encoding: { x, y: y('population'), fill: bars },
        },
        {
          mark: {
            type: 'tick',
            orient: 'horizontal',
            size: slot,
            thickness: 1.1,
            strokeWidth: 0.4,
            opacity: 1,
            color: colours.red,
          },
          encoding: { x, y: y('steady'), stroke: dashes },
        },
        ...circles,
      ],
    };
  };
  // Side by side legends would be wider than narrow panels.
  const legend = { ...config.legend, layout: isNarrow ? STACKED : {} };
  return figureOf(
    style,
    [...parameterLines(parameters), ...remarks],
    { concat: panels.map(panel), columns, bounds: 'flush', spacing: GAP },
    { ...config, legend },
  );
}
