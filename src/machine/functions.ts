/**
 * Functions that may stand in an expression, each in float64 and in double-double. One without a version of many
 * digits is float64 wherever it stands, and what depends on it claims no more.
 */
import type { DoubleDouble } from '../numbers/doubleDouble.js';
import { ExactLanes } from '../numbers/exactLanes.js';
import { type ExactTable, exactTable } from '../numbers/exactTable.js';
import { boseFactor as bose } from './boseFactor.js';
import type { LanesFunction } from './exactFunctions.js';
import * as exactFunctions from './exactFunctions.js';

/** Functions of real numbers, of as many arguments as they name. */
export type RealFunction = (...values: number[]) => number;
export type ExactFunction = (...values: DoubleDouble[]) => DoubleDouble;

export interface FunctionForm {
  readonly float64: RealFunction;
  /** The same with about 30 digits; null where there is none. */
  readonly exact: ExactFunction | null;
  /** The same of many numbers side by side. */
  readonly lanes: LanesFunction | null;
}

interface ExactForm extends FunctionForm {
  readonly exact: ExactFunction;
  readonly lanes: LanesFunction;
}

/** A function with its versions, that of one number made from that of many. */
function withExact(float64: RealFunction, lanes: LanesFunction): ExactForm {
  const one = new ExactLanes(1);
  const operands: ExactTable[] = [];
  const exact = (...values: DoubleDouble[]): DoubleDouble => {
    one.forget();
    for (let k = 0; k < values.length; k++) {
      operands[k] ??= exactTable(1);
      operands[k].high[0] = values[k].high;
      operands[k].low[0] = values[k].low;
    }
    return one.one(() => lanes(one, ...operands));
  };
  return { float64, exact, lanes };
}

/** x/(e^x − 1) for x ≥ 0, which is 1 at 0. */
export const boseFactor = withExact(bose, exactFunctions.boseFactor);

/**
 * Ohmic spectral density with Lorentzian cutoff Ω times n(ω) + 1, Eqs. (A12), (A15)–(A17): positive for either sign of
 * ω, and coupling²/β as ω → 0. n(−ω) = −n(ω) − 1, so that of −ω it is J(ω)n(ω).
 */
const ohmicEmission = withExact((omega, beta, coupling, cutoff) => {
  const scaled = omega / cutoff;
  const strength = (coupling * coupling) / (1 + scaled * scaled) / beta;
  const x = beta * Math.abs(omega);
  const lower = strength * boseFactor.float64(x);
  return omega >= 0 ? lower + strength * x : lower;
}, exactFunctions.ohmicEmission);

/** √(h² + v²) without overflow; by operations that are the same to the last bit on every engine. */
export function hypotenuse(h: number, v: number): number {
  const x = Math.abs(h);
  const y = Math.abs(v);
  const larger = Math.max(x, y);
  if (larger === 0 || larger === Number.POSITIVE_INFINITY) return larger;
  const a = x / larger;
  const b = y / larger;
  return Math.sqrt(a * a + b * b) * larger;
}

const cosineOf = (h: number, split: number): number =>
  split === 0 ? 1 : Math.sqrt((split + Math.abs(h)) / (2 * split));

const sineOf = (h: number, v: number, split: number, cosine: number): number =>
  split === 0 ? 0 : ((h < 0 ? -1 : 1) * v) / (2 * split * cosine);

/** The cosine of the mixing angle, at most π/4, of two states with half of their detuning h and coupling v. */
const mixingCosine = withExact(
  (h, v) => cosineOf(h, hypotenuse(h, v)),
  exactFunctions.mixingCosine,
);

const mixingSine = withExact((h, v) => {
  const split = hypotenuse(h, v);
  return sineOf(h, v, split, cosineOf(h, split));
}, exactFunctions.mixingSine);

/** √(h² + v²) − |h|, by its product with √(h² + v²) + |h|. */
const mixingShift = withExact((h, v) => {
  const wide = hypotenuse(h, v) + Math.abs(h);
  return wide === 0 ? 0 : ((h < 0 ? -1 : 1) * v * v) / wide;
}, exactFunctions.mixingShift);

/** The splitting of the two eigenstates, with the sign of h. */
const mixingSplitting = withExact(
  (h, v) => (h < 0 ? -2 : 2) * hypotenuse(h, v),
  exactFunctions.mixingSplitting,
);

/** Cosines and sines of the mixing angles of two pairs, and the product of their splittings' sizes. */
function anglesOf(h: number, other: number, v: number) {
  const [split, split2] = [hypotenuse(h, v), hypotenuse(other, v)];
  const [c, c2] = [cosineOf(h, split), cosineOf(other, split2)];
  const [s, s2] = [sineOf(h, v, split, c), sineOf(other, v, split2, c2)];
  return { c, s, c2, s2, product: 2 * split * (2 * split2) };
}

/**
 * The sine of the difference of the mixing angles of two pairs with half detunings h and other = h + step. Angles of one
 * sign differ by little: then by the sine of twice the difference, which has no difference in it.
 */
const mixingTurn = withExact((h, other, step, v) => {
  const { c, s, c2, s2, product } = anglesOf(h, other, v);
  if (h < 0 !== other < 0) return s * c2 - c * s2;
  return product === 0 ? 0 : (2 * v * step) / (product * (c * c2 + s * s2));
}, exactFunctions.mixingTurn);

/** The cosine of the same difference. Angles of two signs may differ by nearly π/2: then by the same sine. */
const mixingTogether = withExact((h, other, step, v) => {
  const { c, s, c2, s2, product } = anglesOf(h, other, v);
  const below = product * (c * s2 - s * c2);
  return h < 0 === other < 0 || below === 0 ? c * c2 + s * s2 : (2 * v * step) / below;
}, exactFunctions.mixingTogether);

export const FUNCTIONS = {
  /** Of a sum that nearly cancels: multiplied out it would lose twice as many digits. */
  square: withExact((x) => x * x, exactFunctions.square),
  squareRoot: withExact((x) => Math.sqrt(x), exactFunctions.squareRoot),
  exponential: withExact((x) => Math.exp(x), exactFunctions.exponential),
  exponentialMinusOne: withExact((x) => Math.expm1(x), exactFunctions.exponentialMinusOne),
  sine: { float64: (x) => Math.sin(x), exact: null, lanes: null },
  cosine: { float64: (x) => Math.cos(x), exact: null, lanes: null },
  /** Keeps a sum from being multiplied out, so that what cancels in it cancels before it is raised to powers. */
  whole: withExact(
    (x) => x,
    (_, x) => x,
  ),
  inverse: withExact((x) => 1 / x, exactFunctions.inverse),
  mixingCosine,
  mixingSine,
  mixingShift,
  mixingSplitting,
  mixingTurn,
  mixingTogether,
  ohmicEmission,
} satisfies Record<string, FunctionForm>;

export type FunctionName = keyof typeof FUNCTIONS;

/** The two versions of a function. */
export const functionForm = (name: FunctionName): FunctionForm => FUNCTIONS[name];
