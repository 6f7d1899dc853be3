/** Correlations and their spectra on whichever window: in the sectors of charges, or by layers. */
import { expectation } from '../state/densityMatrix.js';
import { isWide } from './anyFluctuations.js';
import {
  type CorrelationRequest,
  type Correlations,
  correlate,
  correlationsIn,
  operatorsOf,
} from './correlate.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { layeredSpectrum } from './layeredSpectrum.js';
import type { SpectralSubject } from './spectralSubject.js';

/**
 * As `correlate`, but that spectra of the steady state alone are found by layers on a wide window where no charge that
 * counts levels is conserved.
 * @throws as `correlate`; {StoppedError}
 */
export async function correlateAnywhere(
  subject: SpectralSubject,
  request: CorrelationRequest,
  hooks?: LayeredFluctuationHooks,
): Promise<Correlations> {
  const { frequency, tau, start } = request;
  const { system } = subject;
  if (tau.length > 0 || start !== null || !isWide(system)) return correlate(subject, request);
  const [first, second] = operatorsOf(subject, request);
  const found = await layeredSpectrum(system, first, second, frequency, hooks);
  if (found === null) return correlate(subject, request);
  const { state, spectra } = found;
  return correlationsIn(subject, request, state, {
    means: { a: expectation(state, first), b: expectation(state, second) },
    times: [],
    frequencies: frequency.map((omega, k) => ({ omega, spectrum: spectra[k] })),
  });
}
