/** Derivatives of what is observed of a described machine. */
import { localEquation } from '../lindblad/masterEquation.js';
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import { machineModel } from '../machine/description/models.js';
import { level, negative } from '../machine/expression.js';
import type { Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import type { Differential } from '../sensitivity/differential.js';
import {
  type Differentiable,
  MachineSensitivity,
  type SensitivityRequest,
} from '../sensitivity/machineSensitivity.js';
import { gapInSector } from './gapSlopes.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { MachineSystem } from './machineSystem.js';
import { isWithoutSector } from './millSector.js';
import {
  inLayers,
  type Readers,
  type Sensitivities,
  type SolvedMachine,
  sensitivities,
} from './sensitivity.js';

/** The observables of a described machine that have derivatives. @param gap that of the generator */
export function describedReaders<Part>(
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
  return {
    ...Object.fromEntries(
      baths.map((bath) => [`heat.${bath.name}`, differential(() => flow(bath, true))]),
    ),
    ...Object.fromEntries(
      baths.map((bath) => [`work.${bath.name}`, differential(() => flow(bath, false))]),
    ),
    ...Object.fromEntries(
      energies.map(({ name }) => [`energy.${name}`, differential(() => machine.mean(name))]),
    ),
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
  // Where a formula has no number is told with its place in the file.
  const { system } = new MachineSystem(described).on(window, values);
  const request = describedRequest(described, values, window);
  const parameters = described.parameters.map(({ name }) => name);
  const solved = <Part>(
    machine: SolvedMachine & Differentiable<Part>,
    gap: () => Differential | Promise<Differential>,
  ) => {
    const readers = describedReaders(described, machine, gap);
    return sensitivities(request, machine, readers, chosen, parameters, null);
  };
  const inSector = sectorOf(request);
  return inSector === null
    ? inLayers(request, chosen, (layered) => solved(layered, () => layered.gap()), hooks)
    : solved(inSector, () => gapInSector(inSector, system, request));
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
  return { machine, of: localEquation, coupled: hasFormulas ? null : coupled, values, window };
}

/** Null where no charge that counts levels is conserved, or jumps are numbers. */
export function sectorOf(request: SensitivityRequest): MachineSensitivity | null {
  if (request.coupled) return null;
  try {
    return new MachineSensitivity(request);
  } catch (error) {
    if (isWithoutSector(error)) return null;
    throw error;
  }
}
