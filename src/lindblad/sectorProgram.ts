/**
 * The equations of motion of the elements of ρ in which ket and bra have the same conserved charge, in real
 * numbers: made once for an equation, then bound to a window and filled with the numbers of one device after
 * another.
 *
 * Elements with charge q make the site q; by hermiticity one of two conjugate coherences is kept, as real and
 * imaginary part. Jumps that change the charge by more than 1 make `reach` charges one site, so that neighbouring
 * sites alone are coupled.
 */
import type { ExactNumbers } from '../machine/exactNumbers.js';
import { DEVICES_BEFORE_KERNEL, type Numbers, Tape } from '../machine/tape.js';
import { TapeLosses, type TapeRounding } from '../machine/tapeRounding.js';
import { addAt, type ExactTable, exactTable } from '../numbers/exactTable.js';
import type { Window } from '../operators/window.js';
import { emptySlot } from '../slot.js';
import type { BlockTridiagonal } from '../solve/conservingElimination.js';
import type { EliminationKernel } from '../solve/eliminationKernel.js';
import type { ExactBlockTridiagonal } from '../solve/exactElimination.js';
import { zeros } from '../zeros.js';
import {
  type AdjointEquations,
  type Remainder,
  remainderOf,
  sharesFromPairs,
} from './adjointEquations.js';
import type { AcrossCuts, CurrentOnWindow } from './cutCurrents.js';
import type { PlacedPair } from './eigenbasis.js';
import type { EquationForm } from './equation.js';
import type { ExactEstimate } from './estimate.js';
import type { Functional, Representation, Unknowns } from './functional.js';
import { type Judged, judged, pairBlocks, resonanceOf } from './judged.js';
import type { FoundCuts, FoundMeans } from './readingSteps.js';
import { type Fluxes, readRun, type Weights } from './readRun.js';
import type { Applied, Run } from './run.js';
import type { HeldStates } from './sectorCuts.js';
import type { SectorKernel } from './sectorKernel.js';
import { SectorLayout } from './sectorLayout.js';
import type { HeldState } from './sectorMeans.js';
import { type SectorPlan, sectorPlanOf } from './sectorPlan.js';
import type { BandForm } from './sectorUnknowns.js';

/** Writes code for eliminations and what leads to them, where it is loaded. */
export const sectorCode = emptySlot<typeof import('./sectorKernel.js')>();

/** The widest sites that code is written for. */
const WIDEST_IN_KERNEL = 16;

/** What the elimination leaves of a population, relative to itself. */
export const RELATIVE = 64 * Number.EPSILON;

export class SectorProgram implements SectorPlan {
  readonly channels: SectorPlan['channels'];
  readonly classes: SectorPlan['classes'];
  readonly unknownOf: SectorPlan['unknownOf'];
  readonly width: number;
  readonly paired: number;
  readonly states: number;
  readonly offsets: Int32Array;
  readonly reach: number;
  readonly bands: SectorPlan['bands'];
  readonly #classAt: Int32Array;
  readonly losses: TapeLosses;

  constructor(
    plan: SectorPlan,
    readonly tape: Tape,
  ) {
    this.channels = plan.channels;
    this.classes = plan.classes;
    this.unknownOf = plan.unknownOf;
    this.width = plan.width;
    this.paired = plan.paired;
    this.states = plan.states;
    this.offsets = plan.offsets;
    this.reach = plan.reach;
    this.bands = plan.bands;
    this.losses = new TapeLosses(tape);
    this.#classAt = new Int32Array(this.states ** 2).fill(-1);
    this.classes.forEach(({ ket, bra }, c) => {
      this.#classAt[ket * this.states + bra] = c;
    });
  }

  /** The program of an equation; null where no charge l + c_s is conserved. */
  static of(equation: EquationForm): SectorProgram | null {
    const tape = new Tape();
    const plan = sectorPlanOf(equation, tape);
    return plan && new SectorProgram(plan, tape);
  }

