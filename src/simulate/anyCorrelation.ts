/** Correlations and their spectra on whichever window: in the sectors of charges, or by layers. */
import { checkedSystem } from '../generator/checkedSystem.js';
import { hasSector, symmetryOf } from '../generator/symmetry.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Operator } from '../operators/operator.js';
import { appliedTo } from '../spectrum/charged.js';
import type { CorrelationAt, KnownComplex } from '../spectrum/correlation.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { isWide } from './anyFluctuations.js';
import {
  type CorrelationRequest,
  type Correlations,
  correlate,
  correlationsIn,
  operatorsOf,
  requireOnWindow,
} from './correlate.js';
import { layeredCorrelations } from './layeredCorrelation.js';
import { normAtMost, traceNorm } from './layeredEvolution.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import type { LayeredInverse } from './layeredInverse.js';
import { layeredSpectra } from './layeredSpectrum.js';
import { layeredStart } from './layeredStart.js';
import type { SpectralSubject } from './spectralSubject.js';
import { withInverse } from './withInverse.js';

/** By how much a correction may understate what the state is off by. */
const SAFETY = 8;

export interface LayeredCorrelations {
  readonly state: DensityMatrix;
  readonly times: readonly CorrelationAt[];
  readonly spectra: readonly KnownComplex[];
}

type Asked = Omit<CorrelationRequest, 'a' | 'b'>;

/**
 * Correlations of two operators in the steady state, or after an initial one, of a system that conserves no charge which
 * counts levels.
 * @returns null where layers are no way to it
 * @throws {ParameterError} where it takes more memory than there is
 * @throws {StoppedError}
 */
export async function correlateInLayers(
  system: OpenSystem,
  a: Operator,
  b: Operator,
  { tau, frequency, start }: Asked,
  hooks: LayeredFluctuationHooks = {},
): Promise<LayeredCorrelations | null> {
  if (start !== null) {
    const { off, ...begun } = await layeredStart(system, start.initial, start.t, hooks);
    const both = { state: off, acted: normAtMost(b, system.states) * off };
    const acted = { ...begun, isSteady: false, off: both };
    const times = await layeredCorrelations(system, a, b, acted, tau, hooks);
    return { state: begun.state, times, spectra: [] };
  }
  const needs = frequency.length > 0 ? 'frequency' : 'inverse';
  return withInverse(system, hooks, needs, async (solved, inverse, symmetry) => {
    const spectra = await layeredSpectra({ system, symmetry, solved, inverse }, a, b, frequency);
    const { state } = inverse;
    const widest = state.space.classes.reduce(
      (far, { delta }, c) => (solved.layered.leavesOut(c) ? far : Math.max(far, Math.abs(delta))),
      0,
    );
    const off = tau.length === 0 ? { state: 0, acted: 0 } : await offBy(inverse, b);
    const acted = { state, isSteady: true, widest, off };
    return { state, spectra, times: await layeredCorrelations(system, a, b, acted, tau, hooks) };
  });
}

/** What the steady state may be off by, and B times that. */
async function offBy(inverse: LayeredInverse, b: Operator) {
  const correction = await inverse.stateCorrection();
  const { space } = correction;
  const acted = { space, elements: appliedTo(b, correction, space) };
  return { state: SAFETY * traceNorm(correction), acted: SAFETY * traceNorm(acted) };
}

/**
 * As `correlate`, but by layers on a wide window where no charge that counts levels is conserved.
 * @throws as `correlate`; {ParameterError} where it takes more memory than there is; {StoppedError}
 */
export async function correlateAnywhere(
  subject: SpectralSubject,
  request: CorrelationRequest,
  hooks: LayeredFluctuationHooks = {},
): Promise<Correlations> {
  const { frequency, start } = request;
  const { system } = subject;
  if (!isWide(system) || hasSector(symmetryOf(checkedSystem(system)))) {
    return correlate(subject, request);
  }
  const [a, b] = operatorsOf(subject, request);
  if (start !== null) requireOnWindow(start.initial, system.window);
  const found = await correlateInLayers(system, a, b, request, hooks);
  if (found === null) return correlate(subject, request);
  const { state, times, spectra } = found;
  return correlationsIn(subject, request, state, {
    means: { a: expectation(state, a), b: expectation(state, b) },
    times,
    frequencies: frequency.map((omega, k) => ({ omega, spectrum: spectra[k] })),
  });
}
