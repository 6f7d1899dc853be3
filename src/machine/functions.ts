/**
 * Functions that may stand in an expression, each in float64 and in double-double. One without a version of many
 * digits is float64 wherever it stands, and what depends on it claims no more.
 */
import {
  absolute,
  add,
  type DoubleDouble,
  divide,
  fromNumber,
  multiply,
  negate,
  scaleByPower,
  squareRoot,
  subtract,
} from '../numbers/doubleDouble.js';

/** Functions of real numbers, of as many arguments as they name. */
export type RealFunction = (...values: number[]) => number;
export type ExactFunction = (...values: DoubleDouble[]) => DoubleDouble;

export interface FunctionForm {
  readonly float64: RealFunction;
  /** The same with about 30 digits; null where there is none. */
  readonly exact: ExactFunction | null;
}

const ZERO = fromNumber(0);
const ONE = fromNumber(1);
const TWO = fromNumber(2);

/** ln 2 in three parts; whole numbers up to 2¹³ times either of the first two are exact. */
const LN2_PARTS = [0.6931471805592082, 7.371002565161996e-13, 5.8029889835956905e-25] as const;
/** Beyond these e^x is Infinity or 0. */
const LARGEST_EXPONENT = 709.79;
const SMALLEST_EXPONENT = -745.14;
/** Halvings of the argument before the Taylor series: what is left is below 7e-4. */
const HALVINGS = 9;
/** 1/n for the first terms of the series, from n = 1 on. */
const RECIPROCALS = [0, 1, 2, 3, 4, 5, 6].map((n) => divide(ONE, fromNumber(n)));

/** e^x − 1 for |x| ≤ 0.35, relative to itself. */
function exponentialMinusOneNearZero(x: DoubleDouble): DoubleDouble {
  const r = scaleByPower(x, -HALVINGS);
  // r(1 + r/2(1 + r/3(1 + …))): the terms from the sixth on are so small that float64 has their digits.
  let tail = 1;
  for (let n = 11; n >= 7; n--) tail = 1 + (r.high * tail) / n;
  let series = fromNumber(tail);
  for (let n = 6; n >= 2; n--) {
    series = add(ONE, multiply(multiply(r, RECIPROCALS[n]), series));
  }
  let p = multiply(r, series);
  for (let k = 0; k < HALVINGS; k++) p = add(scaleByPower(p, 1), multiply(p, p));
  return p;
}

/** x − k ln 2 for the nearest whole k. */
function reduced(x: DoubleDouble): { readonly k: number; readonly rest: DoubleDouble } {
  const k = Math.round(x.high / LN2_PARTS[0]);
  const rest = LN2_PARTS.reduce((r, part) => subtract(r, fromNumber(k * part)), x);
  return { k, rest };
}

function exactExponential(x: DoubleDouble): DoubleDouble {
  if (!(x.high <= LARGEST_EXPONENT) || x.high < SMALLEST_EXPONENT) {
    return fromNumber(Math.exp(x.high));
  }
  const { k, rest } = reduced(x);
  return scaleByPower(add(ONE, exponentialMinusOneNearZero(rest)), k);
}

function exactExponentialMinusOne(x: DoubleDouble): DoubleDouble {
  if (Math.abs(x.high) < 0.34) return exponentialMinusOneNearZero(x);
  return subtract(exactExponential(x), ONE);
}

/** x/(e^x − 1) for x ≥ 0, which is 1 at 0. */
export const boseFactor: FunctionForm & { readonly exact: ExactFunction } = {
  float64: (x) => (x === 0 ? 1 : x / Math.expm1(x)),
  exact: (x) => (x.high === 0 ? ONE : divide(x, exactExponentialMinusOne(x))),
};

/**
 * Ohmic spectral density with Lorentzian cutoff Ω times n(ω) + 1, Eqs. (A12), (A15)–(A17): positive for either sign of
 * ω, and coupling²/β as ω → 0. n(−ω) = −n(ω) − 1, so that of −ω it is J(ω)n(ω).
 */