  /** The position of a class, or −1. */
  classOf(ket: number, bra: number): number {
    return this.#classAt[ket * this.states + bra];
  }

  bind(window: Window): BoundSector {
    return new BoundSector(this, window, this.tape.numbers(window.lmin, window.size));
  }
}

/**
 * A sector on a window, with the numbers of one device at a time.
 */
export class BoundSector extends SectorLayout {
  readonly #entries: Float64Array;
  #exactEntries: ExactTable | null = null;
  #assembled = 0;
  #kernel: SectorKernel | null = null;
  #makeKernel: () => SectorKernel | null = () => null;
  #matrix: BlockTridiagonal | null = null;
  /** Of which state each run from pairs brings populations. */
  readonly #statesFromPairs: Int32Array;
  readonly #runsOfMaps = new WeakMap<readonly BandForm[], readonly Run[]>();

  constructor(
    override readonly program: SectorProgram,
    window: Window,
    readonly numbers: Numbers,
  ) {
    super(program, window);
    this.#entries = new Float64Array(this.sites * 3 * this.siteWidth ** 2);
    this.#statesFromPairs = Int32Array.from(this.fromPairs, ({ to }) => this.stateOf(to));
  }

  /**
   * The matrix with its blocks ordered about a site; the next one overwrites it. Populations have no diagonals: they
   * follow from conservation.
   */
  assemble(wanted: number): BlockTridiagonal {
    if (this.#kernel === null) this.#takeKernel();
    const centre = this.nearestEnding(wanted);
    const { siteWidth } = this;
    const row = 3 * siteWidth;
    const kernel = this.#kernelNow;
    if (kernel !== null) {
      this.#fillGaps(kernel.filled(this.numbers, centre), row);
      return this.#inKernel(kernel.elimination, centre);
    }
    const entries = this.#entries.fill(0);
    const step = siteWidth * row;
    for (const run of this.filling) {
      const { source, target, from, to, first, stride, count, sign } = run;
      const table = this.numbers.table(run.table);
      const side = source - target;
      // Beyond the centre the blocks of a row stand the other way round.
      const inside = Math.min(count, Math.max(0, centre + 1 - target));
      let at = target * step + to * row + from + (1 + side) * siteWidth;
      let p = first;
      for (let i = 0; i < inside; i++, at += step, p += stride) entries[at] += sign * table[p];
      at -= 2 * side * siteWidth;
      for (let i = inside; i < count; i++, at += step, p += stride) entries[at] += sign * table[p];
    }
    this.#fillGaps(entries, row);
    return { ...this.layout(centre), entries };
  }

  /** Most matrices are about the centre of the one before. */
  #inKernel(kernel: EliminationKernel, centre: number): BlockTridiagonal {
    if (this.#matrix?.centre !== centre || this.#matrix.kernel !== kernel) {
      this.#matrix = { ...this.layout(centre), entries: kernel.entries, kernel };
    }
    return this.#matrix;
  }

  #takeKernel(): void {
    const { siteWidth: width, sitePaired: paired, sites } = this;
    if (width > WIDEST_IN_KERNEL || sectorCode.module === null) return;
    if (this.#assembled++ < DEVICES_BEFORE_KERNEL) return;
    const { SectorKernel } = sectorCode.module;
    const shape = { width, paired, reach: this.reaches };
    const sector = {
      shape,
      sites,
      size: this.window.size,
      runs: this.runs,
      amongPairs: this.amongPairs,
      withinPairs: this.withinPairs,
      fromPairs: this.fromPairs,
      filling: this.filling,
      norm: (x: Float64Array) => this.norm(x),
    };
    this.#makeKernel = () => new SectorKernel(sector, this.numbers.kernel);
    this.#kernel = this.#makeKernel();
  }

  /** What there is code for, on the memory where the numbers are now. */
  get #kernelNow(): SectorKernel | null {
    if (this.#kernel?.isBeside(this.numbers) === false) this.#kernel = this.#makeKernel();
    return this.#kernel;
  }

