/**
 * The entanglement of two qubits.
 *
 * W. K. Wootters, Phys. Rev. Lett. 80, 2245 (1998), doi:10.1103/PhysRevLett.80.2245: C = max(0, λ1 − λ2 − λ3 − λ4), the
 * λ falling, whose squares are the eigenvalues of √ρ ρ̃ √ρ with ρ̃ = (σy⊗σy) ρ* (σy⊗σy). For any X with ρ = XX† they are
 * the singular values of the symmetric matrix Xᵀ(σy⊗σy)X: found as these they keep the half of their digits that
 * roots of eigenvalues lose near 0. X is the pivoted Cholesky factor of ρ scaled to a diagonal of ones, whose
 * rounding is relative to √(ρ_ii ρ_jj), so that tiny populations cost no digits.
 */

import type { Space } from '../generator/classes.js';
import { perObject } from '../perObject.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';

/** A complex matrix of the two qubits, in the order 00, 01, 10, 11: element (i, j) at 4i + j. */
export interface TwoQubitMatrix {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const ORDER = 4;
/** Pivots of the scaled matrix below this are rounding. */
const NEGLIGIBLE = 8 * Number.EPSILON;

/** @param qubits the state of both alone, as `qubitState` has it */
export function twoQubitMatrix({ space, elements }: DensityMatrix): TwoQubitMatrix {
  const re = zeros(ORDER ** 2);
  const im = zeros(ORDER ** 2);
  for (const { ket, bra, offset } of space.classes) {
    re[ORDER * ket + bra] = elements[2 * offset];
    im[ORDER * ket + bra] = elements[2 * offset + 1];
  }
  return { re, im };
}

/** Whether a state has populations alone. */
const isDiagonal = perObject(({ classes }: Space): boolean =>
  classes.every(({ ket, bra }) => ket === bra),
);

/** Whether all but the two diagonals is 0: an X state. */
function isX({ re, im }: TwoQubitMatrix): boolean {
  for (let i = 0; i < ORDER; i++) {
    for (let j = 0; j < ORDER; j++) {
      const at = ORDER * i + j;
      if (i !== j && i + j !== ORDER - 1 && (re[at] !== 0 || im[at] !== 0)) return false;
    }
  }
  return true;
}

/** C of an X state, in closed form. */
function ofX({ re, im }: TwoQubitMatrix): number {
  const p = (s: number) => Math.max(0, re[(ORDER + 1) * s]);
  const size = (at: number) => (re[at] === 0 && im[at] === 0 ? 0 : Math.hypot(re[at], im[at]));
  const outer = size(3) - Math.sqrt(p(1) * p(2));
  const inner = size(6) - Math.sqrt(p(0) * p(3));
  return 2 * Math.max(0, outer, inner);
}

/** Columns x with ρ = Σ x x†, each as the real parts of its elements and then the imaginary ones. */
function factor({ re, im }: TwoQubitMatrix): Float64Array[] {
  const size = Float64Array.from({ length: ORDER }, (_, i) =>
    Math.sqrt(Math.max(0, re[(ORDER + 1) * i])),
  );
  const left = { re: re.slice(), im: im.slice() };
  for (let i = 0; i < ORDER; i++) {
    for (let j = 0; j < ORDER; j++) {
      const scale = size[i] * size[j];
      left.re[ORDER * i + j] = scale === 0 ? 0 : re[ORDER * i + j] / scale;
      left.im[ORDER * i + j] = scale === 0 ? 0 : im[ORDER * i + j] / scale;
    }
  }
  const columns: Float64Array[] = [];
  for (let step = 0; step < ORDER; step++) {
    let p = 0;
    for (let i = 1; i < ORDER; i++) {
      if (left.re[(ORDER + 1) * i] > left.re[(ORDER + 1) * p]) p = i;
    }
    const pivot = left.re[(ORDER + 1) * p];
    if (!(pivot > NEGLIGIBLE)) break;
    const root = Math.sqrt(pivot);
    const c = zeros(2 * ORDER);
    for (let i = 0; i < ORDER; i++) {
      c[i] = left.re[ORDER * i + p] / root;
      c[ORDER + i] = left.im[ORDER * i + p] / root;
    }
    for (let i = 0; i < ORDER; i++) {
      for (let j = 0; j < ORDER; j++) {
        left.re[ORDER * i + j] -= c[i] * c[j] + c[ORDER + i] * c[ORDER + j];
        left.im[ORDER * i + j] -= c[ORDER + i] * c[j] - c[i] * c[ORDER + j];
      }
    }
    for (let i = 0; i < ORDER; i++) {
      // What is eliminated is 0, whatever rounding has left of it.
      left.re[ORDER * i + p] = left.im[ORDER * i + p] = 0;
      left.re[ORDER * p + i] = left.im[ORDER * p + i] = 0;
    }
    columns.push(c.map((value, i) => value * size[i % ORDER]));
  }
  return columns;
}

/** xᵀ(σy⊗σy)y. */
function flipped(x: Float64Array, y: Float64Array): { re: number; im: number } {
  let re = 0;
  let im = 0;
  for (let i = 0; i < ORDER; i++) {
    const j = ORDER - 1 - i;
    const sign = i === 0 || i === ORDER - 1 ? -1 : 1;
    re += sign * (x[i] * y[j] - x[ORDER + i] * y[ORDER + j]);
    im += sign * (x[i] * y[ORDER + j] + x[ORDER + i] * y[j]);
  }
  return { re, im };
}

/** Elements off the diagonal below this share of the diagonal change no digit of it. */
const NEGLIGIBLE_ELEMENT = 2 ** -60;
/** Rotations of all pairs until what is off the diagonal has vanished: it does so quadratically. */
const MOST_SWEEPS = 30;

/**
 * Eigenvalues of a real symmetric matrix of a few rows by Jacobi's rotations. The page's main script has this file, and
 * the library's eigensolver would add a quarter to it.
 */
function symmetricEigenvalues(rows: readonly Float64Array[]): number[] {
  const n = rows.length;
  for (let sweep = 0, rotated = true; rotated && sweep < MOST_SWEEPS; sweep++) {
    rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = rows[p][q];
        const [a, b] = [rows[p][p], rows[q][q]];
        if (Math.abs(off) <= NEGLIGIBLE_ELEMENT * (Math.abs(a) + Math.abs(b))) continue;
        rotated = true;
        const ratio = (b - a) / (2 * off);
        const t = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
        const c = 1 / Math.hypot(t, 1);
        for (let i = 0; i < n; i++) {
          const [x, y] = [rows[i][p], rows[i][q]];
          rows[i][p] = c * (x - t * y);
          rows[i][q] = c * (y + t * x);
        }
        for (let i = 0; i < n; i++) {
          const [x, y] = [rows[p][i], rows[q][i]];
          rows[p][i] = c * (x - t * y);
          rows[q][i] = c * (y + t * x);
        }
        rows[p][q] = rows[q][p] = 0;
      }
    }
  }
  return rows.map((row, i) => row[i]);
}

