/** A Lindbladian on a space, split into what conserves the charges that count levels and the rest. */
import type { Space } from '../generator/classes.js';
import { couplingsOn, type Generator, moveCouplings } from '../generator/generator.js';
import {
  type ChannelRules,
  chosenSpace,
  eachChannel,
  type Lindbladian,
  lindbladRules,
  type SpaceChoice,
} from '../generator/lindbladian.js';
import {
  nearestFirst,
  type SectorDistances,
  sectorDistances,
} from '../generator/sectorDistance.js';
import { conserves, type Symmetry, symmetryOf } from '../generator/symmetry.js';
import { sectorSteadyState } from '../lindblad/sectorDensityMatrix.js';
import { type OpenSystem, withHamiltonian } from '../operators/openSystem.js';
import { NonUniqueSteadyStateError } from '../solve/conservingElimination.js';
import { embedded } from '../state/embed.js';

export interface SplitLindbladian {
  readonly system: OpenSystem;
  readonly symmetry: Symmetry;
  readonly lindbladian: Lindbladian;
  /** Without the terms that break the symmetry. */
  readonly symmetric: Generator;
  /** The classes of `lindbladian` are in the order of their distance from the populations. */
  readonly space: Space;
  readonly distances: SectorDistances;
}

/** The rules of a system by whether they conserve the charges that count levels, for all of its spaces. */
export interface SplitRules {
  readonly system: OpenSystem;
  readonly symmetry: Symmetry;
  readonly symmetric: ChannelRules;
  readonly breaking: ChannelRules;
}

export function splitRules(system: OpenSystem, symmetry = symmetryOf(system)): SplitRules {
  const rules = lindbladRules(system);
  const those = (kept: boolean) =>
    eachChannel(rules, (own) => own.filter((rule) => conserves(symmetry.counting, rule) === kept));
  return { system, symmetry, symmetric: those(true), breaking: those(false) };
}

/** All of them, those that conserve the charges first. */
export const joinedRules = ({ symmetric, breaking }: SplitRules): ChannelRules =>
  eachChannel(symmetric, (own, channel) => [...own, ...breaking[channel]]);

export function splitLindbladian(rules: SplitRules, choice: SpaceChoice): SplitLindbladian {
  const { system, symmetry } = rules;
  const all = joinedRules(rules);
  const found = chosenSpace(system, all, choice);
  const kept = eachChannel(rules.symmetric, (own) => couplingsOn(found, own));
  const broken = eachChannel(rules.breaking, (own) => couplingsOn(found, own));
  const conserving = Object.values(kept).flat();
  const breaking = Object.values(broken).flat();
  const { space, distances } = nearestFirst(
    found,
    sectorDistances({ space: found, couplings: conserving }, breaking),
  );
  moveCouplings(conserving, found, space);
  moveCouplings(breaking, found, space);
  const channels = eachChannel(kept, (own, channel) => ({
    space,
    couplings: [...own, ...broken[channel]],
  }));
  const symmetric = { space, couplings: conserving };
  const total =
    breaking.length === 0
      ? symmetric
      : { space, couplings: Object.values(channels).flatMap(({ couplings }) => couplings) };
  return { system, symmetry, lindbladian: { space, channels, total }, symmetric, space, distances };
}

/**
 * The steady state without the terms that break the symmetry, by conserving elimination: solutions start from it.
 * @throws {NonUniqueSteadyStateError} where elimination finds none, or more than one
 */
export function symmetricSteadyState(
  { system, symmetry: { hamiltonian } }: Pick<SplitLindbladian, 'system' | 'symmetry'>,
  space: Space,
): Float64Array {
  const state = sectorSteadyState(withHamiltonian(system, hamiltonian));
  if (state === null) {
    throw new NonUniqueSteadyStateError('no charge that counts levels by ones is conserved');
  }
  return embedded(state, space).elements;
}
