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
import { isZero } from '../machine/expression.js';
import { bounds, type Range } from '../machine/range.js';
import { type Numbers, type Place, Tape } from '../machine/tape.js';
import { TapeExponentials } from '../machine/tapeExponentials.js';
import { euclideanNorm } from '../norm.js';
import { addAt, type ExactTable, exactTable } from '../numbers/exactTable.js';
import type { Window } from '../operators/window.js';
import { emptySlot } from '../slot.js';
import type { BlockTridiagonal } from '../solve/conservingElimination.js';
import type { ExactBlockTridiagonal } from '../solve/exactElimination.js';
import { zeros } from '../zeros.js';
import { ladderCharge } from './charges.js';
import { boundCoherences } from './coherenceErrors.js';
import {
  channelNames,
  type ElementClass,
  type EquationForm,
  movesOf,
  populationSector,
  type SectorForm,
} from './equation.js';
import type { ExactEstimate } from './estimate.js';
import type { Functional } from './functional.js';
import { type Applied, isWithinPair, type Run } from './run.js';
import type { MeanTerm, SectorKernel } from './sectorKernel.js';

/** Writes code for eliminations and what leads to them, where it is loaded. */
export const sectorCode = emptySlot<typeof import('./sectorKernel.js')>();

/** Matrices after which code for their elimination pays, and the widest sites that it is written for. */
const MATRICES_BEFORE_KERNEL = 100;
/** The same where the code is there, written for another window. */
const MATRICES_BEFORE_KNOWN_KERNEL = 4;
const WIDEST_IN_KERNEL = 16;

/** What the elimination leaves of a population, relative to itself. */
export const RELATIVE = 64 * Number.EPSILON;

/** Adds sign · table[l] · x[column] at charge q to the derivative of x[row] at charge q + step. */
export interface BandForm {
  readonly row: number;
  readonly column: number;
  readonly step: number;
  /** The source's charge is that of its ket, l + offset, on these levels. */
  readonly offset: number;
  readonly range: Range;
  readonly sign: 1 | -1;
  /** The place of the coefficients among the tape's tables. */
  readonly table: number;
}

/** Where the elements of a class are: the unknown of the class that is kept, and how they follow from it. */
export interface UnknownOfClass {
  readonly unknown: number;
  /** 0 for populations, 1 for the class that is kept, −1 for its conjugate. */
  readonly conjugation: 0 | 1 | -1;
}

export class SectorProgram {
  readonly channels: readonly string[];
  readonly classes: readonly ElementClass[];
  readonly unknownOf: readonly UnknownOfClass[];
  /** Unknowns of a charge: pairs (Re, Im), then populations; the first state's population is the last. */
  readonly width: number;
  readonly paired: number;
  readonly states: number;
  /** l + offsets[s] is the charge of the state s at l. */
  readonly offsets: Int32Array;
  /** The largest change of the charge by a jump. */
  readonly reach: number;
  readonly form: SectorForm;
  readonly bands: readonly BandForm[];
  readonly #classAt: Int32Array;
  readonly tape = new Tape();
  readonly exponentials = new TapeExponentials(this.tape);

  private constructor(equation: EquationForm, offsets: Int32Array) {
    this.states = equation.states;
    this.offsets = offsets;
    this.channels = channelNames(equation);
    this.form = populationSector(equation, offsets);
    this.classes = this.form.classes;
    this.#classAt = new Int32Array(this.states ** 2).fill(-1);
    this.classes.forEach(({ ket, bra }, c) => {
      this.#classAt[ket * this.states + bra] = c;
    });
    const { unknowns, paired, width } = unknownsOf(this.classes, equation.states);
    this.unknownOf = unknowns;
    this.paired = paired;
    this.width = width;
    this.bands = this.bandsOf(this.form);
    this.reach = this.bands.reduce((most, { step }) => Math.max(most, Math.abs(step)), 1);
  }

  /** The program of an equation; null where no charge l + c_s is conserved. */
  static of(equation: EquationForm): SectorProgram | null {
    const offsets = ladderCharge(movesOf(equation));
    return offsets === null ? null : new SectorProgram(equation, offsets);
  }

