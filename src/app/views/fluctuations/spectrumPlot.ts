/** The noise of each current at finite frequency, with the rates of the slowest modes. */
import type { TopLevelSpec } from 'vega-lite';
import type { Dataset } from '../../../figures/dataset.js';
import {
  byCurve,
  colours,
  pictureOf,
  quantitative,
  readableLabels,
} from '../../../figures/theme.js';
import type { NoiseAt } from '../../../fluctuations/dynamics.js';
import type { Mode } from '../../../spectrum/modes.js';
import type { Frequencies } from '../../fluctuations/live.js';
import type { Rows } from '../../plot/vega.js';
import type { Bath } from './baths.js';

/** What is counted at each bath: its quanta, or, where no bath has any, its heat. */
const countedIn = (noise: readonly NoiseAt[]): 'quanta' | 'heat' =>
  noise.some(({ quanta }) => quanta.size > 0) ? 'quanta' : 'heat';

/** Those of the baths at which something is counted. */
export function countedBaths(noise: readonly NoiseAt[], baths: readonly Bath[]): readonly Bath[] {
  const counted = countedIn(noise);
  return baths.filter(({ name }) => noise.some((at) => at[counted].has(name)));
}

/** A logarithmic axis has no place for what is not positive. */
export function spectrumRows(noise: readonly NoiseAt[], baths: readonly Bath[]): Rows {
  const counted = countedIn(noise);
  return noise.flatMap((at) =>
    baths.map(({ name, label }) => {
      const value = at[counted].get(name)?.value ?? 0;
      return { omega: at.omega, curve: label, value: value > 0 ? value : null };
    }),
  );
}

export const rateRows = (modes: readonly Mode[], { from, to }: Frequencies): Rows =>
  modes.filter(({ rate }) => rate >= from && rate <= to).map(({ rate }) => ({ omega: rate }));

export function spectrumDataset(noise: readonly NoiseAt[], baths: readonly Bath[]): Dataset {
  const counted = countedIn(noise);
  const unit = counted === 'quanta' ? '1/time' : 'energy^2/time';
  return {
    columns: [
      { name: 'omega', unit: 'energy', description: 'angular frequency' },
      ...baths.flatMap(({ current, label }) => [
        { name: `noise.${current}`, unit, description: `noise of ${label} at that frequency` },
        { name: `error.${current}`, unit, description: 'how far it may be off' },
      ]),
    ],
    rows: noise.map((at) => ({
      omega: at.omega,
      ...Object.fromEntries(
        baths.flatMap(({ name, current }) => [
          [`noise.${current}`, at[counted].get(name)?.value ?? null],
          [`error.${current}`, at[counted].get(name)?.error ?? null],
        ]),
      ),
    })),
  };
}

/** Data sets: `rows`, and the slowest modes as `rates`. */
export function spectrumPlot({ from, to }: Frequencies, baths: readonly Bath[]): TopLevelSpec {
  const x = quantitative('omega', 'angular frequency ω (energy)', {
    scale: { type: 'log', domain: [from, to], nice: false },
    axis: { tickCount: 6, ...readableLabels },
  });
  return pictureOf({
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
          y: quantitative('value', 'S(ω) (1/time)', {
            scale: { type: 'log' },
            axis: { tickCount: 5, ...readableLabels },
          }),
          ...byCurve('curve', baths),
        },
      },
    ],
  });
}
