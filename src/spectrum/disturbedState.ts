/**
 * What rounding does to a steady state, to first order. With d𝓛 what it does to the generator, δρ is the solution of
 * 𝓛δρ = −(d𝓛 + 𝓛)ρ of trace 0.
 *
 * Each term of 𝓛ρ is off by a share of itself, as if at random, and what so comes into populations is taken from the
 * others that the same element leads to: rounding of rates creates no probability. So populations that little leaves are
 * disturbed by as little, and cold or slow parts keep the digits that an elimination without subtractions leaves them.
 */
import { apply } from '../generator/apply.js';
import { populationsOf } from '../generator/classes.js';
import { Coefficients, coefficientsIn, type Generator } from '../generator/generator.js';
import { eachChannel, type Lindbladian, type PerChannel } from '../generator/lindbladian.js';
import { magnitudes } from '../generator/magnitude.js';
import { disturbance } from '../solve/disturbance.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { populationSectorOf, weightsOf } from './stationary.js';
import { WeightedSector } from './weightedSector.js';

/** The frequency beside 0, by the slowest outflow of a population, at which the generator is inverted. */
const BESIDE = 2 ** -53;
/** Products of a factorisation, levels · diagonals³, up to which it takes less than what it is about. */
const FEW_PRODUCTS = 2e7;

export interface DisturbedState {
  /** What the state may be off by. */
  readonly change: DensityMatrix;
  /** By channel what its part of ρ̇ may be off by, of the state as it is. */
  readonly rates: PerChannel<Float64Array>;
}

/** Calls with each term of Lx: where it comes from and goes to, and its number. */
function eachTerm(
  { space, couplings }: Generator,
  x: Float64Array,
  take: (from: number, to: number, re: number, im: number) => void,
): void {
  const room = new Coefficients(space.window.size);
  for (const coupling of couplings) {
    const { kind, re, im } = coefficientsIn(room, coupling);
    for (let p = 0; p < coupling.count; p++) {
      const [a, b] = [kind === 'imaginary' ? 0 : re[p], kind === 'real' ? 0 : im[p]];
      const at = 2 * (coupling.source + p);
      const [u, v] = [x[at], x[at + 1]];
      take(coupling.source + p, coupling.target + p, a * u - b * v, a * v + b * u);
    }
  }
}

/** What rounding of its terms may do to Lx. */
function disturbedProduct(generator: Generator, x: Float64Array): Float64Array {
  const { space } = generator;
  const isPopulation = new Uint8Array(space.size);
  for (const { offset, length } of populationsOf(space)) {
    isPopulation.fill(1, offset, offset + length);
  }
  const y = new Float64Array(x.length);
  /** By source, what comes into populations too much, and of how much. */
  const [more, size] = [new Float64Array(space.size), new Float64Array(space.size)];
  let count = 0;
  eachTerm(generator, x, (from, to, re, im) => {
    // What leaves a population is what comes into others.
    if (from === to && isPopulation[from] === 1) return;
    const share = Number.EPSILON * disturbance(count++);
    if (isPopulation[to] === 0) {
      // Either part of a coherence is off, be it 0.
      const both = Math.abs(re) + Math.abs(im);
      y[2 * to] += share * both;
      y[2 * to + 1] += Number.EPSILON * disturbance(count++) * both;
      return;
    }
    y[2 * to] += share * re;
    more[from] += share * re;
    size[from] += Math.abs(re);
  });
  more.forEach((value, from) => {
    if (isPopulation[from] === 1) y[2 * from] -= value;
  });
  eachTerm(generator, x, (from, to, re) => {
    if (isPopulation[from] === 1 || isPopulation[to] === 0 || re === 0) return;
    y[2 * to] -= more[from] * (Math.abs(re) / size[from]);
  });
  return y;
}

/**
 * @param lindbladian on the state's space
 * @param state of trace 1
 * @param isIterated whether it comes of an iteration, or of an elimination with subtractions
 * @returns null where that takes too long
 */
export function disturbedState(
  { space, channels, total }: Lindbladian,
  { elements }: Pick<DensityMatrix, 'elements'>,
  isIterated: boolean,
): DisturbedState | null {
  const own = populationSectorOf(total);
  if (space.window.size * own.classes.length ** 3 > FEW_PRODUCTS) return null;
  const rates = eachChannel(channels, (generator) => disturbedProduct(generator, elements));
  const left = leftOf(total, elements, isIterated);
  for (const part of Object.values(rates)) for (let i = 0; i < left.length; i++) left[i] += part[i];
  const sector = new WeightedSector(total, own, weightsOf({ space, elements }));
  const outflows = sector.outflows();
  if (outflows.length === 0) return null;
  const { trace } = sector;
  const rho = sector.fromSpace(elements);
  const z = BESIDE * outflows.reduce((least, rate) => Math.min(least, rate));
  const disturbed = without(sector.fromSpace(left), trace, rho);
  const found = sector.resolvent({ re: 0, im: z }).apply(disturbed);
  return { change: { space, elements: sector.toSpace(without(found, trace, rho)) }, rates };
}

/**
 * What is left of the equations. Of populations that were eliminated without subtractions it counts where it is more than
 * rounding leaves when it is computed; of what was iterated all of it does, with rounding of each equation.
 */
function leftOf(total: Generator, elements: Float64Array, isIterated: boolean): Float64Array {
  const sizes = magnitudes(total, elements);
  const left = apply(total, elements);
  if (isIterated) {
    return left.map((value, i) => value + Number.EPSILON * disturbance(i) * sizes[i >> 1]);
  }
  for (const { offset, length } of populationsOf(total.space)) {
    for (let i = 2 * offset; i < 2 * (offset + length); i++) {
      if (Math.abs(left[i]) <= Number.EPSILON * sizes[i >> 1]) left[i] = 0;
    }
  }
  return left;
}

/** x less as much of ρ as it has of a trace. */
function without(x: Float64Array, trace: Float64Array, rho: Float64Array): Float64Array {
  const all = x.reduce((total, value, i) => total + value * trace[i], 0);
  return x.map((value, i) => value - all * rho[i]);
}
