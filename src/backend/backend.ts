/** What a solver needs of a machine: complex vectors and generators that act on them. */
import type { Generator } from '../generator/generator.js';
import type { Complex } from '../model/operator.js';

export type Precision = 'f32' | 'f64';

/** A generator made ready for a backend. */
export interface LinearMap<Vector> {
  /** y = L x. */
  apply(x: Vector, y: Vector): Promise<void>;
  release(): void;
}

/**
 * Vectors are the backend's own; on the host a vector is float64, real and imaginary parts interleaved,
 * in the order of a space's classes. Every method may throw the backend's typed errors.
 */
export interface Backend<Vector> {
  readonly name: string;
  /** The device that computes, or null for the host itself. */
  readonly adapter: string | null;
  readonly precision: Precision;
  /** A vector with the given elements. */
  upload(elements: Float64Array): Promise<Vector>;
  download(vector: Vector): Promise<Float64Array>;
  release(vector: Vector): void;
  prepare(generator: Generator): Promise<LinearMap<Vector>>;
  /** y ← y + a x. */
  axpy(a: Complex, x: Vector, y: Vector): Promise<void>;
  /** x ← a x. */
  scale(a: Complex, x: Vector): Promise<void>;
  /** Σ conj(x_i) y_i. */
  dot(x: Vector, y: Vector): Promise<Complex>;
  close(): void;
}

/** ‖x‖. */
export async function vectorNorm<V>(backend: Backend<V>, x: V): Promise<number> {
  return Math.sqrt((await backend.dot(x, x)).re);
}
