/** Eigenvalues of Hermitian matrices stored by diagonals. */

import { type Space, spaceOf } from '../generator/classes.js';
import type { Operator, Transition } from '../operators/operator.js';
import { perObject } from '../perObject.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';
import { blockEigenvalues, hermitianBlocks, orderOf } from './hermitianBlocks.js';

/** By the number of states, the space that was made last. */
const lastSpaces = new Map<number, Space>();

/** The classes of an operator's elements; the space of the last one where the transitions are between the same. */
function spaceOfOperator({ window, transitions }: Operator, states: number): Space {
  const last = lastSpaces.get(states);
  const isSame =
    last?.window.lmin === window.lmin &&
    last.window.lmax === window.lmax &&
    last.classes.length === transitions.length &&
    last.classes.every(({ ket, bra, delta }, at) => {
      const { to, from, shift } = transitions[at];
      return ket === to && bra === from && delta === shift;
    });
  if (isSame) return last;
  const names = transitions.map(({ to, from, shift }) => ({ ket: to, bra: from, delta: shift }));
  const space = spaceOf({ states, window }, names);
  lastSpaces.set(states, space);
  return space;
}

/**
 * A Hermitian operator's matrix, by the same classes as a density matrix.
 * @param states of the subsystems that it acts between
 */
export function matrixOf({ window, transitions }: Operator, states: number): DensityMatrix {
  const space = spaceOfOperator({ window, transitions }, states);
  const elements = zeros(2 * space.size);
  transitions.forEach(({ shift, coefficient, table }, at) => {
    const { offset, length } = space.classes[at];
    const start = Math.max(0, -shift);
    for (let p = 0; p < length; p++) {
      const re = table === null ? 1 : table.re[start + p];
      const im = table === null || table.im === null ? 0 : table.im[start + p];
      elements[2 * (offset + p)] = coefficient.re * re - coefficient.im * im;
      elements[2 * (offset + p) + 1] = coefficient.re * im + coefficient.im * re;
    }
  });
  return { space, elements };
}

/**
 * Every eigenvalue of a Hermitian matrix, in no particular order: in closed form where its elements connect at most two
 * basis states to each other, and else by a dense eigensolver.
 */
export const eigenvalues = (matrix: DensityMatrix): Float64Array =>
  hasOnlyPairs(matrix.space)
    ? pairEigenvalues(matrix)
    : Float64Array.from(hermitianBlocks(matrix).flatMap(blockEigenvalues));

/** The order of the largest real symmetric matrix of which `eigenvalues` finds the spectrum; 0 for none. */
export const denseOrder = (matrix: DensityMatrix): number =>
  hasOnlyPairs(matrix.space) ? 0 : orderOf(matrix);

const isDiagonal = ({ ket, bra, delta }: { ket: number; bra: number; delta: number }) =>
  ket === bra && delta === 0;

/** Whether no basis state has two off-diagonal partners. */
export const hasOnlyPairs = perObject(({ classes }: Space): boolean => {
  const partnered = new Set<number>();
  for (const c of classes) {
    if (isDiagonal(c)) continue;
    if (c.ket === c.bra || partnered.has(c.ket)) return false;
    partnered.add(c.ket);
  }
  return true;
});

/** Elements of a class between pairs of basis states: where in a spectrum the diagonal elements of both are. */
interface Pairs {
  readonly ketAt: number;
  readonly braAt: number;
  readonly length: number;
  /** The class, by its place in the space. */
  readonly at: number;
}

/** Where the diagonals of the subsystems' states go in a spectrum, and the pairs that off-diagonal elements make. */
const pairsIn = perObject(({ classes, window: { size } }: Space) => {
  const diagonals = classes.flatMap((c, at) => (isDiagonal(c) ? [{ ...c, at }] : []));
  const place = new Map(diagonals.map(({ ket }, k) => [ket, k * size]));
  const pairs = classes.flatMap(({ ket, bra, delta, first, length }, at): Pairs[] => {
    const [ketAt, braAt] = [place.get(ket), place.get(bra)];
    if (ket <= bra || ketAt === undefined || braAt === undefined) return [];
    return [{ ketAt: ketAt + first, braAt: braAt + first - delta, length, at }];
  });
  return { diagonals, pairs };
});

