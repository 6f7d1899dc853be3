/** Derivatives of what is observed of a described machine. */
import { localEquation } from '../lindblad/masterEquation.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { machineModel } from '../machine/description/models.js';
import { level, negative } from '../machine/expression.js';
import type { Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import type { Differentiable, SensitivityRequest } from '../sensitivity/machineSensitivity.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { MachineSystem } from './machineSystem.js';
import {
  type DifferentiatedMachine,
  type Readers,
  type Sensitivities,
  sensitivities,
} from './sensitivity.js';

/** The observables of a described machine that have derivatives. @param gap that of the generator */
function describedReaders<Part>(
  { energies, baths, ladder }: DescribedMachine,
  machine: Differentiable<Part>,
  gap: Readers[string],
): Readers {
  const flow = (bath: DescribedMachine['baths'][number], isHeat: boolean) =>
    machine.flow(
      energies
        .filter((energy) => (energy.isHeat && bath.isHeat) === isHeat)
        .map(({ name }) => name),
      [bath.name],
    );
  const differential = (way: () => readonly Part[]) => () => machine.differential(way());
  const hasTemperatures = baths.every(({ beta, isHeat }) => beta !== null || !isHeat);
  const named = <N extends { readonly name: string }>(
    kind: string,
    all: readonly N[],
    way: (of: N) => readonly Part[],
  ): Readers =>
    Object.fromEntries(all.map((of) => [`${kind}.${of.name}`, differential(() => way(of))]));
  return {
    ...named('heat', baths, (bath) => flow(bath, true)),
    ...named('work', baths, (bath) => flow(bath, false)),
    ...named('energy', energies, ({ name }) => machine.mean(name)),
    // An offset of its own may depend on parameters.
    ...(ladder.symbol === null || ladder.quantity.key !== level.key
      ? {}
      : { ladder: differential(() => machine.mean('level')) }),
    gap,
    ...(hasTemperatures
      ? {
          entropyProduction: differential(() =>
            baths.flatMap((bath) =>
              bath.beta === null ? [] : machine.times(flow(bath, true), negative(bath.beta)),
            ),
          ),
        }
      : {}),
  };
}

/** A described machine on a window, as it is differentiated. */
export const differentiatedMachine = (
  machine: MachineSystem,
  values: Values,
  window: Window,
): DifferentiatedMachine => ({
  request: describedRequest(machine.described, values, window),
  system: () => machine.on(window, values).system,
  parameters: machine.described.parameters.map(({ name }) => name),
  cutoff: null,
  readers: (of, gap) => describedReaders(machine.described, of, gap),
});

/**
 * @param chosen names of observables; null for all
 * @param hooks told of solutions in layers, which they may stop
 * @throws {ParameterError} for a machine that has no derivatives, or for an observable that is not there
 * @throws {MachineError | NonUniqueSteadyStateError}
 */
export async function machineSensitivity(
  described: DescribedMachine,
  values: Values,
  window: Window,
  chosen: readonly string[] | null = null,
  hooks: LayeredFluctuationHooks = {},
): Promise<Sensitivities> {
  const machine = new MachineSystem(described);
  // Where a formula has no number is told with its place in the file.
  machine.on(window, values);
  return sensitivities(differentiatedMachine(machine, values, window), chosen, hooks);
}

/** What a described machine is asked with on a window. */
export function describedRequest(
  { machine, model, baths }: DescribedMachine,
  values: Values,
  window: Window,
): SensitivityRequest {
  const coupled = () =>
    baths.flatMap(({ name, beta, thermal }) =>
      thermal === null || beta === null
        ? []
        : [{ ...{ name, beta }, couplings: [thermal.coupling], rate: thermal.rate }],
    );
  const { hasFormulas } = machineModel(model);
  return {
    ...{ machine, of: localEquation, values, window },
    coupled: hasFormulas ? null : coupled,
    mayCancel: true,
  };
}
