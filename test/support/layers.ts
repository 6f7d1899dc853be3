/** Devices and machines that conserve no charge which counts levels, and what is known of them in layers. */
import type { Fluctuations } from '../../src/fluctuations/fluctuations.js';
import type { Values } from '../../src/machine/tape.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { sum } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { layeredFluctuations } from '../../src/simulate/layeredFluctuations.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { fluctuatingDevice } from '../../src/simulate/millFluctuations.js';
import type { WholeRequest } from '../../src/simulate/wholeFluctuations.js';
import { galleryMachine } from './machines.js';

type Window = readonly [lmin: number, lmax: number];

/** A device whose rotor stays near l = 0, so that few levels hold it. */
export const NEAR_REST = {
  gamma: 0.05,
  betaR: 2,
  B1: 0.8,
  B2: 0.5,
  beta2: 0.4,
  g: 0.8,
  I: 1.3,
  lambda: 0.4,
};

/** The paper's device in a potential. */
export function deviceOn(input: DeviceInput, [lmin, lmax]: Window, order = 4): WholeRequest {
  const parameters = deviceParameters(input);
  const window = rotorWindow(lmin, lmax);
  const { system, energies, cutoff } = device(parameters, window);
  const heat = sum(window, energies.qubit1, energies.qubit2, energies.kinetic);
  return { system, heat, betas: fluctuatingDevice(parameters, window, cutoff).betas, order };
}

export function pistonOn(changes: Values, [lmin, lmax]: Window, order = 4): WholeRequest {
  const machine = galleryMachine('piston');
  const values = { ...defaultValues(machine), ...changes };
  const found = new MachineSystem(machine).on(rotorWindow(lmin, lmax), values);
  return { system: found.system, heat: found.energies.kinetic, betas: found.betas, order };
}

/** @throws where layers are no way to it */
export async function inLayers(request: WholeRequest): Promise<Fluctuations> {
  const found = await layeredFluctuations(request);
  if (found === null) throw new Error('it is not found in layers');
  return found;
}
