/** Maximisation over device parameters, and Pareto fronts. */
import { ParameterError } from '../model/parameters.js';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * χ over all it may be; of anything else a quarter to four times its value.
 * @throws {ParameterError} for a value of 0, or none, which suggests no range
 */
export function defaultRange(name: string, values: Readonly<Record<string, unknown>>): Range {
  if (name === 'chi') return { from: -0.999, to: 0.999 };
  const value = Number(values[name]);
  if (value === 0 || Number.isNaN(value)) {
    throw new ParameterError('over', name, `${name}=FROM:TO: its value suggests no range`);
  }
  const [from, to] = value > 0 ? [value / 4, value * 4] : [value * 4, value / 4];
  return { from, to };
}

export interface Maximum {
  readonly at: readonly number[];
  readonly value: number;
  /** How often the function was evaluated. */
  readonly evaluations: number;
}

/** Evaluations of the global search for each parameter, and the most cycles of the local one. */
const GLOBAL_EVALUATIONS = 200;
const MOST_CYCLES = 30;
/** The local search's first reach, as a share of the box; the global one goes no finer than 3^−4. */
const LOCAL_REACH = 1 / 20;
const FINEST_LEVEL = 4;
/** A cycle that gains less than this share of the value is the last. */
const SMALLEST_GAIN = 1e-12;

/** A search that asks for a function's value at one point after the other. */
export type Asking<Result> = Generator<readonly number[], Result, number>;

/** Runs a search to its end. */
export function answered<R>(search: Asking<R>, f: (x: readonly number[]) => number): R {
  let step = search.next();
  while (!step.done) step = search.next(f(step.value));
  return step.value;
}

/**
 * The largest value of a function on a box: by dividing rectangles over the whole box, then along one
 * parameter after the other around the best point found. A value that is NaN counts as the lowest.
 */
export function* maximising(box: readonly Range[]): Asking<Maximum> {
  let evaluations = 0;
  let at: readonly number[] = box.map(({ from, to }) => (from + to) / 2);
  let value = Number.NEGATIVE_INFINITY;
  function* evaluate(x: readonly number[]): Asking<number> {
    evaluations++;
    const y = yield x;
    if (y > value) {
      value = y;
      at = x;
    }
    return Number.isNaN(y) ? Number.NEGATIVE_INFINITY : y;
  }

  yield* dividingRectangles(
    (share) => evaluate(share.map((t, i) => box[i].from + t * (box[i].to - box[i].from))),
    box.length,
    GLOBAL_EVALUATIONS * box.length,
  );
  for (let cycle = 0; cycle < MOST_CYCLES; cycle++) {
    const before = value;
    for (const [i, { from, to }] of box.entries()) {
      const here = at;
      const reach = LOCAL_REACH * (to - from);
      const along = (t: number) => evaluate(here.map((x, j) => (j === i ? t : x)));
      yield* climbing(along, Math.max(from, here[i] - reach), Math.min(to, here[i] + reach));
    }
    if (value - before <= SMALLEST_GAIN * Math.abs(value)) break;
  }
  return { at, value, evaluations };
}

/** A part of the unit box: side i is 3^−levels[i] long. */
interface Rectangle {
  readonly centre: readonly number[];
  readonly levels: readonly number[];
  readonly value: number;
}

/**
 * Evaluates a function all over the unit box, more densely where it is large, as DIRECT does (Jones,
 * Perttunen and Stuckman, 1993): again and again the best rectangle of each size is cut in three along
 * its longest side. (DIRECT leaves out some sizes by a convex hull, for which it needs more care with
 * rounding than it saves here.)
 */
function* dividingRectangles(
  f: (share: readonly number[]) => Asking<number>,
  dimensions: number,
  most: number,
): Asking<void> {
  const first = Array.from({ length: dimensions }, () => 0.5);
  // By size: the sum of the levels.
  const bySize: Rectangle[][] = [
    [{ centre: first, levels: first.map(() => 0), value: yield* f(first) }],
  ];
  let evaluations = 1;
  while (bySize.some((rectangles) => rectangles.length > 0)) {
    const chosen = bySize.flatMap((rectangles, size) => {
      if (rectangles.length === 0) return [];
      const best = rectangles.reduce((a, b) => (b.value > a.value ? b : a));
      bySize[size] = rectangles.filter((r) => r !== best);
      return [best];
    });
    for (const { centre, levels, value } of chosen) {
      const side = levels.indexOf(Math.min(...levels));
      const step = 3 ** -(levels[side] + 1);
      const narrower = levels.map((level, i) => (i === side ? level + 1 : level));
      const size = narrower.reduce((a, b) => a + b);
      const parts: Rectangle[] = [{ centre, levels: narrower, value }];
      for (const turn of [-step, step]) {
        if (evaluations === most) return;
        evaluations++;
        const moved = centre.map((t, i) => (i === side ? t + turn : t));
        parts.push({ centre: moved, levels: narrower, value: yield* f(moved) });
      }
      if (Math.min(...narrower) >= FINEST_LEVEL) continue;
      bySize[size] ??= [];
      bySize[size].push(...parts);
    }
  }
}

/** The point in [a, b] where a unimodal function is largest. */
export const maximum = (f: (x: number) => number, a: number, b: number): number =>
  answered(climbing(asked, a, b), ([x]) => f(x));

function* asked(x: number): Asking<number> {
  return yield [x];
}

/** The same by golden-section search. */
function* climbing(f: (x: number) => Asking<number>, a: number, b: number): Asking<number> {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = a;
  let high = b;
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let atLeft = yield* f(left);
  let atRight = yield* f(right);
  // A maximum is flat: beyond half the digits its place is rounding.
  const smallest = 1e-8 * Math.max(b - a, Math.abs(a), Math.abs(b));
  while (high - low > smallest) {
    if (atLeft >= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - ratio * (high - low);
      atLeft = yield* f(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + ratio * (high - low);
      atRight = yield* f(right);
    }
  }
  return (low + high) / 2;
}

/** The points that no other one beats in both coordinates, in order of falling y. */
export function paretoFront<P>(
  points: readonly P[],
  coordinates: (point: P) => readonly [number, number],
): P[] {
  const sorted = points
    .map((point) => ({ point, at: coordinates(point) }))
    .filter(({ at }) => at.every(Number.isFinite))
    .sort((a, b) => b.at[1] - a.at[1] || b.at[0] - a.at[0]);
  const front: P[] = [];
  let reached = Number.NEGATIVE_INFINITY;
  for (const { point, at } of sorted) {
    if (at[0] > reached) {
      front.push(point);
      reached = at[0];
    }
  }
  return front;
}
