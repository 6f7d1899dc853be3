/** A generator as plain float32 arrays, which is all that a gpu.js kernel can read. */
import { Coefficients, coefficientsIn, type Generator } from '../../generator/generator.js';

/** Beyond this a float32 no longer tells neighbouring integers apart, and gpu.js's indices are float32. */
const LARGEST_INDEX = 2 ** 24;

export interface FlatGenerator {
  /** The class of each element of a vector. */
  readonly owner: Float32Array;
  /** Three numbers a class: offset, first coupling, number of couplings. */
  readonly classes: Float32Array;
  /** Four numbers a coupling: begin and end in its target class, source and coefficient for p = 0. */
  readonly couplings: Float32Array;
  /** Complex numbers, interleaved. */
  readonly coefficients: Float32Array;
}

/** @throws {RangeError} when the generator has more coefficients than a float32 can count. */
export function flatten({ space, couplings }: Generator): FlatGenerator {
  const total = couplings.reduce((sum, { count }) => sum + count, 0);
  if (2 * Math.max(total, space.size) > LARGEST_INDEX) {
    throw new RangeError(
      `gpu.js counts in float32: ${Math.max(total, space.size)} numbers are more than the ` +
        `${LARGEST_INDEX / 2} it can tell apart; use a smaller window, or the cpu or webgpu backend`,
    );
  }
  const owner = new Float32Array(space.size);
  const classes = new Float32Array(3 * space.classes.length);
  const rows = new Float32Array(4 * Math.max(1, couplings.length));
  const coefficients = new Float32Array(2 * Math.max(1, total));
  const byTarget = [...couplings].sort((a, b) => a.targetClass - b.targetClass);
  const room = new Coefficients(space.window.size);
  let next = 0;
  let start = 0;
  space.classes.forEach(({ offset, length }, at) => {
    owner.fill(at, offset, offset + length);
    const first = next;
    for (; next < byTarget.length && byTarget[next].targetClass === at; next++) {
      const c = byTarget[next];
      const begin = c.target - offset;
      rows.set([begin, begin + c.count, c.source - begin, start - begin], 4 * next);
      const { kind, re, im } = coefficientsIn(room, c);
      for (let p = 0; p < c.count; p++, start++) {
        if (kind !== 'imaginary') coefficients[2 * start] = re[p];
        if (kind !== 'real') coefficients[2 * start + 1] = im[p];
      }
    }
    classes.set([offset, first, next - first], 3 * at);
  });
  return { owner, classes, couplings: rows, coefficients };
}
