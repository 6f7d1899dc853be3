/**
 * The state that a dissipator leaves alone, where it is one and of full rank, with its logarithm: of any dissipator, by
 * elimination of all elements at once, in coordinates in which Tr[AB] of Hermitian matrices is a product of vectors.
 */
import { LuDecomposition, Matrix } from 'ml-matrix';
import { eachPlace, populationsOf, type Space } from '../generator/classes.js';
import { disturbances } from '../solve/disturbance.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { eigenOf, product, RealForm } from '../state/realForm.js';

/** Basis states up to which that is done: elimination goes with the sixth power. */
export const MOST_STATES = 24;
/** Pivots below this share of the largest are 0, and weights below this one not known. */
const SINGULAR = 1e-11;
const KNOWN = 1e-10;

/** The places of an element and of its conjugate. */
interface Pair {
  readonly at: number;
  readonly mirror: number;
}

/** Hermitian matrices on all elements as real vectors. */
export class HermitianVectors {
  readonly states: number;
  readonly #diagonal: number[] = [];
  readonly #pairs: Pair[] = [];

  /** @param space with every element */
  constructor(readonly space: Space) {
    this.states = space.states * space.window.size;
    const places = new Map<number, number>();
    eachPlace(space, (row, column, at) => places.set(row * this.states + column, at));
    eachPlace(space, (row, column, at) => {
      if (row === column) this.#diagonal.push(at);
      else if (row < column) {
        this.#pairs.push({ at, mirror: places.get(column * this.states + row) as number });
      }
    });
  }

  get length(): number {
    return this.#diagonal.length + 2 * this.#pairs.length;
  }

  of({ elements }: DensityMatrix): Float64Array {
    return Float64Array.from([
      ...this.#diagonal.map((at) => elements[2 * at]),
      ...this.#pairs.flatMap(({ at }) => [
        Math.SQRT2 * elements[2 * at],
        Math.SQRT2 * elements[2 * at + 1],
      ]),
    ]);
  }

  matrix(x: ArrayLike<number>): DensityMatrix {
    const elements = new Float64Array(2 * this.space.size);
    this.#diagonal.forEach((at, k) => {
      elements[2 * at] = x[k];
    });
    this.#pairs.forEach(({ at, mirror }, k) => {
      const from = this.#diagonal.length + 2 * k;
      const [re, im] = [x[from] * Math.SQRT1_2, x[from + 1] * Math.SQRT1_2];
      [elements[2 * at], elements[2 * at + 1]] = [re, im];
      [elements[2 * mirror], elements[2 * mirror + 1]] = [re, -im];
    });
    return { space: this.space, elements };
  }

  /** A map of matrices, by columns. */
  map(act: (x: DensityMatrix) => DensityMatrix): Matrix {
    const { length } = this;
    const found = Matrix.zeros(length, length);
    const unit = new Float64Array(length);
    for (let k = 0; k < length; k++) {
      unit[k] = 1;
      found.setColumn(k, this.of(act(this.matrix(unit))) as unknown as number[]);
      unit[k] = 0;
    }
    return found;
  }
}

/** What rounding may have done to a number of a map. */
const ROUNDING = 4 * Number.EPSILON;

/** A map with one case of what rounding may have done to it. */
export function disturbedMap(map: Matrix, which: number): Matrix {
  const count = map.rows * map.columns;
  const signs = disturbances((which + 1) * count);
  const found = map.clone();
  for (let i = 0, k = which * count; i < map.rows; i++) {
    for (let j = 0; j < map.columns; j++, k++) {
      found.set(i, j, map.get(i, j) * (1 + ROUNDING * signs[k]));
    }
  }
  return found;
}

const columnOf = (x: Float64Array): Matrix => Matrix.columnVector(x as unknown as number[]);

export class OwnFixedPoint {
  readonly #real: RealForm;
  readonly #weights: readonly number[];
  readonly #eigenvectors: Matrix;
  readonly #bordered: Matrix;
  readonly #trace: Float64Array;

  private constructor(
    private readonly vectors: HermitianVectors,
    bordered: Matrix,
    trace: Float64Array,
    /** π */
    readonly state: Float64Array,
  ) {
    this.#bordered = bordered;
    this.#trace = trace;
    this.#real = new RealForm(vectors.space);
    const { values, vectors: eigen } = eigenOf(this.#real.matrix(vectors.matrix(state).elements));
    this.#weights = values;
    this.#eigenvectors = eigen;
  }

  /** @param map of a dissipator. @returns why there is none that is known */
  static of(vectors: HermitianVectors, map: Matrix): OwnFixedPoint | string {
    const { space, states } = vectors;
    const identity = new Float64Array(2 * space.size);
    for (const { offset, length } of populationsOf(space)) {
      for (let p = offset; p < offset + length; p++) identity[2 * p] = 1;
    }
    const trace = vectors.of({ space, elements: identity });
    const uniform = columnOf(trace.map((x) => x / states));
    // With the trace for the equation that follows from the others.
    const bordered = Matrix.add(map, uniform.mmul(columnOf(trace).transpose()));
    const factors = new LuDecomposition(bordered);
    const pivots = factors.upperTriangularMatrix.diagonal().map(Math.abs);
    if (Math.min(...pivots) <= SINGULAR * Math.max(...pivots)) {
      return 'its jumps leave more than one state alone';
    }
    const state = Float64Array.from(factors.solve(uniform).to1DArray());
    const found = new OwnFixedPoint(vectors, bordered, trace, state);
    const [least, most] = [Math.min(...found.#weights), Math.max(...found.#weights)];
    return least > KNOWN * most
      ? found
      : 'the state that its jumps leave alone is next to singular';
  }

  /** V f V† of π = V p V†, or of what X is between its eigenvectors times f. */
  #between(f: (i: number, j: number) => number, x: Float64Array | null): Float64Array {
    const eigen = this.#eigenvectors;
    const { rows } = eigen;
    const back = eigen.transpose();
    const inner =
      x === null
        ? Matrix.eye(rows)
        : product(back, product(this.#real.matrix(this.vectors.matrix(x).elements), eigen));
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) inner.set(i, j, inner.get(i, j) * f(i, j));
    }
    const elements = this.#real.elements(product(product(eigen, inner), back));
    return this.vectors.of({ space: this.vectors.space, elements });
  }

  /** ln π */
  get logarithm(): Float64Array {
    return this.#between((i, j) => (i === j ? Math.log(this.#weights[i]) : 0), null);
  }

  /** W with Tr[Y d ln π] = Tr[W dπ]. */
  slopeOfLogarithm(y: Float64Array): Float64Array {
    const p = this.#weights;
    const slope = (i: number, j: number) => {
      const apart = (p[i] - p[j]) / p[j];
      // ln(p_i/p_j)/(p_i − p_j)
      return apart === 0 ? 1 / p[j] : Math.log1p(apart) / apart / p[j];
    };
    return this.#between(slope, y);
  }

  /** V with Tr[W dπ] = Tr[V d𝓓 π]. */
  adjoint(w: Float64Array): Float64Array {
    const mean = w.reduce((sum, x, i) => sum + x * this.state[i], 0);
    const right = columnOf(w.map((x, i) => mean * this.#trace[i] - x));
    const factors = new LuDecomposition(this.#bordered.transpose());
    return Float64Array.from(factors.solve(right).to1DArray());
  }
}
