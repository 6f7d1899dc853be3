/**
 * A generator on Hermitian matrices, in real numbers: of two conjugate classes one is kept, as real and imaginary part.
 * All rules that lead from one class to another by the same shift are one list of numbers, made once.
 */
import type { Complex, Table } from '../operators/operator.js';
import type { Space } from './classes.js';
import { coefficientsOf, eachImage, realFactors, tableOf } from './generator.js';
import { coefficientOf, type Rule } from './rules.js';
import { partnerOf } from './siteMatrix.js';

/** Entries (row + k, column + k) = sign · values[at + k], 0 ≤ k < count, of a real matrix. */
export interface Stretch {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  readonly at: number;
  readonly sign: number;
  /** Positions of the classes of row and column; the latter is the kept one of two. */
  readonly target: number;
  readonly source: number;
}

/** What leads from one class to another by one shift of the ket: where, and by which rules. */
interface Gathered {
  readonly target: number;
  readonly shift: number;
  /** The first element in the source, and in the target. */
  readonly source: number;
  readonly first: number;
  readonly count: number;
  /** Rules, by their places, that are the same number at every level, and the others. */
  readonly constant: number[];
  readonly varying: number[];
  /** Where their levels begin in the tables of kets and of bras. */
  readonly ketStart: number;
  readonly braStart: number;
  isReal: boolean;
  isImaginary: boolean;
  /** Where the lists of Σ re, Σ im and Σ (|re| + |im|) begin: one that is 0 throughout is none. */
  re: number;
  im: number;
  size: number;
}

const isTableReal = (table: Table | null): boolean => table === null || table.im === null;

/** A matrix between the real numbers of Hermitian ones. */
export type RealMatrix = Pick<
  HermitianMatrix,
  | 'space'
  | 'size'
  | 'values'
  | 'isKept'
  | 'begin'
  | 'partner'
  | 'stretches'
  | 'sizes'
  | 'norm'
  | 'sizesOf'
> & {
  /** Real numbers of an element of a class. */
  partsOf(c: number): number;
};

export class HermitianMatrix implements RealMatrix {
  /** How many real unknowns there are. */
  readonly size: number;
  readonly stretches: readonly Stretch[];
  readonly values: Float64Array;
  /** By class: whether it is kept, and where its unknowns begin; a coherence's are all real parts, then the imaginary. */
  readonly isKept: readonly boolean[];
  readonly begin: Int32Array;
  /** By class: its conjugate; itself for populations. */
  readonly partner: Int32Array;
  /** Sums of |L| by the rules one by one, for sizes of elements: from where these begin to where those do. */
  readonly sizes: readonly Stretch[];
  readonly #gathered: Gathered[] = [];
  #transposed: RealMatrix | null = null;

