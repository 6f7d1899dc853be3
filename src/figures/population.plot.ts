/** How Figs. 6 and 7 look: one panel for each time. */
import type { TopLevelSpec } from 'vega-lite';
import { caption, colours, type Parameters, parameterLines, plainNumber, theme } from './theme.js';

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

const COLUMNS = 4;

/** A whole number with a sign that print has. */
export const minus = (value: number): string => String(value).replace('-', '−');

export function populationPlot({
  parameters,
  remarks,
  names,
  panels,
}: PopulationData): TopLevelSpec {
  const series = [
    names.bars,
    names.steady,
    ...(names.circles === undefined ? [] : [names.circles]),
  ];
  const color = (name: string) => ({
    datum: name,
    scale: { domain: series, range: [colours.sky, colours.red, colours.black] },
    legend: { symbolType: 'square', symbolSize: 90 },
  });
  const panel = ({ t, note, levels }: PopulationData['panels'][number], at: number) => {
    const top = Math.max(...levels.flatMap((v) => [v.population, v.steady, v.wide ?? 0]));
    const x = {
      field: 'l',
      type: 'quantitative',
      title: at >= panels.length - COLUMNS ? 'l' : null,
      scale: { domain: [levels[0].l - 0.8, levels[levels.length - 1].l + 0.8], nice: false },
      axis: { values: [-5, 0, 5, 10], format: 'd' },
    };
    const y = (field: string) => ({
      field,
      type: 'quantitative',
      title: at % COLUMNS === 0 ? '⟨l|ρᵣ|l⟩' : null,
      scale: { domain: [0, 1.08 * top], nice: false },
      axis: { tickCount: 3, format: '.2f', minExtent: 32, maxExtent: 32 },
    });
    const circles =
      names.circles === undefined
        ? []
        : [
            {
              mark: { type: 'point', size: 13, strokeWidth: 0.9, opacity: 1 },
              encoding: { x, y: y('wide'), color: color(names.circles) },
            },
          ];
    return {
      width: 92,
      height: 82,
      title: {
        text: `t = ${plainNumber(t)}`,
        ...(note === null ? {} : { subtitle: note, subtitleFontSize: 8 }),
        anchor: 'middle',
        fontWeight: 'normal',
        offset: 3,
      },
      data: { values: levels },
      layer: [
        {
          mark: { type: 'bar', width: 4 },
          encoding: { x, y: y('population'), color: color(names.bars) },
        },
        {
          mark: { type: 'tick', orient: 'horizontal', size: 5.5, thickness: 1.6, opacity: 1 },
          encoding: { x, y: y('steady'), color: color(names.steady) },
        },
        ...circles,
      ],
    };
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    title: caption([...parameterLines(parameters), ...remarks]),
    concat: panels.map(panel),
    columns: COLUMNS,
    spacing: 14,
  } as TopLevelSpec;
}
