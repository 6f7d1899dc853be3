/** Interleaved complex vectors. */
import type { Complex } from '../operators/operator.js';

export function norm(x: Float64Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return Math.sqrt(sum);
}

/** Σ ā b */
export function inner(a: Float64Array, b: Float64Array): Complex {
  let [re, im] = [0, 0];
  for (let i = 0; i < a.length; i += 2) {
    re += a[i] * b[i] + a[i + 1] * b[i + 1];
    im += a[i] * b[i + 1] - a[i + 1] * b[i];
  }
  return { re, im };
}

/** |⟨a, b⟩|/(‖a‖‖b‖) */
export function overlap(a: Float64Array, b: Float64Array): number {
  const { re, im } = inner(a, b);
  return Math.hypot(re, im) / (norm(a) * norm(b));
}

/** ‖y − zx‖/‖x‖ */
export function vectorDistance(y: Float64Array, { re, im }: Complex, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += 2) {
    sum += (y[i] - re * x[i] + im * x[i + 1]) ** 2;
    sum += (y[i + 1] - re * x[i + 1] - im * x[i]) ** 2;
  }
  return Math.sqrt(sum) / norm(x);
}