  /** The same with about 30 digits; the next one overwrites it. Null where some numbers are known to float64 alone. */
  assembleExact(exact: ExactNumbers, centre: number): ExactBlockTridiagonal | null {
    const { siteWidth } = this;
    this.#exactEntries ??= exactTable(this.#entries.length);
    const entries = this.#exactEntries;
    for (const part of [entries.high, entries.low]) part.fill(0);
    const row = 3 * siteWidth;
    const step = siteWidth * row;
    for (const run of this.filling) {
      const { source, target, from, to, first, stride, count, sign } = run;
      if (!exact.isExactTable(run.table)) return null;
      const { high, low } = exact.table(run.table);
      const side = source - target;
      for (let i = 0, p = first; i < count; i++, p += stride) {
        const block = target + i <= centre ? 1 + side : 1 - side;
        const at = (target + i) * step + to * row + from + block * siteWidth;
        addAt(entries.high, entries.low, at, sign * high[p], sign * low[p]);
      }
    }
    this.#fillGaps(entries.high, row);
    return { ...this.layout(centre), entries };
  }

  /** What is not there is emptied and never filled: a coherence decays, a population goes to one that is there. */
  #fillGaps(entries: Float64Array, row: number): void {
    for (const { site, to, from, value } of this.gapEntries) {
      entries[(site * this.siteWidth + to) * row + this.siteWidth + from] = value;
    }
  }

  /** 𝓛x, and the same sum of magnitudes: what rounding and anything left out of 𝓛 is judged against. */
  derivative(x: Float64Array): Applied {
    const kernel = this.#kernelNow;
    if (kernel !== null) return kernel.applied(this.numbers, x);
    return this.#applied(this.runs, x);
  }

  /** The same of a part of 𝓛, or of another map between the same classes. @param bands made by its program */
  applied(bands: readonly BandForm[], x: Float64Array): Applied {
    return this.#applied(this.#runsOfMap(bands), x);
  }

  /** z times such a map, as a row. */
  pulled(bands: readonly BandForm[], z: Float64Array): Float64Array {
    const { siteWidth } = this;
    const row = zeros(z.length);
    for (const run of this.#runsOfMap(bands)) {
      const { source, target, from, to, first, stride, count, sign } = run;
      const values = this.numbers.table(run.table);
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (let i = 0, p = first; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        row[at] += sign * values[p] * z[out];
      }
    }
    return row;
  }

  #runsOfMap(bands: readonly BandForm[]): readonly Run[] {
    let runs = this.#runsOfMaps.get(bands);
    if (runs === undefined) {
      runs = bands.flatMap((band) => this.runsOf(band));
      this.#runsOfMaps.set(bands, runs);
    }
    return runs;
  }

  #applied(runs: readonly Run[], x: Float64Array): Applied {
    const { siteWidth } = this;
    const y = zeros(x.length);
    const magnitudes = zeros(x.length);
    for (const { source, target, from, to, first, stride, count, sign, table } of runs) {
      const values = this.numbers.table(table);
      let p = first;
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (let i = 0; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        const change = sign * values[p] * x[at];
        y[out] += change;
        magnitudes[out] += Math.abs(change);
      }
    }
    return { y, magnitudes };
  }

  /** As `sharesFromPairs` has them. */
  get shares(): Float64Array {
    return this.#kernelNow?.adjoint.shares(this.numbers) ?? sharesFromPairs(this);
  }

  /** As `remainderOf` has it. */
  remainder(z: Float64Array, shares: Float64Array, equations: AdjointEquations): Remainder {
    return (
      this.#kernelNow?.adjoint.remainder(this.numbers, z, shares, equations) ??
      remainderOf(this, z, shares, equations)
    );
  }

  /** What is left of 𝓛x, weighted, and what rounding may have taken from it. */
  fluxes(x: Float64Array, weights: Weights, rounding: TapeRounding): Fluxes {
    const byCode = this.#kernelNow?.fluxes.read(this.numbers, x, weights, rounding);
    if (byCode) return byCode;
    const { siteWidth, sitePaired, numbers, runs } = this;
    const found = { left: zeros(runs.length), lost: zeros(runs.length) };
    runs.forEach((run, n) => {
      const values = numbers.table(run.table);
      const losses = rounding.table(run.table);
      readRun(run, [siteWidth, sitePaired], x, weights, values, losses, found, n);
    });
    return found;
  }

  /** As `resonanceOf` has it. */
  resonance(): number {
    return this.#kernelNow?.resonance(this.numbers) ?? resonanceOf(this, pairBlocks(this));
  }

  /** As `judged` has it. */
  judged(x: Float64Array, relative: number, isKnown: boolean): Judged {
    const found = this.#kernelNow?.judged(this.numbers, x, relative, isKnown);
    return found ?? judged(x, this, this.derivative(x), relative, isKnown);
  }

  /** As `meanOf` has it of a state, by code; null where there is none. @param representation of the state's unknowns */
  heldMean(
    functional: Functional,
    state: HeldState,
    representation: Representation,
  ): ExactEstimate | null {
    const kernel = this.#kernelNow;
    if (this.reach !== 1 || kernel === null) return null;
    const means = kernel.means[representation];
    return means.mean(this.numbers, state, functional, this);
  }

  /** All means of a state, in a representation, that states were asked for so far; null where no code has them. */
  foundMeans(state: HeldState, representation: Representation): FoundMeans | null {
    const kernel = this.#kernelNow;
    if (this.reach !== 1 || kernel === null) return null;
    return kernel.means[representation].of(this.numbers, state);
  }

  /** A flow of a state across cuts, as `SectorCuts` has it; null where no code has it. */
  heldFlow(
    held: HeldStates,
    currents: readonly CurrentOnWindow[],
    flow: readonly [place: number, across: AcrossCuts],
  ): ExactEstimate | null {
    const kernel = this.#kernelNow;
    if (this.reach !== 1 || kernel === null) return null;
    return kernel.cuts.flow(this.numbers, held, currents, this, flow);
  }

  /** All of them that states were asked for so far; null where no code has them. */
  foundCuts(held: HeldStates): FoundCuts | null {
    const kernel = this.#kernelNow;
    return this.reach !== 1 || kernel === null ? null : kernel.cuts.of(this.numbers, held);
  }

  /** Unknowns with pairs turned back by their angles, by code; null where there is none. */
  turnedBack(eigen: Unknowns, pairs: readonly PlacedPair[]): Unknowns | null {
    return this.#kernelNow?.turns.turnedBack(this.numbers, eigen, pairs) ?? null;
  }

  /** Σ of the magnitudes of what coherences add to the populations of each state, by time. */
  coherentFlow(x: Float64Array): Float64Array {
    const { siteWidth, fromPairs } = this;
    const byState = zeros(this.program.states);
    const sizes = this.#kernelNow?.sizesFromPairs(this.numbers, x);
    if (sizes !== undefined) {
      const states = this.#statesFromPairs;
      for (let n = 0; n < sizes.length; n++) byState[states[n]] += sizes[n];
      return byState;
    }
    for (const { source, from, to, first, stride, count, table } of fromPairs) {
      const values = this.numbers.table(table);
      // Every other number has a sum of its own: an addition does not wait for the one before.
      let sum = 0;
      let other = 0;
      let at = source * siteWidth + from;
      let p = first;
      let i = 1;
      for (; i < count; i += 2, p += 2 * stride, at += 2 * siteWidth) {
        sum += Math.abs(values[p] * x[at]);
        other += Math.abs(values[p + stride] * x[at + siteWidth]);
      }
      if (i === count) sum += Math.abs(values[p] * x[at]);
      byState[this.stateOf(to)] += sum + other;
    }
    return byState;
  }
}
