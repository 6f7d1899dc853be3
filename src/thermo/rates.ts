/** What each channel does to a state: the parts of ρ̇ that thermodynamics tells apart. */

import { applyAdd } from '../generator/apply.js';
import { spaceOf } from '../generator/classes.js';
import { couplingsOn } from '../generator/generator.js';
import {
  allRules,
  type Channel,
  type ChannelRules,
  eachChannel,
  type Lindbladian,
} from '../generator/lindbladian.js';
import { magnitude } from '../generator/magnitude.js';
import type { Operator } from '../operators/operator.js';
import { type DensityMatrix, expectation, norm } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
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

/** The largest change of δ that rules make. */
function deltaReach(rules: ChannelRules): number {
  let most = 0;
  for (const { ket, bra } of allRules(rules)) {
    most = Math.max(most, Math.abs((ket?.shift ?? 0) - (bra?.shift ?? 0)));
  }
  return most;
}

/**
 * The same of a state whose ρ̇ is known to vanish but for its norm: each channel is computed where it is asked for, on
 * the few diagonals that an operator reads.
 */
export function ratesOfSteady(
  rules: ChannelRules,
  rho: DensityMatrix,
  known: Pick<ChannelRates, 'norm' | 'magnitude'>,
): ChannelRates {
  const step = deltaReach(rules);
  let width = -1;
  let parts: Partial<Record<Channel, DensityMatrix>> = {};
  let [near, around] = [rho, rho];
  const within = (most: number): DensityMatrix => {
    const { space } = rho;
    const classes = space.classes.filter(({ delta }) => Math.abs(delta) <= most);
    return embedded(rho, spaceOf(space, classes));
  };
  const partOf = (channel: Channel): DensityMatrix => {
    const { space } = near;
    const elements = zeros(2 * space.size);
    const couplings = couplingsOn(around.space, rules[channel], space);
    applyAdd({ space, couplings }, around.elements, elements);
    return { space, elements };
  };
  return {
    ...known,
    rate: (x, ...chosen) => {
      const asked = x.transitions.reduce((most, { shift }) => Math.max(most, Math.abs(shift)), 0);
      if (asked > width) {
        width = asked;
        parts = {};
        [near, around] = [within(width), within(width + step)];
      }
      let sum = 0;
      for (const channel of chosen.length === 0 ? Object.keys(rules) : chosen) {
        parts[channel] ??= partOf(channel);
        sum += expectation(parts[channel], x).re;
      }
      return sum;
    },
  };
}
