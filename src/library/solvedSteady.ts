/** A steady state by the way that was chosen for it. */
import type { Backend, Precision } from '../backend/backend.js';
import { loadKernels } from '../lindblad/kernels.js';
import type { DeviceParameters, Truncation } from '../model/parameters.js';
import type { SolverHooks } from '../simulate/refinedSteady.js';
import { type Asked, type SteadyRoute, solverChoice } from '../simulate/route.js';
import { solveSteady } from '../simulate/solveSteady.js';
import { steadyState } from '../simulate/steady.js';
import type { SteadyState } from '../simulate/steadyState.js';
import { ELIMINATED, type SolverReport } from '../simulate/systemSteady.js';
import type { Engine } from './engine.js';

export interface SteadyRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly solver: Asked;
}

export interface SolvedSteady {
  readonly state: SteadyState;
  readonly backend: {
    readonly name: string;
    readonly adapter: string | null;
    /** Of the answer. */
    readonly precision: Precision;
  };
  readonly solver: SolverReport;
  /** What computed in which precision, in words. */
  readonly precision: string;
  /** Why this space and method, and why this backend. */
  readonly reason: string;
  readonly backendReason: string;
}

/** What those who wait for it may hear and say. */
export type SteadyHooks = Pick<SolverHooks, 'onIteration' | 'onFactorisation' | 'memory' | 'start'>;

/** Whether it converged is the verdict's to say, in the report. */
const DIRECT: SolverReport = { ...ELIMINATED, method: 'direct', refinement: 'none' };

type Found = Pick<SolvedSteady, 'state' | 'solver' | 'precision'>;

/** Code that is written for many devices takes as long to load and to make as it saves of so many. */
const MANY = 1000;
let eliminations = 0;

async function eliminated({ parameters, truncation }: SteadyRequest): Promise<Found> {
  if (++eliminations === MANY) await loadKernels();
  return {
    state: steadyState(parameters, truncation),
    solver: DIRECT,
    precision: 'elimination without subtractions, float64 on the CPU',
  };
}

async function byKernel({ parameters, truncation, solver: asked }: SteadyRequest, engine: Engine) {
  const { steadyStateOnDevice } = await import('../simulate/deviceSteady.js');
  const { precision } = asked;
  const arithmetic =
    precision === 'f32' ? 'float32' : `double-float (${(await engine.described())?.df64})`;
  return {
    state: await steadyStateOnDevice(engine.openChains, precision, parameters, truncation),
    solver: DIRECT,
    precision: `elimination without subtractions, ${arithmetic} on ${engine.adapter}`,
  };
}

async function iterated<V>(
  { parameters, truncation, solver }: SteadyRequest,
  backend: Backend<V>,
  hooks: SteadyHooks,
): Promise<Found> {
  const { precision } = solver;
  const choice = solverChoice(solver);
  const solution = await solveSteady(parameters, truncation, choice, backend, {
    ...hooks,
    precision,
  });
  const inner =
    backend.adapter === null
      ? 'float64 on the CPU'
      : solution.solver.preconditionedOnHost
        ? `float32 on ${backend.adapter}, preconditioned in float64 on the CPU`
        : `float32 on ${backend.adapter}, the sectors nearest to the populations eliminated in float64 on the CPU`;
  return {
    ...solution,
    precision:
      precision === 'f32'
        ? `${inner}, unrefined`
        : `corrections in ${inner}; residual and solution in ${solution.solver.refinement}`,
  };
}

/**
 * The steady state that a request asks for.
 * @param engine of the route's backend
 * @throws {NoSteadyStateError} where there is none, or not one alone
 */
export async function solveRequested(
  request: SteadyRequest,
  route: SteadyRoute,
  engine: Engine,
  hooks: SteadyHooks = {},
): Promise<SolvedSteady> {
  const { precision } = route;
  const found =
    route.by === 'elimination'
      ? await eliminated(request)
      : route.by === 'kernel'
        ? await byKernel(request, engine)
        : await engine.on(precision, 'f32', (backend) => iterated(request, backend, hooks));
  return {
    ...found,
    backend: { name: engine.name, adapter: engine.adapter, precision },
    reason: route.reason,
    backendReason: route.backendReason,
  };
}
