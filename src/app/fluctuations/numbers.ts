/** Means, noise and cumulants of the device's steady state, for a worker. */
import { loadKernels } from '../../lindblad/kernels.js';
import { WITHOUT_END } from '../../simulate/edgeProblems.js';
import { sectorVerdict } from '../../simulate/sectorVerdict.js';
import { millFluctuationsOf } from '../../simulate/steadyFluctuations.js';
import { CUMULANTS, type FluctuatingRequest, type FluctuationNumbers } from './protocol.js';

/** @throws {ParameterError | NoSteadyStateError} */
export async function deviceNumbers({
  parameters,
  truncation,
}: FluctuatingRequest): Promise<FluctuationNumbers> {
  await loadKernels();
  const begin = performance.now();
  const found = await millFluctuationsOf(parameters, truncation, CUMULANTS);
  const { problems } = sectorVerdict(found, WITHOUT_END, truncation.edgeTolerance, begin);
  return { found, problems, milliseconds: performance.now() - begin };
}
