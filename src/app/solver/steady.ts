/** One device's steady state, on the backend that the reader chose: never on another in its place. */

import type { Backend } from '../../backend/backend.js';
import { openers } from '../../backend/openers.js';
import { BATCH_NAMES, recordOf } from '../../backend/registry.js';
import { Breath } from '../../breath.js';
import { ParameterError } from '../../model/parameters.js';
import { hasPotential } from '../../model/potentialParameters.js';
import { steadyRoute } from '../../simulate/route.js';
import { steadyObservables, steadyState } from '../../simulate/steady.js';
import type { SteadyState } from '../../simulate/steadyState.js';
import { angleDensity } from '../../state/angle.js';
import { recycling } from '../../zeros.js';
import { onGpu } from './gpu.js';
import { ANGLES, type DeviceRequest, type Provenance, type SteadyResult } from './protocol.js';

/**
 * A newer request lets one that is this young end: the page then moves while a slider does. With a potential that is
 * done by coarse answers.
 */
const YOUNG_MS = 300;
/** Milliseconds that iterations go on without a look at the messages. */
const ATTENTION_MS = 20;

/** The page leaves the way to the chooser. */
const UNASKED = { space: 'auto', dmax: 'auto', method: 'auto', precision: 'f64' } as const;

let newest = 0;

export function cancelSteady(): void {
  newest++;
}

type Found = Pick<SteadyResult, 'observables' | 'angle' | 'wigner'> & {
  readonly provenance: Omit<Provenance, 'milliseconds'>;
};

/** A state of the zero-charge sector, in which no angle is another than the others. */
function inSector(
  state: SteadyState,
  { truncation, backend }: DeviceRequest,
  by: Pick<Provenance, 'adapter' | 'precision'>,
): Found {
  const observables = steadyObservables(state, truncation);
  const { residual } = observables;
  return {
    observables,
    angle: null,
    wigner: null,
    provenance: { backend, ...by, space: 'sector', method: 'direct', iterations: 0, residual },
  };
}

/** The direct solution, for devices without potential. */
const direct = (request: DeviceRequest): Found =>
  recycling(() =>
    inSector(steadyState(request.parameters, request.truncation), request, {
      adapter: null,
      precision: 'f64',
    }),
  );

/** The same on the GPU. */
const directOnGpu = (request: DeviceRequest): Promise<Found> =>
  onGpu(async ({ adapter, chains }) => {
    const { parameters, truncation } = request;
    const { steadyStateOnDevice } = await import('../../simulate/deviceSteady.js');
    const state = await steadyStateOnDevice(chains, 'f64', parameters, truncation);
    return inSector(state, request, { adapter, precision: 'f64 as pairs of f32' });
  });

/** By iteration on a backend, refined in float64. */
async function iterative<V>(
  { parameters, truncation, backend: name }: DeviceRequest,
  backend: Backend<V>,
  mine: number,
): Promise<Found | null> {
  const end = hasPotential(parameters) ? 0 : performance.now() + YOUNG_MS;
  const breath = new Breath(ATTENTION_MS);
  const isWanted = async () => {
    await breath.taken();
    return mine === newest || performance.now() < end;
  };
  // Most devices are solved without it.
  const { solveSteady } = await import('../../simulate/solveSteady.js');
  const { wignerFunction } = await import('../../state/wigner.js');
  const { state, solver } = await solveSteady(
    parameters,
    truncation,
    { space: 'auto', method: 'auto' },
    backend,
    { onIteration: isWanted, onFactorisation: isWanted },
  );
  if (solver.stopped) return null;
  const observables = steadyObservables(state, truncation);
  if (!solver.converged) {
    throw new Error(
      `not converged: ‖𝓛ρ‖ is ${observables.residual.toExponential(1)} after ${solver.iterations} iterations`,
    );
  }
  const space = solver.dmax === null ? solver.space : `${solver.space} |δ| ≤ ${solver.dmax}`;
  return {
    observables,
    angle: Array.from(angleDensity(state.rho, ANGLES)),
    wigner: wignerFunction(state.rho, ANGLES),
    provenance: {
      backend: name,
      adapter: backend.adapter,
      precision: backend.precision === 'f64' ? 'f64' : 'f32, refined to f64',
      space,
      method: solver.method,
      iterations: solver.iterations,
      residual: observables.residual,
    },
  };
}

async function onBackend(request: DeviceRequest, mine: number): Promise<Found | null> {
  const { parameters, truncation, backend: name } = request;
  const { by, space } = steadyRoute(parameters, truncation, { ...UNASKED, backend: name });
  if (by === 'elimination') return direct(request);
  if (by === 'kernel') return directOnGpu(request);
  if (recordOf(name).hasKernels) return onGpu(({ backend }) => iterative(request, backend, mine));
  if (space === 'sector') {
    const allowed = `${BATCH_NAMES} without a potential: the steady state is solved directly then`;
    throw new ParameterError('backend', name, allowed);
  }
  const opened = await openers[name](1);
  try {
    return await iterative(request, await opened.on('f32'), mine);
  } finally {
    opened.close();
  }
}

/** Null where a newer request cancelled it. */
export async function solve(request: DeviceRequest): Promise<SteadyResult | null> {
  const mine = newest;
  const begin = performance.now();
  const found = await onBackend(request, mine);
  if (found === null) return null;
  const { provenance, ...rest } = found;
  const milliseconds = performance.now() - begin;
  return { request, ...rest, coarse: null, provenance: { ...provenance, milliseconds } };
}