let room = new Float64Array(64);

/** Room for numbers of one class at a time, which everyone who asks is given again. */
function roomFor(length: number): Float64Array {
  if (room.length < length) room = new Float64Array(2 * length);
  return room;
}

/** The real elements of a transition between a state and itself, into a place of theirs. */
function putDiagonal(
  { coefficient: { re: a, im: b }, table }: Transition,
  length: number,
  out: Float64Array,
  at: number,
): void {
  if (table === null) {
    out.fill(a, at, at + length);
    return;
  }
  const { re, im } = table;
  if (im === null) for (let p = 0; p < length; p++) out[at + p] = a * re[p];
  else for (let p = 0; p < length; p++) out[at + p] = a * re[p] - b * im[p];
}

/** |element|² of a transition, from its n-th on. */
function putSquares(
  { coefficient: { re: a, im: b }, table }: Transition,
  n: number,
  length: number,
  out: Float64Array,
): void {
  for (let p = 0; p < length; p++) {
    const u = table === null ? 1 : table.re[n + p];
    const v = table === null || table.im === null ? 0 : table.im[n + p];
    const re = a * u - b * v;
    const im = a * v + b * u;
    out[p] = re * re + im * im;
  }
}

/** From the diagonal elements of pairs to their eigenvalues. @param squared |off-diagonal element|² of each */
function splitPairs(
  values: Float64Array,
  { ketAt, braAt, length }: Pairs,
  squared: Float64Array,
): void {
  for (let p = 0; p < length; p++) {
    const a = values[ketAt + p];
    const b = values[braAt + p];
    const mean = (a + b) / 2;
    const half = Math.sqrt(((a - b) * (a - b)) / 4 + squared[p]);
    const outer = mean >= 0 ? mean + half : mean - half;
    values[ketAt + p] = outer;
    // The product of the two, so that the smaller keeps its relative accuracy.
    values[braAt + p] = outer === 0 ? 0 : (a * b - squared[p]) / outer;
  }
}

function pairEigenvalues({ space, elements }: DensityMatrix): Float64Array {
  const { size } = space.window;
  const { diagonals, pairs } = pairsIn(space);
  const values = zeros(diagonals.length * size);
  let at = 0;
  for (const { offset } of diagonals) {
    for (let p = offset; p < offset + size; p++) values[at++] = elements[2 * p];
  }
  const squared = roomFor(size);
  for (const pair of pairs) {
    const from = 2 * space.classes[pair.at].offset;
    for (let p = 0; p < pair.length; p++) {
      const re = elements[from + 2 * p];
      const im = elements[from + 2 * p + 1];
      squared[p] = re * re + im * im;
    }
    splitPairs(values, pair, squared);
  }
  return values;
}

/**
 * Every eigenvalue of a Hermitian operator, in no particular order.
 * @param states of the subsystems that it acts between
 * @param room for them, which is used where it is as long
 */
export function operatorEigenvalues(
  operator: Operator,
  states: number,
  room: Float64Array = new Float64Array(0),
): Float64Array {
  const space = spaceOfOperator(operator, states);
  if (!hasOnlyPairs(space)) return eigenvalues(matrixOf(operator, states));
  const { size } = space.window;
  const { diagonals, pairs } = pairsIn(space);
  const count = diagonals.length * size;
  const values = room.length === count ? room : new Float64Array(count);
  const squared = roomFor(size);
  for (let k = 0; k < diagonals.length; k++) {
    putDiagonal(operator.transitions[diagonals[k].at], size, values, k * size);
  }
  for (const pair of pairs) {
    const transition = operator.transitions[pair.at];
    putSquares(transition, Math.max(0, -transition.shift), pair.length, squared);
    splitPairs(values, pair, squared);
  }
  return values;
}
