/** What there is to know of a backend before it is opened. */
import type { Backend, Precision } from './backend.js';
import type { Device } from './webgpu/device.js';

/** A backend that is open. */
export interface Opened {
  /** The name of the machine it is on; null on the CPU. */
  readonly adapter: string | null;
  /** The GPU that runs kernels of shaders/: sectors and trajectories, many at once; null where there is none. */
  readonly kernels: Device | null;
  /** Vectors and products. @throws {PrecisionError} */
  on(precision: Precision): Promise<Backend<unknown>>;
  close(): void;
}

export interface BackendRecord {
  /** Where a reader of the page chooses. */
  readonly title: string;
  /** Whether it is the CPU's own float64: what is solved without iterations is solved there. */
  readonly isHost: boolean;
  /** Whether it runs the kernels of shaders/. */
  readonly hasKernels: boolean;
  /** Its own arithmetic; `any` where it has both. */
  readonly arithmetic: Precision | 'any';
}

/**
 * Opens a backend.
 * @param threads of the CPU
 * @throws {NoAdapterError} where WebGPU finds no GPU
 * @throws {MissingPackageError} where its package is not installed
 */
export type Open = (threads: number) => Promise<Opened>;

/** A promise that is made when it is first asked for. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
