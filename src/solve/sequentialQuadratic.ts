/**
 * The least value of a smooth function on the unit box under constraints c ≥ 0, by sequential quadratic programming
 * (Han, 1977; Powell, 1978): each step is the solution of a quadratic model, whose curvature is learnt from gradients,
 * under linearised constraints. What they lack is let go at a price, so that every model has a solution.
 *
 * A search asks for one evaluation after the other and so can be stopped between any two. The models are solved by
 * quadprog, the dual method of Goldfarb and Idnani.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import quadprog from 'quadprog';

/** Function and constraints at a point, with their derivatives where they were asked for. */
export interface Evaluation {
  readonly value: number;
  /** How far the value may be off; 0 where that is rounding alone. */
  readonly error: number;
  readonly constraints: readonly number[];
  readonly gradient: readonly number[];
  /** Of each constraint. */
  readonly jacobian: readonly (readonly number[])[];
}

export interface Asked {
  readonly at: readonly number[];
  /** Whether derivatives are needed; else they may be empty. */
  readonly derivatives: boolean;
}

/** Answered by null where there is no value. */
export type Searching<R> = Generator<Asked, R, Evaluation | null>;

export interface LocalOptimum {
  readonly at: readonly number[];
  readonly evaluation: Evaluation;
  /** Of each constraint, at least 0: how much less the value would be, could the constraint be that much below 0. */
  readonly multipliers: readonly number[];
  /** What is left of the gradient less that of active constraints and bounds, in parts of the box. */
  readonly stationarity: number;
  /** The largest distance from what a constraint allows, in parts of the box. */
  readonly violation: number;
  /** Why it ended: its conditions hold, no step led lower by more than errors of the value, or there were too many. */
  readonly ended: 'converged' | 'stalled' | 'exhausted';
}

const MOST_ITERATIONS = 200;
const MOST_HALVINGS = 40;
/** What is left of the gradient, as a share of the value, and of constraints, in parts of the box. */
const STATIONARY = 1e-9;
const ALLOWED = 1e-10;
/** So near a bound, a point is on it. */
const AT_BOUND = 1e-13;
/** The first step, in parts of the box. */
const FIRST_STEP = 0.1;
/** The decrease that a step must bring, as a share of the one that the model promises. */
const ENOUGH = 1e-4;
/** Powell's damping keeps the curvature along a step above this share of the model's. */
const DAMPED = 0.2;
/** The price of a constraint's lack, in units of its multiplier. */
const DEAR = 10;
/** The step of differences of gradients, in parts of the box. */
const MEASURED_STEP = 1e-6;
/** Curvatures are known to this share of the largest. */
const LEAST_CURVATURE = 1e-9;
/** What the model of a slack is curved by: the method needs every variable to be. */
const SLACK_CURVATURE = 1e-8;

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);
const norm = (a: readonly number[]): number => Math.sqrt(dot(a, a));

const steepnessOf = ({ gradient }: Evaluation): number =>
  Math.max(norm(gradient), Number.MIN_VALUE);

interface Step {
  readonly by: number[];
  readonly multipliers: readonly number[];
}

/** The minimum of the model: gradient and curvature of the function, and the constraints' values and slopes. */
function modelStep(
  at: readonly number[],
  { gradient, jacobian }: Evaluation,
  constraints: readonly number[],
  curvature: readonly (readonly number[])[],
  prices: readonly number[],
): Step | null {
  const n = at.length;
  const m = constraints.length;
  // In units in which the largest curvature is 1.
  const unit = Math.max(...curvature.map((row, i) => Math.abs(row[i])));
  const size = n + m;
  const square: number[][] = [[]];
  for (let i = 0; i < size; i++) {
    const row = [0];
    for (let j = 0; j < size; j++) {
      row.push(i < n && j < n ? curvature[i][j] / unit : i === j ? SLACK_CURVATURE : 0);
    }
    square.push(row);
  }
  const linear = [0, ...gradient.map((g) => -g / unit), ...prices.map((price) => -price / unit)];
  const columns: { readonly of: Readonly<Record<number, number>>; readonly least: number }[] = [];
  for (let j = 0; j < m; j++) {
    columns.push({ of: { ...jacobian[j], [n + j]: 1 }, least: -constraints[j] });
    columns.push({ of: { [n + j]: 1 }, least: 0 });
  }
  for (let i = 0; i < n; i++) {
    columns.push({ of: { [i]: 1 }, least: -at[i] }, { of: { [i]: -1 }, least: at[i] - 1 });
  }
  const matrix: number[][] = [[]];
  for (let i = 0; i < size; i++) matrix.push([0, ...columns.map(({ of }) => of[i] ?? 0)]);
  const { solution, Lagrangian, message } = quadprog.solveQP(square, linear, matrix, [
    0,
    ...columns.map(({ least }) => least),
  ]);
  if (message !== '' || solution.slice(1).some((x) => !Number.isFinite(x))) return null;
  return {
    by: solution.slice(1, n + 1),
    multipliers: constraints.map((_, j) => unit * Lagrangian[1 + 2 * j]),
  };
}

