/**
 * A generator on an invariant Hermitian sector as a real block-tridiagonal matrix.
 *
 * A Hermitian density matrix has real populations; of two conjugate classes of coherences one is kept,
 * as real and imaginary part. A site is a rotor level l with its populations (and coherences within the
 * level). A coherence between the levels l and l + 1 is a link: it belongs to the level farther from the
 * centre, so that an elimination towards the centre meets each link before both of its levels. Rows are
 * the equations of motion of the unknowns, columns the unknowns.
 */
import { zeros } from '../zeros.js';
import type { Space } from './classes.js';
import { coefficientsOf, type Generator } from './generator.js';

export interface BlockTridiagonal {
  /** Number of sites, N. */
  readonly sites: number;
  /** Unknowns per site: pairs (Re, Im) of links, then other pairs, then populations. */
  readonly width: number;
  /** How many of them belong to links, and how many to pairs of either kind. */
  readonly linked: number;
  readonly paired: number;
  /** The site towards which the blocks of a row are ordered. */
  readonly centre: number;
  /**
   * Entry (row r of site s; column c of a site near it) at ((s·width + r)·3 + b)·width + c, where
   * b = 0 for the neighbour away from the centre, 1 for s itself, 2 for the neighbour towards the
   * centre; at the centre b = 0 for s − 1 and 2 for s + 1.
   *
   * The centre has no links of its own. Its places for them stand for those of site centre + 1 in what
   * couples these to the links of site centre − 1, which is no neighbour of theirs.
   */
  readonly entries: Float64Array;
}

/** Where the classes of a Hermitian sector go: its unknowns, and back. */
export interface HermitianLayout {
  readonly width: number;
  readonly linked: number;
  readonly paired: number;
  /** Per class: column of its (real part's) unknown. */
  readonly column: Int32Array;
  /** Per class: 0 for populations, +1 for the coherence that is kept, −1 for its conjugate. */
  readonly conjugation: Int8Array;
}

/**
 * The unknowns of a Hermitian sector.
 * @throws {Error} when a class's conjugate is not in the space.
 */
export function hermitianLayout(space: Space): HermitianLayout {
  const { classes } = space;
  const column = new Int32Array(classes.length);
  const conjugation = new Int8Array(classes.length);
  let width = 0;
  const place = (wanted: (delta: number) => boolean) => {
    for (let c = 0; c < classes.length; c++) {
      const { ket, bra, delta } = classes[c];
      const partner = space.find(bra, ket, -delta);
      if (partner < 0) {
        throw new Error('a Hermitian sector holds the conjugate of each of its classes');
      }
      if (partner <= c || !wanted(delta)) continue;
      column[c] = width;
      column[partner] = width;
      conjugation[c] = 1;
      conjugation[partner] = -1;
      width += 2;
    }
  };
  place((delta) => delta !== 0);
  const linked = width;
  place((delta) => delta === 0);
  const paired = width;
  // The first class of populations comes last: of two qubits it is |00⟩, the one that no cold empties.
  for (let c = classes.length - 1; c >= 0; c--) if (conjugation[c] === 0) column[c] = width++;
  return { width, linked, paired, column, conjugation };
}

/** The site of an element of a class: the lower of its levels, or the upper one beyond the centre. */
function siteOf(element: number, delta: number, centre: number): number {
  return delta !== 0 && element >= centre ? element + Math.abs(delta) : element;
}

/**
 * The matrix of a generator on a Hermitian sector.
 * @throws {Error} when a coupling reaches beyond neighbouring sites.
 */
export function blockTridiagonal(
  generator: Generator,
  layout: HermitianLayout,
  centre: number,
): BlockTridiagonal {
  const { space, couplings } = generator;
  const { width, linked, paired, column, conjugation } = layout;
  const { classes } = space;
  const sites = space.window.size;
  const row = 3 * width;
  const step = width * row;
  const entries = new Float64Array(sites * step);

  for (const coupling of couplings) {
    const { sourceClass, targetClass, count } = coupling;
    const sign = conjugation[targetClass];
    if (sign < 0) continue;
    const from = conjugation[sourceClass];
    const { kind, re, im } = coefficientsOf(coupling);
    // Between populations, an imaginary coefficient meets its conjugate from the other side.
    if (kind === 'imaginary' && sign === 0 && from === 0) continue;
    const source = coupling.source - classes[sourceClass].offset;
    const target = coupling.target - classes[targetClass].offset;
    // Where sites, and with them blocks, change their relation to p.
    const ends = [centre - source, centre - target, centre + 1 - target, count];
    ends.sort((a, b) => a - b);
    let begin = 0;
    for (const at of ends) {
      const end = Math.min(at, count);
      if (end <= begin) continue;
      let sourceSite = siteOf(source + begin, classes[sourceClass].delta, centre);
      let targetSite = siteOf(target + begin, classes[targetClass].delta, centre);
      if (sourceSite - targetSite === 2) sourceSite = centre;
      if (targetSite - sourceSite === 2) targetSite = centre;
      const side = sourceSite - targetSite;
      if (side < -1 || side > 1) throw new Error('a coupling reaches beyond neighbouring sites');
      const block = targetSite <= centre ? 1 + side : 1 - side;
      const first =
        (targetSite * width + column[targetClass]) * row + block * width + column[sourceClass];
      // A pair's derivative has two rows, its value two columns: (Re, Im) → (a Re − b Im, b Re + a Im).
      if (kind !== 'imaginary') {
        addStrided(entries, first, step, re, 1, begin, end);
        if (sign !== 0 && from !== 0) {
          addStrided(entries, first + row + 1, step, re, from, begin, end);
        }
      }
      if (kind !== 'real') {
        if (from !== 0) addStrided(entries, first + 1, step, im, -from, begin, end);
        if (sign !== 0) addStrided(entries, first + row, step, im, 1, begin, end);
      }
      begin = end;
    }
  }
  return { sites, width, linked, paired, centre, entries };
}

/** entries[first + (p − begin)·step] += factor · values[p] for begin ≤ p < end. */
function addStrided(
  entries: Float64Array,
  first: number,
  step: number,
  values: Float64Array,
  factor: number,
  begin: number,
  end: number,
): void {
  for (let p = begin, e = first; p < end; p++, e += step) {
    entries[e] += factor * values[p];
  }
}

/**
 * A vector of unknowns (site by site) as a vector of the space (interleaved complex numbers).
 * @param centre the one that the unknowns were ordered about
 */
export function fromUnknowns(
  space: Space,
  { width, column, conjugation }: HermitianLayout,
  unknowns: Float64Array,
  centre: number,
): Float64Array {
  const elements = zeros(2 * space.size);
  for (let c = 0; c < space.classes.length; c++) {
    const { offset, length, delta } = space.classes[c];
    for (let p = 0; p < length; p++) {
      const at = siteOf(p, delta, centre) * width + column[c];
      elements[2 * (offset + p)] = unknowns[at];
      if (conjugation[c] !== 0) elements[2 * (offset + p) + 1] = conjugation[c] * unknowns[at + 1];
    }
  }
  return elements;
}
