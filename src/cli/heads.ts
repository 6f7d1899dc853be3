/** What reports begin with: the paper's device, or a machine that a file describes. */
import type { DescribedMachine } from '../machine/description/describedMachine.js';
import type { Values } from '../machine/tape.js';
import type { DeviceParameters } from '../model/parameters.js';

/** @param omega Ω; left out where the master equation has none */
export const deviceHead = (
  { model, cutoff: _, ...parameters }: DeviceParameters,
  omega: number | null = null,
) => ({ model, parameters, ...(omega === null ? {} : { cutoff: omega }) });

export const machineHead = ({ name, file, source }: DescribedMachine, parameters: Values) => ({
  machine: { name, file, source },
  parameters,
});