/** What a gradient is beside what constraints and bounds take up of it. */
export function lagrangianGradient(
  { gradient, jacobian }: Evaluation,
  multipliers: readonly number[],
): number[] {
  return gradient.map((g, i) => g - multipliers.reduce((sum, y, j) => sum + y * jacobian[j][i], 0));
}

/** Of the gradient what no bound takes up: a number against a bound counts only where it points away from it. */
export const freeGradient = (at: readonly number[], gradient: readonly number[]): number[] =>
  gradient.map((g, i) => ((at[i] <= 0 && g > 0) || (at[i] >= 1 && g < 0) ? 0 : g));

/** A point beside another, within the box and on a bound that rounding alone keeps it from. */
const beside = (at: readonly number[], by: readonly number[], share = 1): number[] =>
  at.map((x, i) => {
    const there = x + share * by[i];
    return there < AT_BOUND ? 0 : there > 1 - AT_BOUND ? 1 : there;
  });

/** By how much constraints are violated, in parts of the box. */
export const violationOf = ({ constraints, jacobian }: Evaluation): number =>
  constraints.reduce((most, c, j) => {
    const slope = norm(jacobian[j]);
    return Math.max(most, c < 0 ? (slope === 0 ? Number.POSITIVE_INFINITY : -c / slope) : 0);
  }, 0);

const identity = (n: number, size: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? size : 0)));

const applied = (matrix: readonly (readonly number[])[], x: readonly number[]): number[] =>
  matrix.map((row) => dot(row, x));

/** BFGS, damped so that the curvature stays positive. */
function learnt(
  curvature: readonly (readonly number[])[],
  step: readonly number[],
  change: readonly number[],
): number[][] {
  const image = applied(curvature, step);
  const known = dot(step, image);
  const found = dot(step, change);
  if (!(known > 0)) return curvature.map((row) => [...row]);
  const share = found >= DAMPED * known ? 1 : ((1 - DAMPED) * known) / (known - found);
  const seen = change.map((y, i) => share * y + (1 - share) * image[i]);
  const along = dot(step, seen);
  return curvature.map((row, i) =>
    row.map((b, j) => b - (image[i] * image[j]) / known + (seen[i] * seen[j]) / along),
  );
}

