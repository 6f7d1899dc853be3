/**
 * The derivatives of the functions of functions.ts by each of their arguments, written without differences that
 * cancel: as right as the functions themselves, also where these are nearly 0.
 */
import { boseSlope } from './boseFactor.js';
import { boseFactor, type FunctionName, functionForm, hypotenuse } from './functions.js';

/** Puts the derivatives by the arguments into `out`, in their order. */
type Slopes = (out: Float64Array, a: number, b: number, c: number, d: number) => void;

const ofOne =
  (slope: (x: number) => number): Slopes =>
  (out, x) => {
    out[0] = slope(x);
  };

/** How the mixing angle turns with h and v: dα = (h dv − v dh)/2(h² + v²). */
function turning(h: number, v: number): readonly [byHalf: number, byCoupling: number] {
  const split = hypotenuse(h, v);
  if (split === 0) return [0, 0];
  return [-(v / split) / (2 * split), h / split / (2 * split)];
}

/**
 * How the difference of the mixing angles of two pairs turns with h, step and v, their half detunings being h and
 * h + step. What the second one does by itself is counted to h and step.
 */
function turningApart(h: number, other: number, step: number, v: number): readonly number[] {
  const [first, second] = [hypotenuse(h, v), hypotenuse(other, v)];
  if (first === 0 || second === 0) return [0, 0, 0];
  const scale = step / (2 * first * second);
  const [a, b] = [h / first, v / first];
  const [c, d] = [other / second, v / second];
  return [-scale * (a * d + b * c), d / (2 * second), scale * (a * c - b * d)];
}

/** Of the sine or the cosine of the difference, from the other one of the two. */
function ofDifference(partner: 'mixingTurn' | 'mixingTogether', sign: 1 | -1): Slopes {
  const { float64 } = functionForm(partner);
  return (out, h, other, step, v) => {
    const factor = sign * float64(h, other, step, v);
    const [byHalf, byStep, byCoupling] = turningApart(h, other, step, v);
    out[0] = factor * byHalf;
    out[1] = 0;
    out[2] = factor * byStep;
    out[3] = factor * byCoupling;
  };
}

const ohmicEmission: Slopes = (out, omega, beta, coupling, cutoff) => {
  const scaled = omega / cutoff;
  const damping = 1 + scaled * scaled;
  const x = beta * Math.abs(omega);
  const b = boseFactor.float64(x);
  const slope = boseSlope(x, b);
  // J(ω)(n(ω) + 1) is strength · e(βω)/β, e(x) = b(|x|) and |x| more where x > 0.
  const emission = omega >= 0 ? b + x : b;
  const steepness = omega >= 0 ? 1 + slope : -slope;
  const strength = (coupling * coupling) / damping;
  const byFrequency = (2 * scaled) / cutoff / damping;
  out[0] = strength * steepness - (strength / beta) * emission * byFrequency;
  out[1] = (-strength * (b - x * slope)) / beta / beta;
  out[2] = ((2 * coupling) / damping / beta) * emission;
  out[3] = ((strength / beta) * emission * 2 * scaled * scaled) / cutoff / damping;
};

const SLOPES: { readonly [Name in FunctionName]: Slopes } = {
  square: ofOne((x) => 2 * x),
  squareRoot: ofOne((x) => 0.5 / Math.sqrt(x)),
  exponential: ofOne(Math.exp),
  exponentialMinusOne: ofOne(Math.exp),
  sine: ofOne(Math.cos),
  cosine: ofOne((x) => -Math.sin(x)),
  whole: ofOne(() => 1),
  inverse: ofOne((x) => -1 / x / x),
  mixingCosine: (out, h, v) => {
    const sine = functionForm('mixingSine').float64(h, v);
    const [byHalf, byCoupling] = turning(h, v);
    out[0] = -sine * byHalf;
    out[1] = -sine * byCoupling;
  },
  mixingSine: (out, h, v) => {
    const cosine = functionForm('mixingCosine').float64(h, v);
    const [byHalf, byCoupling] = turning(h, v);
    out[0] = cosine * byHalf;
    out[1] = cosine * byCoupling;
  },
  mixingShift: (out, h, v) => {
    const split = hypotenuse(h, v);
    const shift = functionForm('mixingShift').float64(h, v);
    out[0] = split === 0 ? 0 : -Math.abs(shift) / split;
    out[1] = split === 0 ? 0 : ((h < 0 ? -1 : 1) * v) / split;
  },
  mixingSplitting: (out, h, v) => {
    const split = hypotenuse(h, v);
    out[0] = split === 0 ? 0 : (2 * Math.abs(h)) / split;
    out[1] = split === 0 ? 0 : ((h < 0 ? -2 : 2) * v) / split;
  },
  mixingTurn: ofDifference('mixingTogether', 1),
  mixingTogether: ofDifference('mixingTurn', -1),
  ohmicEmission,
};

/** The most arguments that a function has. */
export const MOST_ARGUMENTS = 4;

/** Derivatives of a function by its arguments. */
export const slopesOf = (name: FunctionName): Slopes => SLOPES[name];
