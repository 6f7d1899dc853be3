/**
 * A generator on an invariant Hermitian sector as a real block-tridiagonal matrix.
 *
 * Element p of every class belongs to site p (the smaller of its two rotor levels). A Hermitian
 * density matrix has real populations; of two conjugate classes one is kept, as real and imaginary
 * part. At each site the unknowns are the pairs (Re, Im) of the coherences first, then the
 * populations. Rows are the equations of motion of the unknowns, columns the unknowns.
 */
import type { Space } from './classes.js';
import { coefficientsOf, type Generator } from './generator.js';

export interface BlockTridiagonal {
  /** Number of sites, N. */
  readonly sites: number;
  /** Unknowns per site, pairs and populations together. */
  readonly width: number;
  /** How many of them, at the front, come in pairs (Re, Im). */
  readonly paired: number;
  /**
   * Entry (row r of site s; column c of site s − 1 + b) at ((s·width + r)·3 + b)·width + c,
   * b = 0, 1, 2. Rows of unknowns that do not exist (a short class's last sites) hold −1 on the
   * diagonal.
   */
  readonly entries: Float64Array;
}

/** Where the classes of a Hermitian sector go: its unknowns, and back. */
export interface HermitianLayout {
  readonly width: number;
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
  let paired = 0;
  for (let c = 0; c < classes.length; c++) {
    const { ket, bra, delta } = classes[c];
    const partner = space.find(bra, ket, -delta);
    if (partner < 0)
      throw new Error('a Hermitian sector holds the conjugate of each of its classes');
    if (partner > c) {
      column[c] = paired;
      column[partner] = paired;
      conjugation[c] = 1;
      conjugation[partner] = -1;
      paired += 2;
    }
  }
  let width = paired;
  for (let c = 0; c < classes.length; c++) if (conjugation[c] === 0) column[c] = width++;
  return { width, paired, column, conjugation };
}

/**
 * The matrix of a generator on a Hermitian sector.
 * @throws {Error} when a coupling reaches beyond neighbouring sites.
 */
export function blockTridiagonal(generator: Generator, layout: HermitianLayout): BlockTridiagonal {
  const { space, couplings } = generator;
  const { width, paired, column, conjugation } = layout;
  const sites = space.window.size;
  const row = 3 * width;
  const entries = new Float64Array(sites * width * row);
  const re = new Float64Array(sites);
  const im = new Float64Array(sites);

  for (const coupling of couplings) {
    const sign = conjugation[coupling.targetClass];
    if (sign < 0) continue;
    const { classes } = space;
    const sourceSite = coupling.source - classes[coupling.sourceClass].offset;
    const targetSite = coupling.target - classes[coupling.targetClass].offset;
    const block = sourceSite - targetSite + 1;
    if (block < 0 || block > 2) throw new Error('a coupling reaches beyond neighbouring sites');
    const from = conjugation[coupling.sourceClass];
    const complex = coefficientsOf(coupling, re, im);
    let at =
      (targetSite * width + column[coupling.targetClass]) * row +
      block * width +
      column[coupling.sourceClass];
    for (let p = 0; p < coupling.count; p++, at += width * row) {
      entries[at] += re[p];
      if (sign !== 0 && from !== 0) entries[at + row + 1] += from * re[p];
      if (complex) {
        if (from !== 0) entries[at + 1] -= from * im[p];
        if (sign !== 0) entries[at + row] += im[p];
      }
    }
  }

  for (let c = 0; c < space.classes.length; c++) {
    if (conjugation[c] !== 1) continue;
    for (let site = space.classes[c].length; site < sites; site++) {
      for (let r = column[c]; r < column[c] + 2; r++) {
        entries[(site * width + r) * row + width + r] = -1;
      }
    }
  }
  return { sites, width, paired, entries };
}

/** A vector of unknowns (site by site) as a vector of the space (interleaved complex numbers). */
export function fromUnknowns(
  space: Space,
  { width, column, conjugation }: HermitianLayout,
  unknowns: Float64Array,
): Float64Array {
  const elements = new Float64Array(2 * space.size);
  for (let c = 0; c < space.classes.length; c++) {
    const { offset, length } = space.classes[c];
    for (let p = 0; p < length; p++) {
      const at = p * width + column[c];
      elements[2 * (offset + p)] = unknowns[at];
      if (conjugation[c] !== 0) elements[2 * (offset + p) + 1] = conjugation[c] * unknowns[at + 1];
    }
  }
  return elements;
}