/** The curvature of the Lagrangian by differences of gradients, made positive; null where gradients are missing. */
function* measured(
  at: readonly number[],
  here: Evaluation,
  multipliers: readonly number[],
): Searching<number[][] | null> {
  const gradient = lagrangianGradient(here, multipliers);
  const rows: number[][] = [];
  for (const i of at.keys()) {
    const step = at[i] < 0.5 ? MEASURED_STEP : -MEASURED_STEP;
    const tried = yield { at: at.map((x, j) => (j === i ? x + step : x)), derivatives: true };
    if (tried === null) return null;
    const there = lagrangianGradient(tried, multipliers);
    rows.push(there.map((g, j) => (g - gradient[j]) / step));
  }
  const matrix = new Matrix(rows);
  const { realEigenvalues, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(
    Matrix.add(matrix, matrix.transpose()).mul(0.5),
    { assumeSymmetric: true },
  );
  const largest = Math.max(...realEigenvalues.map(Math.abs), Number.MIN_VALUE);
  const sizes = realEigenvalues.map((x) => Math.max(Math.abs(x), LEAST_CURVATURE * largest));
  return vectors.mmul(Matrix.diag(sizes)).mmul(vectors.transpose()).to2DArray();
}

const lacks = (constraints: readonly number[], prices: readonly number[]): number =>
  constraints.reduce((sum, c, j) => sum + prices[j] * Math.max(0, -c), 0);

/**
 * A local optimum from a point of the box.
 * @returns null where there is no value at the start
 */
export function* sequentialQuadratic(start: readonly number[]): Searching<LocalOptimum | null> {
  let at = [...start];
  const first = yield { at, derivatives: true };
  if (first === null) return null;
  let here = first;
  const steepness = steepnessOf(here);
  let curvature = identity(at.length, steepness / FIRST_STEP);
  const prices = here.jacobian.map((slopes) => {
    const slope = norm(slopes);
    return slope === 0 ? 1 : (DEAR * steepness) / slope;
  });
  let multipliers: readonly number[] = here.constraints.map(() => 0);
  let isFresh = true;
  let isMeasured = false;
  const found = (ended: LocalOptimum['ended']): LocalOptimum => ({
    at,
    evaluation: here,
    multipliers,
    stationarity: norm(freeGradient(at, lagrangianGradient(here, multipliers))),
    violation: violationOf(here),
    ended,
  });
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const step = modelStep(at, here, here.constraints, curvature, prices);
    if (step === null) return found('stalled');
    multipliers = step.multipliers;
    multipliers.forEach((y, j) => {
      prices[j] = Math.max(prices[j], DEAR * y);
    });
    const { by } = step;
    const left = freeGradient(at, lagrangianGradient(here, multipliers));
    const isStill = norm(left) <= STATIONARY * Math.abs(here.value);
    if (isStill && violationOf(here) <= ALLOWED) return found('converged');
    const merit = here.value + lacks(here.constraints, prices);
    // What the model promises of it, to first order.
    const foreseen = here.constraints.map((c, j) => c + dot(here.jacobian[j], by));
    const promised =
      dot(here.gradient, by) + lacks(foreseen, prices) - lacks(here.constraints, prices);
    let reached: { at: number[]; evaluation: Evaluation } | null = null;
    let share = 1;
    for (
      let halving = 0;
      halving < MOST_HALVINGS && share * -promised > here.error;
      halving++, share /= 2
    ) {
      const there = beside(at, by, share);
      const tried = yield { at: there, derivatives: false };
      const isEnough = (e: Evaluation, of: number) =>
        e.value + lacks(e.constraints, prices) <= merit + ENOUGH * of * promised;
      if (tried !== null && isEnough(tried, share)) {
        reached = { at: there, evaluation: tried };
        break;
      }
      // A whole step may fail by the constraints' curvature alone: once more, from what they turned out to be.
      if (halving === 0 && tried !== null && lacks(tried.constraints, prices) > 0) {
        const seen = tried.constraints.map((c, j) => c - dot(here.jacobian[j], by));
        const bent = modelStep(at, here, seen, curvature, prices);
        if (bent !== null) {
          const curved = beside(at, bent.by);
          const again = yield { at: curved, derivatives: false };
          if (again !== null && isEnough(again, 1)) {
            reached = { at: curved, evaluation: again };
            break;
          }
        }
      }
    }
    if (reached === null) {
      // Where values are too near to tell, gradients may.
      const there = beside(at, by);
      const tried = yield { at: there, derivatives: true };
      if (tried !== null && violationOf(tried) <= Math.max(ALLOWED, violationOf(here))) {
        const gradient = freeGradient(there, lagrangianGradient(tried, multipliers));
        if (norm(gradient) < norm(left) / 2) reached = { at: there, evaluation: tried };
      }
    }
    if (reached === null) {
      // Once more with the curvature that there is, before it is given up.
      if (isMeasured) return found(isStill ? 'converged' : 'stalled');
      curvature = (yield* measured(at, here, multipliers)) ?? curvature;
      isMeasured = true;
      continue;
    }
    const evaluation = yield { at: reached.at, derivatives: true };
    if (evaluation === null) return found('stalled');
    const moved = reached.at.map((x, i) => x - at[i]);
    const before = lagrangianGradient(here, multipliers);
    const after = lagrangianGradient(evaluation, multipliers);
    const change = after.map((g, i) => g - before[i]);
    if (isFresh) {
      // The first pair tells the size of the curvature.
      const along = dot(moved, change);
      if (along > 0) curvature = identity(at.length, dot(change, change) / along);
    }
    curvature = learnt(curvature, moved, change);
    isFresh = false;
    isMeasured = false;
    at = reached.at;
    here = evaluation;
  }
  return found('exhausted');
}
