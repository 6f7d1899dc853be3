/** The Lindblad superoperator of an open system, channel by channel. */
import { BATHS, type Bath, type OpenSystem } from '../model/device.js';
import type { Window } from '../model/window.js';
import { type ClassName, fullSpace, type Space } from './classes.js';
import { type Generator, generatorOf } from './generator.js';
import { commutatorRules, dissipatorRules, type Rule } from './rules.js';
import { reachableSpace } from './search.js';

/** What changes the state: the Hamiltonian, and each of the baths. */
export type Channel = 'hamiltonian' | Bath;
export const CHANNELS: readonly Channel[] = ['hamiltonian', ...BATHS];

/** One value for each channel. */
export const eachChannel = <T>(value: (channel: Channel) => T): Record<Channel, T> => ({
  hamiltonian: value('hamiltonian'),
  bath1: value('bath1'),
  bath2: value('bath2'),
  load: value('load'),
});

export type ChannelRules = Readonly<Record<Channel, readonly Rule[]>>;

/** The rules of Eq. (4), with −i[H, ·] and each dissipator kept apart. */
export function lindbladRules({ window, hamiltonian, jumps }: OpenSystem): ChannelRules {
  return {
    hamiltonian: commutatorRules(hamiltonian),
    bath1: dissipatorRules(window, jumps.bath1),
    bath2: dissipatorRules(window, jumps.bath2),
    load: dissipatorRules(window, jumps.load),
  };
}

const allRules = ({ hamiltonian, bath1, bath2, load }: ChannelRules): Rule[] => [
  ...hamiltonian,
  ...bath1,
  ...bath2,
  ...load,
];

/** The zero-charge sector of the populations, a band of it, or the whole space. */
export type SpaceChoice = 'sector' | { readonly maxDelta: number } | 'full';

/** A Lindbladian on a space: its channels, and their sum. */
export interface Lindbladian {
  readonly space: Space;
  readonly channels: Readonly<Record<Channel, Generator>>;
  readonly total: Generator;
}

/**
 * The classes that a choice stands for.
 * @param populated classes that a state has elements in, beside populations
 */
export function chosenSpace(
  window: Window,
  rules: ChannelRules,
  choice: SpaceChoice,
  populated: readonly ClassName[] = [],
): Space {
  if (choice === 'full') return fullSpace(window);
  const maxDelta = choice === 'sector' ? undefined : choice.maxDelta;
  return reachableSpace(window, allRules(rules), maxDelta, populated);
}

/** @param populated classes that a state has elements in, beside populations */
export function lindbladian(
  system: OpenSystem,
  choice: SpaceChoice,
  populated: readonly ClassName[] = [],
): Lindbladian {
  const rules = lindbladRules(system);
  return lindbladianOn(chosenSpace(system.window, rules, choice, populated), rules);
}

/** A Lindbladian's action on the given space; what it sends elsewhere is dropped. */
export function lindbladianOn(space: Space, rules: ChannelRules): Lindbladian {
  const channels = {
    hamiltonian: generatorOf(space, rules.hamiltonian),
    bath1: generatorOf(space, rules.bath1),
    bath2: generatorOf(space, rules.bath2),
    load: generatorOf(space, rules.load),
  };
  const couplings = [
    ...channels.hamiltonian.couplings,
    ...channels.bath1.couplings,
    ...channels.bath2.couplings,
    ...channels.load.couplings,
  ];
  return { space, channels, total: { space, couplings } };
}
