/** What the page asks of the worker for fluctuations. */
import type { NoiseAt } from '../../fluctuations/dynamics.js';
import type { Fluctuations } from '../../fluctuations/fluctuations.js';
import type { DeviceParameters, Truncation } from '../../model/parameters.js';
import type { Mode } from '../../spectrum/modes.js';

/** How many cumulants of each current are shown. */
export const CUMULANTS = 4;

/** At how many frequencies noise is shown. */
export const FREQUENCIES = 61;

/** Parts of a search for modes by which it is told how far it is. */
export const SEARCHED = 100;

/** The slowest modes of the populations. */
export interface FoundModes {
  /** By rising rate. */
  readonly modes: readonly Mode[];
  /** How many of the first ones are the slowest of all, whatever their frequency. */
  readonly slowest: number;
}

export interface FluctuatingRequest {
  readonly parameters: DeviceParameters;
  readonly truncation: Truncation;
}

export interface FluctuationNumbers {
  readonly found: Fluctuations;
  /** Why they are not to be trusted; none where they are. */
  readonly problems: readonly string[];
  /** Of computing. */
  readonly milliseconds: number;
}

/** The worker's methods, called through Comlink. */
export interface FluctuationWorker {
  /** Means, noise and cumulants. */
  numbers(request: FluctuatingRequest): Promise<FluctuationNumbers>;
  modes(request: FluctuatingRequest): FoundModes;
  /** Noise of each current at angular frequencies. */
  spectrum(request: FluctuatingRequest, omegas: readonly number[]): readonly NoiseAt[];
}
