/** What an evolution is computed by, from what is asked for. */
import type { Backend } from '../backend/backend.js';
import { cpuBackend } from '../backend/cpu/backend.js';
import type { EvolutionChoice } from '../simulate/evolutionStage.js';
import { type Asked, type Route, solverChoice } from '../simulate/route.js';
import { ChebyshevEvolution } from '../solve/chebyshevEvolution.js';
import type { Engine } from './engine.js';

/** In float32 a distribution's tails are rounding below this. */
export const NOISE = { f32: 1e-7, f64: 0 } as const;

const choiceOn = <V>(asked: Asked, isHost: boolean, backend: Backend<V>): EvolutionChoice => ({
  space: asked.space,
  dmax: solverChoice(asked).dmax,
  direct: isHost,
  noise: NOISE[backend.precision],
  propagator: (...args) => ChebyshevEvolution.open(backend, ...args),
});

/** Runs an evolution by its route, on an engine of the route's backend. */
export function withChoice<T>(
  asked: Asked,
  { method, precision }: Route,
  engine: Engine,
  run: (choice: EvolutionChoice, backend: Backend<unknown>) => Promise<T>,
): Promise<T> {
  const { isHost } = engine.record;
  const runOn = <V>(backend: Backend<V>) =>
    run(choiceOn(asked, isHost, backend), backend as Backend<unknown>);
  // What is solved directly needs no threads.
  if (method === 'rational') return runOn(cpuBackend());
  return engine.on(precision, precision, runOn);
}
