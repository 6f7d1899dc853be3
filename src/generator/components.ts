/** Which classes a generator connects with each other. */
import type { Space } from './classes.js';
import type { Generator } from './generator.js';

/** The connected sets of classes, each ordered as the space's classes are. */
export interface Components {
  /** Positions of classes in the space, by component. */
  readonly members: readonly (readonly number[])[];
  /** Component of each class. */
  readonly of: Int32Array;
}

export function components({ space, couplings }: Generator): Components {
  const root = Int32Array.from(space.classes, (_, c) => c);
  const find = (c: number): number => {
    let at = c;
    while (root[at] !== at) {
      root[at] = root[root[at]];
      at = root[at];
    }
    return at;
  };
  for (const { sourceClass, targetClass } of couplings) {
    const a = find(sourceClass);
    const b = find(targetClass);
    root[Math.max(a, b)] = Math.min(a, b);
  }
  const members: number[][] = [];
  const of = new Int32Array(space.classes.length);
  for (let c = 0; c < space.classes.length; c++) {
    const r = find(c);
    if (r === c) {
      of[c] = members.length;
      members.push([]);
    } else {
      of[c] = of[r];
    }
    members[of[c]].push(c);
  }
  return { members, of };
}

/**
 * How many steps of the generator each component lies from those that hold populations; infinite for
 * one that is not reached.
 */
export function distances({ members, of }: Components, generator: Generator): Float64Array {
  const { space, couplings } = generator;
  const neighbours = members.map(() => new Set<number>());
  for (const { sourceClass, targetClass } of couplings) {
    neighbours[of[sourceClass]].add(of[targetClass]);
  }
  const distance = new Float64Array(members.length).fill(Number.POSITIVE_INFINITY);
  const queue: number[] = [];
  space.classes.forEach(({ ket, bra, delta }, c) => {
    if (ket !== bra || delta !== 0 || distance[of[c]] === 0) return;
    distance[of[c]] = 0;
    queue.push(of[c]);
  });
  for (const here of queue) {
    for (const next of neighbours[here]) {
      if (distance[next] !== Number.POSITIVE_INFINITY) continue;
      distance[next] = distance[here] + 1;
      queue.push(next);
    }
  }
  return distance;
}

/**
 * The position of each class's conjugate. Conjugate elements have the same place in their classes.
 * @throws {Error} when one is not in the space
 */
export function conjugates({ classes, find }: Space): Int32Array {
  return Int32Array.from(classes, ({ ket, bra, delta }) => {
    const at = find(bra, ket, -delta);
    if (at < 0) throw new Error('the space lacks the conjugate of one of its classes');
    return at;
  });
}
