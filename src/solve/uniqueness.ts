/**
 * Whether a null vector is the only one. By how much L⁻¹ enlarges a disturbance of trace 0 is about the
 * slowest relaxation time: times the residual it is the error of the null vector, and where there is a second
 * one it has no bound.
 */
import { vectorNorm } from '../backend/backend.js';
import type { Generator } from '../generator/generator.js';
import { partnerOf, sectorsOf } from '../generator/siteMatrix.js';
import { spectrumBounds } from '../generator/spectrumBounds.js';
import { NonUniqueSteadyStateError } from './conservingElimination.js';
import { normOf, populationIndices, traceBy } from './iterate.js';
import type { LinearSolver, LinearSystem } from './linearSolver.js';
import { RandomStream } from './philox.js';
import type { Refined } from './refinedNullVector.js';

export const SEED = 1;
/** The solver may take so many iterations, or as many as the null vector took. */
const LEAST_ITERATIONS = 10;
/** What a conserved quantity's share is beyond, in units of what it is on average, but in one case of a hundred. */
export const SHARE = 0.01;
/** An error at which a state of trace 1 is not known. */
export const UNDETERMINED = 1e-3;

/** Populations at random, of trace 0 and norm 1: whatever is conserved beside the trace has a share in them. */
export function disturbanceOf(populations: Int32Array): Float64Array {
  const random = new RandomStream(SEED, 0);
  const values = Float64Array.from(populations, () => {
    random.draw();
    return random.first - 0.5;
  });
  const mean = values.reduce((a, b) => a + b) / values.length;
  const norm = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return values.map((value) => (value - mean) / norm);
}

/** How far coherences are apart at random that are about as large as the disturbance of so many populations. */
export const coherenceSize = (populations: number): number => Math.sqrt(12 / populations);

/**
 * The same as a Hermitian vector of the generator's space, whose coherences are about as large as populations: what is
 * conserved may have none of these, as σx.
 */
function randomDisturbance(generator: Generator): Float64Array {
  const populations = populationIndices(generator);
  const elements = coherencesAtRandom(generator, coherenceSize(populations.length));
  disturbanceOf(populations).forEach((value, i) => {
    elements[populations[i]] = value;
  });
  return elements;
}

/** Coherences that populations lead to, of numbers between plus and minus half of the size. */
function coherencesAtRandom(generator: Generator, size: number): Float64Array {
  const { space } = generator;
  const elements = new Float64Array(2 * space.size);
  const random = new RandomStream(SEED, 2);
  const sector = sectorsOf(generator).find(
    ({ classes, coherences }) => classes.length > coherences,
  );
  for (const c of sector?.classes ?? []) {
    const partner = partnerOf(space, c);
    if (partner <= c) continue;
    const { offset, length } = space.classes[c];
    const other = space.classes[partner].offset;
    for (let p = 0; p < length; p++) {
      random.draw();
      const [re, im] = [size * (random.first - 0.5), size * (random.second - 0.5)];
      elements.set([re, im], 2 * (offset + p));
      elements.set([re, -im], 2 * (other + p));
    }
  }
  return elements;
}

/**
 * ‖δ‖ where L δ is a random disturbance, of norm 1 in the populations, and δ has trace 0; null where the solver finds no
 * such δ.
 * @param nullVector of trace 1
 * @param iterations of the solver, at most
 * @param onIteration called after each; a promise of false stops
 */
export async function relaxationTime<V>(
  generator: Generator,
  nullVector: Float64Array,
  solver: LinearSolver,
  { backend, ...rest }: LinearSystem<V>,
  iterations: number,
  onIteration: (iterations: number) => Promise<boolean>,
): Promise<number | null> {
  const populations = populationIndices(generator);
  const disturbance = randomDisturbance(generator);
  // A second conserved quantity keeps about one in √n from being L δ, for n populations, seldom much less.
  const tolerance = SHARE / Math.sqrt(populations.length) / normOf(disturbance);
  const owned: V[] = [];
  const upload = async (elements: Float64Array) => {
    const vector = await backend.upload(elements);
    owned.push(vector);
    return vector;
  };
  try {
    const right = await upload(disturbance);
    const delta = await backend.allocate(rest.size);
    owned.push(delta);
    const { residual } = await solver({ backend, ...rest }, right, delta, {
      tolerance,
      iterations,
      patience: iterations,
      onIteration,
    });
    if (!(residual <= tolerance)) return null;
    // The solver leaves the multiple of the null vector open.
    const most = populations.reduce((last, at) => Math.max(last, at / 2 + 1), 0);
    const trace = traceBy(populations, await backend.download(delta, most));
    await backend.axpy({ re: -trace, im: 0 }, await upload(nullVector), delta);
    return await vectorNorm(backend, delta);
  } finally {
    for (const vector of owned) backend.release(vector);
  }
}

