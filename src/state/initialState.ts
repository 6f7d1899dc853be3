/** An initial state's elements, by classes. */
import type { ClassName, Space } from '../generator/classes.js';
import { type Complex, conjugate, times } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';

/** ρ_{l l'} of the rotor, on the levels from `lowest` up; 0 elsewhere. */
export type RotorState =
  | { readonly lowest: number; readonly amplitudes: readonly Complex[] }
  | { readonly lowest: number; readonly populations: readonly number[] };

/** A product state of both qubits and the rotor. */
export interface InitialState {
  /** ρ_{ab}, a and b = 2·n1 + n2. */
  readonly qubits: readonly (readonly Complex[])[];
  readonly rotor: RotorState;
}

const NOTHING: Complex = { re: 0, im: 0 };
const isZero = ({ re, im }: Complex): boolean => re === 0 && im === 0;

/** ⟨l|ρ_r|l'⟩. */
function rotorElement(rotor: RotorState, l: number, other: number): Complex {
  if ('populations' in rotor) {
    return l === other ? { re: rotor.populations[l - rotor.lowest] ?? 0, im: 0 } : NOTHING;
  }
  const { amplitudes, lowest } = rotor;
  const ket = amplitudes[l - lowest];
  const bra = amplitudes[other - lowest];
  return ket === undefined || bra === undefined ? NOTHING : times(ket, conjugate(bra));
}

/** The values of l_ket − l_bra that a rotor state has elements at. */
function occupiedDeltas(rotor: RotorState): number[] {
  if ('populations' in rotor) return [0];
  const levels = rotor.amplitudes.flatMap((a, at) => (isZero(a) ? [] : [at]));
  return [...new Set(levels.flatMap((a) => levels.map((b) => a - b)))];
}

/** The classes that an initial state has elements in. */
export function populatedClasses({ qubits, rotor }: InitialState): ClassName[] {
  const deltas = occupiedDeltas(rotor);
  return qubits.flatMap((row, ket) =>
    row.flatMap((value, bra) =>
      isZero(value) ? [] : deltas.map((delta) => ({ ket, bra, delta })),
    ),
  );
}

/** The initial state on a space: what the space's window cuts off is lost. */
export function initialDensityMatrix({ qubits, rotor }: InitialState, space: Space): DensityMatrix {
  const elements = zeros(2 * space.size);
  const { lmin } = space.window;
  for (const { ket, bra, delta, first, offset, length } of space.classes) {
    const value = qubits[ket][bra];
    if (isZero(value)) continue;
    for (let p = 0; p < length; p++) {
      const l = lmin + first + p;
      const { re, im } = times(value, rotorElement(rotor, l, l - delta));
      elements[2 * (offset + p)] = re;
      elements[2 * (offset + p) + 1] = im;
    }
  }
  return { space, elements };
}

/** The weight of a rotor state on levels outside of a window. */
export function weightOutside(rotor: RotorState, { lmin, lmax }: Window): number {
  const weights =
    'populations' in rotor
      ? rotor.populations
      : rotor.amplitudes.map(({ re, im }) => re * re + im * im);
  return weights.reduce((sum, w, i) => {
    const l = rotor.lowest + i;
    return l < lmin || l > lmax ? sum + w : sum;
  }, 0);
}
