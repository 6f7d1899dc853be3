/** A Lindbladian on a space, split into what conserves the charges that count levels and the rest. */
import type { Space } from '../generator/classes.js';
import type { Generator } from '../generator/generator.js';
import {
  chosenSpace,
  HAMILTONIAN,
  type Lindbladian,
  lindbladian,
  lindbladianOn,
  lindbladRules,
  type SpaceChoice,
} from '../generator/lindbladian.js';
import { commutatorRules } from '../generator/rules.js';
import { nearestFirst } from '../generator/sectorDistance.js';
import { type Symmetry, symmetryOf } from '../generator/symmetry.js';
import type { OpenSystem } from '../model/device.js';
import { sectorSteadyState } from '../solve/sectorSteadyState.js';

export interface SplitLindbladian {
  readonly system: OpenSystem;
  readonly symmetry: Symmetry;
  readonly lindbladian: Lindbladian;
  /** Without the terms that break the symmetry. */
  readonly symmetric: Generator;
  /** The classes of `lindbladian` are in the order of their distance from the populations. */
  readonly space: Space;
}

/** Whether a Hamiltonian has terms that break the symmetry. */
export const isBroken = ({ breaking }: Symmetry): boolean => breaking.transitions.length > 0;

/** Whether populations are coupled to no class far from the diagonal. */
export const hasSector = (symmetry: Symmetry): boolean =>
  symmetry.countsLevels && !isBroken(symmetry);

export function splitLindbladian(system: OpenSystem, choice: SpaceChoice): SplitLindbladian {
  const rules = lindbladRules(system);
  const symmetry = symmetryOf(system);
  const found = chosenSpace(system, rules, choice);
  const whole = lindbladianOn(found, rules);
  if (!isBroken(symmetry)) {
    const space = nearestFirst({ total: whole.total, symmetric: whole.total });
    const ordered = lindbladianOn(space, rules);
    return { system, symmetry, lindbladian: ordered, symmetric: ordered.total, space };
  }
  const symmetricRules = { ...rules, [HAMILTONIAN]: commutatorRules(symmetry.hamiltonian) };
  const symmetric = lindbladianOn(found, symmetricRules).total;
  const space = nearestFirst({ total: whole.total, symmetric });
  return {
    system,
    symmetry,
    lindbladian: lindbladianOn(space, rules),
    symmetric: lindbladianOn(space, symmetricRules).total,
    space,
  };
}

/** A vector of one space on another: what the other does not hold is dropped, what it adds is 0. */
export function embed(from: Space, elements: Float64Array, to: Space): Float64Array {
  const embedded = new Float64Array(2 * to.size);
  for (const { ket, bra, delta, offset, length } of from.classes) {
    const at = to.find(ket, bra, delta);
    if (at < 0) continue;
    embedded.set(elements.subarray(2 * offset, 2 * (offset + length)), 2 * to.classes[at].offset);
  }
  return embedded;
}

/**
 * The steady state without the terms that break the symmetry, by conserving elimination: solutions start from it.
 * @throws {NonUniqueSteadyStateError} where elimination finds none, or more than one
 * @throws {ReachError}
 */
export function symmetricSteadyState(
  { system, symmetry: { hamiltonian } }: Pick<SplitLindbladian, 'system' | 'symmetry'>,
  space: Space,
): Float64Array {
  const { total } = lindbladian({ ...system, hamiltonian }, 'sector');
  return embed(total.space, sectorSteadyState(total, -system.window.lmin), space);
}