const ohmicEmission: FunctionForm = {
  float64: (omega, beta, coupling, cutoff) => {
    const scaled = omega / cutoff;
    const strength = (coupling * coupling) / (1 + scaled * scaled) / beta;
    const x = beta * Math.abs(omega);
    const lower = strength * boseFactor.float64(x);
    return omega >= 0 ? lower + strength * x : lower;
  },
  exact: (omega, beta, coupling, cutoff) => {
    const scaled = divide(omega, cutoff);
    const damping = multiply(beta, add(ONE, multiply(scaled, scaled)));
    const strength = divide(multiply(coupling, coupling), damping);
    const x = multiply(beta, absolute(omega));
    const lower = multiply(strength, boseFactor.exact(x));
    return omega.high >= 0 ? add(lower, multiply(strength, x)) : lower;
  },
};

/** √(h² + v²) */
function exactHypotenuse(h: DoubleDouble, v: DoubleDouble): DoubleDouble {
  const larger = Math.max(Math.abs(h.high), Math.abs(v.high));
  if (larger === 0 || !Number.isFinite(larger)) return fromNumber(larger);
  // So that the squares stay in range.
  const exponent = Math.floor(Math.log2(larger));
  const [x, y] = [scaleByPower(h, -exponent), scaleByPower(v, -exponent)];
  return scaleByPower(squareRoot(add(multiply(x, x), multiply(y, y))), exponent);
}

/** √(h² + v²) without overflow; by operations that are the same to the last bit on every engine. */
export function hypotenuse(h: number, v: number): number {
  const [x, y] = [Math.abs(h), Math.abs(v)];
  const larger = Math.max(x, y);
  if (larger === 0 || larger === Number.POSITIVE_INFINITY) return larger;
  const [a, b] = [x / larger, y / larger];
  return Math.sqrt(a * a + b * b) * larger;
}

const cosineOf = (h: number, split: number): number =>
  split === 0 ? 1 : Math.sqrt((split + Math.abs(h)) / (2 * split));

const sineOf = (h: number, v: number, split: number, cosine: number): number =>
  split === 0 ? 0 : ((h < 0 ? -1 : 1) * v) / (2 * split * cosine);

const withSignOf = (h: DoubleDouble, x: DoubleDouble): DoubleDouble => (h.high < 0 ? negate(x) : x);

/** √(h² + v²), and cosine and sine of the mixing angle of two states with half of their detuning h and coupling v. */
interface ExactAngle {
  readonly h: DoubleDouble;
  readonly v: DoubleDouble;
  readonly split: DoubleDouble;
  readonly c: DoubleDouble;
  readonly s: DoubleDouble;
}

/** Angles of a device, by h: a device's tables ask for each some dozen times. */
const recentAngles = new Map<number, ExactAngle>();
const MOST_ANGLES = 1024;

const isSame = (a: DoubleDouble, b: DoubleDouble): boolean => a.high === b.high && a.low === b.low;

function exactAngleOf(h: DoubleDouble, v: DoubleDouble): ExactAngle {
  const known = recentAngles.get(h.high);
  if (known !== undefined && isSame(known.h, h) && isSame(known.v, v)) return known;
  const split = exactHypotenuse(h, v);
  const twice = multiply(TWO, split);
  const isNone = split.high === 0;
  const c = isNone ? ONE : squareRoot(divide(add(split, absolute(h)), twice));
  const s = isNone ? ZERO : withSignOf(h, divide(v, multiply(twice, c)));
  const angle = { h, v, split, c, s };
  if (recentAngles.size >= MOST_ANGLES) recentAngles.clear();
  recentAngles.set(h.high, angle);
  return angle;
}

/** The cosine of the mixing angle, at most π/4, of two states with half of their detuning h and coupling v. */
const mixingCosine: FunctionForm & { readonly exact: ExactFunction } = {
  float64: (h, v) => cosineOf(h, hypotenuse(h, v)),
  exact: (h, v) => exactAngleOf(h, v).c,
};

const mixingSine: FunctionForm & { readonly exact: ExactFunction } = {
  float64: (h, v) => {
    const split = hypotenuse(h, v);
    return sineOf(h, v, split, cosineOf(h, split));
  },
  exact: (h, v) => exactAngleOf(h, v).s,
};

