/** What an evolution is computed by, from what is asked for. */
import type { Backend } from '../backend/backend.js';
import { cpuBackend } from '../backend/cpu/backend.js';
import { type DeviceParameters, ParameterError } from '../model/parameters.js';
import { hasPotential } from '../model/potentialParameters.js';
import type { EvolutionChoice } from '../simulate/evolutionStage.js';
import { ChebyshevEvolution } from '../solve/chebyshevEvolution.js';
import type { Engine } from './engine.js';
import type { SolverOptions } from './solverOptions.js';

/** In float32 a distribution's tails are rounding below this. */
export const NOISE = { f32: 1e-7, f64: 0 } as const;

type Asked = Omit<SolverOptions, 'backend'>;

function choiceOn<V>(
  { space, dmax, method }: Asked,
  isHost: boolean,
  backend: Backend<V>,
): EvolutionChoice {
  if (method !== 'auto' && method !== 'direct') {
    throw new ParameterError('method', method, "'auto' or 'direct' for an evolution");
  }
  if (method === 'direct' && !isHost) {
    const allowed = `'auto' on ${backend.name}: sectors are solved on the CPU`;
    throw new ParameterError('method', method, allowed);
  }
  return {
    space,
    dmax: dmax === 'auto' ? undefined : dmax,
    direct: isHost,
    noise: NOISE[backend.precision],
    propagator: (...args) => ChebyshevEvolution.open(backend, ...args),
  };
}

/**
 * Runs an evolution on an engine.
 * @throws {ParameterError} for what the backend does not have
 */
export function withChoice<T>(
  parameters: DeviceParameters,
  asked: Asked,
  engine: Engine,
  run: (choice: EvolutionChoice, backend: Backend<unknown>) => Promise<T>,
): Promise<T> {
  const { space, precision } = asked;
  const { isHost } = engine.record;
  const runOn = <V>(backend: Backend<V>) =>
    run(choiceOn(asked, isHost, backend), backend as Backend<unknown>);
  const inSectors = !hasPotential(parameters) && (space === 'auto' || space === 'sector');
  // What is solved directly needs no threads.
  if (inSectors && isHost && precision === 'f64') return runOn(cpuBackend());
  return engine.on(precision, precision, runOn);
}
