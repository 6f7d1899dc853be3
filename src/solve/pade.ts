/**
 * Padé's approximation N(z)/D(z) of e^z of degrees k − 1 and k: of order 2k − 1, and L-stable, so that
 * what decays faster than a step resolves is damped and not resolved.
 */
import type { Complex } from '../operators/operator.js';

export interface PadeApproximation {
  readonly degree: number;
  /** Zeros of D, in the right half plane: those with a positive imaginary part, and the real one. */
  readonly poles: readonly Complex[];
  readonly realPole: number;
  /** Zeros of N with a positive imaginary part, in the order of the poles they are used with. */
  readonly zeros: readonly Complex[];
}

/** Coefficients of z^j of N (sign +1) and D (sign −1), the constant being 1. */
function coefficients(degree: number, k: number, sign: 1 | -1): number[] {
  const result = [1];
  for (let j = 0; j < degree; j++) {
    result.push((result[j] * sign * (degree - j)) / ((2 * k - 1 - j) * (j + 1)));
  }
  return result;
}

/** p(z)/p'(z). */
function newtonStep(p: readonly number[], { re, im }: Complex): Complex {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let j = p.length - 1; j >= 0; j--) {
    [c, d] = [c * re - d * im + a, c * im + d * re + b];
    [a, b] = [a * re - b * im + p[j], a * im + b * re];
  }
  const norm = c * c + d * d;
  return { re: (a * c + b * d) / norm, im: (b * c - a * d) / norm };
}

/** Every root of a polynomial with real coefficients and simple roots, by Aberth's iteration. */
function roots(p: readonly number[]): Complex[] {
  const n = p.length - 1;
  const radius = Math.abs(p[0] / p[n]) ** (1 / n);
  const z = Array.from({ length: n }, (_, i) => ({
    re: radius * Math.cos((2 * Math.PI * (i + 0.3)) / n),
    im: radius * Math.sin((2 * Math.PI * (i + 0.3)) / n),
  }));
  for (let sweep = 0; sweep < 100; sweep++) {
    let change = 0;
    for (let i = 0; i < n; i++) {
      const s = newtonStep(p, z[i]);
      let re = 0;
      let im = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        const x = z[i].re - z[j].re;
        const y = z[i].im - z[j].im;
        re += x / (x * x + y * y);
        im -= y / (x * x + y * y);
      }
      // s / (1 − s Σ 1/(z_i − z_j))
      const u = 1 - (s.re * re - s.im * im);
      const v = -(s.re * im + s.im * re);
      const norm = u * u + v * v;
      const step = { re: (s.re * u + s.im * v) / norm, im: (s.im * u - s.re * v) / norm };
      z[i] = { re: z[i].re - step.re, im: z[i].im - step.im };
      change = Math.max(change, Math.hypot(step.re, step.im) / radius);
    }
    if (change < 1e-15) break;
  }
  return z;
}

const upper = (all: readonly Complex[], radius: number): Complex[] =>
  all.filter(({ im }) => im > 1e-8 * radius).sort((a, b) => a.im - b.im);

/** @param degree k, odd. */
export function padeApproximation(degree: number): PadeApproximation {
  const all = roots(coefficients(degree, degree, -1));
  const radius = Math.hypot(all[0].re, all[0].im);
  const poles = upper(all, radius);
  const real = all.find(({ im }) => Math.abs(im) <= 1e-8 * radius);
  if (real === undefined || 2 * poles.length + 1 !== degree) {
    throw new Error('the roots of an approximation of the exponential were not found');
  }
  const zeros = upper(roots(coefficients(degree - 1, degree, 1)), radius);
  return { degree, poles, realPole: real.re, zeros };
}
