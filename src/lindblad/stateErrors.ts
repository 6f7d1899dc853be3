/**
 * What a number that is read off a steady state may be off by because the state is, by the adjoint.
 *
 * With z𝓛 = ℓ − (ℓ·ρ)1 any x of trace 1 has  ℓ·x − ℓ·ρ = z·𝓛x.  So what a solver and the rounding of 𝓛's numbers have
 * done to ℓ·x is a sum over these numbers: each brings a flux 𝓛_ij x_j from j to i, which counts by z_i less the z of
 * where it comes from, because 𝓛 conserves the trace. Its magnitudes, times what rounding takes from a number of 𝓛,
 * bound the error as tightly as the device allows: a bound for each element of the state by itself is often a million
 * times larger.
 */

import { ConservingFactors } from '../solve/conservingFactors.js';
import { zeros } from '../zeros.js';
import type { Functional } from './functional.js';
import type { BoundSector } from './sectorProgram.js';
import { ROUNDING } from './stateReader.js';

/** What rounding takes from a number of 𝓛, relative to itself, and from one with exponentials by each exponent. */
const IN_NUMBERS = 4 * Number.EPSILON;
const BY_EXPONENT = 4 * Number.EPSILON;

/** Populations below it are beyond float64's full precision. */
const SMALLEST = 1e-290;
/** How many populations are tried as the one that loses most. */
const MOST_STEPS = 5;

export class StateErrors {
  readonly #factors: ConservingFactors;
  /** Of what each number of a pair brings to populations, each population's share. */
  readonly #shares: { readonly at: number; readonly out: number; readonly share: number }[] = [];
  readonly #exponential: number;

  /**
   * @param sector filled with the numbers of the state's device
   * @param centre where its elimination ended
   * @param x the state
   * @param exponent the largest exponent in the numbers of 𝓛
   */
  constructor(
    private readonly sector: BoundSector,
    centre: number,
    private readonly x: Float64Array,
    exponent: number,
  ) {
    this.#factors = ConservingFactors.of((at) => sector.assemble(at), centre);
    this.#exponential = BY_EXPONENT * exponent;
    const brought = zeros(x.length);
    this.#forEachFromPairs((at, _out, value) => {
      brought[at] += value;
    });
    this.#forEachFromPairs((at, out, value) => {
      this.#shares.push({ at, out, share: value / brought[at] });
    });
  }

  /** @param row of a number ℓ·x, over the unknowns of the sector */
  lost(row: Float64Array): number {
    return this.#lostBy(this.#factors.solveTransposed(row));
  }

  /**
   * The same of populations, relative to themselves, at its largest: found as Hager and Higham find the norm of an
   * inverse (doi:10.1145/50063.214386). The rounding that is worst for one population is put in; where it does most,
   * there it goes on, as long as it finds worse ones.
   */
  get ofPopulations(): number {
    const { x, sector } = this;
    const { siteWidth, sitePaired } = sector;
    let z: Float64Array = zeros(x.length);
    for (let i = 0; i < z.length; i++) z[i] = Math.sin(i * i);
    let most = 0;
    for (let step = 0; step < MOST_STEPS; step++) {
      const moved = this.#factors.solve(this.#worstFor(z));
      let [largest, at] = [0, -1];
      for (let i = 0; i < x.length; i++) {
        if (i % siteWidth < sitePaired || !(x[i] > SMALLEST)) continue;
        const relative = Math.abs(moved[i]) / x[i];
        if (!(relative <= largest)) [largest, at] = [relative, i];
      }
      if (at < 0) return Number.POSITIVE_INFINITY;
      const row = zeros(x.length);
      row[at] = 1 / x[at];
      z = this.#factors.solveTransposed(row);
      const lost = this.#lostBy(z);
      if (!Number.isFinite(lost)) return Number.POSITIVE_INFINITY;
      if (lost <= most) break;
      most = lost;
    }
    return most;
  }

  /** Σ over the numbers of 𝓛, of which the device's rounding is a part. @param z of the number that is read */
  #lostBy(z: Float64Array): number {
    const { sector, x } = this;
    const { siteWidth, sitePaired } = sector;
    const origins = this.#originsOf(z);
    let sum = 0;
    let lost = 0;
    for (const { source, target, from, to, first, stride, count, sign, table } of sector.runs) {
      const values = sector.numbers.table(table);
      const isCoherence = to < sitePaired;
      const origin = from < sitePaired ? origins : z;
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      let magnitude = 0;
      for (let i = 0, p = first; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        const term = values[p] * x[at] * (isCoherence ? z[out] : z[out] - origin[at]);
        sum += sign * term;
        magnitude += Math.abs(term);
      }
      lost += this.#relative(table) * magnitude;
    }
    // Where the state has lost digits, z has too.
    return 2 * Math.abs(sum) + lost;
  }

  /** What rounding takes from a number of 𝓛, relative to itself. */
  #relative(table: number): number {
    const { exponentials } = this.sector.program;
    return IN_NUMBERS + (exponentials.isInTable(table) ? this.#exponential : 0);
  }

  /** What rounding takes from a term of a mean, relative to its magnitude. */
  rounding(functional: Functional): number {
    const { exponentials } = this.sector.program;
    const hasExponentials = functional.some(
      ({ re, im }) =>
        (re !== null && exponentials.isIn(re)) || (im !== null && exponentials.isIn(im)),
    );
    return ROUNDING + (hasExponentials ? this.#exponential : 0);
  }

  /** What the worst rounding for a number does to the equations. @param z of that number */
  #worstFor(z: Float64Array): Float64Array {
    const { sector, x } = this;
    const { siteWidth, sitePaired } = sector;
    const origins = this.#originsOf(z);
    const y = zeros(x.length);
    const taken = zeros(x.length);
    for (const { source, target, from, to, first, stride, count, table } of sector.runs) {
      const values = sector.numbers.table(table);
      const isCoherence = to < sitePaired;
      const origin = from < sitePaired ? origins : z;
      const taking = isCoherence ? null : from < sitePaired ? taken : y;
      const relative = this.#relative(table);
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (let i = 0, p = first; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        const flux = relative * Math.abs(values[p] * x[at]);
        const signed = (isCoherence ? z[out] : z[out] - origin[at]) < 0 ? -flux : flux;
        y[out] += signed;
        if (taking !== null) taking[at] -= signed;
      }
    }
    for (const { at, out, share } of this.#shares) y[out] += share * taken[at];
    return y;
  }

  /** Where what pairs bring to populations comes from: from all that they bring to, in proportion. */
  #originsOf(z: Float64Array): Float64Array {
    const origins = zeros(z.length);
    for (const { at, out, share } of this.#shares) origins[at] += share * z[out];
    return origins;
  }

  /** Calls with what each number of a pair brings to populations: its magnitude for a pair's number of 1. */
  #forEachFromPairs(take: (at: number, out: number, magnitude: number) => void): void {
    const { siteWidth, sitePaired, runs, numbers } = this.sector;
    for (const { source, target, from, to, first, stride, count, table } of runs) {
      if (from >= sitePaired || to < sitePaired) continue;
      const values = numbers.table(table);
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (let i = 0, p = first; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        if (values[p] !== 0) take(at, out, Math.abs(values[p]));
      }
    }
  }
}
