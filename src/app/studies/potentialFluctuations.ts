/** What fluctuates in the device in a potential, at frequencies. */
import type { NoiseAt } from '../../fluctuations/dynamics.js';
import { loadKernels } from '../../lindblad/kernels.js';
import { millSubject } from '../../simulate/spectralSubject.js';
import { millFluctuationsOf } from '../../simulate/steadyFluctuations.js';
import type { Mode } from '../../spectrum/modes.js';
import type { FluctuatingRequest } from '../fluctuations/protocol.js';
import type { Report } from './report.js';
import { slowestModes } from './slowestModes.js';

export { deviceNumbers } from '../fluctuations/numbers.js';

export interface PotentialSpectrumRequest extends FluctuatingRequest {
  /** Angular frequencies, rising. */
  readonly omegas: readonly number[];
}

/** @throws {WideSectorError} where layers come to no answer on a wide window; {ParameterError | NoSteadyStateError} */
export async function potentialModes(
  { parameters, truncation }: FluctuatingRequest,
  report: Report,
): Promise<readonly Mode[]> {
  await loadKernels();
  return slowestModes(millSubject(parameters, truncation), report);
}

/** @throws {ParameterError} where layers come to no answer on a wide window; {NoSteadyStateError} */
export async function potentialSpectrum(
  { parameters, truncation, omegas }: PotentialSpectrumRequest,
  report: Report,
): Promise<readonly NoiseAt[]> {
  await loadKernels();
  const asked = { frequencies: omegas, onFrequency: report, fields: null, waiting: null };
  const { dynamics } = await millFluctuationsOf(parameters, truncation, 1, asked);
  return dynamics?.noise ?? [];
}
