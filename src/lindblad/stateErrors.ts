/**
 * What a number that is read off a steady state may be off by because the state is, by the adjoint.
 *
 * With z𝓛 = ℓ − (ℓ·ρ)1 any x of trace 1 has  ℓ·x − ℓ·ρ = z·𝓛x.  So what a solver and the rounding of 𝓛's numbers have
 * done to ℓ·x is a sum over these numbers: each brings a flux 𝓛_ij x_j from j to i, which counts by z_i less the z of
 * where it comes from, because 𝓛 conserves the trace. Its magnitudes, times what rounding takes from a number of 𝓛,
 * bound the error as tightly as the device allows: a bound for each element of the state by itself is often a million
 * times larger.
 */

import type { ExactNumbers } from '../machine/exactNumbers.js';
import { IN_NUMBERS, TapeRounding } from '../machine/tapeRounding.js';
import type { Eliminated } from '../solve/conservingElimination.js';
import { ConservingFactors } from '../solve/conservingFactors.js';
import { zeros } from '../zeros.js';
import { commonOf } from './adjointEquations.js';
import { ExactFlux } from './exactFlux.js';
import type { Fluxes, Weights } from './readRun.js';
import type { Run } from './run.js';
import type { BoundSector } from './sectorProgram.js';

/** Populations below it are beyond float64's full precision. */
const SMALLEST = 1e-290;
/** How many populations are tried as the one that loses most. */
const MOST_STEPS = 5;

/** Where the state has lost digits, what is found to be left of them has too. */
const TRUSTED = 2;
/** By how much less than it is what an unknown is off by may be told. */
const OFF_BY_MORE = 16;
/** Searches that start apart. */
const STARTS = 2;
/** What they find is seldom less by more than this than the worst rounding of all. */
const NOT_FOUND = 3;

/** Sums that keep what is left where large fluxes cancel, so that none of the trace is lost in rounding. */
class Sums {
  readonly #high: Float64Array;
  readonly #low: Float64Array;

  constructor(length: number) {
    this.#high = zeros(length);
    this.#low = zeros(length);
  }

  add(at: number, value: number): void {
    const before = this.#high[at];
    const sum = before + value;
    const rest = sum - before;
    this.#high[at] = sum;
    this.#low[at] += before - (sum - rest) + (value - rest);
  }

  get values(): Float64Array {
    return this.#high.map((high, i) => high + this.#low[i]);
  }
}

/** What goes from one unknown to another. @param lost what rounding takes of it @param flux all of it, by its sign */
type Flux = (
  lost: number,
  flux: number,
  run: { readonly to: number },
  at: number,
  out: number,
) => number;

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n];
  return sum;
}

export class StateErrors {
  readonly #factors: ConservingFactors;
  /** Of what each number of a pair brings to populations, each population's share. */
  readonly #shares: Float64Array;
  readonly rounding: TapeRounding;

  /**
   * @param sector filled with the numbers of the state's device
   * @param centre where its elimination ended
   * @param x the state
   * @param exactNumbers the device's numbers with more digits
   * @param eliminated what that elimination has left
   */
  constructor(
    private readonly sector: BoundSector,
    centre: number,
    private readonly x: Float64Array,
    private readonly exactNumbers: () => ExactNumbers,
    eliminated?: Eliminated,
  ) {
    const left = eliminated && ConservingFactors.left(eliminated, x);
    this.#factors = left ?? ConservingFactors.of((at) => sector.assemble(at), centre);
    this.rounding = new TapeRounding(sector.program.losses, sector.numbers);
    this.#shares = sector.shares;
  }

