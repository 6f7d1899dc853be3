/** The steady state in the sector of the populations, by inverse iteration just beside 0. */
import { populationsOf } from '../generator/classes.js';
import type { Generator } from '../generator/generator.js';
import { sectorsOf } from '../generator/siteMatrix.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import type { Weights } from './weightedSector.js';
import { WeightedSector } from './weightedSector.js';

/** The shift relative to the slowest outflow of a population: the elimination keeps its digits however small it is. */
const BESIDE = 1e-60;
const MOST_ITERATIONS = 60;
/** A last change of a population, relative to itself. */
const SETTLED = 1e-12;
/** Populations below this are what the shift left of none. */
const LEAST_WEIGHT = 1e-280;

const uniform = ({ space }: Generator): Weights =>
  Array.from({ length: space.states }, () => new Float64Array(space.window.size).fill(1));

/** The sector that holds the populations. */
export const populationSectorOf = (generator: Generator) => {
  const found = sectorsOf(generator).find(({ classes, coherences }) => coherences < classes.length);
  if (found === undefined) throw new Error('a space without populations');
  return found;
};

/**
 * The state that a uniform mixture comes to; the only one where the steady state is unique.
 * @throws {NonUniqueSteadyStateError} where nothing moves populations
 */
export function stationary(generator: Generator): DensityMatrix {
  const { space } = generator;
  const sector = new WeightedSector(generator, populationSectorOf(generator), uniform(generator));
  const elements = new Float64Array(2 * space.size);
  const populations = populationsOf(space);
  const each = 1 / (populations.length * space.window.size);
  for (const { offset, length } of populations) {
    for (let p = offset; p < offset + length; p++) elements[2 * p] = each;
  }
  const outflows = sector.outflows();
  if (outflows.length === 0) {
    throw new NonUniqueSteadyStateError(
      'the steady state is not unique: no bath moves any population',
    );
  }
  const z = BESIDE * outflows.reduce((least, rate) => Math.min(least, rate));
  const resolvent = sector.resolvent({ re: z, im: 0 });
  const { trace } = sector;
  let x = sector.fromSpace(elements);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const y = resolvent.apply(x).map((value) => z * value);
    let change = 0;
    for (let i = 0; i < x.length; i++) {
      if (trace[i] !== 0 && Math.abs(y[i]) > LEAST_WEIGHT)
        change = Math.max(change, Math.abs(y[i] - x[i]) / Math.abs(y[i]));
    }
    x = y;
    if (!(change > SETTLED)) break;
  }
  const rho = sector.toSpace(hermitian(sector, x));
  let total = 0;
  for (const { offset, length } of populations) {
    for (let p = offset; p < offset + length; p++) total += rho[2 * p];
  }
  return { space, elements: rho.map((value) => value / total) };
}

/** Without what rounding leaves of a population's imaginary part, and of what conjugates differ by. */
function hermitian({ partners }: WeightedSector, x: Float64Array): Float64Array {
  if (partners === null) throw new Error('a sector of populations has all conjugates');
  return x.map(
    (value, i) => (value + (i % 2 === 0 ? 1 : -1) * x[2 * partners[i >> 1] + (i % 2)]) / 2,
  );
}

/** The populations of a state; those that are 0, or below it by rounding, get the weight of the smallest that is not. */
export function weightsOf({ space, elements }: DensityMatrix): Weights {
  const all = populationsOf(space).map(({ offset, length }) =>
    Float64Array.from({ length }, (_, p) => elements[2 * (offset + p)]),
  );
  const present = all.flatMap((one) => [...one]).filter((p) => p >= LEAST_WEIGHT);
  const least = present.reduce((a, b) => Math.min(a, b), 1);
  return all.map((one) => one.map((p) => (p >= LEAST_WEIGHT ? p : least)));
}
