/** The paper's device in the sector of its populations: from parameters to the compiled machine. */
import { EigenbasisError } from '../lindblad/eigenbasis.js';
import type { SectorRecord } from '../lindblad/preparedSector.js';
import { type CompiledSector, compiledSector, NoSectorError } from '../lindblad/sectorSolution.js';
import type { SectorState } from '../lindblad/solvedSector.js';
import { activityKey } from '../machine/machine.js';
import { mill } from '../machine/mill.js';
import type { Values } from '../machine/tape.js';
import { valuesOf } from '../model/device.js';
import type { MasterEquation } from '../model/masterEquations/masterEquation.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters } from '../model/parameters.js';
import { ParameterError } from '../model/parameters.js';
import { POTENTIAL_PARAMETERS } from '../model/potentialParameters.js';
import { preparedKey, preparedRecord } from '../model/preparedRecords.js';
import type { Window } from '../operators/window.js';

export { valuesOf } from '../model/device.js';

/** Ω of a device on a window; null where its master equation has none. */
export const cutoffOn = (parameters: DeviceParameters, window: Window): number | null =>
  masterEquationOf(parameters).cutoff?.(window, parameters) ?? null;

/** Whether an error says that a device has no sector to solve in. */
export const isWithoutSector = (error: unknown): error is NoSectorError | EigenbasisError =>
  error instanceof NoSectorError || error instanceof EigenbasisError;

/** @throws {ParameterError} for a device whose charge that counts levels a potential breaks */
export function requireNoPotential(parameters: DeviceParameters, command: string): void {
  const name = POTENTIAL_PARAMETERS.find((one) => parameters[one] !== 0);
  if (name === undefined) return;
  const why = 'with a potential no charge that counts levels is conserved';
  throw new ParameterError(name, parameters[name], `0 for ${command}: ${why}`);
}

/** What is prepared of the machine of a device; null where nothing is. */
export const preparedOf = (parameters: DeviceParameters): SectorRecord | null => {
  const activity = activityKey(mill, valuesOf(parameters, null));
  return preparedSectorOf(masterEquationOf(parameters), activity);
};

const preparedSectorOf = ({ name }: MasterEquation, activity: string): SectorRecord | null =>
  preparedRecord(preparedKey(name, activity))?.sector ?? null;

/** The compiled machine of a device. @param values its numbers */
export const compiledFor = (
  parameters: DeviceParameters,
  values = valuesOf(parameters, null),
): CompiledSector => {
  const equation = masterEquationOf(parameters);
  return compiledSector(mill, equation.of, values, (activity) =>
    preparedSectorOf(equation, activity),
  );
};

export interface MillOptions {
  /** Where the populations are expected to be largest, by its index in the window; by default l = 0. */
  readonly level?: number;
  /** The device's numbers with Ω on this window, where they are known already. */
  readonly values?: Values;
  /** The relative error of a flow from which on more digits are computed; 1e-11 by default. */
  readonly enough?: number | undefined;
}

/**
 * The steady state of a device in its sector.
 * @throws {NoSectorError | EigenbasisError | NonUniqueSteadyStateError}
 */
export const millSteadyState = (
  parameters: DeviceParameters,
  window: Window,
  { level, values = valuesOf(parameters, cutoffOn(parameters, window)), enough }: MillOptions = {},
): SectorState => compiledFor(parameters, values).on(window).steadyState(values, level, enough);