  /**
   * What rounding may have taken from a number is bounded; where that is too much, it is measured by numbers of 30
   * digits: first of those tables that may have taken most.
   * @param row of a number ℓ·x, over the unknowns of the sector
   * @returns beside what rounding takes from the sum ℓ·x itself
   * @param tolerated what needs no measuring
   * @param off what each unknown may be off by
   */
  lost(row: Float64Array, tolerated = Number.POSITIVE_INFINITY, off?: Float64Array): number {
    const z = this.#factors.solveTransposed(row);
    const weights = { z, origins: this.#originsOf(z) };
    const fluxes = this.sector.fluxes(this.x, weights, this.rounding);
    const left = sumOf(fluxes.left);
    const rounding = IN_NUMBERS * sumOf(fluxes.lost);
    const lost = TRUSTED * Math.abs(left) + rounding;
    if (lost <= tolerated || off === undefined) return lost;
    const unsure = this.#unsure(weights, row, off);
    if (!(unsure < tolerated)) return lost;
    const measured = this.#measured(weights, fluxes, this.#byTrace(row), tolerated - unsure);
    return Math.min(lost, measured + unsure);
  }

  /**
   * What z, which has been solved for, makes of what is measured: with z𝓛 = ℓ − m1 + d it is off by d·(x − ρ), whatever
   * m is.
   */
  #unsure(weights: Weights, row: Float64Array, off: Float64Array): number {
    const { sector, x } = this;
    let mean = 0;
    for (let j = 0; j < x.length; j++) mean += row[j] * x[j];
    const { left } = sector.remainder(weights.z, this.#shares, { row, mean, sizes: row });
    let unsure = IN_NUMBERS * sumOf(sector.fluxes(off, weights, this.rounding).lost);
    for (let j = 0; j < x.length; j++) {
      const lost = Number.EPSILON * (Math.abs(row[j]) + Math.abs(mean));
      unsure += (Math.abs(left[j]) + lost) * off[j];
    }
    return OFF_BY_MORE * unsure;
  }

  /** What a number is off by because rounding has left the state another trace than 1. */
  #byTrace(row: Float64Array): number {
    const { x } = this;
    const { siteWidth, sitePaired } = this.sector;
    let mean = 0;
    let high = -1;
    let low = 0;
    for (let i = 0; i < x.length; i++) {
      mean += row[i] * x[i];
      if (i % siteWidth < sitePaired) continue;
      const sum = high + x[i];
      const part = sum - high;
      low += high - (sum - part) + (x[i] - part);
      high = sum;
    }
    return mean * (high + low);
  }

