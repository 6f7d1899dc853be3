/** What computes, opened for a command: where there is no GPU, one line says so. */
import { type BackendName, backends } from '../backend/registry.js';
import { withEngine as onEngine } from '../library/backends.js';
import type { Engine } from '../library/engine.js';

/**
 * Lets a process of its own ask for a GPU first: Dawn and the loader of drivers write to stderr what they miss,
 * in lines of theirs. It takes a tenth of a second.
 * @throws {NoAdapterError} where there is none
 */
export async function requireGpu(): Promise<void> {
  const { isWithoutGpu } = await import('./adapters.js');
  if (!(await isWithoutGpu())) return;
  const { NoAdapterError } = await import('../backend/webgpu/errors.js');
  throw new NoAdapterError();
}

/** As the library's, for a backend that is named. @throws {NoAdapterError} */
export async function withEngine<T>(
  { backend }: { readonly backend: BackendName },
  run: (engine: Engine) => Promise<T>,
): Promise<T> {
  if (backends[backend].hasKernels) await requireGpu();
  return onEngine({ backend }, run);
}
