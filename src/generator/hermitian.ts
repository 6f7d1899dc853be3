/**
 * Hermitian matrices, and generators between them, in real numbers.
 *
 * A Hermitian density matrix has real populations; of two conjugate classes of coherences one is kept,
 * as real and imaginary part. Each of these unknowns is an array over the elements of its class, and a
 * generator a list of bands: what one unknown adds to another, element by element.
 */
import type { Operator } from '../model/operator.js';
import { euclideanNorm } from '../norm.js';
import { lasting, zeros } from '../zeros.js';
import type { Space } from './classes.js';
import {
  type Coupling,
  coefficientsOf,
  isZero,
  type Kind,
  kindOf,
  realFactors,
} from './generator.js';

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

/** A band whose numbers are written anew, and what it takes of its coupling's: their part, or minus it. */
interface OpenBand extends Band {
  readonly part: 're' | 'im';
  readonly sign: 1 | -1;
  factor: number;
  table: Float64Array | null;
  at: number;
}

/** What decides which bands a coupling has. */
type BandKind = Kind | 'zero';
const bandKindOf = (coupling: Coupling): BandKind =>
  isZero(coupling.coefficient) ? 'zero' : kindOf(coupling);

/** A product of a ket and a bra table. */
interface TableProduct {
  coupling: Pick<Coupling, 'ket' | 'ketStart' | 'bra' | 'braStart' | 'count'>;
  table: Float64Array;
}

/**
 * A generator that keeps matrices Hermitian, in real numbers: the bands of couplings, whose numbers can
 * be written again for couplings of the same kinds at the same places.
 */
export class HermitianBands implements HermitianGenerator {
  readonly bands: OpenBand[] = [];
  readonly #kinds: BandKind[] = [];
  readonly #ofCoupling: OpenBand[][] = [];
  readonly #products: TableProduct[] = [];
  #used = 0;

  constructor(
    readonly layout: HermitianLayout,
    count: number,
    draw: (index: number) => Coupling,
  ) {
    for (let i = 0; i < count; i++) {
      const coupling = draw(i);
      this.#kinds.push(bandKindOf(coupling));
      this.#ofCoupling.push(bandsOf(layout, coupling));
      this.bands.push(...this.#ofCoupling[i]);
    }
    this.write(draw);
  }

  /** Writes the numbers of other couplings, or returns false where one is of another kind. */
  write(draw: (index: number) => Coupling): boolean {
    this.#used = 0;
    for (let i = 0; i < this.#kinds.length; i++) {
      const coupling = draw(i);
      const kind = bandKindOf(coupling);
      if (kind !== this.#kinds[i]) return false;
      const bands = this.#ofCoupling[i];
      if (bands.length === 0) continue;
      if (kind === 'complex') writeTables(bands, coupling);
      else this.#writeFactors(bands, coupling);
    }
    return true;
  }

  /** Of a coupling whose tables are real: its coefficient's part times its table. */
  #writeFactors(bands: readonly OpenBand[], coupling: Coupling): void {
    const { coefficient, ket, ketStart, bra, braStart } = coupling;
    const two = ket !== null && bra !== null;
    const table = two ? this.#productOf(coupling) : ((ket ?? bra)?.re ?? null);
    const at = two ? 0 : ket === null ? braStart : ketStart;
    for (const band of bands) {
      band.factor = band.sign * coefficient[band.part];
      band.table = table;
      band.at = at;
    }
  }

  /** The product of a coupling's tables, made once for all couplings that share it. */
  #productOf(coupling: Coupling): Float64Array {
    const { ket, ketStart, bra, braStart, count } = coupling;
    for (let i = 0; i < this.#used; i++) {
      const { coupling: c, table } = this.#products[i];
      if (c.ket !== ket || c.bra !== bra || c.ketStart !== ketStart) continue;
      if (c.braStart === braStart && c.count === count) return table;
    }
    const { layout } = this;
    const table =
      this.#products[this.#used]?.table ?? lasting(() => zeros(layout.space.window.size));
    realFactors(coupling, 1, table, 0);
    this.#products[this.#used++] = { coupling: { ket, ketStart, bra, braStart, count }, table };
    return table;
  }
}

/** The bands of a coupling, without their numbers. */
function bandsOf({ space, column, conjugation }: HermitianLayout, coupling: Coupling): OpenBand[] {
  const { sourceClass, targetClass, count } = coupling;
  const to = conjugation[targetClass];
  const from = conjugation[sourceClass];
  const kind = bandKindOf(coupling);
  if (to < 0 || kind === 'zero') return [];
  const target = coupling.target - space.classes[targetClass].offset;
  const source = coupling.source - space.classes[sourceClass].offset;
  const band = (r: number, c: number, part: 're' | 'im', sign: 1 | -1): OpenBand => ({
    row: column[targetClass] + r,
    target,
    column: column[sourceClass] + c,
    source,
    count,
    part,
    sign,
    factor: Number.NaN,
    table: null,
    at: 0,
  });
  const bands: OpenBand[] = [];
  // A pair's derivative has two rows, its value two columns: (Re, Im) → (a Re − b Im, b Re + a Im).
  if (kind !== 'imaginary') {
    bands.push(band(0, 0, 're', 1));
    if (to !== 0 && from !== 0) bands.push(band(1, 1, 're', from > 0 ? 1 : -1));
  }
  // Between populations, an imaginary coefficient meets its conjugate from the other side.
  if (kind !== 'real') {
    if (from !== 0) bands.push(band(0, 1, 'im', from > 0 ? -1 : 1));
    if (to !== 0) bands.push(band(1, 0, 'im', 1));
  }
  return bands;
}

/** Of a coupling with complex numbers: tables of their own for the bands of each part. */
function writeTables(bands: readonly OpenBand[], coupling: Coupling): void {
  const numbers = coefficientsOf(coupling);
  const tables = {
    re: numbers.re.slice(0, coupling.count),
    im: numbers.im.slice(0, coupling.count),
  };
  for (const band of bands) {
    band.factor = band.sign;
    band.table = tables[band.part];
    band.at = 0;
  }
}

/** The generator of the given couplings. */
export const hermitianGenerator = (
  layout: HermitianLayout,
  couplings: readonly Coupling[],
): HermitianGenerator => new HermitianBands(layout, couplings.length, (i) => couplings[i]);

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
  const pairs = euclideanNorm(unknowns, 0, paired * size);
  const populations = euclideanNorm(unknowns, paired * size, width * size);
  return Math.hypot(Math.SQRT2 * pairs, populations);
}
