/**
 * L − iω of a real matrix L, on complex vectors as real numbers: to each class those of the real parts, and then as many
 * of the imaginary ones.
 *
 * Of the Hermitian matrices that the numbers of a class stand for, a complex vector is U + iV.
 */
import type { RealMatrix, Stretch } from './hermitianMatrix.js';

export class ShiftedMatrix implements RealMatrix {
  readonly space;
  readonly isKept;
  readonly partner;
  readonly size: number;
  readonly begin: Int32Array;
  readonly values: Float64Array;
  readonly stretches: readonly Stretch[];
  readonly sizes: readonly Stretch[];
  /** As many numbers as a class has at most: of these ω, and then |ω|, are listed behind those of L. */
  readonly #most: number;

  /** @param of whose numbers are as they are now */
  constructor(private readonly of: RealMatrix) {
    const { space, isKept, partner } = of;
    this.space = space;
    this.isKept = isKept;
    this.partner = partner;
    this.size = 2 * of.size;
    this.begin = of.begin.map((begin) => (begin < 0 ? begin : 2 * begin));
    const { classes } = space;
    const lengthOf = (c: number) => of.partsOf(c) * classes[c].length;
    this.#most = classes.reduce((most, _, c) => Math.max(most, lengthOf(c)), 0);
    const behind = of.values.length;
    this.values = new Float64Array(behind + 2 * this.#most);
    this.values.set(of.values);
    const twice = (stretch: Stretch): Stretch[] =>
      [0, 1].map((part) => ({
        ...stretch,
        row: stretch.row + of.begin[stretch.target] + part * lengthOf(stretch.target),
        column: stretch.column + of.begin[stretch.source] + part * lengthOf(stretch.source),
      }));
    // −iω(U + iV) = ωV − iωU
    const turned: Stretch[] = [];
    const turnedSizes: Stretch[] = [];
    classes.forEach(({ length }, c) => {
      if (!isKept[c]) return;
      const [real, imaginary] = [this.begin[c], this.begin[c] + lengthOf(c)];
      const of = { at: behind, target: c, source: c };
      const all = { ...of, count: lengthOf(c) };
      turned.push({ ...all, row: real, column: imaginary, sign: 1 });
      turned.push({ ...all, row: imaginary, column: real, sign: -1 });
      const firsts = { ...of, at: behind + this.#most, count: length, sign: 1 };
      turnedSizes.push({ ...firsts, row: real, column: imaginary });
      turnedSizes.push({ ...firsts, row: imaginary, column: real });
    });
    this.stretches = [...of.stretches.flatMap(twice), ...turned];
    this.sizes = [...of.sizes.flatMap(twice), ...turnedSizes];
  }

  /** Takes another ω, or its first. */
  shift(omega: number): this {
    const begin = this.values.length - 2 * this.#most;
    this.values.fill(omega, begin, begin + this.#most);
    this.values.fill(Math.abs(omega), begin + this.#most);
    return this;
  }

  partsOf(c: number): number {
    return 2 * this.of.partsOf(c);
  }

  /** The real and the imaginary part of a vector, each as L has it. */
  parts(x: Float64Array): [re: Float64Array, im: Float64Array] {
    const parts: [Float64Array, Float64Array] = [
      new Float64Array(this.of.size),
      new Float64Array(this.of.size),
    ];
    this.#eachRun((own, part, other, length) => {
      parts[part].set(x.subarray(own, own + length), other);
    });
    return parts;
  }

  /** A vector of a real and an imaginary part; null for 0. */
  joined(re: Float64Array | null, im: Float64Array | null): Float64Array {
    const x = new Float64Array(this.size);
    this.#eachRun((own, part, other, length) => {
      const from = part === 0 ? re : im;
      if (from !== null) x.set(from.subarray(other, other + length), own);
    });
    return x;
  }

  norm(x: Float64Array, among?: (c: number) => boolean): number {
    const [re, im] = this.parts(x);
    return Math.hypot(this.of.norm(re, among), this.of.norm(im, among));
  }

  sizesOf(x: Float64Array, sizes: Float64Array): void {
    const found = this.parts(x).map((part) => {
      const own = new Float64Array(part.length);
      this.of.sizesOf(part, own);
      return own;
    });
    sizes.set(this.joined(found[0], found[1]));
  }

  /** Calls for each class and either part with where its numbers begin, here and as L has them. */
  #eachRun(take: (own: number, part: 0 | 1, other: number, length: number) => void): void {
    this.space.classes.forEach(({ length }, c) => {
      if (!this.isKept[c]) return;
      const count = this.of.partsOf(c) * length;
      take(this.begin[c], 0, this.of.begin[c], count);
      take(this.begin[c] + count, 1, this.of.begin[c], count);
    });
  }
}
