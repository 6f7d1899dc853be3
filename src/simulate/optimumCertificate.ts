/** What shows that a point is a local optimum, and how well its numbers are known. */
import { EigenvalueDecomposition, Matrix, SVD } from 'ml-matrix';
import type { Estimate } from '../lindblad/estimate.js';
import type { Window } from '../operators/window.js';
import {
  type Evaluation,
  freeGradient,
  type LocalOptimum,
  lagrangianGradient,
} from '../solve/sequentialQuadratic.js';
import type { SearchedProblem } from './searchedProblem.js';

export interface Certificate {
  /** Whether all of what follows holds. */
  readonly isLocalOptimum: boolean;
  /**
   * What is left of the gradient beside what active constraints and bounds take up, relative to the value: by how much
   * of itself the objective would change across the box.
   */
  readonly gradientNorm: number;
  /** The largest distance from what a constraint allows, in parts of the box. */
  readonly violation: number;
  /** Bounds that hold it back, and by how much of itself the value would still fall across the box. */
  readonly bounds: readonly {
    readonly parameter: string;
    readonly at: 'from' | 'to';
    readonly pull: number;
  }[];
  /**
   * Second differences in the directions that constraints and bounds leave free, relative to the value: the smallest
   * and the largest curvature; null where none is left.
   */
  readonly curvature: { readonly smallest: number; readonly largest: number } | null;
  /** The observables that the objective is made of. */
  readonly observables: Readonly<Record<string, Estimate & { readonly digits: number | null }>>;
  readonly relativeResidual: number;
  readonly edges: readonly [number, number];
  readonly window: Pick<Window, 'lmin' | 'lmax'>;
  /** The value on a window of twice as many levels; null where there are no more. */
  readonly wider: (Pick<Window, 'lmin' | 'lmax'> & { readonly value: number }) | null;
}

/** The step of second differences, in parts of the box. */
const STEP = 1e-3;
/** Relative to the value, across the box. */
const STATIONARY = 1e-6;
const ALLOWED = 1e-8;
/** A constraint nearer than this, in parts of the box, holds the optimum back where it has a multiplier. */
const ACTIVE = 1e-7;
/** Curvatures are known to that, as a share of the largest one. */
const FLAT = 1e-6;

const norm = (x: readonly number[]): number => Math.hypot(...x);

/** What slopes and curvatures are measured by: the value, or 1 where it is 0. */
const sizeOf = ({ value }: Evaluation): number => Math.abs(value) || 1;

/** Which constraints hold an optimum back. */
export function activeConstraints({
  evaluation: { constraints, jacobian },
  multipliers,
}: LocalOptimum): boolean[] {
  return constraints.map((c, j) => multipliers[j] > 0 && c <= ACTIVE * norm(jacobian[j]));
}

/** An orthonormal basis of the directions in which neither bounds nor active constraints are met; null where none is left. */
function freeDirections(optimum: LocalOptimum, gradient: readonly number[]): Matrix | null {
  const { at, evaluation } = optimum;
  const rows = activeConstraints(optimum).flatMap((active, j) =>
    active ? [[...evaluation.jacobian[j]]] : [],
  );
  at.forEach((x, i) => {
    const isHeld = (x === 0 && gradient[i] > 0) || (x === 1 && gradient[i] < 0);
    if (isHeld) rows.push(at.map((_, j) => (i === j ? 1 : 0)));
  });
  if (rows.length >= at.length) return null;
  if (rows.length === 0) return Matrix.eye(at.length);
  // Rows of zeros make it square, so that the null space is among the right vectors.
  while (rows.length < at.length) rows.push(at.map(() => 0));
  const { rightSingularVectors, diagonal } = new SVD(new Matrix(rows), { autoTranspose: true });
  const free = diagonal.flatMap((s, k) => (s > 1e-10 * diagonal[0] ? [] : [k]));
  return free.length === 0 ? null : rightSingularVectors.subMatrixColumn(free);
}

/** Of an optimum of the first objective. */
export async function certificateOf(
  problem: SearchedProblem,
  optimum: LocalOptimum,
): Promise<Certificate> {
  const { at, evaluation, multipliers, violation } = optimum;
  const { axes } = problem.space;
  const size = sizeOf(evaluation);
  const gradient = lagrangianGradient(evaluation, multipliers);
  const gradientNorm = norm(freeGradient(at, gradient)) / size;
  const held = axes.flatMap(({ name }, i) => {
    const side =
      at[i] === 0 && gradient[i] > 0 ? 'from' : at[i] === 1 && gradient[i] < 0 ? 'to' : null;
    return side === null
      ? []
      : [{ parameter: name, at: side as 'from' | 'to', pull: Math.abs(gradient[i]) / size }];
  });
  const found = await problem.numbers(at, true);
  if (found === null) throw new Error('an optimum without a value');
  const { edges, relativeResidual, window } = found.point;
  const curvature = await curvatureOf(problem, optimum, gradient);
  const wide = await problem.onWiderWindow(at, window);
  const observables = Object.entries(found.observables).map(([name, one]) => {
    const share = one.error / Math.abs(one.value);
    const digits = Number.isNaN(share) ? null : Math.min(16, Math.floor(-Math.log10(share)));
    return [name, { ...one, digits }] as const;
  });
  return {
    isLocalOptimum:
      gradientNorm <= STATIONARY &&
      violation <= ALLOWED &&
      (curvature === null || curvature.smallest >= -FLAT * Math.abs(curvature.largest)),
    gradientNorm,
    violation,
    bounds: held,
    curvature,
    observables: Object.fromEntries(observables),
    relativeResidual,
    edges,
    window: { lmin: window.lmin, lmax: window.lmax },
    wider: wide && {
      lmin: wide.point.window.lmin,
      lmax: wide.point.window.lmax,
      value: wide.objectives[0].value,
    },
  };
}

/** Of the Lagrangian, from differences of its gradients, whose sign is that of the problem as it is minimised. */
async function curvatureOf(
  problem: SearchedProblem,
  optimum: LocalOptimum,
  gradient: readonly number[],
): Promise<Certificate['curvature']> {
  const { at, evaluation, multipliers } = optimum;
  const free = freeDirections(optimum, gradient);
  if (free === null) return null;
  const slopesAt = async (there: readonly number[]) => {
    const isInside = there.every((x) => x >= 0 && x <= 1);
    const found: Evaluation | null = isInside
      ? await problem.evaluation({ at: there, derivatives: true }, 0)
      : null;
    return found && lagrangianGradient(found, multipliers);
  };
  const columns: number[][] = [];
  for (let k = 0; k < free.columns; k++) {
    const direction = free.getColumn(k);
    const beside = (step: number) => slopesAt(at.map((x, i) => x + step * direction[i]));
    const [ahead, behind] = [await beside(STEP), await beside(-STEP)];
    const [from, to] = [behind ?? gradient, ahead ?? gradient];
    const apart = STEP * ((ahead === null ? 0 : 1) + (behind === null ? 0 : 1));
    if (apart === 0) return null;
    columns.push(to.map((g, i) => (g - from[i]) / apart));
  }
  const inside = free.transpose().mmul(new Matrix(columns).transpose());
  const symmetric = Matrix.add(inside, inside.transpose()).mul(0.5 / sizeOf(evaluation));
  const { realEigenvalues } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  return { smallest: Math.min(...realEigenvalues), largest: Math.max(...realEigenvalues) };
}
