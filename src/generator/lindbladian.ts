/** The Lindblad superoperator of an open system, channel by channel. */
import type { Basis } from '../operators/basis.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { type ClassName, fullSpace, type Space } from './classes.js';
import { type Generator, generatorOf } from './generator.js';
import { commutatorRules, dissipatorRules, type Rule } from './rules.js';
import { reachableSpace } from './search.js';

/** What changes the state, by name: 'hamiltonian', and each of the baths. */
export type Channel = string;

/** The one channel that every system has. */
export const HAMILTONIAN = 'hamiltonian';

/** Something for each channel of a system, the Hamiltonian first and the baths in their order. */
export type PerChannel<T> = Readonly<Record<Channel, T>>;

/** One value for each channel, from another. */
export function eachChannel<S, T>(
  channels: PerChannel<S>,
  value: (of: S, channel: Channel) => T,
): PerChannel<T> {
  const values: Record<Channel, T> = {};
  for (const channel in channels) values[channel] = value(channels[channel], channel);
  return values;
}

export type ChannelRules = PerChannel<readonly Rule[]>;

/** The rules of Eq. (4), with −i[H, ·] and each dissipator kept apart. */
export function lindbladRules({ window, hamiltonian, jumps }: OpenSystem): ChannelRules {
  const rules: Record<Channel, readonly Rule[]> = { [HAMILTONIAN]: commutatorRules(hamiltonian) };
  for (const bath in jumps) rules[bath] = dissipatorRules(window, jumps[bath]);
  return rules;
}

export const allRules = (rules: ChannelRules): Rule[] => Object.values(rules).flat();

/** The zero-charge sector of the populations, a band of it, or the whole space. */
export type SpaceChoice = 'sector' | { readonly maxDelta: number } | 'full';

/** A Lindbladian on a space: its channels, and their sum. */
export interface Lindbladian {
  readonly space: Space;
  readonly channels: PerChannel<Generator>;
  readonly total: Generator;
}

/**
 * The classes that a choice stands for.
 * @param populated classes that a state has elements in, beside populations
 */
export function chosenSpace(
  basis: Basis,
  rules: ChannelRules,
  choice: SpaceChoice,
  populated: readonly ClassName[] = [],
): Space {
  if (choice === 'full') return fullSpace(basis);
  const maxDelta = choice === 'sector' ? undefined : choice.maxDelta;
  return reachableSpace(basis, allRules(rules), maxDelta, populated);
}

/** @param populated classes that a state has elements in, beside populations */
export function lindbladian(
  system: OpenSystem,
  choice: SpaceChoice,
  populated: readonly ClassName[] = [],
): Lindbladian {
  const rules = lindbladRules(system);
  return lindbladianOn(chosenSpace(system, rules, choice, populated), rules);
}

/** A Lindbladian's action on the given space; what it sends elsewhere is dropped. */
export function lindbladianOn(space: Space, rules: ChannelRules): Lindbladian {
  const channels = eachChannel(rules, (own) => generatorOf(space, own));
  const couplings = Object.values(channels).flatMap((own) => own.couplings);
  return { space, channels, total: { space, couplings } };
}