/** The λ of any two-qubit state, falling. */
function woottersNumbers(state: TwoQubitMatrix): readonly number[] {
  const columns = factor(state);
  const n = columns.length;
  // With A = R + iS the real symmetric [[R, S], [S, −R]] has each singular value of A with both signs.
  const rows = Array.from({ length: 2 * n }, () => zeros(2 * n));
  columns.forEach((x, a) => {
    columns.forEach((y, b) => {
      const { re, im } = flipped(x, y);
      rows[a][b] = re;
      rows[n + a][n + b] = -re;
      rows[a][n + b] = im;
      rows[n + a][b] = im;
    });
  });
  return symmetricEigenvalues(rows)
    .sort((a, b) => b - a)
    .slice(0, n);
}

/** C by the λ, of any two-qubit state. */
export function generalConcurrence(state: TwoQubitMatrix): number {
  const [first = 0, ...others] = woottersNumbers(state);
  return Math.max(
    0,
    others.reduce((rest, value) => rest - Math.max(0, value), first),
  );
}

/**
 * The concurrence of two qubits: 0 where they are not entangled with each other, 1 in
 * a Bell state.
 *
 * Its error is some 1e-15 where the reduced matrix has its four eigenvalues above rounding, or is an X matrix (all but
 * its two diagonals 0), as in every steady state of the mill. Of any other matrix that is singular up to rounding C
 * is known to the root of that, 1e-8: there it is itself no better determined by the elements.
 * @param qubits the state of both alone, as `qubitState` has it
 */
export function concurrence(qubits: DensityMatrix): number {
  if (isDiagonal(qubits.space)) return 0;
  const state = twoQubitMatrix(qubits);
  return isX(state) ? ofX(state) : generalConcurrence(state);
}
