/** What there is to know of a backend before it is opened. */
import type { Backend, Precision } from './backend.js';
import type { OpenChains, OpenTrajectories } from './batches.js';
import type { ProbeRecord } from './webgpu/probe.js';

/** A GPU, and the variant of double-float arithmetic that its probe found to be right. */
export interface DescribedGpu {
  /** What its driver calls itself. */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  /** Null where no variant is right. */
  readonly df64: string | null;
}

/** A backend that is open. */
export interface Opened {
  /** The name of the machine it is on; null on the CPU. */
  readonly adapter: string | null;
  /** What was found of its double-float arithmetic; null where it has none. */
  readonly probe: (() => Promise<ProbeRecord>) | null;
  /** Null vectors of any machine's chains, many at once; null where it has none. */
  readonly chains: OpenChains | null;
  /** Trajectories, many at once; null where it has none. */
  readonly trajectories: OpenTrajectories | null;
  /** What a result says of the GPU beside its numbers; null on the CPU. */
  described(): Promise<DescribedGpu | null>;
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