  constructor(
    readonly space: Space,
    rules: readonly Rule[],
  ) {
    const { classes } = space;
    this.partner = Int32Array.from(classes, (_, c) => partnerOf(space, c));
    this.isKept = classes.map((_, c) => this.partner[c] >= c);
    this.begin = new Int32Array(classes.length).fill(-1);
    let size = 0;
    classes.forEach(({ length }, c) => {
      if (!this.isKept[c]) return;
      this.begin[c] = size;
      size += this.partsOf(c) * length;
    });
    this.size = size;

    const stretches: Stretch[] = [];
    const sizes: Stretch[] = [];
    let numbers = 0;
    const take = (count: number): number => {
      numbers += count;
      return numbers - count;
    };
    this.#gather(rules).forEach((gathered, c) => {
      for (const one of gathered) {
        if (!one.isImaginary) one.re = take(one.count);
        if (!one.isReal) one.im = take(one.count);
        one.size = take(one.count);
        this.#emit(c, one, stretches, sizes);
        this.#gathered.push(one);
      }
    });
    this.stretches = stretches;
    this.sizes = sizes;
    this.values = new Float64Array(numbers);
    this.fill(rules);
  }

  /** The transposed of it, of the same numbers: filled again where this one is. */
  get transposed(): RealMatrix {
    this.#transposed ??= {
      space: this.space,
      size: this.size,
      values: this.values,
      isKept: this.isKept,
      begin: this.begin,
      partner: this.partner,
      stretches: this.stretches.map(turned),
      sizes: this.sizes.map(turned),
      partsOf: (c) => this.partsOf(c),
      norm: (x, among) => this.norm(x, among),
      sizesOf: (x, sizes) => this.sizesOf(x, sizes),
    };
    return this.#transposed;
  }

  /** Takes the numbers of rules of the same pattern, `patternOf`. */
  fill(rules: readonly Rule[]): void {
    const coefficients = rules.map(coefficientOf);
    const room = new Float64Array(this.space.window.size);
    for (const one of this.#gathered) fillLists(one, rules, coefficients, this.values, room);
  }

  /** Real numbers of an element of a class. */
  partsOf(c: number): 1 | 2 {
    return this.partner[c] === c ? 1 : 2;
  }

  /** ‖x‖ of the Hermitian matrix of which x are the kept numbers, among the given classes. */
  norm(x: Float64Array, among: (c: number) => boolean = () => true): number {
    let sum = 0;
    this.space.classes.forEach(({ length }, c) => {
      if (!this.isKept[c] || !among(c)) return;
      const parts = this.partsOf(c);
      const begin = this.begin[c];
      let own = 0;
      for (let i = begin; i < begin + parts * length; i++) own += x[i] * x[i];
      sum += parts * own;
    });
    return Math.sqrt(sum);
  }

  /** At the first number of each element its size |re| + |im|, at others 0. */
  sizesOf(x: Float64Array, sizes: Float64Array): void {
    sizes.fill(0);
    this.space.classes.forEach(({ length }, c) => {
      if (!this.isKept[c]) return;
      const begin = this.begin[c];
      const imaginary = this.partsOf(c) === 1 ? -1 : begin + length;
      for (let p = 0; p < length; p++) {
        const other = imaginary < 0 ? 0 : Math.abs(x[imaginary + p]);
        sizes[begin + p] = Math.abs(x[begin + p]) + other;
      }
    });
  }

  /** The Hermitian matrix as a vector of the space. */
  elements(x: Float64Array): Float64Array {
    const { classes, size } = this.space;
    const elements = new Float64Array(2 * size);
    classes.forEach(({ offset, length }, c) => {
      if (!this.isKept[c]) return;
      const begin = this.begin[c];
      if (this.partsOf(c) === 1) {
        for (let p = 0; p < length; p++) elements[2 * (offset + p)] = x[begin + p];
        return;
      }
      const mirror = classes[this.partner[c]].offset;
      for (let p = 0; p < length; p++) {
        const [re, im] = [x[begin + p], x[begin + length + p]];
        elements[2 * (offset + p)] = elements[2 * (mirror + p)] = re;
        elements[2 * (offset + p) + 1] = im;
        elements[2 * (mirror + p) + 1] = -im;
      }
    });
    return elements;
  }

  /** The kept numbers ℓ with ℓ·x = Tr[XY] for those of Y, of X that is given as a vector of the space. */
  row(elements: Float64Array): Float64Array {
    const x = this.kept(elements);
    this.#scaleCoherences(x, 2);
    return x;
  }

  /** The Hermitian matrix X, as a vector of the space, of which ℓ is the row. */
  ofRow(row: Float64Array): Float64Array {
    const x = row.slice();
    this.#scaleCoherences(x, 0.5);
    return this.elements(x);
  }

  /** An element that is kept stands for its conjugate, too. */
  #scaleCoherences(x: Float64Array, factor: number): void {
    this.space.classes.forEach(({ length }, c) => {
      if (!this.isKept[c] || this.partsOf(c) === 1) return;
      const begin = this.begin[c];
      for (let i = begin; i < begin + 2 * length; i++) x[i] *= factor;
    });
  }

  /** The kept numbers of a Hermitian matrix that is given as a vector of the space. */
  kept(elements: Float64Array): Float64Array {
    const x = new Float64Array(this.size);
    this.space.classes.forEach(({ offset, length }, c) => {
      if (!this.isKept[c]) return;
      const begin = this.begin[c];
      for (let p = 0; p < length; p++) x[begin + p] = elements[2 * (offset + p)];
      if (this.partsOf(c) === 1) return;
      for (let p = 0; p < length; p++) x[begin + length + p] = elements[2 * (offset + p) + 1];
    });
    return x;
  }

  /** By class from which it leads, all that rules do to what is kept. */
  #gather(rules: readonly Rule[]): Gathered[][] {
    const { space } = this;
    const { classes } = space;
    const coefficients = rules.map(coefficientOf);
    const gathered = classes.map((): Gathered[] => []);
    eachImage(space, rules, space, (at, c, target, source, first, count, ketStart, braStart) => {
      if (!this.isKept[target]) return;
      const { ket, bra } = rules[at];
      const shift = ket === null ? 0 : ket.shift;
      let one = gathered[c].find((other) => other.target === target && other.shift === shift);
      if (one === undefined) {
        one = {
          ...{ target, shift, count, ketStart, braStart },
          ...{ source: source - classes[c].offset, first: first - classes[target].offset },
          ...{ constant: [], varying: [], isReal: true, isImaginary: true },
          ...{ re: -1, im: -1, size: -1 },
        };
        gathered[c].push(one);
      }
      const [left, right] = [tableOf(ket), tableOf(bra)];
      const areReal = isTableReal(left) && isTableReal(right);
      if (!areReal || coefficients[at].re !== 0) one.isImaginary = false;
      if (!areReal || coefficients[at].im !== 0) one.isReal = false;
      (left === null && right === null ? one.constant : one.varying).push(at);
    });
    return gathered;
  }

  /** What one list is in real numbers. */
  #emit(c: number, one: Gathered, stretches: Stretch[], sizes: Stretch[]): void {
    const { target, count, isReal, isImaginary, re, im, size } = one;
    const conjugated = !this.isKept[c];
    const source = conjugated ? this.partner[c] : c;
    const { classes } = this.space;
    const length = (of: number) => (this.partsOf(of) === 1 ? 0 : classes[of].length);
    const [below, beside] = [length(target), length(source)];
    const row = this.begin[target] + one.first;
    const column = this.begin[source] + one.source;
    const push = (i: number, j: number, at: number, sign: number) => {
      stretches.push({ row: row + i, column: column + j, count, at, sign, target, source });
    };
    const side = conjugated ? -1 : 1;
    if (!isImaginary) push(0, 0, re, 1);
    if (!isReal && beside > 0) push(0, beside, im, -side);
    if (below > 0) {
      if (!isReal) push(below, 0, im, 1);
      if (!isImaginary && beside > 0) push(below, beside, re, side);
    }
    sizes.push({ row, column, count, at: size, sign: 1, target, source });
  }
}

