/** What a solver needs of a machine: complex vectors, and linear maps that act on them. */
import type { CoupledBand } from '../generator/coupledBand.js';
import type { Generator } from '../generator/generator.js';
import type { Sector } from '../generator/siteMatrix.js';
import type { Complex } from '../operators/operator.js';

export type Precision = 'f32' | 'f64';

/** Stopped on request. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** Called with the share of the work that is done; a promise of false stops. */
export type OnProgress = (share: number) => Promise<boolean>;

/** The vectors that a map is for. */
export type Operand = 'any' | 'hermitian';

/** A linear map made ready for a backend. */
export interface LinearMap<Vector> {
  /** y = A x; x and y are different vectors. */
  apply(x: Vector, y: Vector): Promise<void>;
  release(): void;
  /** Set where a device has the host compute it, so that vectors travel. */
  readonly onHost?: true;
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
  /** A vector of `length` complex zeros. */
  allocate(length: number): Promise<Vector>;
  /** A vector with the given elements. */
  upload(elements: Float64Array): Promise<Vector>;
  /** Overwrites the first elements of a vector, as many as are given. */
  write(elements: Float64Array, vector: Vector): Promise<void>;
  /** The first `count` complex numbers of a vector; all of them by default. */
  download(vector: Vector, count?: number): Promise<Float64Array>;
  release(vector: Vector): void;
  /**
   * y = L x for a generator L.
   * @param of what the x are: of Hermitian ones, whose L x are Hermitian, a backend may compute one of two conjugate
   * elements; anything by default
   */
  prepare(generator: Generator, of?: Operand): Promise<LinearMap<Vector>>;
  /**
   * y = M⁻¹ x for the generator M on some of its sectors, each a block-tridiagonal chain. Of two conjugate
   * sectors one is solved, and y is Hermitian as x is; the elements of y outside the sectors become 0.
   * @throws {SingularMatrixError}
   */
  factorise(generator: Generator, sectors: readonly Sector[]): Promise<LinearMap<Vector>>;
  /**
   * y = M⁻¹ x for a coupled band M, which holds the first elements of its vectors; the others of y stay
   * as they are.
   * @param onProgress called while M is factorised, with the share done; a promise of false stops
   * @throws {SingularMatrixError | StoppedError}
   */
  factoriseBand(band: CoupledBand, onProgress?: OnProgress): Promise<LinearMap<Vector>>;
  /** y ← x. */
  copy(x: Vector, y: Vector): Promise<void>;
  /** x ← a x. */
  scale(a: Complex, x: Vector): Promise<void>;
  /** y ← y + a x. */
  axpy(a: Complex, x: Vector, y: Vector): Promise<void>;
  /** y ← y + Σ_k coefficients[k] xs[k]; y is none of the xs. */
  addMultiples(coefficients: readonly Complex[], xs: readonly Vector[], y: Vector): Promise<void>;
  /** Σ_i conj(x_i) y_i. */
  dot(x: Vector, y: Vector): Promise<Complex>;
  /** Σ_i conj(x_i) y_i for each x of xs, in one read-back. */
  dots(xs: readonly Vector[], y: Vector): Promise<Complex[]>;
  /**
   * Where the backend has less than float64, about twice its precision on the same machine: null where none
   * is right there. Absent where there is nothing of the kind.
   */
  readonly wider?: () => Promise<Wider<Vector> | null>;
  close(): void;
}

/** Vectors in about twice the precision of a backend, and the way from and to the backend's own. */
export interface Wider<Vector> {
  /** The arithmetic, in words. */
  readonly name: string;
  /** By how much an operation is off, relative to its operands. */
  readonly epsilon: number;
  /** Makes the wider vectors and computes with them; closes with the backend that has it. */
  readonly backend: Backend<Vector>;
  /** y = factor · x, rounded, for a wider x. */
  narrow(factor: number, x: Vector, y: Vector): void;
  /** y ← y + factor · x for a wider y. */
  accumulate(factor: number, x: Vector, y: Vector): void;
}

/** ‖x‖. */
export async function vectorNorm<V>(backend: Backend<V>, x: V): Promise<number> {
  return Math.sqrt((await backend.dot(x, x)).re);
}

/** A map that only the host can do, for any backend: the first `count` elements travel there and back. */
export function hostMap<V>(
  backend: Pick<Backend<V>, 'adapter' | 'download' | 'write'>,
  count: number,
  map: (x: Float64Array) => Float64Array,
): LinearMap<V> {
  return {
    apply: async (x, y) => backend.write(map(await backend.download(x, count)), y),
    release: () => {},
    ...(backend.adapter === null ? {} : { onHost: true }),
  };
}
