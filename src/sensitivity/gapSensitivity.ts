/**
 * The gap of a sector's generator, the rate of its slowest mode, and how that changes with every parameter: of 𝓛x = −γx
 * and z𝓛 = −γz it is dγ = −z d𝓛 x/(z·x), whatever the two are normalised to.
 */
import { IN_TERM } from '../lindblad/adjointEquations.js';
import { conservingProduct } from '../lindblad/conservingProduct.js';
import type { AdjointSolution, Solution } from '../lindblad/solution.js';
import { maxNorm } from '../norm.js';
import { arnoldi } from '../solve/arnoldi.js';
import { disturbances } from '../solve/disturbance.js';
import type { Differential } from './differential.js';
import { NoDerivativeError } from './noiseSensitivity.js';
import { dot, type SteadySensitivity } from './steadySensitivity.js';

/** Steps of Arnoldi's iteration that tell the slowest mode from the next one, and what they leave of it. */
const STEPS = { least: 24, most: 200 };
const FOUND = 1e-9;
/** Two rates this near to each other are of modes that their own errors mix. */
export const APART = 1e-3;
/** Steps of an iteration that leave no more of other modes than rounding does. */
const LEFT = 1e-18;

const times = (x: Float64Array, factor: number): Float64Array => x.map((value) => value * factor);

/** The slowest mode by an inverse: what is left of the others falls by their ratio at each step. */
function iterated(inverse: (x: Float64Array) => Float64Array, start: Float64Array, steps: number) {
  let x = start;
  for (let step = 0; step < steps; step++) {
    const y = inverse(x);
    x = times(y, 1 / maxNorm(y));
  }
  return x;
}

/**
 * @param state a steady state, with its device's numbers in the machine
 * @throws {NoDerivativeError} where the slowest mode oscillates, or another one is all but as slow
 */
export function gapSensitivity(state: SteadySensitivity): Differential {
  const { sector, factors } = state;
  const inverse = (x: Float64Array) => factors.solve(state.traceless(x));
  const signs = disturbances(state.rho.length).slice(0, state.rho.length);
  const start = inverse(signs.slice());
  if (!(maxNorm(start) > 0)) throw new NoDerivativeError('no mode is known');
  const { pairs } = arnoldi((x) => inverse(x.slice()), start, {
    isReal: true,
    wanted: 2,
    tolerance: FOUND,
    least: Math.min(STEPS.least, start.length),
    most: Math.min(STEPS.most, start.length),
  });
  const [slowest, next] = pairs;
  if (Math.abs(slowest.im) > FOUND * Math.abs(slowest.re)) {
    throw new NoDerivativeError('the slowest mode oscillates');
  }
  const ratio = next === undefined ? 0 : Math.hypot(next.re, next.im) / Math.abs(slowest.re);
  if (ratio > 1 - APART) throw new NoDerivativeError('two modes are about as slow');
  const steps = Math.ceil(Math.log(LEFT) / Math.log(Math.max(ratio, FOUND)));
  const x = iterated((y) => inverse(y.slice()), start, steps);
  const z = iterated((y) => factors.solveTransposed(y.slice()), signs, steps);
  const overlap = dot(z, x);
  const { y, rounded } = conservingProduct(sector, x);
  const rate = -dot(z, y) / overlap;
  let off = 0;
  for (let i = 0; i < x.length; i++) {
    off += Math.abs(z[i]) * (Math.abs(y[i] + rate * x[i]) + IN_TERM * Math.abs(rounded[i]));
  }
  // What solutions without −γ are off by grows where it is taken from the next rates.
  const grown = 1 / (1 - ratio);
  const right = state.solve(times(x, -rate), undefined, undefined, undefined, x);
  const left = state.solveTransposed(times(z, -rate));
  const grownRight: Solution = { x: right.x, lost: times(right.lost, grown) };
  const grownLeft: AdjointSolution = {
    x: left.x,
    left: times(left.left, grown),
    rounded: times(left.rounded, grown),
  };
  const slopes = state.slopes();
  state.addGenerator(grownLeft, grownRight, -1 / overlap, slopes);
  return {
    value: { value: rate, error: off / Math.abs(overlap) },
    gradient: slopes.byParameter(),
  };
}
