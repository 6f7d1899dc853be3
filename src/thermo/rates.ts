/** What each channel does to a state: the parts of ρ̇ that thermodynamics tells apart. */
import { apply } from '../backend/cpu/apply.js';
import { CHANNELS, type Channel, type Lindbladian } from '../generator/lindbladian.js';
import type { Operator } from '../model/operator.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';

export interface ChannelRates {
  /** Tr[X 𝓛_channel[ρ]] for a Hermitian X, summed over the given channels (all by default). */
  rate(x: Operator, ...channels: readonly Channel[]): number;
}

export function channelRates({ space, channels }: Lindbladian, rho: DensityMatrix): ChannelRates {
  const parts = {} as Record<Channel, DensityMatrix>;
  for (const channel of CHANNELS) {
    parts[channel] = { space, elements: apply(channels[channel], rho.elements) };
  }
  return {
    rate: (x, ...chosen) => {
      let total = 0;
      for (const c of chosen.length === 0 ? CHANNELS : chosen) total += expectation(parts[c], x).re;
      return total;
    },
  };
}
