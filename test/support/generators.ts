/** The project's generators and operators as dense matrices of test/support/dense.ts. */

import { apply } from '../../src/generator/apply.js';
import type { Space } from '../../src/generator/classes.js';
import type { Generator } from '../../src/generator/generator.js';
import { type Operator, QUBIT_STATES } from '../../src/operators/operator.js';
import { Dense } from './dense.js';

/** For each element of a space's vector, its place in vec(ρ). */
export function places({ states, window, classes, size }: Space): Int32Array {
  const dimension = states * window.size;
  const at = new Int32Array(size);
  for (const { ket, bra, delta, first, offset, length } of classes) {
    for (let p = 0; p < length; p++) {
      const row = ket * window.size + first + p;
      const column = bra * window.size + first + p - delta;
      at[offset + p] = row * dimension + column;
    }
  }
  return at;
}

/** A vector of a space as a dense matrix; what the space does not hold is 0. */
export function denseState(space: Space, elements: Float64Array): Dense {
  const dimension = space.states * space.window.size;
  const m = new Dense(dimension);
  places(space).forEach((at, i) => {
    m.re[at] = elements[2 * i];
    m.im[at] = elements[2 * i + 1];
  });
  return m;
}

/** A dense matrix as a vector of a space. */
export function spaceVector(space: Space, m: Dense): Float64Array {
  const elements = new Float64Array(2 * space.size);
  places(space).forEach((at, i) => {
    elements[2 * i] = m.re[at];
    elements[2 * i + 1] = m.im[at];
  });
  return elements;
}

/** A generator on the whole space as a dense superoperator, column by column. */
export function denseGenerator(generator: Generator): Dense {
  const { space } = generator;
  const at = places(space);
  const dimension = (space.states * space.window.size) ** 2;
  const result = new Dense(dimension);
  const unit = new Float64Array(2 * space.size);
  for (let j = 0; j < space.size; j++) {
    unit[2 * j] = 1;
    const column = apply(generator, unit);
    unit[2 * j] = 0;
    for (let i = 0; i < space.size; i++) {
      result.re[at[i] * dimension + at[j]] = column[2 * i];
      result.im[at[i] * dimension + at[j]] = column[2 * i + 1];
    }
  }
  return result;
}

/** @param states of the subsystems; the two qubits' by default */
export function denseOperator({ window, transitions }: Operator, states = QUBIT_STATES): Dense {
  const { size } = window;
  const m = new Dense(states * size);
  for (const { to, from, shift, coefficient: c, table } of transitions) {
    for (let i = Math.max(0, -shift); i < Math.min(size, size - shift); i++) {
      const re = table === null ? 1 : table.re[i];
      const im = table === null || table.im === null ? 0 : table.im[i];
      const at = (to * size + i + shift) * states * size + from * size + i;
      m.re[at] += c.re * re - c.im * im;
      m.im[at] += c.re * im + c.im * re;
    }
  }
  return m;
}
