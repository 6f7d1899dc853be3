/**
 * Counting statistics of any open system, whether or not a charge is conserved: by its operators as numbers, from the
 * resolvent of its generator beside 0.
 *
 * Of a bath with jumps A each counts what a Hermitian operator X gains: tilted they are e^{χX/2}Ae^{−χX/2}, so that with
 * G = [X, A] the first derivative of AρA† by χ is (GρA† + AρG†)/2, and the second one has the trace of
 * (A†[X, G] + 2G†G + [X, G]†A)/4. The noise is that of fluctuations/counting.ts.
 */
import type { Estimate } from '../lindblad/estimate.js';
import { RELATIVE } from '../lindblad/sectorProgram.js';
import { adjoint, adjointProduct, type Operator, scale, sum } from '../operators/operator.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import {
  BESIDE,
  magnitudes,
  minus,
  type Pair,
  paired,
  plus,
  ROUNDING,
  type Steady,
  sizesOf,
  slowestOutflow,
  times,
} from './correlation.js';
import { DenseState } from './denseState.js';
import type { Spectrum } from './modes.js';
import { inner } from './vectors.js';
import type { WeightedSector } from './weightedSector.js';

/** What is counted at a bath. */
export interface CountedBath {
  readonly name: string;
  readonly jumps: readonly Operator[];
  /** X: what each jump gains of it. */
  readonly quantity: Operator;
}

/** XA − AX of a Hermitian X. */
const gained = (x: Operator, a: Operator): Operator =>
  sum(a.window, adjointProduct(x, a), scale(adjointProduct(adjoint(a), x), -1));

/** Of a bath: ⟨1|J' and ⟨1|J'' as operators, and J'ρ. */
interface Counter {
  readonly first: Operator;
  readonly second: Operator;
  readonly moved: DensityMatrix;
}

/** A part of the sector of the populations, with its inverse on either side of 0. */
interface Part {
  readonly sector: WeightedSector;
  readonly rho: Float64Array;
  readonly steady: Steady | null;
  readonly beside: readonly {
    readonly omega: number;
    readonly resolvent: ReturnType<WeightedSector['resolvent']>;
  }[];
}

/** A row and a column of a counter in a part. */
interface Counted {
  readonly mean: Estimate;
  readonly pairs: readonly Pair[];
}

export class JumpCounting {
  readonly #counters: ReadonlyMap<string, Counter>;
  readonly #counted = new Map<string, Counted>();
  readonly #parts: readonly Part[];