  /**
   * What a form between the program's classes does to unknowns: (Re, Im) → (a Re − b Im, b Re + a Im) for a coefficient
   * a + ib; conjugates bring their Im with a minus.
   */
  bandsOf({ contributions }: SectorForm): BandForm[] {
    const bands: BandForm[] = [];
    for (const { source, target, shift, range, coefficient } of contributions) {
      const to = this.unknownOf[target];
      const from = this.unknownOf[source];
      if (to.conjugation < 0) continue;
      const { ket } = this.classes[source];
      const offset = this.offsets[ket];
      const step = shift + this.offsets[this.classes[target].ket] - offset;
      const place = { step, offset, range };
      const add = (r: number, c: number, sign: 1 | -1, table: number) =>
        bands.push({ ...place, row: to.unknown + r, column: from.unknown + c, sign, table });
      if (!isZero(coefficient.re)) {
        const table = this.tape.table(coefficient.re);
        add(0, 0, 1, table);
        if (to.conjugation !== 0 && from.conjugation !== 0) {
          add(1, 1, from.conjugation > 0 ? 1 : -1, table);
        }
      }
      // Between populations an imaginary coefficient meets its conjugate from the other side.
      if (!isZero(coefficient.im)) {
        const table = this.tape.table(coefficient.im);
        if (from.conjugation !== 0) add(0, 1, from.conjugation > 0 ? -1 : 1, table);
        if (to.conjugation !== 0) add(1, 0, 1, table);
      }
    }
    return bands;
  }

  /** The position of a class, or −1. */
  classOf(ket: number, bra: number): number {
    return this.#classAt[ket * this.states + bra];
  }

  bind(window: Window): BoundSector {
    return new BoundSector(this, window, this.tape.numbers(window.lmin, window.size));
  }
}

function unknownsOf(classes: readonly ElementClass[], states: number) {
  const unknowns: UnknownOfClass[] = classes.map(() => ({ unknown: -1, conjugation: 0 }));
  const find = (ket: number, bra: number) =>
    classes.findIndex((c) => c.ket === ket && c.bra === bra);
  let width = 0;
  classes.forEach(({ ket, bra }, c) => {
    if (ket === bra || unknowns[c].unknown >= 0) return;
    unknowns[c] = { unknown: width, conjugation: 1 };
    unknowns[find(bra, ket)] = { unknown: width, conjugation: -1 };
    width += 2;
  });
  const paired = width;
  // The first state's population comes last: of two qubits it is that of |00⟩, the one that no cold empties.
  for (let s = states - 1; s >= 0; s--) {
    unknowns[find(s, s)] = { unknown: width++, conjugation: 0 };
  }
  return { unknowns, paired, width };
}

/** A place of a charge that no element of the window has. */
interface Gap {
  readonly charge: number;
  readonly unknown: number;
}

/**
 * A sector on a window, with the numbers of one device at a time.
 */
export class BoundSector {
  /** The number of charges. */
  readonly charges: number;
  /** Charges of a site, sites, unknowns of a site, how many of them are in pairs. */
  readonly reach: number;
  readonly sites: number;
  readonly siteWidth: number;
  readonly sitePaired: number;
  readonly #runs: readonly Run[];
  /** Those from a pair to another one. */
  readonly amongPairs: readonly Run[];
  /** Those of a pair to itself. */
  readonly #withinPairs: readonly Run[];
  /** Those that a matrix has entries of: populations have no diagonals. */
  readonly filling: readonly Run[];
  readonly #bands: readonly BandForm[];
  readonly #gaps: readonly Gap[];
  readonly #entries: Float64Array;
  #exactEntries: ExactTable | null = null;
  #assembled = 0;
  #kernel: SectorKernel | null = null;
  readonly #reachBelow: Int32Array;
  readonly #reachAbove: Int32Array;

