/**
 * Counting statistics where the generator is inverted on one matrix after another, however that is done: for each
 * counter once from either side, and for its cumulants once for each order.
 *
 * With δJ = J′ρ − ⟨J⟩ρ and the group inverse G of the generator, the covariance of two counters is
 * −⟨1|J_a′ G δJ_b⟩ − ⟨1|J_b′ G δJ_a⟩, and shot noise is added to that of one with itself.
 */
import { ByName } from '../fluctuations/byName.js';
import type { Estimate } from '../lindblad/estimate.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { matrixOf } from '../state/spectrum.js';
import { type CountedBath, CountedJumps, rateOperator } from './countedBath.js';
import { type Counting, countedCumulants } from './counting.js';

/** A mean in the steady state. */
export interface Reading {
  readonly mean: Estimate;
  /** Z with Tr[Z L δ] = Tr[X δ] of every δ of trace 0. */
  readonly adjoint: DensityMatrix;
}

/** G b. */
export interface Response {
  readonly response: DensityMatrix;
}

/** The group inverse of a generator. */
export interface Inverse<R extends Reading, C extends Response> {
  /** Of trace 1. */
  readonly state: DensityMatrix;
  /** Of a Hermitian X. */
  read(x: DensityMatrix): Promise<R>;
  respond(b: DensityMatrix): Promise<C>;
  /** Tr[X G b]. @param sizes of what the elements of b are differences of, of which rounding takes its share */
  between(reading: R, response: C, sizes: Float64Array): Estimate;
}

/** What is counted in a steady state. */
export interface Counted<R extends Reading = Reading> {
  readonly jumps: CountedJumps;
  readonly reading: R;
  readonly shot: Estimate;
  /** ⟨J⟩ρ − J′ρ */
  readonly taken: DensityMatrix;
  /** Of each element of it, what it is a difference of. */
  readonly sizes: Float64Array;
}

/** The same with what it takes to know how it varies. */
interface Responding<R extends Reading, C> extends Counted<R> {
  /** G of what is taken. */
  readonly away: C;
  /** Where more than mean and noise are asked for: all of them. */
  readonly cumulants: readonly number[];
}

const MEAN_AND_NOISE = 2;

/**
 * @param counters by name, each of a bath and of what is counted there
 * @param pairs of names whose covariances are wanted, beside each one's noise
 * @param order how many cumulants are wanted: beyond the second each takes one more solution
 */
export async function respondingCounting<R extends Reading, C extends Response>(
  inverse: Inverse<R, C>,
  counters: readonly CountedBath[],
  pairs: readonly (readonly [string, string])[],
  order: number,
): Promise<Counting & { readonly counted: ReadonlyMap<string, Counted> }> {
  const found = new Map<string, Responding<R, C>>();
  for (const counter of counters) {
    found.set(counter.name, await counted(counter, inverse, order));
  }
  const of = new ByName(found, (one) => one);
  const between = async (a: Responding<R, C>, b: Responding<R, C>): Promise<Estimate> => {
    const { value, error } = inverse.between(a.reading, b.away, b.sizes);
    return { value, error: error + (await lostByState(a.reading.adjoint, b, inverse)) };
  };
  const covariances = new Map<string, Estimate>();
  for (const { name } of counters) {
    const a = of.of(name);
    const { value, error } = await between(a, a);
    const { shot } = a;
    covariances.set(keyOf(name, name), {
      value: 2 * value + shot.value,
      error: 2 * error + shot.error,
    });
  }
  for (const [first, second] of pairs) {
    const [a, b] = [of.of(first), of.of(second)];
    const [one, other] = [await between(a, b), await between(b, a)];
    covariances.set(keyOf(first, second), {
      value: one.value + other.value,
      error: one.error + other.error,
    });
  }
  const known = new ByName(covariances, (one) => one);
  const { state } = inverse;
  return {
    counted: found,
    mean: (counter) => of.of(counter).reading.mean,
    covariance: (first, second) => known.of(keyOf(first, second)),
    cumulants: (counter, asked) => of.of(counter).cumulants.slice(0, asked),
    activity: (jumps) => expectation(state, rateOperator(state.space.window, jumps)).re,
  };
}

/** Of a covariance, which is symmetric. */
const keyOf = (first: string, second: string): string => [first, second].sort().join(', ');

/** ⟨1|J′ as a matrix. */
export const rowOf = (jumps: CountedJumps, { space }: DensityMatrix): DensityMatrix =>
  matrixOf(jumps.row(1), space.states);

/** What the state may be off by in what is responded to: by as much Tr[Z (J′ − ⟨J⟩)ρ] is, of a Hermitian Z. */
export async function lostByState(
  adjoint: DensityMatrix,
  { jumps, reading: { mean } }: Counted,
  inverse: Pick<Inverse<Reading, Response>, 'read'>,
): Promise<number> {
  const { space, elements } = adjoint;
  const back = jumps.movedBack(adjoint).elements;
  const counts = back.map((value, i) => value - mean.value * elements[i]);
  return (await inverse.read({ space, elements: counts })).mean.error;
}

async function counted<R extends Reading, C extends Response>(
  bath: CountedBath,
  inverse: Inverse<R, C>,
  order: number,
): Promise<Responding<R, C>> {
  const jumps = new CountedJumps(bath);
  const { space, elements } = inverse.state;
  const reading = await inverse.read(rowOf(jumps, inverse.state));
  const { mean: shot } = await inverse.read(matrixOf(jumps.row(2), space.states));
  const { value } = reading.mean;
  const moved = jumps.moved(1, inverse.state).elements;
  const taken = { space, elements: moved.map((x, i) => value * elements[i] - x) };
  const sizes = Float64Array.from({ length: space.size }, (_, i) => {
    const size = (x: Float64Array) => Math.hypot(x[2 * i], x[2 * i + 1]);
    return size(moved) + Math.abs(value) * size(elements);
  });
  const away = await inverse.respond(taken);
  const found = { jumps, reading, shot, taken, away, sizes };
  if (order <= MEAN_AND_NOISE) return { ...found, cumulants: [] };
  const recursion = countedCumulants(jumps, inverse.state, order);
  let step = recursion.next();
  for (let n = 2; step.done !== true; n++) {
    // The first of them is known already.
    const { response } = n === 2 ? away : await inverse.respond({ space, elements: step.value });
    step = recursion.next(response.elements);
  }
  return { ...found, cumulants: step.value };
}
