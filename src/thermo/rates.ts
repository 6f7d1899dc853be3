/** What each channel does to a state: the parts of ρ̇ that thermodynamics tells apart. */

import { applyAdd } from '../backend/cpu/apply.js';
import { CHANNELS, type Channel, type Lindbladian } from '../generator/lindbladian.js';
import type { Operator } from '../model/operator.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { zeros } from '../zeros.js';

export interface ChannelRates {
  /** ρ̇, all channels together. */
  readonly derivative: DensityMatrix;
  /** Tr[X 𝓛_channel[ρ]] for a Hermitian X, summed over the given channels (all by default). */
  rate(x: Operator, ...channels: readonly Channel[]): number;
}

export function channelRates({ space, channels }: Lindbladian, rho: DensityMatrix): ChannelRates {
  const total = zeros(rho.elements.length);
  const parts = {} as Record<Channel, DensityMatrix>;
  for (const channel of CHANNELS) {
    const elements = zeros(total.length);
    applyAdd(channels[channel], rho.elements, elements);
    for (let i = 0; i < total.length; i++) total[i] += elements[i];
    parts[channel] = { space, elements };
  }
  const derivative = { space, elements: total };
  return {
    derivative,
    rate: (x, ...chosen) => {
      if (chosen.length === 0) return expectation(derivative, x).re;
      let sum = 0;
      for (const channel of chosen) sum += expectation(parts[channel], x).re;
      return sum;
    },
  };
}
