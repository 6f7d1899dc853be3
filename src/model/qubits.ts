/** Operators of the two qubits in the basis |n1 n2⟩, index 2·n1 + n2; σz = 2n − 1. */
import {
  type Operator,
  operator,
  QUBIT_STATES,
  type QubitOperator,
} from '../operators/operator.js';
import { perWindow, type Window } from '../operators/window.js';

export type Qubit = 1 | 2;

const mask = (qubit: Qubit): number => (qubit === 1 ? 2 : 1);
const states = Array.from({ length: QUBIT_STATES }, (_, s) => s);
const real = (value: number) => ({ re: value, im: 0 });

/** Whether the given qubit is up in the given two-qubit state. */
export const isUp = (qubit: Qubit, state: number): boolean => (state & mask(qubit)) !== 0;

export const identity: QubitOperator = states.map((s) => ({ to: s, from: s, value: real(1) }));

/** One operator for each qubit, made once. */
const ofEach = (make: (qubit: Qubit) => QubitOperator) => {
  const operators = { 1: make(1), 2: make(2) };
  return (qubit: Qubit): QubitOperator => operators[qubit];
};

/** σ⁻ = |0⟩⟨1|. */
export const lowering = ofEach((qubit) =>
  states
    .filter((s) => isUp(qubit, s))
    .map((s) => ({ to: s & ~mask(qubit), from: s, value: real(1) })),
);

/** σ1⁺σ2⁻, the qubit part of Eq. (3): |01⟩ → |10⟩. */
export const exchange: QubitOperator = [{ to: 2, from: 1, value: real(1) }];

const populations = states.map((s) =>
  perWindow((window) => operator(window, [{ to: s, from: s, value: real(1) }], { shift: 0 })),
);

/** |s⟩⟨s| of both qubits, whatever the rotor does. */
export const population = (state: number): ((window: Window) => Operator) => populations[state];
