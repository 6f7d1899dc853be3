/**
 * A generator on Hermitian matrices, in real numbers: of two conjugate classes one is kept, as real and imaginary part.
 * All rules that lead from one class to another by the same shift are one list of numbers, made once.
 */
import { type Complex, ONE, type Table } from '../operators/operator.js';
import type { DiagonalClass, Space } from './classes.js';
import { coefficientsOf, realFactors } from './generator.js';
import { type Rule, rulesByPair } from './rules.js';
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

/** Numbers that are kept for the next matrix: memory that is new takes longer to touch than to fill. */
const MOST_KEPT = 2 ** 21;
let spare: Float64Array | null = null;

/** Numbers one after another, in memory that grows. */
class Numbers {
  all = spare ?? new Float64Array(2 ** 17);
  length = 0;

  constructor() {
    spare = null;
  }

  /** `count` times a number; returns where they begin. */
  take(count: number, value: number): number {
    const begin = this.length;
    this.length += count;
    if (this.length > this.all.length) {
      const grown = new Float64Array(2 * this.length);
      grown.set(this.all.subarray(0, begin));
      this.all = grown;
    }
    this.all.fill(value, begin, this.length);
    return begin;
  }
}

/** What leads from one class to another by one shift of the ket: where, and by which rules. */
interface Gathered {
  readonly target: number;
  readonly shift: number;
  /** The first element in the source, and in the target. */
  readonly source: number;
  readonly first: number;
  readonly count: number;
  /** Σ of re, im and |re| + |im| over the rules that are the same number at every level, and the others. */
  re: number;
  im: number;
  size: number;
  readonly varying: number[];
  isReal: boolean;
  isImaginary: boolean;
}

/** Where lists of them are: a list that is 0 throughout is none. */
interface Lists {
  readonly re: number;
  readonly im: number;
  readonly size: number;
}

const tableOf = (transition: Rule['ket']): Table | null =>
  transition === null ? null : transition.table;

const isTableReal = (table: Table | null): boolean => table === null || table.im === null;

export class HermitianMatrix {
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
  readonly #numbers = new Numbers();

  constructor(
    readonly space: Space,
    rules: readonly Rule[],
  ) {
    const { classes, states } = space;
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

    const acting = rulesByPair(states, rules);
    const coefficients = rules.map(coefficientOf);
    const numbers = this.#numbers;
    const room = new Float64Array(space.window.size);
    const stretches: Stretch[] = [];
    const sizes: Stretch[] = [];
    for (let c = 0; c < classes.length; c++) {
      const from = classes[c];
      const gathered: Gathered[] = [];
      for (const at of acting[from.ket * states + from.bra]) {
        this.#gather(from, rules[at], at, coefficients[at], gathered);
      }
      for (const one of gathered) {
        const lists = listsOf(one, from, rules, coefficients, numbers, room);
        this.#emit(c, one, lists, stretches, sizes);
      }
    }
    this.stretches = stretches;
    this.sizes = sizes;
    this.values = numbers.all.subarray(0, numbers.length);
  }

  /** Its numbers may be those of another matrix from now on. */
  release(): void {
    const all = this.#numbers.all;
    if (all.length <= MOST_KEPT) spare = all;
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

  #gather(
    from: DiagonalClass,
    { ket, bra, delta }: Rule,
    at: number,
    coefficient: Complex,
    gathered: Gathered[],
  ): void {
    if (delta !== null && delta !== from.delta) return;
    const { classes } = this.space;
    const shift = ket === null ? 0 : ket.shift;
    const target = this.space.find(
      ket === null ? from.ket : ket.to,
      bra === null ? from.bra : bra.to,
      from.delta + shift - (bra === null ? 0 : bra.shift),
    );
    if (target < 0 || !this.isKept[target]) return;
    let one = gathered.find((other) => other.target === target && other.shift === shift);
    if (one === undefined) {
      const to = classes[target];
      const start = Math.max(from.first, to.first - shift);
      const end = Math.min(from.first + from.length, to.first + to.length - shift);
      if (end <= start) return;
      one = {
        target,
        shift,
        source: start - from.first,
        first: start + shift - to.first,
        count: end - start,
        re: 0,
        im: 0,
        size: 0,
        varying: [],
        isReal: true,
        isImaginary: true,
      };
      gathered.push(one);
    }
    const [left, right] = [tableOf(ket), tableOf(bra)];
    const areReal = isTableReal(left) && isTableReal(right);
    if (!areReal || coefficient.re !== 0) one.isImaginary = false;
    if (!areReal || coefficient.im !== 0) one.isReal = false;
    if (left === null && right === null) {
      one.re += coefficient.re;
      one.im += coefficient.im;
      one.size += Math.abs(coefficient.re) + Math.abs(coefficient.im);
    } else {
      one.varying.push(at);
    }
  }

  /** What one list is in real numbers. */
  #emit(
    c: number,
    one: Gathered,
    { re, im, size }: Lists,
    stretches: Stretch[],
    sizes: Stretch[],
  ): void {
    const { target, count, isReal, isImaginary } = one;
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

/** What rules add up to, level by level. @param room for numbers of one list */
function listsOf(
  { count, source, re: x, im: y, size: sum, varying, isReal, isImaginary }: Gathered,
  from: DiagonalClass,
  rules: readonly Rule[],
  coefficients: readonly Complex[],
  numbers: Numbers,
  room: Float64Array,
): Lists {
  const re = isImaginary ? -1 : numbers.take(count, x);
  const im = isReal ? -1 : numbers.take(count, y);
  const size = numbers.take(count, sum);
  const { all } = numbers;
  const ketStart = from.first + source;
  const braStart = ketStart - from.delta;
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
  return { re, im, size };
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

function coefficientOf({ ket, bra }: Rule): Complex {
  const a = ket === null ? ONE : ket.coefficient;
  const b = bra === null ? ONE : bra.coefficient;
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}
