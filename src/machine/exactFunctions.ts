/** The functions of functions.ts with about 30 digits, on many numbers side by side. */
import { type DoubleDouble, divide, fromNumber } from '../numbers/doubleDouble.js';
import type { ExactLanes } from '../numbers/exactLanes.js';
import type { ExactTable } from '../numbers/exactTable.js';

/** Of as many arguments as the function has. */
export type LanesFunction = (lanes: ExactLanes, ...values: ExactTable[]) => ExactTable;

const ZERO = fromNumber(0);
export const ONE = fromNumber(1);

/** ln 2 in three parts; whole numbers up to 2¹³ times either of the first two are exact. */
const LN2_PARTS = [0.6931471805592082, 7.371002565161996e-13, 5.8029889835956905e-25] as const;
/** Beyond these e^x is Infinity or 0. */
const LARGEST_EXPONENT = 709.79;
const SMALLEST_EXPONENT = -745.14;
/** Halvings of the argument before the Taylor series: what is left is below 0.011. */
const HALVINGS = 5;
/** From this power on terms of the series are so small that float64 has their digits; the last one. */
const [FIRST_SMALL, LAST] = [8, 12];
/** 1/n!, from n = 0 on. */
const COEFFICIENTS = [ONE];
for (let n = 1; n <= LAST; n++) {
  COEFFICIENTS.push(divide(COEFFICIENTS[n - 1], fromNumber(n)));
}

/** The same for those who compute it otherwise, to the same bits. */
export const SERIES = {
  coefficients: COEFFICIENTS as readonly DoubleDouble[],
  ln2: LN2_PARTS,
  firstSmall: FIRST_SMALL,
  halvings: HALVINGS,
};

/** e^x − 1 for |x| ≤ 0.35, relative to itself. */
function exponentialMinusOneNearZero(lanes: ExactLanes, x: ExactTable): ExactTable {
  const r = lanes.times(x, 2 ** -HALVINGS);
  let series = lanes.made((i) => {
    let tail = 0;
    for (let n = LAST; n >= FIRST_SMALL; n--) tail = COEFFICIENTS[n].high + r.high[i] * tail;
    return tail;
  });
  for (let n = FIRST_SMALL - 1; n >= 1; n--) {
    series = lanes.add(lanes.constant(COEFFICIENTS[n]), lanes.multiply(r, series));
  }
  let p = lanes.multiply(r, series);
  for (let k = 0; k < HALVINGS; k++) p = lanes.add(lanes.times(p, 2), lanes.multiply(p, p));
  return p;
}

/** e^x less a constant: near 0, where that is 1, relative to itself. */
function exponentialLess(lanes: ExactLanes, x: ExactTable, less: 0 | 1): ExactTable {
  const one = lanes.constant(ONE);
  // x − k ln 2 for the nearest whole k.
  const k = (i: number) => Math.round(x.high[i] / LN2_PARTS[0]);
  const rest = LN2_PARTS.reduce(
    (r, part) =>
      lanes.subtract(
        r,
        lanes.made((i) => k(i) * part),
      ),
    x,
  );
  const p = exponentialMinusOneNearZero(lanes, rest);
  const inside = lanes.scaled(lanes.add(one, p), k);
  const whole = lanes.where(
    (i) => x.high[i] <= LARGEST_EXPONENT && !(x.high[i] < SMALLEST_EXPONENT),
    inside,
    lanes.made((i) => Math.exp(x.high[i])),
  );
  if (less === 0) return whole;
  return lanes.where((i) => Math.abs(x.high[i]) < 0.34, p, lanes.subtract(whole, one));
}

export const exponential: LanesFunction = (lanes, x) => exponentialLess(lanes, x, 0);

export const exponentialMinusOne: LanesFunction = (lanes, x) => exponentialLess(lanes, x, 1);

export const square: LanesFunction = (lanes, x) => lanes.multiply(x, x);

export const squareRoot: LanesFunction = (lanes, x) => lanes.squareRoot(x);

export const inverse: LanesFunction = (lanes, x) => lanes.divide(lanes.constant(ONE), x);

export const boseFactor: LanesFunction = (lanes, x) =>
  lanes.where(
    (i) => x.high[i] === 0,
    lanes.constant(ONE),
    lanes.divide(x, exponentialMinusOne(lanes, x)),
  );

export const ohmicEmission: LanesFunction = (lanes, omega, beta, coupling, cutoff) => {
  const scaled = lanes.divide(omega, cutoff);
  const lorentzian = lanes.add(lanes.constant(ONE), lanes.multiply(scaled, scaled));
  const damping = lanes.multiply(beta, lorentzian);
  const strength = lanes.divide(lanes.multiply(coupling, coupling), damping);
  const x = lanes.multiply(beta, lanes.absolute(omega));
  const lower = lanes.multiply(strength, boseFactor(lanes, x));
  const upper = lanes.add(lower, lanes.multiply(strength, x));
  return lanes.where((i) => omega.high[i] >= 0, upper, lower);
};

