/** Backends by their names, and one that is open. */

export const BACKENDS = ['cpu', 'webgpu', 'gpujs'] as const;

/**
 * cpu: float64. webgpu: a GPU, in float32 refined to float64 or in pairs of float32. gpujs: float32 through
 * gpu.js, which has to be installed, for devices with a potential.
 */
export type BackendName = (typeof BACKENDS)[number];

/** A backend that is open: to be handed to any number of runs, and closed after the last. */
export interface OpenBackend {
  readonly name: BackendName;
  /** The name of the GPU; null on the CPU. */
  readonly adapter: string | null;
  close(): void;
}
