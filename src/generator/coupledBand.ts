/**
 * A generator on a set of classes as one real matrix: block tridiagonal in the lower level of an element,
 * that is its place in its class, or in the sum of both, so many to a site as a term moves it by. Of two conjugate classes one is kept, as real and imaginary part, so
 * that the matrix acts on Hermitian vectors alone.
 */
import { Coefficients, coefficientsIn, type Generator } from './generator.js';
import { reachOf } from './reach.js';
import { partnerOf } from './siteMatrix.js';

export interface CoupledBand {
  /** Site s has the unknowns start[s] ≤ i < start[s + 1]. */
  readonly start: Int32Array;
  /** The element of each unknown, as an index in complex numbers. */
  readonly places: Int32Array;
  /** 0 for its real part, 1 for its imaginary part. */
  readonly parts: Uint8Array;
  /** The element that holds the conjugate, or −1 for a population. */
  readonly mirrors: Int32Array;
  /** The unknown, a population, whose equation is given up. */
  readonly pinned: number;
  /**
   * Row i holds values[k] in the columns columns[k], rowStart[i] ≤ k < rowStart[i + 1]. A column may
   * occur twice: then its values add.
   */
  readonly rowStart: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Entries one after another, in whatever order they come. */
class EntryList {
  rows = new Int32Array(1024);
  columns = new Int32Array(1024);
  values = new Float64Array(1024);
  length = 0;

