/** Whether the backend asked for can do what is asked: refused rather than replaced. */
import { ParameterError } from '../model/parameters.js';
import type { SolverOptions } from './options.js';

/**
 * @throws {ParameterError} for a named backend that cannot solve this
 * @throws {NoAdapterError} where it could not even be opened
 */
export async function checkBackend({ backend }: SolverOptions): Promise<void> {
  if (backend !== 'webgpu') return;
  const { listAdapters, NoAdapterError } = await import('../backend/webgpu/device.js');
  if ((await listAdapters()).length === 0) throw new NoAdapterError();
  throw new ParameterError(
    'backend',
    'webgpu',
    "'auto' or 'cpu' here: the steady state is solved directly, and that runs on the CPU only",
  );
}