/** A share of 1/ε by which an inverse enlarges what it is given, where nothing of the result is known. */
const SINGULAR = 1e-3;

/** Whether M is singular but for rounding, as its inverse tells of a random disturbance. */
export async function isSingular<V>(
  generator: Generator,
  { backend, inverse, size }: LinearSystem<V>,
): Promise<boolean> {
  const disturbance = await backend.upload(randomDisturbance(generator));
  const answer = await backend.allocate(size);
  try {
    await inverse.apply(disturbance, answer);
    const { imaginary, decay } = spectrumBounds(generator);
    const enlarged = (await vectorNorm(backend, answer)) * (imaginary + decay);
    return !(enlarged * Number.EPSILON < SINGULAR);
  } finally {
    backend.release(disturbance);
    backend.release(answer);
  }
}

/** A matrix of trace 1 at random, so that what is conserved has another value than in an even mixture. */
function randomState(generator: Generator): Float64Array {
  const populations = populationIndices(generator);
  const elements = coherencesAtRandom(generator, 1 / populations.length);
  const random = new RandomStream(SEED, 1);
  let sum = 0;
  for (const at of populations) {
    random.draw();
    elements[at] = random.first;
    sum += random.first;
  }
  for (const at of populations) elements[at] /= sum;
  return elements;
}

export const largestDifference = (a: Float64Array, b: Float64Array): number => {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
};

/**
 * Requires another start to come to the null vector that was found.
 * @returns whether it did; false where it was stopped before
 * @throws {NonUniqueSteadyStateError}
 */
export async function requireSame(
  generator: Generator,
  found: Refined,
  solveFrom: (start: Float64Array) => Promise<Refined>,
): Promise<boolean> {
  const other = await solveFrom(randomState(generator));
  if (other.stopped) return false;
  if (!other.converged) {
    throw new NonUniqueSteadyStateError(
      'the steady state is not unique, as far as this method can tell: another start comes to no state, with a ' +
        `residual of ${other.residual.toExponential(0)} at the end`,
    );
  }
  const difference = largestDifference(found.elements, other.elements);
  if (difference > UNDETERMINED) {
    throw new NonUniqueSteadyStateError(
      `the steady state is not unique: two solutions differ by ${difference.toPrecision(1)}`,
    );
  }
  return true;
}

/** How a null vector is known to be the only one. */
export interface Uniqueness {
  /** The relaxation time; null where none was found. */
  readonly relaxation: number | null;
  /** Whether it is known; false where `onIteration` stopped the search before. */
  readonly isKnown: boolean;
}

/**
 * Requires a null vector that was found to be the only one: by its relaxation time, or where none is found, by another
 * start that ends at the same vector.
 * @param solveFrom finds a null vector from another state
 * @throws {NonUniqueSteadyStateError}
 */
export async function requireUnique<V>(
  generator: Generator,
  found: Refined,
  solver: LinearSolver,
  system: LinearSystem<V>,
  solveFrom: (start: Float64Array) => Promise<Refined>,
  onIteration?: (iterations: number) => Promise<boolean>,
): Promise<Uniqueness> {
  let stopped = false;
  const most = Math.max(LEAST_ITERATIONS, found.iterations);
  const time = await relaxationTime(generator, found.elements, solver, system, most, async (n) => {
    stopped = !((await onIteration?.(n)) ?? true);
    return !stopped;
  });
  if (stopped) return { relaxation: null, isKnown: false };
  if (time === null) {
    return { relaxation: null, isKnown: await requireSame(generator, found, solveFrom) };
  }
  if (time * Math.max(found.residual, found.floor) > UNDETERMINED) {
    throw new NonUniqueSteadyStateError(
      'the steady state is not unique, as far as float64 can tell: a disturbance takes a time of ' +
        `${time.toExponential(0)} to decay, and a residual of ${found.residual.toExponential(0)} hides it`,
    );
  }
  return { relaxation: time, isKnown: true };
}
