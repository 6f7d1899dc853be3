/**
 * Counting statistics of any open system, whether or not a charge is conserved: by its operators as numbers, from the
 * resolvent of its generator. Means, noise and cumulants are those of fluctuations/counting.ts, noise at a frequency
 * that of fluctuations/noiseSpectrum.ts.
 */
import { ByName } from '../fluctuations/byName.js';
import type { Estimate } from '../lindblad/estimate.js';
import { RELATIVE } from '../lindblad/sectorProgram.js';
import type { Operator } from '../operators/operator.js';
import {
  BESIDE,
  type KnownComplex,
  type KnownParts,
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
import { type CountedBath, CountedJumps, rateOperator } from './countedBath.js';
import { type Counting, countedCumulants } from './counting.js';
import type { Spectrum } from './modes.js';
import { inner } from './vectors.js';
import type { Resolvent, WeightedSector } from './weightedSector.js';

/** The resolvent of a part at a frequency. */
interface ResolventAt {
  readonly omega: number;
  readonly resolvent: Resolvent;
}

/** A part of the sector of the populations, with its inverse on either side of 0. */
interface Part {
  readonly sector: WeightedSector;
  readonly rho: Float64Array;
  readonly steady: Steady | null;
  readonly beside: readonly ResolventAt[];
}

/** A row and a column of a counter in a part. */
interface Counted {
  readonly jumps: CountedJumps;
  readonly mean: Estimate;
  readonly pairs: readonly Pair[];
}

export class JumpCounting implements Counting {
  readonly #counted: ByName<CountedBath, Counted>;
  readonly #parts: readonly Part[];
  /** Of the last frequency that was asked for, by part. */
  #last: readonly ResolventAt[] = [];

  /**
   * @param spectrum of a system whose steady state is unique
   * @param counters by name, each of a bath and of what is counted there
   */
  constructor(
    private readonly spectrum: Spectrum,
    counters: readonly CountedBath[],
  ) {
    const { steady, neutral } = spectrum;
    this.#counted = new ByName(new Map(counters.map((bath) => [bath.name, bath])), (bath) =>
      this.#begin(bath),
    );
    const rate = BESIDE * slowestOutflow(spectrum);
    this.#parts = spectrum.sectors(neutral).map((sector) => {
      const rho = sector.fromSpace(steady.elements);
      return {
        sector,
        rho,
        steady: sector.hasPopulations ? { trace: sector.trace, rho } : null,
        beside: [-rate, rate].map((omega) => resolventOf(sector, omega)),
      };
    });
  }

  #begin(bath: CountedBath): Counted {
    const jumps = new CountedJumps(bath);
    const first = jumps.row(1);
    const moved = jumps.moved(1, this.spectrum.steady);
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
    return { jumps, mean, pairs };
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

  mean(counter: string): Estimate {
    return this.#counted.of(counter).mean;
  }

  covariance(first: string, second: string): Estimate {
    const { re, error } = this.#covariance(first, second, (k) => this.#parts[k].beside);
    return { value: re, error };
  }

  /** ∫ e^{−iωτ} ⟨δI_a(τ) δI_b⟩ dτ of counters of two baths, or of one with itself, at ω ≠ 0. */
  spectrumAt(omega: number, first: string, second: string): KnownComplex {
    if (this.#last[0]?.omega !== omega) {
      this.#last = this.#parts.map(({ sector }) => resolventOf(sector, omega));
    }
    return this.#covariance(first, second, (k) => [this.#last[k]]);
  }

  #covariance(
    first: string,
    second: string,
    resolventsOf: (part: number) => readonly ResolventAt[],
  ): KnownComplex {
    const [a, b] = [this.#counted.of(first), this.#counted.of(second)];
    const shot = a === b ? this.#expectation(a.jumps.row(2)) : null;
    let [re, im, error] = [shot?.value ?? 0, 0, shot?.error ?? 0];
    this.#parts.forEach(({ sector, steady }, k) => {
      const resolvents = resolventsOf(k);
      const share = 1 / resolvents.length;
      for (const { omega, resolvent } of resolvents) {
        const between = ({ row }: Pair, { column, sizes }: Pair): KnownParts =>
          paired(sector, resolvent, omega, { row, column, sizes }, steady);
        const one = between(a.pairs[k], b.pairs[k]);
        const other = a === b ? one : between(b.pairs[k], a.pairs[k]);
        re += share * (one.re + other.re);
        if (a !== b) im += share * (one.im - other.im);
        error += share * (one.errors.re + other.errors.re);
        if (a !== b) error += share * (one.errors.im + other.errors.im);
      }
    });
    return { re, im, error };
  }

  cumulants(counter: string, order: number): number[] {
    const { jumps } = this.#counted.of(counter);
    const recursion = countedCumulants(jumps, this.spectrum.steady, order);
    let step = recursion.next();
    while (step.done !== true) step = recursion.next(this.#response(step.value));
    return step.value;
  }

  /** G y with the group inverse G of the generator, with one refinement. */
  #response(y: Float64Array): Float64Array {
    const elements = new Float64Array(y.length);
    for (const { sector, steady, beside } of this.#parts) {
      const traceless = (x: Float64Array) =>
        steady === null ? x : plus(x, minus(inner(steady.trace, x)), steady.rho);
      const solved = (b: Float64Array) => {
        const [one, other] = beside.map(({ resolvent }) => resolvent.apply(traceless(b)));
        return traceless(one.map((value, i) => -(value + other[i]) / 2));
      };
      const b = sector.fromSpace(y);
      const x = solved(b);
      const image = sector.apply(x);
      const correction = solved(b.map((value, i) => value - image[i]));
      sector.toSpace(plus(x, { re: 1, im: 0 }, correction)).forEach((value, i) => {
        elements[i] += value;
      });
    }
    return elements;
  }

  activity(jumps: readonly Operator[]): number {
    return this.#expectation(rateOperator(this.spectrum.system.window, jumps)).value;
  }
}

const resolventOf = (sector: WeightedSector, omega: number): ResolventAt => ({
  omega,
  resolvent: sector.resolvent({ re: 0, im: omega }),
});
