/** Partial traces. */

import { spaceOf } from '../generator/classes.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';

/** Tr over the ladder of ρ, on a window of the single level 0. */
export function qubitState({ space, elements }: DensityMatrix): DensityMatrix {
  const window = { lmin: 0, lmax: 0, size: 1 };
  const local = space.classes.filter(({ delta }) => delta === 0);
  const reduced = zeros(2 * local.length);
  local.forEach(({ offset, length }, at) => {
    for (let p = offset; p < offset + length; p++) {
      reduced[2 * at] += elements[2 * p];
      reduced[2 * at + 1] += elements[2 * p + 1];
    }
  });
  return { space: spaceOf({ states: space.states, window }, local), elements: reduced };
}

/** Tr over the subsystems of ρ, in classes that name their one state 0. */
export function rotorState({ space, elements }: DensityMatrix): DensityMatrix {
  const deltas = new Set(
    space.classes.filter(({ ket, bra }) => ket === bra).map(({ delta }) => delta),
  );
  const reducedSpace = spaceOf(
    { states: 1, window: space.window },
    [...deltas].map((delta) => ({ ket: 0, bra: 0, delta })),
  );
  const reduced = zeros(2 * reducedSpace.size);
  for (const { delta, offset, length } of reducedSpace.classes) {
    for (let s = 0; s < space.states; s++) {
      const at = space.find(s, s, delta);
      if (at < 0) continue;
      const from = 2 * space.classes[at].offset;
      for (let i = 0; i < 2 * length; i++) reduced[2 * offset + i] += elements[from + i];
    }
  }
  return { space: reducedSpace, elements: reduced };
}