/** √(h² + v²) */
function hypotenuse(lanes: ExactLanes, h: ExactTable, v: ExactTable): ExactTable {
  const larger = lanes.made((i) => Math.max(Math.abs(h.high[i]), Math.abs(v.high[i])));
  const isInside = (i: number) => larger.high[i] !== 0 && Number.isFinite(larger.high[i]);
  // So that the squares stay in range.
  const exponent = lanes.made((i) => (isInside(i) ? Math.floor(Math.log2(larger.high[i])) : 0));
  const [x, y] = [h, v].map((side) => lanes.scaled(side, (i) => -exponent.high[i]));
  const root = lanes.squareRoot(lanes.add(lanes.multiply(x, x), lanes.multiply(y, y)));
  return lanes.where(
    isInside,
    lanes.scaled(root, (i) => exponent.high[i]),
    larger,
  );
}

/**
 * √(h² + v²), and cosine and sine of the mixing angle of two states with half of their detuning h and coupling v: a
 * device's tables ask for each some dozen times.
 */
const angleOf = (lanes: ExactLanes, h: ExactTable, v: ExactTable) =>
  lanes.kept('angle', [h, v], () => {
    const split = hypotenuse(lanes, h, v);
    const twice = lanes.times(split, 2);
    const isNone = (i: number) => split.high[i] === 0;
    const c = lanes.where(
      isNone,
      lanes.constant(ONE),
      lanes.squareRoot(lanes.divide(lanes.add(split, lanes.absolute(h)), twice)),
    );
    const sine = lanes.divide(v, lanes.multiply(twice, c));
    const s = lanes.where(isNone, lanes.constant(ZERO), withSignOf(lanes, h, sine));
    return { split, c, s };
  });

const withSignOf = (lanes: ExactLanes, h: ExactTable, x: ExactTable): ExactTable =>
  lanes.withSign((i) => h.high[i], x);

export const mixingCosine: LanesFunction = (lanes, h, v) => angleOf(lanes, h, v).c;

export const mixingSine: LanesFunction = (lanes, h, v) => angleOf(lanes, h, v).s;

export const mixingShift: LanesFunction = (lanes, h, v) => {
  const wide = lanes.add(angleOf(lanes, h, v).split, lanes.absolute(h));
  const shift = withSignOf(lanes, h, lanes.divide(lanes.multiply(v, v), wide));
  return lanes.where((i) => wide.high[i] === 0, lanes.constant(ZERO), shift);
};

export const mixingSplitting: LanesFunction = (lanes, h, v) =>
  withSignOf(lanes, h, lanes.times(angleOf(lanes, h, v).split, 2));

/** Cosines and sines of the mixing angles of two pairs, and the product of their splittings with its sign. */
function anglesOf(lanes: ExactLanes, h: ExactTable, other: ExactTable, v: ExactTable) {
  const { c, s } = angleOf(lanes, h, v);
  const { c: c2, s: s2 } = angleOf(lanes, other, v);
  const product = lanes.multiply(mixingSplitting(lanes, h, v), mixingSplitting(lanes, other, v));
  const isOneSign = (i: number) => h.high[i] < 0 === other.high[i] < 0;
  return { c, s, c2, s2, product, isOneSign };
}

export const mixingTurn: LanesFunction = (lanes, h, other, step, v) => {
  const { c, s, c2, s2, product, isOneSign } = anglesOf(lanes, h, other, v);
  const cosine = lanes.add(lanes.multiply(c, c2), lanes.multiply(s, s2));
  const above = lanes.multiply(lanes.times(v, 2), step);
  const near = lanes.where(
    (i) => product.high[i] === 0,
    lanes.constant(ZERO),
    lanes.divide(above, lanes.multiply(product, cosine)),
  );
  const far = lanes.subtract(lanes.multiply(s, c2), lanes.multiply(c, s2));
  return lanes.where(isOneSign, near, far);
};

export const mixingTogether: LanesFunction = (lanes, h, other, step, v) => {
  const { c, s, c2, s2, product, isOneSign } = anglesOf(lanes, h, other, v);
  const difference = lanes.subtract(lanes.multiply(s, c2), lanes.multiply(c, s2));
  const below = lanes.multiply(product, difference);
  const near = lanes.add(lanes.multiply(c, c2), lanes.multiply(s, s2));
  const above = lanes.multiply(lanes.times(v, 2), step);
  const far = lanes.divide(above, below);
  return lanes.where((i) => isOneSign(i) || below.high[i] === 0, near, far);
};
