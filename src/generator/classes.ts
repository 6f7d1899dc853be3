/**
 * Storage of density matrices by diagonals.
 *
 * A class holds every element ⟨ket, l_ket|ρ|bra, l_bra⟩ with given states `ket` and `bra` of the
 * subsystems and given delta = l_ket − l_bra: an array over l_ket. A space is a set of classes laid one after the
 * other in a single vector of complex numbers.
 */
import type { Basis } from '../operators/basis.js';
import { perObject } from '../perObject.js';

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

export interface Space extends Basis {
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
export const classKey = (
  { states, window: { size } }: Basis,
  { ket, bra, delta }: ClassName,
): number => (ket * states + bra) * 2 * size + delta + size;

/**
 * The space made of the given classes, in the given order.
 * @throws {RangeError} for a class that has no element on the window
 */
export function spaceOf({ states, window }: Basis, names: readonly ClassName[]): Space {
  const classes: DiagonalClass[] = [];
  // By pair of states: the range of its deltas, and where the positions of those begin.
  const lowest = new Int32Array(states ** 2).fill(window.size);
  const highest = new Int32Array(states ** 2).fill(-window.size);
  let offset = 0;
  for (const { ket, bra, delta } of names) {
    const length = window.size - Math.abs(delta);
    if (length < 1) throw new RangeError(`no levels of ${window.size} are ${delta} apart`);
    const pair = ket * states + bra;
    lowest[pair] = Math.min(lowest[pair], delta);
    highest[pair] = Math.max(highest[pair], delta);
    classes.push({ ket, bra, delta, first: Math.max(0, delta), length, offset });
    offset += length;
  }
  const begin = new Int32Array(states ** 2);
  let places = 0;
  for (let pair = 0; pair < begin.length; pair++) {
    begin[pair] = places - lowest[pair];
    places += Math.max(0, highest[pair] - lowest[pair] + 1);
  }
  const positions = new Int32Array(places).fill(-1);
  classes.forEach(({ ket, bra, delta }, c) => {
    positions[begin[ket * states + bra] + delta] = c;
  });
  return {
    states,
    window,
    classes,
    size: offset,
    find: (ket, bra, delta) => {
      const pair = ket * states + bra;
      if (delta < lowest[pair] || delta > highest[pair]) return -1;
      return positions[begin[pair] + delta];
    },
  };
}

/** Visits every element by the places of its ket and its bra, each `state · levels + level`, and by its own. */
export function eachPlace(
  { classes, window: { size } }: Space,
  visit: (row: number, column: number, at: number) => void,
): void {
  for (const { ket, bra, delta, first, length, offset } of classes) {
    const [row, column] = [ket * size + first, bra * size + first - delta];
    for (let p = 0; p < length; p++) visit(row + p, column + p, offset + p);
  }
}

/** Every class of a basis: of n states n²(2N − 1) of them, n²N² elements. */
export function fullSpace(basis: Basis): Space {
  const { states, window } = basis;
  const names: ClassName[] = [];
  for (let ket = 0; ket < states; ket++) {
    for (let bra = 0; bra < states; bra++) {
      for (let delta = 1 - window.size; delta < window.size; delta++)
        names.push({ ket, bra, delta });
    }
  }
  return spaceOf(basis, names);
}

/** The classes of populations, one for each state, from which searches start. */
export const populationClasses = ({ states }: Basis): ClassName[] =>
  Array.from({ length: states }, (_, s) => ({ ket: s, bra: s, delta: 0 }));

/** The classes of a space that are populations, in the order of their states. */
export const populationsOf = perObject((space: Space): readonly DiagonalClass[] => {
  const found: DiagonalClass[] = [];
  for (let s = 0; s < space.states; s++) {
    const at = space.find(s, s, 0);
    if (at >= 0) found.push(space.classes[at]);
  }
  return found;
});
