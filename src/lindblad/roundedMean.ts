/** Means of operators with what rounding takes from them, level by level. */
import { bounds } from '../machine/range.js';
import type { Numbers } from '../machine/tape.js';
import { IN_NUMBERS, type TapeRounding } from '../machine/tapeRounding.js';
import { type ExactEstimate, estimated } from './estimate.js';
import type { ElementReader, Functional, Representation } from './functional.js';

/**
 * Tr[Xρ], and what it may be off by where the state is not.
 * @param state with what its elements are off by beside
 */
export function roundedMean(
  functional: Functional,
  representation: Representation,
  state: ElementReader,
  numbers: Numbers,
  rounding: TapeRounding,
): ExactEstimate {
  let high = 0;
  let low = 0;
  let error = 0;
  for (const { ket, bra, apart, range, re, im } of functional) {
    const elements = state.read(ket, bra, apart);
    if (elements === null) continue;
    const [begin, end] = bounds(range, state.window.size);
    for (let k = 0; k < 2; k++) {
      const place = k === 0 ? re : im;
      const part = k === 0 ? elements.re : elements.im;
      if (place === null || part === null) continue;
      const errors = (k === 0 ? null : elements.imError) ?? elements.error;
      const sign = k === 0 ? 1 : -1;
      const isTable = place.kind === 'table';
      const values = isTable ? numbers.table(place.at) : null;
      const lost = isTable ? rounding.table(place.at) : null;
      const scalar = isTable ? 0 : numbers.scalar(place.at);
      for (let i = begin; i < end; i++) {
        const value = values === null ? scalar : values[i];
        const term = sign * value * part[i];
        const sum = high + term;
        const rest = sum - high;
        low += high - (sum - rest) + (term - rest);
        high = sum;
        error += Math.abs(value) * errors[i];
        error += IN_NUMBERS * Math.abs((lost === null ? value : lost[i]) * part[i]);
      }
    }
  }
  return estimated(high + low, 0, error, { kind: 'mean', functional, representation });
}
