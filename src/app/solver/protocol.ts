/** What the page asks of the worker that solves. */
import type { BackendName } from '../../backend/registry.js';
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import type { SteadyObservables } from '../../simulate/steady.js';
import type { MapRequest } from '../map/grid.js';

/** What WebGPU offers on the reader's machine. */
export type GpuStatus =
  | { readonly state: 'looking' }
  | { readonly state: 'none'; readonly why: string }
  /** Being opened again. */
  | { readonly state: 'lost'; readonly why: string }
  | {
      readonly state: 'ready';
      readonly adapter: string;
      /** The double-float variant that is right there; null where none is. */
      readonly df64: string | null;
      /** How often the device was lost, and opened again. */
      readonly losses: number;
    };

/** What computed a result, and how. */
export interface Provenance {
  readonly backend: BackendName;
  readonly adapter: string | null;
  /** Of what computes, and of the answer where refinement makes the difference. */
  readonly precision: 'f64' | 'f64 as pairs of f32' | 'f32, refined to f64';
  readonly space: string;
  readonly method: string;
  readonly iterations: number;
  readonly residual: number;
  readonly milliseconds: number;
}

export interface DeviceRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
  readonly backend: BackendName;
}

/** Of what a coarse answer is: coherences up to |δ| = dmax on the levels from lmin to lmax. */
export interface Coarse {
  readonly lmin: number;
  readonly lmax: number;
  readonly dmax: number;
  /** The largest change of an element of the state where coherences a little farther are taken in. */
  readonly change: number;
}

/** At how many angles P(φ) is drawn. */
export const ANGLES = 144;

export interface SteadyResult {
  readonly request: DeviceRequest;
  readonly observables: SteadyObservables;
  /** P(φ) at equally spaced angles from 0; null where it is the same at all of them. */
  readonly angle: readonly number[] | null;
  /** W(l, φ) at the levels of the window and the same angles, one level after the other; null likewise. */
  readonly wigner: Float64Array | null;
  /** Null of the steady state itself; else a first look at it, which is to be refined. */
  readonly coarse: Coarse | null;
  readonly provenance: Provenance;
}

/** The worker's methods, called through Comlink. */
export interface Solver {
  /** Tells the status at once and whenever it changes. */
  watchGpu(tell: (status: GpuStatus) => void): void;
  /** Null where a newer request cancelled it. */
  steady(request: DeviceRequest): Promise<SteadyResult | null>;
  /** A first look, by the CPU, at a device that takes long; null where there is none. */
  coarse(request: DeviceRequest): Promise<SteadyResult | null>;
  /** Points of a map, on the GPU. */
  solve(request: MapRequest, places: Uint32Array): Promise<Float64Array>;
  /** A newer request is waiting: what takes long ends without an answer. */
  cancel(): void;
}
