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
import { millSubject } from '../../src/simulate/spectralSubject.js';
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

export const IN_BOTH = { V: 0.7, V2: 0.2 };
export const IN_PAIRS = { V2: 0.6 };

/** Operators A and B, the second the adjoint of the first where it is not given, and a potential: of every kind of sector. */
export const CORRELATED: readonly (readonly [
  a: string,
  b: string | undefined,
  potential: DeviceInput,
])[] = [
  ['Lz', undefined, IN_BOTH],
  ['exp(i*phi)', 'L*cos(phi)', IN_BOTH],
  ['sp(q1)*sm(q2)*exp(i*phi)', undefined, IN_BOTH],
  ['sin(phi)', 'Lz', IN_BOTH],
  ['sp(q1)', undefined, IN_BOTH],
  ['L + sx(q1)', 'sx(q2)*cos(phi) + L', IN_BOTH],
  ['sp(q1)*sp(q2)', 'sx(q1)*sx(q2) + cos(phi)', IN_BOTH],
  ['cos(phi)', undefined, IN_PAIRS],
  ['exp(i*phi) + L', 'L*cos(phi) + cos(2*phi)', IN_PAIRS],
  ['sp(q1)*exp(i*phi)', 'sx(q1)*cos(phi)', IN_PAIRS],
];

/** What correlations in the paper's device are asked of. */
export const subjectOn = (input: DeviceInput, lmin: number, lmax: number) =>
  millSubject(deviceParameters(input), { lmin, lmax, edgeTolerance: 1 });

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
