/** A first look at a device that takes long, as the page shows it. */
import { HOST } from '../../backend/registry.js';
import { coarseSteady } from '../../simulate/coarseSteady.js';
import { steadyObservables } from '../../simulate/steady.js';
import { NoSteadyStateError } from '../../solve/verdict.js';
import { angleDensity } from '../../state/angle.js';
import { wignerFunction } from '../../state/wigner.js';
import { ANGLES, type DeviceRequest, type SteadyResult } from './protocol.js';

/** Null where the steady state itself comes as soon, or has to say why there is none. */
export async function solveCoarsely(request: DeviceRequest): Promise<SteadyResult | null> {
  const { parameters, truncation } = request;
  const begin = performance.now();
  try {
    const found = await coarseSteady(parameters, truncation);
    if (found === null) return null;
    const { state, window, dmax, change } = found;
    const observables = steadyObservables(state, truncation);
    return {
      request,
      observables,
      angle: Array.from(angleDensity(state.rho, ANGLES)),
      wigner: wignerFunction(state.rho, ANGLES),
      coarse: { lmin: window.lmin, lmax: window.lmax, dmax, change },
      provenance: {
        backend: HOST,
        adapter: null,
        precision: 'f64',
        space: `coarsely, band |δ| ≤ ${dmax}`,
        method: 'direct',
        iterations: 0,
        residual: observables.residual,
        milliseconds: performance.now() - begin,
      },
    };
  } catch (error) {
    if (error instanceof NoSteadyStateError) return null;
    throw error;
  }
}
