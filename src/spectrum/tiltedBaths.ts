/** Jumps of baths, tilted by counting fields. */
import { jumpRules, type Rule } from '../generator/rules.js';
import type { Operator } from '../operators/operator.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { type CountedBath, CountedJumps, rateOperator } from './countedBath.js';

/** A bath, and which counters count its jumps. */
interface CountedTogether {
  readonly jumps: readonly Operator[];
  readonly counters: readonly { readonly at: number; readonly quantity: Operator }[];
}

/** The same with its jumps as fields tilt them. */
export interface TiltedBath extends CountedTogether {
  readonly tilted: readonly Operator[];
}

export class TiltedBaths {
  readonly #baths: readonly CountedTogether[];

  /** @param counters each with a field of its own; two of one bath have its own list of jumps */
  constructor(counters: readonly CountedBath[]) {
    this.#baths = [...new Set(counters.map(({ jumps }) => jumps))].map((jumps) => ({
      jumps,
      counters: counters.flatMap(({ quantity, jumps: own }, at) =>
        own === jumps ? [{ at, quantity }] : [],
      ),
    }));
  }

  /** @throws {IndefiniteGainError} */
  at(chi: readonly number[]): TiltedBath[] {
    return this.#baths.map((bath) => ({
      ...bath,
      tilted: bath.counters.reduce(
        (tilted: readonly Operator[], { at, quantity }) =>
          new CountedJumps({ name: '', jumps: tilted, quantity }).tilted(chi[at]),
        bath.jumps,
      ),
    }));
  }
}

/** What tilting adds to a generator. */
export const tiltingRules = (baths: readonly TiltedBath[]): Rule[] =>
  baths.flatMap(({ jumps, tilted }) => [...jumpRules(tilted), ...jumpRules(jumps, -1)]);

/** With ⟨1| on the left what tilting adds to a state's trace: rates alone, which the trace does not cancel. */
export function gained(baths: readonly TiltedBath[], state: DensityMatrix) {
  let [scgf, terms] = [0, 0];
  for (const { jumps, tilted } of baths) {
    const rates = (operators: readonly Operator[]) =>
      expectation(state, rateOperator(state.space.window, operators)).re;
    const [more, less] = [rates(tilted), rates(jumps)];
    scgf += more - less;
    terms += Math.abs(more) + Math.abs(less);
  }
  return { scgf, terms };
}

/** By counter how a state changes by its field. */
export const currentsOf = (baths: readonly TiltedBath[], state: DensityMatrix) =>
  baths.flatMap(({ tilted, counters }) =>
    counters.map(({ at, quantity }) => {
      const counted = new CountedJumps({ name: '', jumps: tilted, quantity });
      return { at, moved: counted.moved(1, state) };
    }),
  );
