/** Maximisation over device parameters, and Pareto fronts. */
import direct from 'ml-direct';

export interface Range {
  readonly from: number;
  readonly to: number;
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
/** The local search's first reach, as a share of the box. */
const LOCAL_REACH = 1 / 20;
/** A cycle that gains less than this share of the value is the last. */
const SMALLEST_GAIN = 1e-12;

/** Thrown out of the global search, which has no bound on evaluations where the function is flat. */
class BudgetSpent extends Error {}

/**
 * The largest value of a function on a box: by the DIRECT algorithm over the whole box, then along one
 * parameter after the other around the best point found.
 */
export function maximise(f: (x: readonly number[]) => number, box: readonly Range[]): Maximum {
  let evaluations = 0;
  let at: readonly number[] = box.map(({ from, to }) => (from + to) / 2);
  let value = Number.NEGATIVE_INFINITY;
  const evaluate = (x: readonly number[]): number => {
    evaluations++;
    const y = f(x);
    if (y > value) {
      value = y;
      at = x;
    }
    return y;
  };

  const budget = GLOBAL_EVALUATIONS * box.length;
  const negative = (x: ArrayLike<number>): number => {
    if (evaluations >= budget) throw new BudgetSpent();
    return -evaluate(Array.from(x));
  };
  try {
    const ends = [box.map(({ from }) => from), box.map(({ to }) => to)] as const;
    direct(negative, ...ends, { iterations: budget });
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
  }

  for (let cycle = 0; cycle < MOST_CYCLES; cycle++) {
    const before = value;
    box.forEach(({ from, to }, i) => {
      const here = at;
      const reach = LOCAL_REACH * (to - from);
      const along = (t: number) => evaluate(here.map((x, j) => (j === i ? t : x)));
      maximum(along, Math.max(from, here[i] - reach), Math.min(to, here[i] + reach));
    });
    if (value - before <= SMALLEST_GAIN * Math.abs(value)) break;
  }
  return { at, value, evaluations };
}

/** The point in [a, b] where a unimodal function is largest, by golden-section search. */
export function maximum(f: (x: number) => number, a: number, b: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = a;
  let high = b;
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let atLeft = f(left);
  let atRight = f(right);
  // A maximum is flat: beyond half the digits its place is rounding.
  const smallest = 1e-8 * Math.max(b - a, Math.abs(a), Math.abs(b));
  while (high - low > smallest) {
    if (atLeft >= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - ratio * (high - low);
      atLeft = f(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + ratio * (high - low);
      atRight = f(right);
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
