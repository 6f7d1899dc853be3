/** Eigenvalues of Hermitian matrices stored by diagonals. */

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type Space, spaceOf } from '../generator/classes.js';
import type { Operator } from '../model/operator.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';

/** A Hermitian operator's matrix, by the same classes as a density matrix. */
export function matrixOf({ window, transitions }: Operator): DensityMatrix {
  const names = transitions.map(({ to, from, shift }) => ({ ket: to, bra: from, delta: shift }));
  const space = spaceOf(window, names);
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
 * Every eigenvalue of a Hermitian matrix, in no particular order. Basis states are those whose
 * diagonal class is in the space. Where each state has at most one partner the blocks are 1×1 and 2×2
 * and the answer is closed form; otherwise a dense eigensolver is used.
 */
export function eigenvalues(matrix: DensityMatrix): Float64Array {
  return hasOnlyPairs(matrix.space) ? pairEigenvalues(matrix) : denseEigenvalues(matrix);
}

const isDiagonal = ({ ket, bra, delta }: { ket: number; bra: number; delta: number }) =>
  ket === bra && delta === 0;

/** Whether no basis state has two off-diagonal partners. */
export function hasOnlyPairs({ classes }: Space): boolean {
  const partners = new Set<number>();
  for (const c of classes) {
    if (isDiagonal(c)) continue;
    if (c.ket === c.bra || partners.has(c.ket)) return false;
    partners.add(c.ket);
  }
  return true;
}

function pairEigenvalues({ space, elements }: DensityMatrix): Float64Array {
  const { classes, window } = space;
  const diagonals = classes.filter(isDiagonal);
  const values = zeros(diagonals.length * window.size);
  const place = new Map<number, number>();
  diagonals.forEach(({ ket, offset }, at) => {
    place.set(ket, at * window.size);
    for (let p = 0; p < window.size; p++) values[at * window.size + p] = elements[2 * (offset + p)];
  });
  for (const { ket, bra, delta, first, offset, length } of classes) {
    const ketAt = place.get(ket);
    const braAt = place.get(bra);
    if (ket <= bra || ketAt === undefined || braAt === undefined) continue;
    for (let p = 0; p < length; p++) {
      const i = ketAt + first + p;
      const j = braAt + first + p - delta;
      const a = values[i];
      const b = values[j];
      const re = elements[2 * (offset + p)];
      const im = elements[2 * (offset + p) + 1];
      const squared = re * re + im * im;
      const mean = (a + b) / 2;
      const half = Math.sqrt(((a - b) * (a - b)) / 4 + squared);
      const outer = mean >= 0 ? mean + half : mean - half;
      values[i] = outer;
      // The product of the two, so that the smaller keeps its relative accuracy.
      values[j] = outer === 0 ? 0 : (a * b - squared) / outer;
    }
  }
  return values;
}

/** The eigenvalues by a library's dense solver, through the real symmetric form of twice the size. */
export function denseEigenvalues({ space, elements }: DensityMatrix): Float64Array {
  const { classes, window } = space;
  const place = new Map<number, number>();
  for (const c of classes) if (isDiagonal(c)) place.set(c.ket, place.size * window.size);
  const n = place.size * window.size;
  const dense = new Matrix(2 * n, 2 * n);
  for (const { ket, bra, delta, first, offset, length } of classes) {
    const ketAt = place.get(ket);
    const braAt = place.get(bra);
    if (ketAt === undefined || braAt === undefined) continue;
    for (let p = 0; p < length; p++) {
      const i = ketAt + first + p;
      const j = braAt + first + p - delta;
      const re = elements[2 * (offset + p)];
      const im = elements[2 * (offset + p) + 1];
      dense.set(i, j, re);
      dense.set(n + i, n + j, re);
      dense.set(n + i, j, im);
      dense.set(i, n + j, -im);
    }
  }
  const doubled = new EigenvalueDecomposition(dense, { assumeSymmetric: true }).realEigenvalues;
  doubled.sort((x, y) => x - y);
  return Float64Array.from({ length: n }, (_, i) => (doubled[2 * i] + doubled[2 * i + 1]) / 2);
}
