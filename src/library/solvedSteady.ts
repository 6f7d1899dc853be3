/** A steady state by whatever is asked for, or fits best. */
import type { Backend, Precision } from '../backend/backend.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import type { SolverHooks } from '../simulate/refinedSteady.js';
import { kernelObstacle } from '../simulate/sectorPoints.js';
import {
  type SolverChoice,
  type SolverReport,
  solveSteady,
  spaceOfChoice,
} from '../simulate/solveSteady.js';
import { steadyState } from '../simulate/steady.js';
import type { SteadyState } from '../simulate/steadyState.js';
import type { Engine } from './engine.js';
import type { SolverOptions } from './solverOptions.js';

export interface SteadyRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly solver: Omit<SolverOptions, 'backend'>;
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
  /** Why this space and method. */
  readonly reason: string;
}

/** What those who wait for it may hear and say. */
export type SteadyHooks = Pick<SolverHooks, 'onIteration' | 'onFactorisation' | 'memory' | 'start'>;

const choiceOf = ({ space, dmax, method }: SteadyRequest['solver']): SolverChoice => ({
  space,
  dmax: dmax === 'auto' ? undefined : dmax,
  method,
});

/** Whether it converged is the verdict's to say, in the report. */
const DIRECT: SolverReport = {
  space: 'sector',
  dmax: null,
  bandError: null,
  method: 'direct',
  iterations: 0,
  passes: 0,
  refinement: 'none',
  residualFloor: 0,
  errorEstimate: null,
  converged: true,
  stopped: false,
  preconditionedOnHost: false,
};

function reasonFor({ parameters, solver: { space } }: SteadyRequest): string {
  if (space !== 'auto') return 'as asked for';
  return hasPotential(parameters)
    ? 'V ≠ 0 or V2 ≠ 0 breaks the symmetry of the zero-charge sector; elements far from the diagonal vanish'
    : 'without potential the steady state has no elements outside the zero-charge sector';
}

/**
 * Whether the zero-charge sector is solved directly: an answer at once, without iterations.
 * @throws {ParameterError} for a space that the device does not have
 */
export function isDirect({ parameters, solver }: SteadyRequest): boolean {
  const { method } = solver;
  const isSector = spaceOfChoice(parameters, choiceOf(solver)) === 'sector';
  return isSector && (method === 'auto' || method === 'direct');
}

async function directly(request: SteadyRequest, engine: Engine): Promise<SolvedSteady> {
  const { parameters, truncation, solver: asked } = request;
  const reason = reasonFor(request);
  if (engine.record.isHost) {
    return {
      state: steadyState(parameters, truncation),
      backend: { name: engine.name, adapter: null, precision: 'f64' },
      solver: DIRECT,
      precision: 'elimination without subtractions, float64 on the CPU',
      reason,
    };
  }
  const { precision } = asked;
  const { steadyStateOnDevice } = await import('../simulate/deviceSteady.js');
  const solver = await engine.sectorSolver(precision);
  const arithmetic =
    solver.probe === null ? 'float32' : `double-float (${solver.probe.variant?.name})`;
  return {
    state: await steadyStateOnDevice(solver, parameters, truncation),
    backend: { name: engine.name, adapter: engine.adapter, precision },
    solver: DIRECT,
    precision: `elimination without subtractions, ${arithmetic} on ${engine.adapter}`,
    reason,
  };
}

async function iteratively<V>(
  request: SteadyRequest,
  backend: Backend<V>,
  hooks: SteadyHooks,
): Promise<SolvedSteady> {
  const { parameters, truncation, solver } = request;
  const { precision } = solver;
  const solution = await solveSteady(parameters, truncation, choiceOf(solver), backend, {
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
    backend: { name: backend.name, adapter: backend.adapter, precision },
    precision:
      precision === 'f32'
        ? `${inner}, unrefined`
        : `corrections in ${inner}; residual and solution in ${solution.solver.refinement}`,
    reason: reasonFor(request),
  };
}

/**
 * The steady state that a request asks for.
 * @throws {ParameterError} for what the backend or the device does not have
 * @throws {NoSteadyStateError} where there is none, or not one alone
 */
export async function solveRequested(
  request: SteadyRequest,
  engine: Engine,
  hooks: SteadyHooks = {},
): Promise<SolvedSteady> {
  const { method, precision } = request.solver;
  if (engine.record.hasKernels && method === 'direct') {
    throw new ParameterError(
      'method',
      'direct',
      `another with backend = ${engine.name}: the one factorisation would run on the CPU`,
    );
  }
  const { isHost, hasKernels } = engine.record;
  const hasDirectWay =
    (hasKernels && kernelObstacle(request.parameters) === null) || (isHost && precision === 'f64');
  if (hasDirectWay && hooks.start === undefined && isDirect(request)) {
    return directly(request, engine);
  }
  return engine.on(precision, 'f32', (backend) => iteratively(request, backend, hooks));
}
