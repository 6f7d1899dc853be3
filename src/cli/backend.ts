/** The backend that an option names, or a refusal: one is never replaced by another in silence. */
import { HOST_NAMES, hasBatches, recordOf } from '../backend/registry.js';
import type { SolverOptions } from '../library/solverOptions.js';
import { ParameterError } from '../model/parameters.js';
import { requireGpu } from './engine.js';

/**
 * For commands that choose space, method and precision themselves.
 * @throws {ParameterError} where another one is asked for
 */
export function checkSolverOptions({
  backend,
  space,
  method,
  precision,
  dmax,
}: SolverOptions): void {
  const refuse = (field: string, value: unknown, allowed: string) => {
    throw new ParameterError(field, value, `${allowed} here: this command chooses its own`);
  };
  if (space !== 'auto' && space !== 'sector') refuse('space', space, "'auto' or 'sector'");
  if (method !== 'auto' && method !== 'direct') refuse('method', method, "'auto' or 'direct'");
  if (precision !== 'f64') refuse('precision', precision, "'f64'");
  if (dmax !== 'auto') refuse('dmax', dmax, 'absent');
  if (!hasBatches(backend)) refuse('backend', backend, HOST_NAMES);
}

/**
 * For commands that solve on the CPU alone.
 * @throws {ParameterError} where something else is asked for
 * @throws {NoAdapterError} where the backend could not even be opened
 */
export async function checkBackend(options: SolverOptions): Promise<void> {
  checkSolverOptions(options);
  if (recordOf(options.backend).isHost) return;
  await requireGpu();
  throw new ParameterError(
    'backend',
    options.backend,
    `${HOST_NAMES} here: the steady state is solved directly, and that runs on the CPU only`,
  );
}
