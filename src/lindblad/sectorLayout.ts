/**
 * Where the unknowns of a sector are on a window: charges on sites, elements of classes in vectors, and what leads from
 * one unknown to another.
 */
import { bounds } from '../machine/range.js';
import type { Place } from '../machine/tape.js';
import { euclideanNorm, isInRange } from '../norm.js';
import type { Window } from '../operators/window.js';
import type { BlockTridiagonal } from '../solve/conservingElimination.js';
import { zeros } from '../zeros.js';
import type { Functional } from './functional.js';
import { isWithinPair, placesOf, type Run, type RunPlaces } from './run.js';
import type { MeanTerm } from './sectorMeans.js';
import type { SectorPlan } from './sectorPlan.js';
import type { BandForm } from './sectorUnknowns.js';

/** A place of a charge that no element of the window has. */
interface Gap {
  readonly charge: number;
  readonly unknown: number;
}

interface GapEntry {
  readonly site: number;
  readonly to: number;
  readonly from: number;
  readonly value: 1 | -1;
}

/** A program, as far as its layout depends on it. */
export interface LaidOutProgram extends SectorPlan {
  /** The position of a class, or −1. */
  classOf(ket: number, bra: number): number;
}

/** Elements of some levels, by their levels less the window's lowest, and what each is times. */
interface WeighedElements {
  readonly ket: number;
  readonly bra: number;
  readonly apart: number;
  readonly first: number;
  readonly end: number;
  readonly re: Place | null;
  readonly im: Place | null;
}

export class SectorLayout {
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
  readonly withinPairs: readonly Run[];
  /** Those of pairs to populations. */
  readonly fromPairs: readonly Run[];
  /** Those that a matrix has entries of: populations have no diagonals. */
  readonly filling: readonly Run[];
  readonly #bands: readonly BandForm[];
  #placesFromPairs: RunPlaces | undefined;
  readonly #terms = new WeakMap<Functional, readonly MeanTerm[]>();
  /** Entries for unknowns that no element of the window has, each within its site. */
  readonly gapEntries: readonly GapEntry[];
  /** For each unknown of a site how many of the next inner one's it reaches: `BlockTridiagonal`. */
  readonly reaches: BlockTridiagonal['reach'];

  constructor(
    readonly program: LaidOutProgram,
    readonly window: Window,
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
    this.#runs = this.#bands.flatMap((band) => this.runsOf(band));
    this.amongPairs = this.#runs.filter(
      (run) => run.from < this.sitePaired && run.to < this.sitePaired && !isWithinPair(run),
    );
    this.withinPairs = this.#runs.filter((run) => run.to < this.sitePaired && isWithinPair(run));
    this.fromPairs = this.#runs.filter(
      ({ from, to }) => from < this.sitePaired && to >= this.sitePaired,
    );
    this.filling = this.#runs.filter(
      ({ source, target, from, to }) => source !== target || from !== to || to < this.sitePaired,
    );
    this.gapEntries = this.#gapEntries();
    const [below, above] = this.#reaches();
    this.reaches = { below, above };
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

  protected runsOf({ row, column, step, offset, range, sign, table }: BandForm): Run[] {
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
    // From the one to before the other there is every state.
    const [first, end] = [Math.max(...offsets), size + Math.min(...offsets)];
    for (let charge = 0; charge < this.sites * this.reach; charge++) {
      if (charge >= first && charge < end) continue;
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

  protected layout(centre: number): Omit<BlockTridiagonal, 'entries'> {
    return {
      sites: this.sites,
      width: this.siteWidth,
      paired: this.sitePaired,
      centre,
      reach: this.reaches,
    };
  }

  #gapEntries(): GapEntry[] {
    const { paired, width } = this.program;
    return this.#findGaps().map(({ charge, unknown }) => {
      const site = Math.floor(charge / this.reach);
      const from = this.#column(charge % this.reach, unknown);
      if (unknown < paired) return { site, to: from, from, value: -1 };
      const there = this.#present(charge);
      if (there.unknown >= width) throw new Error('a site without populations');
      return { site, to: this.#column(there.within, there.unknown), from, value: 1 };
    });
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

  /** The unknowns of a class, by the level of their kets less the window's lowest; null where a part is none. */
  #partsOf(x: Float64Array, c: number): { re: Float64Array; im: Float64Array | null } {
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
    return { re, im };
  }

  /** The elements of a class, by the level of their kets less the window's lowest: real and imaginary parts. */
  elements(x: Float64Array, c: number): { re: Float64Array; im: Float64Array | null } {
    const { re, im } = this.#partsOf(x, c);
    if (im === null || this.program.unknownOf[c].conjugation > 0) return { re, im };
    const { apart } = this.program.classes[c];
    const end = this.window.size - Math.max(0, apart);
    for (let i = Math.max(0, -apart); i < end; i++) im[i] = -im[i];
    return { re, im };
  }

  /** The errors of a class's elements: of real parts, and of imaginary ones. */
  errorTables(
    errors: Float64Array,
    c: number,
  ): { readonly error: Float64Array; readonly imError: Float64Array | null } {
    const { re: error, im: imError } = this.#partsOf(errors, c);
    return { error, imError };
  }

  /** Where all numbers of `fromPairs` lead from and to. */
  get placesFromPairs(): RunPlaces {
    this.#placesFromPairs ??= placesOf(this.fromPairs, this.siteWidth);
    return this.#placesFromPairs;
  }

  /** What `meanOf` sums, as code reads it where sites are single charges. */
  termsOf(functional: Functional): readonly MeanTerm[] {
    let known = this.#terms.get(functional);
    if (known === undefined) {
      known = this.#termsOf(functional);
      this.#terms.set(functional, known);
    }
    return known;
  }

  #termsOf(functional: Functional): MeanTerm[] {
    return functional.flatMap(({ range, ...elements }) => {
      const [first, end] = bounds(range, this.window.size);
      return this.termsOfElements({ ...elements, first, end });
    });
  }

  /** Terms of the elements ⟨ket, l|ρ|bra, l + apart⟩ of some levels, each times a number: of their real and imaginary parts. */
  termsOfElements({ ket, bra, apart, first, end, re, im }: WeighedElements): MeanTerm[] {
    const { program } = this;
    const c = program.classOf(ket, bra);
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
  }

  /** The site with the largest of all populations, or the nearest one that an elimination may end at. */
  peak(x: Float64Array): number {
    const { siteWidth, sitePaired } = this;
    let [largest, site] = [0, 0];
    for (let start = 0; start < x.length; start += siteWidth) {
      for (let i = start + sitePaired; i < start + siteWidth; i++) {
        if (x[i] > largest) [largest, site] = [x[i], start / siteWidth];
      }
    }
    return this.nearestEnding(site);
  }

  /** Of which state an unknown of a site is a population: the first state's is the last of its charge. */
  stateOf(unknown: number): number {
    const { states } = this.program;
    return states - 1 - ((unknown - this.sitePaired) % states);
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
    // Every other number of a site has a sum of its own: an addition does not wait for the one before.
    let sum = 0;
    let other = 0;
    for (let start = 0; start < x.length; start += siteWidth) {
      for (let k = 0; k < siteWidth; k++) {
        const square = weighted[start + k] * weighted[start + k];
        if (k % 2 === 0) sum += square;
        else other += square;
      }
    }
    return isInRange(sum + other) ? Math.sqrt(sum + other) : euclideanNorm(weighted);
  }
}
