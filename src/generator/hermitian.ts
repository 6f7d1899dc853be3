/**
 * Hermitian matrices, and generators between them, in real numbers.
 *
 * A Hermitian density matrix has real populations; of two conjugate classes of coherences one is kept,
 * as real and imaginary part. Each of these unknowns is an array over the elements of its class, and a
 * generator a list of bands: what one unknown adds to another, element by element.
 */
import type { Operator } from '../model/operator.js';
import { zeros } from '../zeros.js';
import type { Space } from './classes.js';
import { type Coupling, coefficientsOf, kindOf, realFactors } from './generator.js';

/** Where the classes of a Hermitian space go: its unknowns, and back. */
export interface HermitianLayout {
  readonly space: Space;
  /** Number of unknowns: pairs (Re, Im) of coherences between levels, other pairs, then populations. */
  readonly width: number;
  /** How many of them belong to coherences between levels, and how many to pairs of either kind. */
  readonly linked: number;
  readonly paired: number;
  /** Per class: its (real part's) unknown. */
  readonly column: Int32Array;
  /** Per class: 0 for populations, +1 for the coherence that is kept, −1 for its conjugate. */
  readonly conjugation: Int8Array;
  /** Per unknown: δ of its class. */
  readonly delta: Int32Array;
}

/**
 * The unknowns of a Hermitian space.
 * @throws {Error} when a class's conjugate is not in the space.
 */
export function hermitianLayout(space: Space): HermitianLayout {
  const { classes } = space;
  const column = new Int32Array(classes.length);
  const conjugation = new Int8Array(classes.length);
  const delta = new Int32Array(classes.length);
  let width = 0;
  const place = (wanted: (delta: number) => boolean) => {
    for (let c = 0; c < classes.length; c++) {
      const partner = space.find(classes[c].bra, classes[c].ket, -classes[c].delta);
      if (partner < 0) {
        throw new Error('a Hermitian space holds the conjugate of each of its classes');
      }
      if (partner <= c || !wanted(classes[c].delta)) continue;
      column[c] = width;
      column[partner] = width;
      conjugation[c] = 1;
      conjugation[partner] = -1;
      delta[width] = classes[c].delta;
      delta[width + 1] = classes[c].delta;
      width += 2;
    }
  };
  place((d) => d !== 0);
  const linked = width;
  place((d) => d === 0);
  const paired = width;
  // The first class of populations comes last: of two qubits it is |00⟩, the one that no cold empties.
  for (let c = classes.length - 1; c >= 0; c--) if (conjugation[c] === 0) column[c] = width++;
  return { space, width, linked, paired, column, conjugation, delta };
}

/** y[row][target + p] += factor · table[at + p] · x[column][source + p], 0 ≤ p < count. */
export interface Band {
  readonly row: number;
  readonly target: number;
  readonly column: number;
  readonly source: number;
  readonly count: number;
  readonly factor: number;
  /** Null stands for 1. Bands share tables, with the operators that they come from, too. */
  readonly table: Float64Array | null;
  readonly at: number;
}

/** A generator between Hermitian matrices. */
export interface HermitianGenerator {
  readonly layout: HermitianLayout;
  readonly bands: readonly Band[];
}

/** The numbers that stand for a coupling in bands: factor · table[at + p]. */
interface Factors {
  readonly factor: number;
  readonly table: Float64Array | null;
  readonly at: number;
}

/** Products of a ket and a bra table, each made once for all the couplings that share it. */
class TableProducts {
  readonly #known: { coupling: Coupling; table: Float64Array }[] = [];

  of(coupling: Coupling): Float64Array {
    const { ket, ketStart, bra, braStart, count } = coupling;
    for (const { coupling: c, table } of this.#known) {
      if (c.ket !== ket || c.bra !== bra || c.ketStart !== ketStart) continue;
      if (c.braStart === braStart && c.count === count) return table;
    }
    const table = zeros(count);
    realFactors(coupling, 1, table, 0);
    this.#known.push({ coupling, table });
    return table;
  }
}

/** Those of a coupling whose tables are real, times `factor`. */
function factorsOf(coupling: Coupling, factor: number, products: TableProducts): Factors {
  const { ket, ketStart, bra, braStart } = coupling;
  if (ket !== null && bra !== null) return { factor, table: products.of(coupling), at: 0 };
  if (ket !== null) return { factor, table: ket.re, at: ketStart };
  return { factor, table: bra === null ? null : bra.re, at: braStart };
}