  constructor(
    readonly program: SectorProgram,
    readonly window: Window,
    readonly numbers: Numbers,
  ) {
    const { offsets, reach, width, paired } = program;
    this.charges = window.size + Math.max(...offsets);
    this.reach = Math.min(reach, this.charges);
    this.sites = Math.ceil(this.charges / this.reach);
    this.siteWidth = width * this.reach;
    this.sitePaired = paired * this.reach;
    this.#bands = program.bands.filter(({ range }) => {
      const [first, end] = bounds(range, window.size);
      return end > first;
    });
    this.#runs = this.#bands.flatMap((band) => this.#runsOf(band));
    this.amongPairs = this.#runs.filter(
      (run) => run.from < this.sitePaired && run.to < this.sitePaired && !isWithinPair(run),
    );
    this.#withinPairs = this.#runs.filter((run) => run.to < this.sitePaired && isWithinPair(run));
    this.filling = this.#runs.filter(
      ({ source, target, from, to }) => source !== target || from !== to || to < this.sitePaired,
    );
    this.#gaps = this.#findGaps();
    this.#entries = new Float64Array(this.sites * 3 * this.siteWidth ** 2);
    [this.#reachBelow, this.#reachAbove] = this.#reaches();
  }

  /**
   * Where an elimination starts: the site of a level, by its index in the window, or of the one next to it that the
   * window has. By default that of level 0.
   */
  startAt(level = -this.window.lmin): number {
    return this.siteOf(Math.min(Math.max(level, 0), this.window.size - 1));
  }

  /** The site of the first state at a level, by its index in the window. */
  siteOf(i: number): number {
    return Math.floor((i + this.program.offsets[0]) / this.reach);
  }

  /** The nearest site whose last unknown, the population that is set free, is there. */
  nearestEnding(wanted: number): number {
    const { reach, window } = this;
    const [offset] = this.program.offsets;
    const lowest = Math.ceil((offset + 1 - reach) / reach);
    const highest = Math.floor((offset + window.size) / reach) - 1;
    return Math.min(Math.max(wanted, lowest, 0), Math.max(highest, 0));
  }

  /** The index of an unknown at a charge in vectors of the sector. */
  index(charge: number, unknown: number): number {
    const { reach, siteWidth } = this;
    return Math.floor(charge / reach) * siteWidth + this.#column(charge % reach, unknown);
  }

  /** Pairs of all the charges of a site come first. */
  #column(within: number, unknown: number): number {
    const { paired, width } = this.program;
    return unknown < paired
      ? within * paired + unknown
      : this.reach * paired + within * (width - paired) + unknown - paired;
  }

  #runsOf({ row, column, step, offset, range, sign, table }: BandForm): Run[] {
    const { reach } = this;
    const [first, end] = bounds(range, this.window.size);
    const runs: Run[] = [];
    for (let residue = 0; residue < reach && first + residue < end; residue++) {
      const charge = first + residue + offset;
      const arrival = charge + step;
      runs.push({
        row,
        column,
        sign,
        table,
        first: first + residue,
        stride: reach,
        count: Math.ceil((end - first - residue) / reach),
        source: Math.floor(charge / reach),
        target: Math.floor(arrival / reach),
        from: this.#column(charge % reach, column),
        to: this.#column(arrival % reach, row),
      });
    }
    return runs;
  }

  #findGaps(): Gap[] {
    const { classes, unknownOf, offsets, width } = this.program;
    const gaps: Gap[] = [];
    const { size } = this.window;
    for (let charge = 0; charge < this.sites * this.reach; charge++) {
      const filled = new Uint8Array(width);
      classes.forEach(({ ket, bra }, c) => {
        const { unknown, conjugation } = unknownOf[c];
        const exists = (s: number) => charge >= offsets[s] && charge - offsets[s] < size;
        if (conjugation < 0 || !exists(ket) || !exists(bra)) return;
        filled[unknown] = 1;
        if (conjugation > 0) filled[unknown + 1] = 1;
      });
      for (let unknown = 0; unknown < width; unknown++) {
        if (filled[unknown] === 0) gaps.push({ charge, unknown });
      }
    }
    return gaps;
  }

  /** For each unknown of a site, how many of the next inner site's it or an earlier one is coupled to. */
  #reaches(): [Int32Array, Int32Array] {
    const { reach, siteWidth, sitePaired } = this;
    const below = new Int32Array(siteWidth);
    const above = new Int32Array(siteWidth);
    const meet = (met: Int32Array, outer: number, inner: number) => {
      met[outer] = Math.max(met[outer], inner + 1);
    };
    for (const { row, column, step } of this.#bands) {
      for (let within = 0; within < reach; within++) {
        const arrival = within + step;
        if (arrival >= 0 && arrival < reach) continue;
        const c = this.#column(within, column);
        const r = this.#column((arrival + reach) % reach, row);
        if (arrival >= reach) {
          meet(below, c, r);
          meet(above, r, c);
        } else {
          meet(below, r, c);
          meet(above, c, r);
        }
      }
    }
    for (const met of [below, above]) {
      let most = 0;
      for (let j = 0; j < siteWidth; j++) {
        most = Math.max(most, met[j]);
        if (most < sitePaired) most += most % 2;
        met[j] = most;
      }
      // Of a pair both unknowns are eliminated together.
      for (let j = 0; j < sitePaired; j += 2) met[j] = met[j + 1];
    }
    return [below, above];
  }

  #layout(centre: number): Omit<BlockTridiagonal, 'entries'> {
    return {
      sites: this.sites,
      width: this.siteWidth,
      paired: this.sitePaired,
      centre,
      reach: this.reaches,
    };
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
    const layout = this.#layout(centre);
    if (this.#kernel !== null) {
      const entries = this.#kernel.filled(this.numbers, centre);
      this.#fillGaps(entries, row);
      return { ...layout, entries, kernel: this.#kernel.elimination };
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
    return { ...layout, entries };
  }

  #takeKernel(): void {
    const { siteWidth: width, sitePaired: paired, sites } = this;
    if (width > WIDEST_IN_KERNEL || sectorCode.module === null) return;
    const assembled = this.#assembled++;
    const isAsked = assembled === MATRICES_BEFORE_KNOWN_KERNEL;
    if (!isAsked && assembled < MATRICES_BEFORE_KERNEL) return;
    const { SectorKernel, isWritten } = sectorCode.module;
    const shape = { width, paired, reach: this.reaches };
    if (isAsked && !isWritten(shape)) return;
    this.#kernel = new SectorKernel({
      shape,
      sites,
      size: this.window.size,
      runs: this.#runs,
      amongPairs: this.amongPairs,
      withinPairs: this.#withinPairs,
      filling: this.filling,
    });
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
    return { ...this.#layout(centre), entries };
  }

  /** What is not there is emptied and never filled: a coherence decays, a population goes to one that is there. */
  #fillGaps(entries: Float64Array, row: number): void {
    for (const { site, to, from, value } of this.gapEntries) {
      entries[(site * this.siteWidth + to) * row + this.siteWidth + from] = value;
    }
  }

  /** Entries for unknowns that no element of the window has, each within its site. */
  get gapEntries(): { site: number; to: number; from: number; value: 1 | -1 }[] {
    const { paired, width } = this.program;
    return this.#gaps.map(({ charge, unknown }) => {
      const site = Math.floor(charge / this.reach);
      const from = this.#column(charge % this.reach, unknown);
      if (unknown < paired) return { site, to: from, from, value: -1 };
      const there = this.#present(charge);
      if (there.unknown >= width) throw new Error('a site without populations');
      return { site, to: this.#column(there.within, there.unknown), from, value: 1 };
    });
  }

  /** For each unknown of a site how many of the next inner one's it reaches: `BlockTridiagonal`. */
  get reaches(): BlockTridiagonal['reach'] {
    return { below: this.#reachBelow, above: this.#reachAbove };
  }

  /** A population that exists at a charge, or at another one of the same site. */
  #present(charge: number): { within: number; unknown: number } {
    const { reach } = this;
    const { offsets, states, width } = this.program;
    const start = charge - (charge % reach);
    for (let within = 0; within < reach; within++) {
      for (let s = 0; s < states; s++) {
        const l = start + within - offsets[s];
        if (l >= 0 && l < this.window.size) return { within, unknown: width - 1 - s };
      }
    }
    throw new Error('a site without states');
  }

  /** 𝓛x, and the same sum of magnitudes: what rounding and anything left out of 𝓛 is judged against. */
  derivative(x: Float64Array): Applied {
    if (this.#kernel !== null) return this.#kernel.applied(this.numbers, x);
    return this.#applied(this.#runs, x);
  }

  /** The same of a part of 𝓛, or of another map between the same classes. @param bands made by its program */
  applied(bands: readonly BandForm[], x: Float64Array): Applied {
    return this.#applied(
      bands.flatMap((band) => this.#runsOf(band)),
      x,
    );
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

  /** z𝓛, and the same sum of magnitudes. */
  transposed(z: Float64Array): Applied {
    const { siteWidth } = this;
    const y = zeros(z.length);
    const magnitudes = zeros(z.length);
    for (const { source, target, from, to, first, stride, count, sign, table } of this.#runs) {
      const values = this.numbers.table(table);
      let p = first;
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (let i = 0; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        const change = sign * values[p] * z[out];
        y[at] += change;
        magnitudes[at] += Math.abs(change);
      }
    }
    return { y, magnitudes };
  }

  /** The elements of 𝓛 on the window. */
  get runs(): readonly Run[] {
    return this.#runs;
  }

  /** An unknown at the charges i + offset. */
  #gather(
    x: Float64Array,
    offset: number,
    unknown: number,
    first: number,
    end: number,
    out: Float64Array,
  ): void {
    const { reach, siteWidth } = this;
    for (let residue = 0; residue < reach && first + residue < end; residue++) {
      let at = this.index(first + residue + offset, unknown);
      for (let i = first + residue; i < end; i += reach, at += siteWidth) out[i] = x[at];
    }
  }

  /** The elements of a class, by the level of their kets less the window's lowest: real and imaginary parts. */
  elements(x: Float64Array, c: number): { re: Float64Array; im: Float64Array | null } {
    const { size } = this.window;
    const { ket, apart } = this.program.classes[c];
    const { unknown, conjugation } = this.program.unknownOf[c];
    const offset = this.program.offsets[ket];
    const first = Math.max(0, -apart);
    const end = size - Math.max(0, apart);
    const re = zeros(size);
    this.#gather(x, offset, unknown, first, end, re);
    if (conjugation === 0) return { re, im: null };
    const im = zeros(size);
    this.#gather(x, offset, unknown + 1, first, end, im);
    if (conjugation < 0) for (let i = first; i < end; i++) im[i] = -im[i];
    return { re, im };
  }

  /** The errors of a class's elements: of real parts, and of imaginary ones. */
  errorTables(
    errors: Float64Array,
    c: number,
  ): { readonly error: Float64Array; readonly imError: Float64Array | null } {
    const { size } = this.window;
    const { ket, apart } = this.program.classes[c];
    const { unknown, conjugation } = this.program.unknownOf[c];
    const offset = this.program.offsets[ket];
    const first = Math.max(0, -apart);
    const end = size - Math.max(0, apart);
    const error = zeros(size);
    this.#gather(errors, offset, unknown, first, end, error);
    if (conjugation === 0) return { error, imError: null };
    const imError = zeros(size);
    this.#gather(errors, offset, unknown + 1, first, end, imError);
    return { error, imError };
  }

  /** The 2×2 block of each pair (Re, Im), row by row, at twice the index of Re. */
  pairBlocks(): Float64Array {
    if (this.#kernel !== null) return this.#kernel.pairBlocks(this.numbers);
    const { siteWidth } = this;
    const blocks = zeros(2 * this.sites * siteWidth);
    for (const run of this.#withinPairs) {
      const { target, from, to, first, stride, count, sign, table } = run;
      const values = this.numbers.table(table);
      let at = 2 * (target * siteWidth + to) + (from % 2);
      let p = first;
      for (let i = 0; i < count; i++, p += stride, at += 2 * siteWidth) {
        blocks[at] += sign * values[p];
      }
    }
    return blocks;
  }

  /**
   * |ω'| |ω|/(ω² + Γ²) at its largest, where a jump takes a coherence that turns with ω and decays with Γ into one that
   * turns with ω', or back: near a resonance what it brings to the populations cancels by so much.
   * @param blocks of the pairs
   */
  resonance(blocks: Float64Array): number {
    if (this.#kernel !== null) return this.#kernel.resonance(this.numbers, blocks);
    const { siteWidth } = this;
    let most = 0;
    for (const { source, target, from, to, first, stride, count, table } of this.amongPairs) {
      const values = this.numbers.table(table);
      let a = 2 * (source * siteWidth + from - (from % 2));
      let b = 2 * (target * siteWidth + to - (to % 2));
      for (let i = 0, p = first; i < count; i++, p += stride) {
        if (values[p] !== 0) {
          const product = Math.abs(blocks[a + 1] * blocks[b + 1]);
          const here = blocks[a] * blocks[a] + blocks[a + 1] * blocks[a + 1];
          const there = blocks[b] * blocks[b] + blocks[b + 1] * blocks[b + 1];
          const least = here < there ? here : there;
          if (product > most * least) most = product / least;
        }
        a += 2 * siteWidth;
        b += 2 * siteWidth;
      }
    }
    return most;
  }

  /**
   * How far each number of a null vector may be off. Populations come out of the elimination right to rounding,
   * relative to themselves; a coherence follows from what drives it, and is as far off as rounding of that makes it.
   * @param blocks of the pairs
   * @param magnitudes those of 𝓛x
   * @param relative what rounding takes from a population, relative to itself
   * @param isKnown whether the numbers and the solution of the equations are right to rounding
   */
  errors(
    x: Float64Array,
    blocks: Float64Array,
    magnitudes: Float64Array,
    relative: number,
    isKnown = true,
  ): Float64Array {
    const { siteWidth, sitePaired } = this;
    const errors = zeros(x.length);
    for (let start = 0; start < x.length; start += siteWidth) {
      for (let at = start + sitePaired; at < start + siteWidth; at++) {
        errors[at] = relative * Math.abs(x[at]);
      }
    }
    boundCoherences(errors, this, blocks, magnitudes, relative, isKnown);
    return errors;
  }

  /** Σ of the magnitudes of what other pairs bring to each. */
  byPairs(x: Float64Array): Float64Array {
    if (this.#kernel !== null) return this.#kernel.byPairs(this.numbers, x);
    const { siteWidth } = this;
    const among = zeros(x.length);
    for (const { source, target, from, to, first, stride, count, table } of this.amongPairs) {
      const values = this.numbers.table(table);
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      for (let i = 0, p = first; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        among[out] += Math.abs(values[p] * x[at]);
      }
    }
    return among;
  }

  /** Takes a state that means will be read off by code; null where there is none. */
  hold(x: Float64Array, errors: Float64Array): number | null {
    return this.reach === 1 && this.#kernel !== null ? this.#kernel.hold(x, errors) : null;
  }

  /** As `meanOf` has it, of the state that is held; null where another one is. */
  heldMean(functional: Functional, held: number, rounding: number): ExactEstimate | null {
    const terms = () => this.#termsOf(functional);
    const found = this.#kernel?.mean(this.numbers, held, functional, terms, rounding) ?? null;
    return found && { high: found.value, low: 0, error: found.error };
  }

  #termsOf(functional: Functional): MeanTerm[] {
    const { program, window } = this;
    return functional.flatMap(({ ket, bra, apart, range, re, im }) => {
      const c = program.classOf(ket, bra);
      const [first, end] = bounds(range, window.size);
      if (c < 0 || program.classes[c].apart !== apart || first >= end) return [];
      const { unknown, conjugation } = program.unknownOf[c];
      const element = this.index(first + program.offsets[ket], unknown);
      const term = (place: Place | null, part: 0 | 1, weight: 1 | -1 | 0): MeanTerm[] => {
        const at = element + part;
        const count = end - first;
        return place === null ? [] : [{ place, first, count, element: at, error: at, weight }];
      };
      if (conjugation === 0) return [...term(re, 0, 1), ...term(im, 0, 0)];
      return [...term(re, 0, 1), ...term(im, 1, conjugation > 0 ? -1 : 1)];
    });
  }

  /** Σ of the magnitudes of what coherences add to the populations of each state, by time. */
  coherentFlow(x: Float64Array): Float64Array {
    const { reach, siteWidth, sitePaired } = this;
    const { states } = this.program;
    const byState = new Float64Array(states);
    for (const { source, from, to, first, stride, count, table } of this.#runs) {
      if (from >= sitePaired || to < sitePaired) continue;
      const values = this.numbers.table(table);
      let total = 0;
      let at = source * siteWidth + from;
      for (let i = 0, p = first; i < count; i++, p += stride, at += siteWidth) {
        total += Math.abs(values[p] * x[at]);
      }
      // The first state's population is the last of its charge.
      byState[states - 1 - ((to - reach * this.program.paired) % states)] += total;
    }
    return byState;
  }

  /** The site with the largest of all populations, or the nearest one that an elimination may end at. */
  peak(x: Float64Array): number {
    const { siteWidth, sitePaired } = this;
    let [largest, site] = [0, 0];
    for (let i = 0; i < x.length; i++) {
      if (i % siteWidth < sitePaired || !(x[i] > largest)) continue;
      [largest, site] = [x[i], Math.floor(i / siteWidth)];
    }
    return this.nearestEnding(site);
  }

  /** Divides by the sum of all populations, in place. */
  normalise(x: Float64Array): void {
    const { siteWidth, sitePaired } = this;
    let total = 0;
    for (let i = 0; i < x.length; i++) if (i % siteWidth >= sitePaired) total += x[i];
    for (let i = 0; i < x.length; i++) x[i] /= total;
  }

  /** ‖x‖ of the matrix (Frobenius norm), in which a coherence and its conjugate count each. */
  norm(x: Float64Array): number {
    const { siteWidth, sitePaired } = this;
    const weighted = zeros(x.length);
    weighted.set(x);
    for (let start = 0; start < x.length; start += siteWidth) {
      for (let i = start; i < start + sitePaired; i++) weighted[i] *= Math.SQRT2;
    }
    return euclideanNorm(weighted);
  }
}
