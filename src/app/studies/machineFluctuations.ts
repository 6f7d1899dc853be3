/** What fluctuates in a machine that a file describes. */
import type { NoiseAt } from '../../fluctuations/dynamics.js';
import { loadKernels } from '../../lindblad/kernels.js';
import { describedMachine } from '../../machine/description/described.js';
import { EDGE_TOLERANCE } from '../../model/parameters.js';
import { machineFluctuationsOf } from '../../simulate/machineFluctuations.js';
import { defaultValues, machineWindow } from '../../simulate/machineInputs.js';
import { MachineSystem } from '../../simulate/machineSystem.js';
import { sectorVerdict } from '../../simulate/sectorVerdict.js';
import { machineSubject } from '../../simulate/spectralSubject.js';
import type { Mode } from '../../spectrum/modes.js';
import { CUMULANTS, type FluctuationNumbers } from '../fluctuations/protocol.js';
import { FILE, type MachineRequest } from './machineStudy.js';
import type { Report } from './report.js';
import { slowestModes } from './slowestModes.js';

export interface MachineSpectrumRequest extends MachineRequest {
  /** Angular frequencies, rising. */
  readonly omegas: readonly number[];
}

/** The machine at its file's own values and window. */
async function read({ text }: MachineRequest) {
  await loadKernels();
  const described = describedMachine(FILE, text);
  return { described, values: defaultValues(described), window: machineWindow(described) };
}

/** @throws {MachineError | ParameterError | NoSteadyStateError} */
export async function machineNumbers(request: MachineRequest): Promise<FluctuationNumbers> {
  const { described, values, window } = await read(request);
  const begin = performance.now();
  const { betas } = new MachineSystem(described).on(window, values);
  const asked = { order: CUMULANTS };
  const found = await machineFluctuationsOf(described, values, window, betas, asked);
  const { open } = described.ladder;
  const { problems } = sectorVerdict(found, open, EDGE_TOLERANCE.given, begin);
  return { found, problems, milliseconds: performance.now() - begin };
}

/** @throws {MachineError | WideSectorError | NoSteadyStateError} */
export async function machineModes(
  request: MachineRequest,
  report: Report,
): Promise<readonly Mode[]> {
  const { described, values, window } = await read(request);
  return slowestModes(machineSubject(described, values, window, EDGE_TOLERANCE.given), report);
}

/** @throws {MachineError | ParameterError | NoSteadyStateError} */
export async function machineSpectrum(
  { omegas, ...request }: MachineSpectrumRequest,
  report: Report,
): Promise<readonly NoiseAt[]> {
  const { described, values, window } = await read(request);
  const { betas } = new MachineSystem(described).on(window, values);
  const asked = { frequencies: omegas, onFrequency: report, fields: null, waiting: null };
  const all = { order: 1, asked };
  const { dynamics } = await machineFluctuationsOf(described, values, window, betas, all);
  return dynamics?.noise ?? [];
}