/** A generator that keeps matrices Hermitian, in real numbers. */
export function hermitianGenerator(
  layout: HermitianLayout,
  couplings: readonly Coupling[],
): HermitianGenerator {
  const { space, column, conjugation } = layout;
  const { classes } = space;
  const bands: Band[] = [];
  const products = new TableProducts();
  for (const coupling of couplings) {
    const { sourceClass, targetClass, coefficient, count } = coupling;
    const sign = conjugation[targetClass];
    if (sign < 0) continue;
    const from = conjugation[sourceClass];
    const kind = kindOf(coupling);
    // Between populations, an imaginary coefficient meets its conjugate from the other side.
    if (kind === 'imaginary' && sign === 0 && from === 0) continue;
    const row = column[targetClass];
    const col = column[sourceClass];
    const target = coupling.target - classes[targetClass].offset;
    const source = coupling.source - classes[sourceClass].offset;
    const band = (r: number, c: number, { factor, table, at }: Factors, turn: 1 | -1) => {
      const signed = turn * factor;
      bands.push({
        row: row + r,
        target,
        column: col + c,
        source,
        count,
        factor: signed,
        table,
        at,
      });
    };
    // A pair's derivative has two rows, its value two columns: (Re, Im) → (a Re − b Im, b Re + a Im).
    if (kind !== 'imaginary') {
      const real =
        kind === 'real'
          ? factorsOf(coupling, coefficient.re, products)
          : { factor: 1, table: coefficientsOf(coupling).re.slice(0, count), at: 0 };
      band(0, 0, real, 1);
      if (sign !== 0 && from !== 0) band(1, 1, real, from > 0 ? 1 : -1);
    }
    if (kind !== 'real' && (sign !== 0 || from !== 0)) {
      const imaginary =
        kind === 'imaginary'
          ? factorsOf(coupling, coefficient.im, products)
          : { factor: 1, table: coefficientsOf(coupling).im.slice(0, count), at: 0 };
      if (from !== 0) band(0, 1, imaginary, from > 0 ? -1 : 1);
      if (sign !== 0) band(1, 0, imaginary, 1);
    }
  }
  return { layout, bands };
}

/** Adds the generator's action on x to y, both in unknowns. */
export function applyHermitian(
  { layout, bands }: HermitianGenerator,
  x: Float64Array,
  y: Float64Array,
): void {
  const { size } = layout.space.window;
  for (const { row, target, column, source, count, factor, table, at } of bands) {
    const to = row * size + target;
    const from = column * size + source;
    if (table === null) for (let p = 0; p < count; p++) y[to + p] += factor * x[from + p];
    else for (let p = 0; p < count; p++) y[to + p] += factor * table[at + p] * x[from + p];
  }
}

/** The unknowns of a Hermitian matrix (interleaved complex numbers): unknown by unknown, N places each. */
export function toUnknowns(layout: HermitianLayout, elements: Float64Array): Float64Array {
  const { space, width, column, conjugation } = layout;
  const { size } = space.window;
  const unknowns = zeros(width * size);
  for (let c = 0; c < space.classes.length; c++) {
    if (conjugation[c] < 0) continue;
    const { offset, length } = space.classes[c];
    const at = column[c] * size;
    for (let p = 0; p < length; p++) unknowns[at + p] = elements[2 * (offset + p)];
    if (conjugation[c] === 0) continue;
    for (let p = 0; p < length; p++) unknowns[at + size + p] = elements[2 * (offset + p) + 1];
  }
  return unknowns;
}

/** The Hermitian matrix (interleaved complex numbers) of the given unknowns. */
export function fromUnknowns(layout: HermitianLayout, unknowns: Float64Array): Float64Array {
  const { space, column, conjugation } = layout;
  const { size } = space.window;
  const elements = zeros(2 * space.size);
  for (let c = 0; c < space.classes.length; c++) {
    const { offset, length } = space.classes[c];
    const at = column[c] * size;
    for (let p = 0; p < length; p++) elements[2 * (offset + p)] = unknowns[at + p];
    const sign = conjugation[c];
    if (sign === 0) continue;
    for (let p = 0; p < length; p++) {
      elements[2 * (offset + p) + 1] = sign * unknowns[at + size + p];
    }
  }
  return elements;
}

/** Tr[Xρ] of a Hermitian X, from the unknowns of ρ. */
export function hermitianExpectation(
  { space, column, conjugation }: HermitianLayout,
  unknowns: Float64Array,
  { transitions }: Operator,
): number {
  const { size } = space.window;
  let sum = 0;
  for (const { to, from, shift, coefficient, table } of transitions) {
    const c = space.find(from, to, -shift);
    if (c < 0) continue;
    const { first, length } = space.classes[c];
    const at = column[c] * size;
    const realPart = summed(unknowns, at, length, table === null ? null : table.re, first);
    sum += coefficient.re * realPart;
    const tableIm = table === null ? null : table.im;
    if (tableIm !== null) sum -= coefficient.im * summed(unknowns, at, length, tableIm, first);
    if (conjugation[c] === 0 || (coefficient.im === 0 && tableIm === null)) continue;
    // Re[(a + ib)(u + iv)] = au − bv, with v of the conjugate turned round.
    const v = at + size;
    let imaginary =
      coefficient.im * summed(unknowns, v, length, table === null ? null : table.re, first);
    if (tableIm !== null) imaginary += coefficient.re * summed(unknowns, v, length, tableIm, first);
    sum -= conjugation[c] * imaginary;
  }
  return sum;
}

/** Σ_p factors[first + p] · unknowns[at + p]; without factors, Σ_p unknowns[at + p]. */
function summed(
  unknowns: Float64Array,
  at: number,
  length: number,
  factors: Float64Array | null,
  first: number,
): number {
  let sum = 0;
  if (factors === null) for (let p = 0; p < length; p++) sum += unknowns[at + p];
  else for (let p = 0; p < length; p++) sum += factors[first + p] * unknowns[at + p];
  return sum;
}

/** ‖x‖ of the matrix (Frobenius norm), from its unknowns: a coherence and its conjugate count each. */
export function hermitianNorm(
  { space, width, paired }: HermitianLayout,
  unknowns: Float64Array,
): number {
  const { size } = space.window;
  let pairs = 0;
  let populations = 0;
  for (let i = 0; i < paired * size; i++) pairs += unknowns[i] * unknowns[i];
  for (let i = paired * size; i < width * size; i++) populations += unknowns[i] * unknowns[i];
  return Math.sqrt(2 * pairs + populations);
}
