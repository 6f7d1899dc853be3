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
  readonly high: Float64Array;
  readonly low: Float64Array;

  constructor(length: number) {
    this.high = zeros(length);
    this.low = zeros(length);
  }

  get values(): Float64Array {
    const { high, low } = this;
    const values = zeros(high.length);
    for (let i = 0; i < values.length; i++) values[i] = high[i] + low[i];
    return values;
  }
}

function add({ high, low }: Sums, at: number, value: number): void {
  const before = high[at];
  const sum = before + value;
  const rest = sum - before;
  high[at] = sum;
  low[at] += before - (sum - rest) + (value - rest);
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n];
  return sum;
}

export class StateErrors {
  readonly #factors: ConservingFactors;
  /** Of what each number of a pair brings to populations, each population's share. */
  readonly #shares: Float64Array;
  #lost: Float64Array | undefined;
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
    const weights = this.#weightsOf(this.#factors.solveTransposed(row));
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
    const left = this.#factors.solve(this.#disturbed(this.#fluxes, null));
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
    let weights = this.#weightsOf(start);
    let most = 0;
    for (let step = 0; step < MOST_STEPS; step++) {
      // What the worst rounding for a number does to the equations.
      const { at } = this.#mostMoved(this.#factors.solve(this.#disturbed(this.#losses, weights)));
      if (at < 0) return Number.POSITIVE_INFINITY;
      const row = zeros(x.length);
      row[at] = 1 / x[at];
      weights = this.#weightsOf(this.#factors.solveTransposed(row));
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

  /** What goes from one unknown to another by each number of 𝓛, run by run. */
  get #fluxes(): Float64Array {
    const { numbers } = this.sector;
    return this.#ofNumbers(({ sign, table }) => [sign, numbers.table(table)]);
  }

  /** What rounding may take of each of these. */
  get #losses(): Float64Array {
    if (this.#lost === undefined) {
      this.#lost = this.#ofNumbers(({ table }) => [1, this.rounding.table(table)]);
      for (let n = 0; n < this.#lost.length; n++) {
        this.#lost[n] = IN_NUMBERS * Math.abs(this.#lost[n]);
      }
    }
    return this.#lost;
  }

  /** Numbers of tables times the unknowns that runs lead from. */
  #ofNumbers(tableOf: (run: Run) => readonly [factor: number, values: Float64Array]): Float64Array {
    const { sector, x } = this;
    const { siteWidth, runs } = sector;
    const all = zeros(runs.reduce((sum, { count }) => sum + count, 0));
    let n = 0;
    for (const run of runs) {
      const [factor, values] = tableOf(run);
      let at = run.source * siteWidth + run.from;
      let p = run.first;
      for (const end = n + run.count; n < end; n++, p += run.stride, at += siteWidth) {
        all[n] = factor * values[p] * x[at];
      }
    }
    return all;
  }

  /**
   * Fluxes from one unknown to another as they change the equations: what arrives at a population is taken from where
   * it comes from.
   * @param sizes of the fluxes, run by run
   * @param weights of a number, where each flux has the sign that is worst for that
   */
  #disturbed(sizes: Float64Array, weights: Weights | null): Float64Array {
    const { sector, x } = this;
    const { siteWidth, sitePaired } = sector;
    const y = new Sums(x.length);
    const taken = new Sums(x.length);
    let n = 0;
    for (const { source, target, from, to, count } of sector.runs) {
      const taking = to < sitePaired ? null : from < sitePaired ? taken : y;
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (const end = n + count; n < end; n++, at += siteWidth, out += siteWidth) {
        let moved = sizes[n];
        if (weights !== null) {
          const origin = taking === null ? 0 : weights.origins[at];
          if (weights.z[out] < origin) moved = -moved;
        }
        add(y, out, moved);
        if (taking !== null) add(taking, at, -moved);
      }
    }
    const all = taken.values;
    const { from, to } = sector.placesFromPairs;
    const shares = this.#shares;
    for (let n = 0; n < shares.length; n++) add(y, to[n], shares[n] * all[from[n]]);
    return y.values;
  }

  /**
   * What arrives counts by z, and less by where it comes from: from another population; or, where a pair brings it, from
   * all that the pair brings to, in proportion.
   */
  #weightsOf(z: Float64Array): Weights {
    return { z, origins: commonOf(this.sector, this.#shares, z) };
  }
}
