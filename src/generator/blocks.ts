/**
 * A generator on an invariant Hermitian sector as a real block-tridiagonal matrix.
 *
 * Element p of every class belongs to site p (the smaller of its two rotor levels). A Hermitian
 * density matrix has real populations; of two conjugate classes one is kept, as real and imaginary
 * part. At each site the unknowns are the pairs (Re, Im) of the coherences first, then the
 * populations. Rows are the equations of motion of the unknowns, columns the unknowns.
 */
import { zeros } from '../zeros.js';
import type { Space } from './classes.js';
import { coefficientsOf, type Generator } from './generator.js';

export interface BlockTridiagonal {
  /** Number of sites, N. */
  readonly sites: number;
  /** Unknowns per site, pairs and populations together. */
  readonly width: number;
  /** How many of them, at the front, come in pairs (Re, Im). */
  readonly paired: number;
  /** The site towards which the blocks of a row are ordered. */
  readonly centre: number;
  /**
   * Entry (row r of site s; column c of a site near it) at ((s·width + r)·3 + b)·width + c, where
   * b = 0 for the neighbour away from the centre, 1 for s itself, 2 for the neighbour towards the
   * centre; at the centre b = 0 for s − 1 and 2 for s + 1. Rows of unknowns that do not exist (a short class's last sites) hold −1 on the
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
  // The first class of populations comes last: of two qubits it is |00⟩, the one that no cold empties.
  for (let c = classes.length - 1; c >= 0; c--) if (conjugation[c] === 0) column[c] = width++;
  return { width, paired, column, conjugation };
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
  const { width, paired, column, conjugation } = layout;
  const sites = space.window.size;
  const row = 3 * width;
  const entries = new Float64Array(sites * width * row);
  const { classes } = space;
  const step = width * row;
  for (const coupling of couplings) {
    const sign = conjugation[coupling.targetClass];
    if (sign < 0) continue;
    const from = conjugation[coupling.sourceClass];
    const { kind, re, im } = coefficientsOf(coupling);
    // Between populations, an imaginary coefficient meets its conjugate from the other side.
    if (kind === 'imaginary' && sign === 0 && from === 0) continue;
    const sourceSite = coupling.source - classes[coupling.sourceClass].offset;
    const targetSite = coupling.target - classes[coupling.targetClass].offset;
    const side = sourceSite - targetSite;
    if (side < -1 || side > 1) throw new Error('a coupling reaches beyond neighbouring sites');

    const { count } = coupling;
    const beyondCentre = Math.min(Math.max(0, centre + 1 - targetSite), count);
    // A pair's derivative has two rows, its value two columns: (Re, Im) → (a Re − b Im, b Re + a Im).
    const at =
      (targetSite * width + column[coupling.targetClass]) * row + column[coupling.sourceClass];
    const add = (values: Float64Array, factor: number, place: number) => {
      addStrided(entries, at + place + (1 + side) * width, step, values, factor, 0, beyondCentre);
      addStrided(
        entries,
        at + place + (1 - side) * width,
        step,
        values,
        factor,
        beyondCentre,
        count,
      );
    };
    if (kind !== 'imaginary') {
      add(re, 1, 0);
      if (sign !== 0 && from !== 0) add(re, from, row + 1);
    }
    if (kind !== 'real') {
      if (from !== 0) add(im, -from, 1);
      if (sign !== 0) add(im, 1, row);
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
  return { sites, width, paired, centre, entries };
}

/** entries[start + p·step] += factor · values[p] for begin ≤ p < end. */
function addStrided(
  entries: Float64Array,
  start: number,
  step: number,
  values: Float64Array,
  factor: number,
  begin: number,
  end: number,
): void {
  for (let p = begin, e = start + begin * step; p < end; p++, e += step) {
    entries[e] += factor * values[p];
  }
}

/** A vector of unknowns (site by site) as a vector of the space (interleaved complex numbers). */
export function fromUnknowns(
  space: Space,
  { width, column, conjugation }: HermitianLayout,
  unknowns: Float64Array,
): Float64Array {
  const elements = zeros(2 * space.size);
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
