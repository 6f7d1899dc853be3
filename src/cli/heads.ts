/** What reports begin with: the paper's device, or a machine that a file describes. */
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import type { Values } from '../machine/tape.js';
import type { DeviceParameters } from '../model/parameters.js';

/** @param omega Ω; left out where the master equation has none */
export const deviceHead = (
  { model, cutoff: _, ...parameters }: DeviceParameters,
  omega: number | null = null,
) => ({ model, parameters, ...(omega === null ? {} : { cutoff: omega }) });

/** The initial state as it was given, with what is not at its default. @param given the keys that were */
export const initialHead = (given: Readonly<Record<string, unknown>>) => ({
  ...(given.qubits === undefined ? { qubit1: 'thermal', qubit2: 'thermal' } : {}),
  rotor: 0,
  ...given,
});

export const machineHead = ({ name, file, source }: DescribedMachine, parameters: Values) => ({
  machine: { name, file, source },
  parameters,
});