/** √(h² + v²) − |h|, by its product with √(h² + v²) + |h|. */
const mixingShift: FunctionForm = {
  float64: (h, v) => {
    const wide = hypotenuse(h, v) + Math.abs(h);
    return wide === 0 ? 0 : ((h < 0 ? -1 : 1) * v * v) / wide;
  },
  exact: (h, v) => {
    const wide = add(exactAngleOf(h, v).split, absolute(h));
    return wide.high === 0 ? ZERO : withSignOf(h, divide(multiply(v, v), wide));
  },
};

const signedSplitting = ({ h, split }: ExactAngle): DoubleDouble =>
  withSignOf(h, multiply(TWO, split));

/** The splitting of the two eigenstates, with the sign of h. */
const mixingSplitting: FunctionForm = {
  float64: (h, v) => (h < 0 ? -2 : 2) * hypotenuse(h, v),
  exact: (h, v) => signedSplitting(exactAngleOf(h, v)),
};

/** Cosines and sines of the mixing angles of two pairs, and the product of their splittings' sizes. */
function anglesOf(h: number, other: number, v: number) {
  const [split, split2] = [hypotenuse(h, v), hypotenuse(other, v)];
  const [c, c2] = [cosineOf(h, split), cosineOf(other, split2)];
  const [s, s2] = [sineOf(h, v, split, c), sineOf(other, v, split2, c2)];
  return { c, s, c2, s2, product: 2 * split * (2 * split2) };
}

/** The same, the product with its sign. */
function exactAnglesOf(h: DoubleDouble, other: DoubleDouble, v: DoubleDouble) {
  const [angle, angle2] = [exactAngleOf(h, v), exactAngleOf(other, v)];
  const product = multiply(signedSplitting(angle), signedSplitting(angle2));
  return { c: angle.c, s: angle.s, c2: angle2.c, s2: angle2.s, product };
}

/**
 * The sine of the difference of the mixing angles of two pairs with half detunings h and other = h + step. Angles of one
 * sign differ by little: then by the sine of twice the difference, which has no difference in it.
 */
const mixingTurn: FunctionForm = {
  float64: (h, other, step, v) => {
    const { c, s, c2, s2, product } = anglesOf(h, other, v);
    if (h < 0 !== other < 0) return s * c2 - c * s2;
    return product === 0 ? 0 : (2 * v * step) / (product * (c * c2 + s * s2));
  },
  exact: (h, other, step, v) => {
    const { c, s, c2, s2, product } = exactAnglesOf(h, other, v);
    if (h.high < 0 !== other.high < 0) return subtract(multiply(s, c2), multiply(c, s2));
    if (product.high === 0) return ZERO;
    const cosine = add(multiply(c, c2), multiply(s, s2));
    return divide(multiply(multiply(TWO, v), step), multiply(product, cosine));
  },
};

/** The cosine of the same difference. Angles of two signs may differ by nearly π/2: then by the same sine. */
const mixingTogether: FunctionForm = {
  float64: (h, other, step, v) => {
    const { c, s, c2, s2, product } = anglesOf(h, other, v);
    const below = product * (c * s2 - s * c2);
    return h < 0 === other < 0 || below === 0 ? c * c2 + s * s2 : (2 * v * step) / below;
  },
  exact: (h, other, step, v) => {
    const { c, s, c2, s2, product } = exactAnglesOf(h, other, v);
    const below = multiply(product, subtract(multiply(s, c2), multiply(c, s2)));
    return h.high < 0 === other.high < 0 || below.high === 0
      ? add(multiply(c, c2), multiply(s, s2))
      : divide(multiply(multiply(TWO, v), step), below);
  },
};

export const FUNCTIONS = {
  /** Of a sum that nearly cancels: multiplied out it would lose twice as many digits. */
  square: { float64: (x) => x * x, exact: (x) => multiply(x, x) },
  squareRoot: { float64: (x) => Math.sqrt(x), exact: squareRoot },
  exponential: { float64: (x) => Math.exp(x), exact: exactExponential },
  exponentialMinusOne: { float64: (x) => Math.expm1(x), exact: exactExponentialMinusOne },
  sine: { float64: (x) => Math.sin(x), exact: null },
  cosine: { float64: (x) => Math.cos(x), exact: null },
  /** Keeps a sum from being multiplied out, so that what cancels in it cancels before it is raised to powers. */
  whole: { float64: (x) => x, exact: (x) => x },
  inverse: { float64: (x) => 1 / x, exact: (x) => divide(ONE, x) },
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
