/** The noise of each current at finite frequency, with the rates of the slowest modes. */
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../../figures/dataset.js';
import { byCurve, colours, dashes, readableLabels, theme } from '../../../figures/theme.js';
import type { NoiseAt } from '../../../fluctuations/dynamics.js';
import type { Mode } from '../../../spectrum/modes.js';
import type { SpectrumRequest } from '../../fluctuations/live.js';
import type { Rows } from '../../plot/vega.js';

/** The mill's baths, and what is counted of each. */
const CURVES = [
  { bath: 'bath1', column: 'N1', label: 'N₁', colour: colours.blue, dash: dashes.solid },
  { bath: 'bath2', column: 'N2', label: 'N₂', colour: colours.vermilion, dash: dashes.dashed },
  { bath: 'load', column: 'L', label: 'L', colour: colours.green, dash: dashes.mixed },
] as const;

/** A logarithmic axis has no place for what is not positive. */
export const spectrumRows = (noise: readonly NoiseAt[]): Rows =>
  noise.flatMap(({ omega, quanta }) =>
    CURVES.map(({ bath, label }) => {
      const value = quanta.get(bath)?.value ?? 0;
      return { omega, curve: label, value: value > 0 ? value : null };
    }),
  );

export const rateRows = (modes: readonly Mode[], { from, to }: SpectrumRequest): Rows =>
  modes.filter(({ rate }) => rate >= from && rate <= to).map(({ rate }) => ({ omega: rate }));

export const spectrumDataset = (noise: readonly NoiseAt[]): Dataset => ({
  columns: [
    { name: 'omega', unit: 'energy', description: 'angular frequency' },
    ...CURVES.flatMap(({ column, label }) => [
      {
        name: `noise.${column}`,
        unit: '1/time',
        description: `noise of ${label} at that frequency`,
      },
      { name: `error.${column}`, unit: '1/time', description: 'how far it may be off' },
    ]),
  ],
  rows: noise.map(({ omega, quanta }) => ({
    omega,
    ...Object.fromEntries(
      CURVES.flatMap(({ bath, column }) => [
        [`noise.${column}`, quanta.get(bath)?.value ?? null],
        [`error.${column}`, quanta.get(bath)?.error ?? null],
      ]),
    ),
  })),
});

/** Data sets: `rows`, and the slowest modes as `rates`. */
export function spectrumPlot({ from, to }: Pick<SpectrumRequest, 'from' | 'to'>): TopLevelSpec {
  const x = {
    field: 'omega',
    type: 'quantitative',
    title: 'angular frequency ω (energy)',
    scale: { type: 'log', domain: [from, to], nice: false },
    axis: { tickCount: 6, ...readableLabels },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    width: 520,
    height: 260,
    layer: [
      {
        data: { name: 'rates' },
        mark: { type: 'rule', strokeWidth: 0.8, color: colours.grey, opacity: 0.7 },
        encoding: { x },
      },
      {
        data: { name: 'rows' },
        mark: { type: 'line', clip: true },
        encoding: {
          x,
          y: {
            field: 'value',
            type: 'quantitative',
            title: 'S(ω) (1/time)',
            scale: { type: 'log' },
            axis: { tickCount: 5, ...readableLabels },
          },
          ...byCurve('curve', CURVES),
        },
      },
    ],
  } as TopLevelSpec;
}