  /** @param byTrace what it is off by beside */
  #measured(weights: Weights, fluxes: Fluxes, byTrace: number, tolerated: number): number {
    const { sector, x } = this;
    const { z, origins } = weights;
    const exact = this.exactNumbers();
    const byTable = this.#byTable(fluxes);
    const measured = new ExactFlux();
    let lost = Number.POSITIVE_INFINITY;
    for (let n = 0; n < byTable.length && !(lost <= tolerated); n++) {
      const { table, runs } = byTable[n];
      if (!exact.isExactTable(table)) return lost;
      const numbers = exact.table(table);
      for (const run of runs) {
        const leaving = run.to < sector.sitePaired ? null : origins;
        measured.add(run, numbers, x, { arriving: z, leaving }, sector.siteWidth);
      }
      let bounded = 0;
      let rounding = measured.lost + exact.relative * measured.magnitude;
      for (let k = n + 1; k < byTable.length; k++) {
        bounded += byTable[k].left;
        rounding += byTable[k].rounding;
      }
      const left = measured.high + bounded + measured.low + byTrace;
      const now = TRUSTED * Math.abs(left) + rounding;
      if (now < lost) lost = now;
    }
    return lost;
  }

  /** By tables of numbers, those first of which rounding may have taken most. */
  #byTable({ left, lost }: Fluxes) {
    const byTable = new Map<
      number,
      { table: number; runs: Run[]; left: number; rounding: number }
    >();
    this.sector.runs.forEach((run, n) => {
      const { table } = run;
      let known = byTable.get(table);
      if (known === undefined) {
        known = { table, runs: [], left: 0, rounding: 0 };
        byTable.set(table, known);
      }
      known.runs.push(run);
      known.left += left[n];
      known.rounding += IN_NUMBERS * lost[n];
    });
    return [...byTable.values()].sort((a, b) => b.rounding - a.rounding);
  }

  /**
   * The same of populations, relative to themselves, at its largest. What is left of the equations moves them by what
   * one solution says. What rounding of the numbers does is found as Hager and Higham find the norm of an inverse
   * (doi:10.1145/50063.214386): the rounding that is worst for one population is put in; where it does most, there the
   * search goes on, as long as it finds worse ones.
   */
  get ofPopulations(): number {
    const { x } = this;
    const left = this.#factors.solve(this.#disturbed((_lost, flux) => flux));
    let most = 0;
    for (let start = 1; start <= STARTS; start++) {
      const z = zeros(x.length);
      for (let i = 0; i < z.length; i++) z[i] = Math.sin(start * i * i);
      most = Math.max(most, this.#worstRounding(z));
    }
    return TRUSTED * this.#mostMoved(left).relative + NOT_FOUND * most;
  }

  /** What rounding does to the population that a search comes to. @param start of the number where it starts */
  #worstRounding(start: Float64Array): number {
    const { x } = this;
    let z = start;
    let most = 0;
    for (let step = 0; step < MOST_STEPS; step++) {
      const { at } = this.#mostMoved(this.#factors.solve(this.#worstFor(z)));
      if (at < 0) return Number.POSITIVE_INFINITY;
      const row = zeros(x.length);
      row[at] = 1 / x[at];
      z = this.#factors.solveTransposed(row);
      const weights = { z, origins: this.#originsOf(z) };
      const { lost } = this.sector.fluxes(x, weights, this.rounding);
      const rounding = IN_NUMBERS * sumOf(lost);
      if (!Number.isFinite(rounding)) return Number.POSITIVE_INFINITY;
      if (rounding <= most) break;
      most = rounding;
    }
    return most;
  }

  /** The population that is moved most, relative to itself; −1 where there is none. */
  #mostMoved(moved: Float64Array): { relative: number; at: number } {
    const { x } = this;
    const { siteWidth, sitePaired } = this.sector;
    let [largest, at] = [0, -1];
    for (let i = 0; i < x.length; i++) {
      if (i % siteWidth < sitePaired || !(x[i] > SMALLEST)) continue;
      const relative = Math.abs(moved[i]) / x[i];
      if (!(relative <= largest)) [largest, at] = [relative, i];
    }
    return { relative: largest, at };
  }

  /** What the worst rounding for a number does to the equations. @param z of that number */
  #worstFor(z: Float64Array): Float64Array {
    const origins = this.#originsOf(z);
    const { sitePaired } = this.sector;
    return this.#disturbed((lost, _flux, { to }, at, out) => {
      const origin = to < sitePaired ? 0 : origins[at];
      return z[out] < origin ? -lost : lost;
    });
  }

  /**
   * Fluxes from one unknown to another as they change the equations: what arrives at a population is taken from where
   * it comes from.
   */
  #disturbed(flux: Flux): Float64Array {
    const { sector, x } = this;
    const { siteWidth, sitePaired } = sector;
    const y = new Sums(x.length);
    const taken = new Sums(x.length);
    for (const run of sector.runs) {
      const { source, target, from, to, first, stride, count, sign, table } = run;
      const values = sector.numbers.table(table);
      const losses = this.rounding.table(table);
      const taking = to < sitePaired ? null : from < sitePaired ? taken : y;
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (let i = 0, p = first; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        const lost = IN_NUMBERS * Math.abs(losses[p] * x[at]);
        const moved = flux(lost, sign * values[p] * x[at], run, at, out);
        y.add(out, moved);
        taking?.add(at, -moved);
      }
    }
    const all = taken.values;
    const { from, to } = sector.placesFromPairs;
    const shares = this.#shares;
    for (let n = 0; n < shares.length; n++) y.add(to[n], shares[n] * all[from[n]]);
    return y.values;
  }

  /**
   * Where what comes to populations comes from: from another one; or, where a pair brings it, from all that the pair
   * brings to, in proportion.
   */
  #originsOf(z: Float64Array): Float64Array {
    return commonOf(this.sector, this.#shares, z);
  }
}
