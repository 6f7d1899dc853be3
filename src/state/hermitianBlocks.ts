/** A Hermitian matrix in the blocks that its own elements connect, whatever the space that it is stored on. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { eachPlace } from '../generator/classes.js';
import { DisjointSets } from '../generator/disjointSets.js';
import { maxNorm } from '../norm.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';
import { hermitianEigenvalues } from './hermitianEigenvalues.js';

export interface HermitianBlock {
  /** Basis states, each at `state · levels + level`. */
  readonly members: readonly number[];
  /** By row. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** An eigenvector on the members of a block, of norm 1. */
export interface Eigenvector {
  readonly value: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Which basis states a matrix's own elements connect. */
function connected({ space, elements }: DensityMatrix) {
  const count = space.states * space.window.size;
  const sets = new DisjointSets(count);
  const eachElement = (visit: (i: number, j: number, re: number, im: number) => void) =>
    eachPlace(space, (i, j, at) => {
      const [re, im] = [elements[2 * at], elements[2 * at + 1]];
      if (re !== 0 || im !== 0) visit(i, j, re, im);
    });
  eachElement((i, j) => sets.join(i, j));
  const members = sets.members();
  const place = new Int32Array(count);
  for (const of of members.values()) {
    of.forEach((i, k) => {
      place[i] = k;
    });
  }
  return { root: sets.rootOf, eachElement, members, place };
}

/** Every basis state is in one block. Of an element and its conjugate one may be left out. */
export function hermitianBlocks(matrix: DensityMatrix): HermitianBlock[] {
  const { root, eachElement, members, place } = connected(matrix);
  const blocks = new Map(
    [...members].map(([at, of]): [number, HermitianBlock] => [
      at,
      { members: of, re: zeros(of.length ** 2), im: zeros(of.length ** 2) },
    ]),
  );
  eachElement((i, j, re, im) => {
    const block = blocks.get(root(i)) as HermitianBlock;
    const order = block.members.length;
    const [row, column] = [place[i], place[j]];
    block.re[row * order + column] = block.re[column * order + row] = re;
    block.im[row * order + column] = i === j ? 0 : im;
    block.im[column * order + row] = i === j ? 0 : -im;
  });
  return [...blocks.values()];
}

const isReal = ({ im }: HermitianBlock): boolean => im.every((x) => x === 0);

/** Rows of the largest block whose eigenvalues take a dense eigensolver; 0 for none. */
const denseOrderOf = (orders: Iterable<number>): number => {
  let most = 0;
  for (const order of orders) if (order > 2) most = Math.max(most, order);
  return most;
};

export const largestOrder = (blocks: readonly HermitianBlock[]): number =>
  denseOrderOf(blocks.map(({ members }) => members.length));

/** The same of a matrix whose blocks may be too large to be made. */
export const orderOf = (matrix: DensityMatrix): number =>
  denseOrderOf([...connected(matrix).members.values()].map(({ length }) => length));

/** Rows of the largest real symmetric matrix of which `blockEigenvectors` finds the eigenvectors; 0 for none. */
export const largestOrderOfVectors = (blocks: readonly HermitianBlock[]): number =>
  denseOrderOf(blocks.map((block) => (isReal(block) ? 1 : 2) * block.members.length));

/** The smaller eigenvalue keeps its digits however different the two are. */
function pairEigenvalues({ re, im }: HermitianBlock): [number, number] {
  const squared = re[1] * re[1] + im[1] * im[1];
  const mean = (re[0] + re[3]) / 2;
  const half = Math.sqrt(((re[0] - re[3]) / 2) ** 2 + squared);
  const outer = mean >= 0 ? mean + half : mean - half;
  return [outer, outer === 0 ? 0 : (re[0] * re[3] - squared) / outer];
}

/** Off-diagonal elements within this share of the largest have squares that float64 does not keep beside it. */
const WITHOUT_SQUARE = 1e-150;

/** Divides by a power of two, so that nothing is rounded and elements near 1 have squares. */
function scaled({ members, re, im }: HermitianBlock) {
  const order = members.length;
  const largest = Math.max(maxNorm(re), maxNorm(im));
  const scale = largest === 0 ? 1 : 2 ** Math.floor(Math.log2(largest));
  const least = WITHOUT_SQUARE * scale;
  const kept = (x: number) => (Math.abs(x) > least ? x / scale : 0);
  const [a, b] = [re.map(kept), im.map(kept)];
  for (let i = 0; i < a.length; i += order + 1) a[i] = re[i] / scale;
  return { scale, re: a, im: b };
}

/** The eigenvalues, each as often as the matrix has it, and the matrix of the eigenvectors. */
interface Decomposed {
  readonly values: readonly number[];
  readonly vectors: Matrix;
}

/** Of a complex block through the real symmetric form of twice the order, where each eigenvalue is there twice. */
function decomposed(block: HermitianBlock): Decomposed {
  const order = block.members.length;
  const { scale, re, im } = scaled(block);
  const copies = isReal(block) ? 1 : 2;
  const matrix = Matrix.zeros(copies * order, copies * order);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) {
      const at = i * order + j;
      matrix.set(i, j, re[at]);
      if (copies === 1) continue;
      matrix.set(order + i, order + j, re[at]);
      matrix.set(order + i, j, im[at]);
      matrix.set(i, order + j, -im[at]);
    }
  }
  const found = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return {
    values: found.realEigenvalues.map((x) => x * scale),
    vectors: found.eigenvectorMatrix,
  };
}

/** Rising where there are more than two. */
export function blockEigenvalues(block: HermitianBlock): number[] {
  const { length } = block.members;
  if (length === 1) return [block.re[0]];
  if (length === 2) return pairEigenvalues(block);
  const { scale, re, im } = scaled(block);
  return Array.from(hermitianEigenvalues(length, re, im), (x) => x * scale);
}

/** What is left of a vector of norm 1 beside those that span a space with it is less. */
const INDEPENDENT = 0.1;

export function blockEigenvectors(block: HermitianBlock): Eigenvector[] {
  const { members } = block;
  const order = members.length;
  const { values, vectors: v } = decomposed(block);
  const rising = values.map((_, k) => k).sort((a, b) => values[a] - values[b]);
  const found: Eigenvector[] = [];
  for (const k of rising) {
    const re = Float64Array.from({ length: order }, (_, i) => v.get(i, k));
    const im = zeros(order);
    if (values.length > order) for (let i = 0; i < order; i++) im[i] = v.get(order + i, k);
    // (x, y) and (−y, x) are one complex vector: of the two, what the first leaves of the second is rounding.
    for (const other of found) subtractProjection(re, im, other);
    const norm = Math.hypot(...re, ...im);
    if (norm < INDEPENDENT) continue;
    found.push({ value: values[k], re: re.map((x) => x / norm), im: im.map((x) => x / norm) });
    if (found.length === order) break;
  }
  return found;
}

function subtractProjection(re: Float64Array, im: Float64Array, other: Eigenvector): void {
  let [a, b] = [0, 0];
  for (let i = 0; i < re.length; i++) {
    a += other.re[i] * re[i] + other.im[i] * im[i];
    b += other.re[i] * im[i] - other.im[i] * re[i];
  }
  if (a === 0 && b === 0) return;
  for (let i = 0; i < re.length; i++) {
    const [x, y] = [other.re[i], other.im[i]];
    re[i] -= a * x - b * y;
    im[i] -= a * y + b * x;
  }
}
