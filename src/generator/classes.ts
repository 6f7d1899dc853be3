/**
 * Storage of density matrices by diagonals.
 *
 * A class holds every element ⟨ket, l_ket|ρ|bra, l_bra⟩ with given qubit states `ket` and `bra` and
 * given delta = l_ket − l_bra: an array over l_ket. A space is a set of classes laid one after the
 * other in a single vector of complex numbers.
 */
import { QUBIT_STATES } from '../model/operator.js';
import type { Window } from '../model/window.js';

export interface DiagonalClass {
  readonly ket: number;
  readonly bra: number;
  readonly delta: number;
  /** Index (l_ket − lmin) of the class's first element. */
  readonly first: number;
  readonly length: number;
  /** Where the class starts in a vector of the space, in complex numbers. */
  readonly offset: number;
}

export interface Space {
  readonly window: Window;
  readonly classes: readonly DiagonalClass[];
  /** Complex numbers in one vector of this space. */
  readonly size: number;
  /** The position of a class in `classes`, or −1. */
  readonly find: (ket: number, bra: number, delta: number) => number;
}

export interface ClassName {
  readonly ket: number;
  readonly bra: number;
  readonly delta: number;
}

/** One integer per class, for look-ups. */
export const classKey = ({ size }: Window, { ket, bra, delta }: ClassName): number =>
  keyOf(size, ket, bra, delta);

const keyOf = (size: number, ket: number, bra: number, delta: number): number =>
  (ket * QUBIT_STATES + bra) * 2 * size + delta + size;

/** The space made of the given classes, in the given order. */
export function spaceOf(window: Window, names: readonly ClassName[]): Space {
  const classes: DiagonalClass[] = [];
  const positions = new Map<number, number>();
  let offset = 0;
  for (const { ket, bra, delta } of names) {
    const length = window.size - Math.abs(delta);
    positions.set(classKey(window, { ket, bra, delta }), classes.length);
    classes.push({ ket, bra, delta, first: Math.max(0, delta), length, offset });
    offset += length;
  }
  return {
    window,
    classes,
    size: offset,
    // Beyond the window a key would be that of another pair of qubit states.
    find: (ket, bra, delta) =>
      Math.abs(delta) >= window.size
        ? -1
        : (positions.get(keyOf(window.size, ket, bra, delta)) ?? -1),
  };
}

/** Every class of the window: 16(2N − 1) of them, 16N² elements. */
export function fullSpace(window: Window): Space {
  const names: ClassName[] = [];
  for (let ket = 0; ket < QUBIT_STATES; ket++) {
    for (let bra = 0; bra < QUBIT_STATES; bra++) {
      for (let delta = 1 - window.size; delta < window.size; delta++)
        names.push({ ket, bra, delta });
    }
  }
  return spaceOf(window, names);
}

/** The four classes of populations, from which searches start. */
export const populationClasses: readonly ClassName[] = Array.from(
  { length: QUBIT_STATES },
  (_, s) => ({ ket: s, bra: s, delta: 0 }),
);