  /** @param spectrum of a system whose steady state is unique */
  constructor(
    private readonly spectrum: Spectrum,
    baths: readonly CountedBath[],
  ) {
    const { steady, neutral } = spectrum;
    const state = DenseState.of(steady);
    this.#counters = new Map(
      baths.map((bath) => [bath.name, counterOf(bath, state, steady)] as const),
    );
    const rate = BESIDE * slowestOutflow(spectrum);
    this.#parts = spectrum.sectors(neutral).map((sector) => {
      const rho = sector.fromSpace(steady.elements);
      return {
        sector,
        rho,
        steady: sector.hasPopulations ? { trace: sector.trace, rho } : null,
        beside: [-rate, rate].map((omega) => ({
          omega,
          resolvent: sector.resolvent({ re: 0, im: omega }),
        })),
      };
    });
  }

  #counterOf(bath: string): Counter {
    const found = this.#counters.get(bath);
    if (found === undefined) throw new RangeError(`nothing is counted at ${bath}`);
    return found;
  }

  #of(bath: string): Counted {
    let found = this.#counted.get(bath);
    if (found === undefined) {
      found = this.#begin(this.#counterOf(bath));
      this.#counted.set(bath, found);
    }
    return found;
  }

  #begin({ first, moved }: Counter): Counted {
    const mean = this.#expectation(first);
    const by = { re: -mean.value, im: 0 };
    const pairs = this.#parts.map(({ sector, rho, steady }): Pair => {
      const whole = sector.fromSpace(moved.elements);
      const row = sector.observable(first);
      const sizes = sizesOf(whole);
      if (steady === null) return { row, column: whole, sizes };
      const taken = sizesOf(times(by, rho));
      return {
        row: plus(row, by, steady.trace),
        column: plus(whole, by, rho),
        sizes: sizes.map((size, i) => size + taken[i]),
      };
    });
    return { mean, pairs };
  }

  /** The mean of an operator, with what rounding of the state's numbers may have done to it, by the adjoint. */
  #expectation(x: Operator): Estimate {
    let [value, error] = [0, 0];
    for (const { sector, rho, steady, beside } of this.#parts) {
      const row = sector.observable(x);
      value += inner(row, rho).re;
      const sizes = magnitudes(rho);
      magnitudes(row).forEach((size, k) => {
        error += (RELATIVE + ROUNDING) * size * sizes[k];
      });
      const mean = steady === null ? { re: 0, im: 0 } : inner(row, rho);
      let w = beside[0].resolvent.adjoint(
        steady === null ? row : plus(row, { re: -mean.re, im: mean.im }, steady.trace),
      );
      if (steady !== null) w = plus(w, minus(inner(steady.rho, w)), steady.trace);
      const { y, magnitudes: terms } = sector.applied(rho);
      const [left, weights] = [magnitudes(y), magnitudes(w)];
      weights.forEach((weight, k) => {
        error += weight * (left[k] + ROUNDING * terms[k]);
      });
    }
    return { value, error };
  }

  /** The mean rate of what is counted at a bath. */
  mean(bath: string): Estimate {
    return this.#of(bath).mean;
  }

  /** The zero-frequency covariance of what is counted at two baths; of one with itself, its noise. */
  covariance(first: string, second: string): Estimate {
    const [a, b] = [this.#of(first), this.#of(second)];
    const shot = first === second ? this.#expectation(this.#counterOf(first).second) : null;
    let value = shot?.value ?? 0;
    let error = shot?.error ?? 0;
    this.#parts.forEach(({ sector, steady, beside }, k) => {
      for (const [{ row }, { column, sizes }] of [
        [a.pairs[k], b.pairs[k]],
        [b.pairs[k], a.pairs[k]],
      ] as const) {
        for (const { omega, resolvent } of beside) {
          const part = paired(sector, resolvent, omega, { row, column, sizes }, steady);
          value += part.re / beside.length;
          error += part.errors.re / beside.length;
        }
      }
    });
    return { value, error };
  }

  /** How often a bath's jumps happen. */
  activity(jumps: readonly Operator[]): number {
    const { window } = this.spectrum.system;
    const rates = jumps.map((jump) => adjointProduct(jump, jump));
    return this.#expectation(sum(window, ...rates)).value;
  }
}

function counterOf(
  { jumps, quantity }: CountedBath,
  state: DenseState,
  rho: DensityMatrix,
): Counter {
  const { window } = quantity;
  const [first, second]: [Operator[], Operator[]] = [[], []];
  const moved = new Float64Array(rho.elements.length);
  for (const jump of jumps) {
    const gain = gained(quantity, jump);
    const twice = gained(quantity, gain);
    first.push(scale(adjointProduct(jump, gain), 0.5), scale(adjointProduct(gain, jump), 0.5));
    second.push(
      scale(adjointProduct(jump, twice), 0.25),
      scale(adjointProduct(gain, gain), 0.5),
      scale(adjointProduct(twice, jump), 0.25),
    );
    for (const [left, right] of [
      [gain, jump],
      [jump, gain],
    ]) {
      state.between(left, right).addTo(moved, rho.space, 0.5);
    }
  }
  return {
    first: sum(window, ...first),
    second: sum(window, ...second),
    moved: { space: rho.space, elements: moved },
  };
}
