/**
 * Factors of one generator as the preconditioner of its neighbours: with M from before, L = M + (L − M), and
 * as long as L − M is small beside M the iteration hardly notices.
 */
import type { Backend, LinearMap } from '../backend/backend.js';
import type { Space } from '../generator/classes.js';
import { type Generator, negative } from '../generator/generator.js';
import type { ChargeSplitting } from './chargeSplitting.js';
import type { LinearSystem } from './linearSolver.js';

/** Iterations that take about the time of a factorisation: where so many more are needed, a new one is worth it. */
const WORTH_RENEWING = 20;
/** Spaces whose factors are kept: a band and the next wider ones. */
const MOST_SPACES = 3;

interface Kept<V> {
  readonly space: Space;
  readonly splitting: ChargeSplitting<V>;
  /** Iterations of the solution that the factors were made for; null while it goes on. */
  iterations: number | null;
}

const sameClasses = (a: Space, b: Space): boolean =>
  a.size === b.size &&
  a.classes.length === b.classes.length &&
  a.classes.every(({ ket, bra, delta }, c) => {
    const other = b.classes[c];
    return ket === other.ket && bra === other.bra && delta === other.delta;
  });

/** For solutions one after another, on one backend of float64: in float32 L − M would be rounding. */
export class KeptFactors<V> {
  #all: Kept<V>[] = [];

  /** The system of a generator by factors of an earlier one on the same space, if there are any. */
  async systemFor(backend: Backend<V>, generator: Generator): Promise<LinearSystem<V> | null> {
    const { space, couplings } = generator;
    const found = this.#find(space);
    if (found === undefined) return null;
    const { inverse, inverted } = found.splitting;
    const remainder = await backend.prepare({
      space,
      couplings: [...couplings, ...inverted.map(negative)],
    });
    // The factors stay.
    const borrowed: LinearMap<V> = { ...inverse, release: () => {} };
    return { backend, size: space.size, inverse: borrowed, remainder };
  }

  /** Keeps factors, and releases them in the end. */
  keep(space: Space, splitting: ChargeSplitting<V>): void {
    if (this.#all.length === MOST_SPACES) this.#drop(this.#all[0]);
    this.#all.push({ space, splitting, iterations: null });
  }

  /** Told what a solution took; drops factors that were too old for it. */
  used(space: Space, iterations: number): void {
    const found = this.#find(space);
    if (found === undefined) return;
    if (found.iterations === null) found.iterations = iterations;
    else if (iterations > found.iterations + WORTH_RENEWING) this.#drop(found);
  }

  /** Drops the factors on a space. */
  drop(space: Space): void {
    const found = this.#find(space);
    if (found !== undefined) this.#drop(found);
  }

  release(): void {
    for (const kept of this.#all.slice()) this.#drop(kept);
  }

  #find(space: Space): Kept<V> | undefined {
    return this.#all.find((kept) => sameClasses(kept.space, space));
  }

  #drop(kept: Kept<V>): void {
    kept.splitting.inverse.release();
    this.#all = this.#all.filter((other) => other !== kept);
  }
}
