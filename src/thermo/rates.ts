/** What each channel does to a state: the parts of ρ̇ that thermodynamics tells apart. */

import { applyAdd } from '../generator/apply.js';
import { type Channel, eachChannel, type Lindbladian } from '../generator/lindbladian.js';
import { magnitude } from '../generator/magnitude.js';
import type { Operator } from '../operators/operator.js';
import { type DensityMatrix, expectation, norm } from '../state/densityMatrix.js';
import { zeros } from '../zeros.js';

export interface ChannelRates {
  /** ‖ρ̇‖ (Frobenius norm), all channels together. */
  readonly norm: number;
  /** ‖|𝓛| |ρ|‖, what ‖ρ̇‖ is a small remainder of where ρ is stationary: at most ‖𝓛‖ ‖ρ‖. */
  readonly magnitude: number;
  /** Tr[X 𝓛_channel[ρ]] for a Hermitian X, summed over the given channels (all by default). */
  rate(x: Operator, ...channels: readonly Channel[]): number;
}

/** What the channels do to a state of any space. */
export function channelRates(
  { space, channels, total: whole }: Lindbladian,
  rho: DensityMatrix,
): ChannelRates {
  const parts = eachChannel(channels, (generator): DensityMatrix => {
    const elements = zeros(2 * space.size);
    applyAdd(generator, rho.elements, elements);
    return { space, elements };
  });
  const total = zeros(2 * space.size);
  for (const channel in parts) add(parts[channel].elements, total);
  const derivative = { space, elements: total };
  return {
    norm: norm(derivative),
    get magnitude() {
      return magnitude(whole, rho.elements);
    },
    rate: (x, ...chosen) => {
      if (chosen.length === 0) return expectation(derivative, x).re;
      let sum = 0;
      for (const channel of chosen) sum += expectation(parts[channel], x).re;
      return sum;
    },
  };
}

function add(part: Float64Array, total: Float64Array): void {
  for (let i = 0; i < total.length; i++) total[i] += part[i];
}
