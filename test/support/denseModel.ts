/** Operators qubits ⊗ Σ e^{ikφ} f(L_z) as random data, as dense matrices, and through the project. */

import fc from 'fast-check';
import { type Operator, operator, type QubitOperator } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { between } from './arbitrary.js';
import { Dense } from './dense.js';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** c |to⟩⟨from| on the qubits, times e^{i·shift·φ} f(L_z); f by its values, null for 1. */
export interface Factors {
  readonly qubits: readonly {
    readonly to: number;
    readonly from: number;
    readonly value: Complex;
  }[];
  readonly rotor: readonly { readonly shift: number; readonly f: readonly Complex[] | null }[];
}

const complex: fc.Arbitrary<Complex> = fc.record({
  re: between(-2, 2),
  im: fc.oneof(fc.constant(0), between(-2, 2)),
});

/** Widest window of `windows`. */
const WIDEST = 6;

export const factors: fc.Arbitrary<Factors> = fc.record({
  qubits: fc.array(
    fc.record({
      to: fc.integer({ min: 0, max: 3 }),
      from: fc.integer({ min: 0, max: 3 }),
      value: complex,
    }),
    { minLength: 1, maxLength: 5 },
  ),
  rotor: fc.array(
    fc.record({
      shift: fc.integer({ min: -2, max: 2 }),
      f: fc.option(fc.array(complex, { minLength: WIDEST, maxLength: WIDEST })),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** From two levels up, so that some shifts leave the window altogether. */
export const windows = fc
  .tuple(fc.integer({ min: -4, max: 1 }), fc.integer({ min: 2, max: WIDEST }))
  .map(([lmin, size]) => rotorWindow(lmin, lmin + size - 1));

type Window = ReturnType<typeof rotorWindow>;

export function projectOperator(window: Window, { qubits, rotor }: Factors): Operator {
  return operator(
    window,
    qubits as QubitOperator,
    ...rotor.map(({ shift, f }) =>
      f === null ? { shift } : { shift, f: (l: number) => f[l - window.lmin] },
    ),
  );
}

/** The same by Kronecker products: f(L_z) first, then the shift, whose power is that of the cut-off matrix. */
export function denseOfFactors({ size }: Window, { qubits, rotor }: Factors): Dense {
  const onQubits = qubits.reduce(
    (sum, { to, from, value }) =>
      sum.plus(Dense.from(4, (i, j) => (i === to && j === from ? [value.re, value.im] : 0))),
    new Dense(4),
  );
  const up = Dense.from(size, (i, j) => (i === j + 1 ? 1 : 0));
  const onRotor = rotor.reduce((sum, { shift, f }) => {
    const step = shift < 0 ? up.dagger() : up;
    let part = Dense.from(size, (i, j) => (i !== j ? 0 : f === null ? 1 : [f[i].re, f[i].im]));
    for (let k = 0; k < Math.abs(shift); k++) part = step.dot(part);
    return sum.plus(part);
  }, new Dense(size));
  return onQubits.kron(onRotor);
}
