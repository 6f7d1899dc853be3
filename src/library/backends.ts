/** What computes, and what of it there is on this machine. */
import { BACKENDS, type BackendName } from '../backend/registry.js';
import type { AdapterDescription } from '../backend/webgpu/adapters.js';
import { ParameterError } from '../model/parameters.js';
import type { Engine } from './engine.js';
import type { OpenBackend } from './openBackend.js';

export type { AdapterDescription, BackendName, OpenBackend };

export interface BackendOptions {
  /** Threads of the CPU: by default one for each core, and one in a browser. */
  readonly threads?: number | undefined;
}

/** What every run takes to say what computes. */
export interface ComputedBy extends BackendOptions {
  /** A name is opened for the one run. By default the CPU. */
  readonly backend?: BackendName | OpenBackend | undefined;
}

const inNode = (): boolean => typeof process !== 'undefined' && 'node' in process.versions;

/** @throws {ParameterError} */
async function threadsOf(given: number | undefined): Promise<number> {
  if (!inNode()) {
    if (given === undefined || given === 1) return 1;
    throw new ParameterError('threads', given, '1 here: browsers have no threads of Node');
  }
  if (given !== undefined) {
    if (Number.isInteger(given) && given >= 1) return given;
    throw new ParameterError('threads', given, 'an integer ≥ 1');
  }
  return (await import('node:os')).availableParallelism();
}

/** @throws {ParameterError} for a name that there is not, and as `Engine.open` */
async function openEngine(name: BackendName, { threads }: BackendOptions): Promise<Engine> {
  if (!BACKENDS.includes(name)) {
    throw new ParameterError('backend', name, `one of ${BACKENDS.join(', ')}`);
  }
  const { Engine } = await import('./engine.js');
  return Engine.open(name, await threadsOf(threads));
}

/**
 * Opens a backend for several runs.
 * @throws {NoAdapterError} where WebGPU finds no adapter
 * @throws {MissingPackageError} where the backend's package is not installed
 */
export const openBackend = (
  name: BackendName,
  options: BackendOptions = {},
): Promise<OpenBackend> => openEngine(name, options);

/** Runs something on the backend of an option, which is closed again where it was only named. */
export async function withEngine<T>(
  { backend = 'cpu', threads }: ComputedBy,
  run: (engine: Engine) => Promise<T>,
): Promise<T> {
  if (typeof backend === 'object') {
    const { Engine } = await import('./engine.js');
    if (!(backend instanceof Engine)) {
      throw new ParameterError('backend', 'an object', 'a name, or what openBackend has given');
    }
    return run(backend);
  }
  const engine = await openEngine(backend, { threads });
  try {
    return await run(engine);
  } finally {
    engine.close();
  }
}

/**
 * The GPUs that WebGPU offers here, the fastest first; none where there is no WebGPU.
 * @throws {NoAdapterError} where Dawn, the WebGPU of Node, does not load on this system
 * @throws {MissingPackageError} where it is not installed
 */
export async function adapters(): Promise<readonly AdapterDescription[]> {
  return (await import('../backend/webgpu/adapters.js')).listAdapters();
}
