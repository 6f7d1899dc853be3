/** A density matrix with all of its elements, for products with operators that leave no sector. */
import type { Space } from '../generator/classes.js';
import type { Operator } from '../operators/operator.js';
import type { DensityMatrix } from '../state/densityMatrix.js';

/** Rows and columns by state, then level; row by row, complex numbers interleaved. */
export class DenseState {
  readonly #order: number;

  private constructor(
    private readonly size: number,
    private readonly states: number,
    private readonly elements: Float64Array,
  ) {
    this.#order = states * size;
  }

  static of({ space, elements }: DensityMatrix): DenseState {
    const { states, window } = space;
    const whole = new Float64Array(2 * (states * window.size) ** 2);
    const state = new DenseState(window.size, states, whole);
    state.#forEach(space, (at, element) => {
      whole[2 * at] = elements[2 * element];
      whole[2 * at + 1] = elements[2 * element + 1];
    });
    return state;
  }

  /** Calls with the place of each element of a space here and there. */
  #forEach({ classes }: Space, take: (at: number, element: number) => void): void {
    for (const { ket, bra, delta, first, length, offset } of classes) {
      for (let p = 0; p < length; p++) {
        const row = ket * this.size + first + p;
        take(row * this.#order + bra * this.size + first + p - delta, offset + p);
      }
    }
  }

  /** AρB† */
  between(a: Operator, b: Operator): DenseState {
    const order = this.#order;
    const left = this.#applied(a, this.elements, 1, order);
    // Of (Aρ)B† each row is B* times that row.
    return new DenseState(this.size, this.states, this.#applied(b, left, order, 1));
  }

  /**
   * An operator, conjugated where it acts on the second index, on all vectors of a matrix.
   * @param across from one vector to the next, by places
   * @param along between the elements of one
   */
  #applied(
    { transitions }: Operator,
    x: Float64Array,
    across: number,
    along: number,
  ): Float64Array {
    const y = new Float64Array(x.length);
    const { size } = this;
    const sign = along === 1 ? -1 : 1;
    for (const { to, from, shift, coefficient, table } of transitions) {
      const end = size - Math.max(0, shift);
      for (let l = Math.max(0, -shift); l < end; l++) {
        const u = table === null ? 1 : table.re[l];
        const v = table?.im?.[l] ?? 0;
        const re = coefficient.re * u - coefficient.im * v;
        const im = sign * (coefficient.re * v + coefficient.im * u);
        let source = 2 * (from * size + l) * along;
        let target = 2 * (to * size + l + shift) * along;
        for (let k = 0; k < this.#order; k++, source += 2 * across, target += 2 * across) {
          y[target] += re * x[source] - im * x[source + 1];
          y[target + 1] += re * x[source + 1] + im * x[source];
        }
      }
    }
    return y;
  }

  /** Adds a multiple of it to elements of a space. */
  addTo(elements: Float64Array, space: Space, factor: number): void {
    this.#forEach(space, (at, element) => {
      elements[2 * element] += factor * this.elements[2 * at];
      elements[2 * element + 1] += factor * this.elements[2 * at + 1];
    });
  }
}
