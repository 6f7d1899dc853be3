/** The backend that an option names, or a refusal: one is never replaced by another in silence. */
import { availableParallelism } from 'node:os';
import type { Backend, Precision } from '../backend/backend.js';
import { ParameterError } from '../model/parameters.js';
import { isHost, type SolverOptions } from './options.js';

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
  if (backend === 'gpujs') refuse('backend', backend, "'auto' or 'cpu'");
}

/**
 * For commands that solve on the CPU alone.
 * @throws {ParameterError} where something else is asked for
 * @throws {NoAdapterError} where the backend could not even be opened
 */
export async function checkBackend(options: SolverOptions): Promise<void> {
  checkSolverOptions(options);
  if (options.backend !== 'webgpu') return;
  const { listAdapters, NoAdapterError } = await import('../backend/webgpu/device.js');
  if ((await listAdapters()).length === 0) throw new NoAdapterError();
  throw new ParameterError(
    'backend',
    'webgpu',
    "'auto' or 'cpu' here: the steady state is solved directly, and that runs on the CPU only",
  );
}

/** The CPU backend, on the threads that there are. */
async function openCpu(threads: number): Promise<Backend<Float64Array>> {
  if (threads === 1) return (await import('../backend/cpu/backend.js')).cpuBackend();
  return (await import('../backend/cpu/threaded.js')).threadedCpuBackend(threads);
}

/** Something to be done on whichever backend there is. */
export type OnBackend<T> = <V>(backend: Backend<V>) => Promise<T>;

/**
 * Opens the backend that solves within a refinement to float64 (or alone, in f32), and closes it.
 * @param onDevice precision of a GPU's own arithmetic
 * @throws {ParameterError | NoAdapterError}
 */
export async function withBackend<T>(
  { backend, precision }: SolverOptions,
  run: OnBackend<T>,
  onDevice: Precision = 'f32',
): Promise<T> {
  if (isHost(backend)) {
    if (precision === 'f32') {
      throw new ParameterError(
        'precision',
        precision,
        "'f64' with backend = cpu, which has no other",
      );
    }
    const cpu = await openCpu(availableParallelism());
    try {
      return await run(cpu);
    } finally {
      cpu.close();
    }
  }
  if (backend === 'gpujs') {
    if (onDevice === 'f64') {
      throw new ParameterError('precision', precision, "'f32' with backend = gpujs here");
    }
    const { gpujsBackend } = await import('../backend/gpujs/backend.js');
    const gpu = await gpujsBackend();
    try {
      return await run(gpu);
    } finally {
      gpu.close();
    }
  }
  const { openDevice } = await import('../backend/webgpu/device.js');
  const { webgpuBackend } = await import('../backend/webgpu/backend.js');
  const gpu = await webgpuBackend(await openDevice(), onDevice);
  try {
    return await run(gpu);
  } finally {
    gpu.close();
  }
}