const turned = ({ row, column, target, source, ...rest }: Stretch): Stretch => ({
  ...rest,
  row: column,
  column: row,
  target: source,
  source: target,
});

/** What rules add up to, level by level. @param room for numbers of one list */
function fillLists(
  { count, constant, varying, ketStart, braStart, re, im, size }: Gathered,
  rules: readonly Rule[],
  coefficients: readonly Complex[],
  all: Float64Array,
  room: Float64Array,
): void {
  let [x, y, sum] = [0, 0, 0];
  for (const at of constant) {
    const c = coefficients[at];
    x += c.re;
    y += c.im;
    sum += Math.abs(c.re) + Math.abs(c.im);
  }
  if (re >= 0) all.fill(x, re, re + count);
  if (im >= 0) all.fill(y, im, im + count);
  all.fill(sum, size, size + count);
  for (const at of varying) {
    const coefficient = coefficients[at];
    const ket = tableOf(rules[at].ket);
    const bra = tableOf(rules[at].bra);
    const places = { ket, ketStart, bra, braStart, count };
    if (isTableReal(ket) && isTableReal(bra)) {
      realFactors(places, 1, room, 0);
      const most = Math.abs(coefficient.re) + Math.abs(coefficient.im);
      if (coefficient.re !== 0) addTo(all, re, coefficient.re, room, count);
      if (coefficient.im !== 0) addTo(all, im, coefficient.im, room, count);
      for (let p = 0; p < count; p++) all[size + p] += most * Math.abs(room[p]);
      continue;
    }
    const factors = coefficientsOf({ ...places, coefficient });
    for (let p = 0; p < count; p++) {
      all[re + p] += factors.re[p];
      all[im + p] += factors.im[p];
      all[size + p] += Math.abs(factors.re[p]) + Math.abs(factors.im[p]);
    }
  }
}

/** Adds multiples of the first numbers of x to those from a place on. */
function addTo(
  all: Float64Array,
  at: number,
  factor: number,
  x: Float64Array,
  count: number,
): void {
  for (let p = 0; p < count; p++) all[at + p] += factor * x[p];
}

const kindOfTable = (table: Table | null): string =>
  table === null ? 'one' : table.im === null ? 'real' : 'complex';

/** What a matrix is made for: rules with the same pattern may have other numbers. */
export function patternOf(rules: readonly Rule[]): string {
  const moved = (t: Rule['ket']) =>
    t === null ? '' : `${t.from} ${t.to} ${t.shift} ${kindOfTable(t.table)}`;
  return rules
    .map((rule) => {
      const { re, im } = coefficientOf(rule);
      return `${moved(rule.ket)},${moved(rule.bra)},${rule.delta},${re !== 0},${im !== 0}`;
    })
    .join(';');
}
