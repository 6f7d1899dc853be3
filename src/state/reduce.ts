/** Partial traces. */

import { type DiagonalClass, type Space, spaceOf } from '../generator/classes.js';
import { perObject } from '../perObject.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';

const LEVEL = { lmin: 0, lmax: 0, size: 1 };

/** The classes of which a trace sums elements, and the space of what it leaves. */
interface Traced {
  readonly summed: readonly DiagonalClass[];
  readonly left: Space;
}

const ladderTrace = perObject(({ states, classes }: Space): Traced => {
  const summed = classes.filter(({ delta }) => delta === 0);
  return { summed, left: spaceOf({ states, window: LEVEL }, summed) };
});

/** Tr over the ladder of ρ, on a window of the single level 0. */
export function qubitState({ space, elements }: DensityMatrix): DensityMatrix {
  const { summed, left } = ladderTrace(space);
  const reduced = zeros(2 * left.size);
  for (let at = 0; at < summed.length; at++) {
    const { offset, length } = summed[at];
    let re = 0;
    let im = 0;
    for (let p = offset; p < offset + length; p++) {
      re += elements[2 * p];
      im += elements[2 * p + 1];
    }
    reduced[2 * at] = re;
    reduced[2 * at + 1] = im;
  }
  return { space: left, elements: reduced };
}

/** Whether no coherence goes between levels of the ladder alone: its own state is its populations. */
export const isOfLevels = perObject(({ classes }: Space): boolean =>
  classes.every(({ ket, bra, delta }) => ket !== bra || delta === 0),
);

const subsystemTrace = perObject((space: Space): Traced => {
  const within = space.classes.filter(({ ket, bra }) => ket === bra);
  const deltas = [...new Set(within.map(({ delta }) => delta))];
  const left = spaceOf(
    { states: 1, window: space.window },
    deltas.map((delta) => ({ ket: 0, bra: 0, delta })),
  );
  const ofState = (s: number) =>
    deltas.map((delta) => space.find(s, s, delta)).filter((at) => at >= 0);
  const summed = Array.from({ length: space.states }, (_, s) => ofState(s)).flat();
  return { summed: summed.map((at) => space.classes[at]), left };
});

/** Tr over the subsystems of ρ, in classes that name their one state 0. */
export function rotorState({ space, elements }: DensityMatrix): DensityMatrix {
  const { summed, left } = subsystemTrace(space);
  const reduced = zeros(2 * left.size);
  for (const { delta, offset, length } of summed) {
    const to = 2 * left.classes[left.find(0, 0, delta)].offset;
    const end = to + 2 * length;
    for (let i = to, j = 2 * offset; i < end; i++, j++) reduced[i] += elements[j];
  }
  return { space: left, elements: reduced };
}