  push(row: number, column: number, value: number): void {
    if (this.length === this.rows.length) {
      const twice = 2 * this.length;
      const grown = { rows: new Int32Array(twice), columns: new Int32Array(twice) };
      grown.rows.set(this.rows);
      grown.columns.set(this.columns);
      const values = new Float64Array(twice);
      values.set(this.values);
      Object.assign(this, { ...grown, values });
    }
    this.rows[this.length] = row;
    this.columns[this.length] = column;
    this.values[this.length++] = value;
  }
}

/** What rounding may leave of a rate of 0, in units of what it is a sum of. */
const ROUNDING = 1e-14;

/** An element of a class, by its place there. */
interface Element {
  readonly c: number;
  readonly p: number;
}

/** By how much a generator moves 2p + |δ|, the sum of an element's two levels, at most. */
function sumReach({ space: { classes }, couplings }: Generator, chosen: (c: number) => boolean) {
  let most = 1;
  for (const { sourceClass, targetClass, source, target } of couplings) {
    if (!chosen(sourceClass) || !chosen(targetClass)) continue;
    const [from, to] = [classes[sourceClass], classes[targetClass]];
    const moved = 2 * (source - from.offset - (target - to.offset));
    most = Math.max(most, Math.abs(moved + Math.abs(from.delta) - Math.abs(to.delta)));
  }
  return most;
}

/**
 * The kept elements in sites of which each is coupled to itself and the two beside it: by their lower levels, or by
 * the sums of both, whichever makes less work. (A term that moves one level by two moves the sum by two, as one does
 * that moves both by one.)
 */
function sitesOf(
  generator: Generator,
  chosen: (position: number) => boolean,
  kept: readonly boolean[],
): Element[][] {
  const { classes, window } = generator.space;
  const sitesBy = (reach: number, highest: number, step: 1 | 2): Element[][] => {
    const sites: Element[][] = Array.from({ length: Math.ceil((highest + 1) / reach) }, () => []);
    for (let key = 0; key <= highest; key++) {
      for (let c = 0; c < classes.length; c++) {
        const { delta, length } = classes[c];
        const p = step === 1 ? key : (key - Math.abs(delta)) / 2;
        if (kept[c] && p >= 0 && p < length && Number.isInteger(p)) {
          sites[Math.floor(key / reach)].push({ c, p });
        }
      }
    }
    return sites;
  };
  const byLevel = sitesBy(reachOf(generator, chosen), window.size - 1, 1);
  const bySum = sitesBy(sumReach(generator, chosen), 2 * (window.size - 1), 2).filter(
    (site) => site.length > 0,
  );
  const work = (sites: Element[][]) => sites.reduce((sum, { length }) => sum + length ** 3, 0);
  // What is known and measured of devices stays as it is unless there is a gain.
  return work(bySum) < WORTH_SUMS * work(byLevel) ? bySum : byLevel;
}

/** Work by the sums, beside that by the lower levels, below which they are taken. */
const WORTH_SUMS = 0.8;

/**
 * @param chosen whether a class belongs to the set, which holds the conjugate of each of its classes
 * @param pinned a population, by its index in vectors of the space: its equation, which follows from the
 * others where their sum is conserved, is replaced by "its rate, or where it has none another, times itself =
 * right-hand side"
 */
export function coupledBand(
  { space, couplings }: Generator,
  chosen: (position: number) => boolean,
  pinned: number,
): CoupledBand {
  const { classes, window } = space;
  const partner = classes.map((_, c) => partnerOf(space, c));
  const kept = classes.map((_, c) => chosen(c) && partner[c] >= c);

  // Unknowns, site by site; the first (real) one of each kept element.
  const unknown = new Int32Array(space.size).fill(-1);
  const start: number[] = [0];
  const places: number[] = [];
  const parts: number[] = [];
  const mirrors: number[] = [];
  for (const site of sitesOf({ space, couplings }, chosen, kept)) {
    for (const { c, p } of site) {
      const { offset } = classes[c];
      unknown[offset + p] = places.length;
      const mirror = partner[c] === c ? -1 : classes[partner[c]].offset + p;
      for (let part = 0; part < (mirror < 0 ? 1 : 2); part++) {
        places.push(offset + p);
        parts.push(part);
        mirrors.push(mirror);
      }
    }
    start.push(places.length);
  }

  const entries = new EntryList();
  let pinnedRate = 0;
  let pinnedMagnitude = 0;
  let largest = 0;
  const room = new Coefficients(window.size);
  for (const coupling of couplings) {
    const { sourceClass, targetClass, count } = coupling;
    if (!kept[targetClass] || !chosen(sourceClass)) continue;
    const real = partner[sourceClass] === sourceClass;
    const conjugated = !kept[sourceClass];
    const within = coupling.source - classes[sourceClass].offset;
    const keptSource = classes[conjugated ? partner[sourceClass] : sourceClass].offset + within;
    const population = partner[targetClass] === targetClass;
    const sign = conjugated ? -1 : 1;
    const { kind, re, im } = coefficientsIn(room, coupling);
    for (let p = 0; p < count; p++) {
      const row = unknown[coupling.target + p];
      const column = unknown[keptSource + p];
      const a = kind === 'imaginary' ? 0 : re[p];
      const b = kind === 'real' ? 0 : im[p];
      const pin = coupling.target + p === pinned;
      if (pin) {
        if (coupling.source !== coupling.target) continue;
        pinnedRate += a;
        pinnedMagnitude += Math.abs(a);
        continue;
      }
      largest = Math.max(largest, Math.abs(a));
      if (a !== 0) entries.push(row, column, a);
      if (b !== 0 && !real) entries.push(row, column + 1, -b * sign);
      if (population) continue;
      if (b !== 0) entries.push(row + 1, column, b);
      if (a !== 0 && !real) entries.push(row + 1, column + 1, a * sign);
    }
  }

  // A state that loses nothing has no rate, but what rounding leaves of one.
  const smallest = ROUNDING * Math.max(pinnedMagnitude, largest);
  if (Math.abs(pinnedRate) <= smallest) pinnedRate = largest > 0 ? -largest : -1;
  entries.push(unknown[pinned], unknown[pinned], pinnedRate);

  const rowStart = new Int32Array(places.length + 1);
  for (let k = 0; k < entries.length; k++) rowStart[entries.rows[k] + 1]++;
  for (let i = 0; i < places.length; i++) rowStart[i + 1] += rowStart[i];
  const next = rowStart.slice();
  const columns = new Int32Array(entries.length);
  const values = new Float64Array(entries.length);
  for (let k = 0; k < entries.length; k++) {
    const at = next[entries.rows[k]]++;
    columns[at] = entries.columns[k];
    values[at] = entries.values[k];
  }
  return {
    start: Int32Array.from(start),
    places: Int32Array.from(places),
    parts: Uint8Array.from(parts),
    mirrors: Int32Array.from(mirrors),
    pinned: unknown[pinned],
    rowStart,
    columns,
    values,
  };
}
