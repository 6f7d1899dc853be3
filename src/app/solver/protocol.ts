/** What the page asks of the worker that solves. */
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import type { SteadyObservables } from '../../simulate/steady.js';

/** What WebGPU offers on the reader's machine. */
export type GpuStatus =
  | { readonly state: 'none'; readonly why: string }
  | {
      readonly state: 'ready';
      readonly adapter: string;
      /** The double-float variant that is right there; null where none is. */
      readonly df64: string | null;
    };

/** What computed a result, and how. */
export interface Provenance {
  readonly backend: string;
  readonly adapter: string | null;
  readonly precision: 'f32' | 'f64';
  readonly space: string;
  readonly method: string;
  readonly milliseconds: number;
}

export interface DeviceRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
}

export interface SteadyResult {
  readonly request: DeviceRequest;
  readonly observables: SteadyObservables;
  readonly provenance: Provenance;
}

/** The worker's methods, called through Comlink. */
export interface Solver {
  gpu(): Promise<GpuStatus>;
  steady(request: DeviceRequest): Promise<SteadyResult>;
}
