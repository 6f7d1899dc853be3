/** What fluctuates in the device that the page shows, kept up with its parameters. */
import { type Remote, wrap } from 'comlink';
import type { NoiseAt } from '../../fluctuations/dynamics.js';
import { hasPotential } from '../../model/potentialParameters.js';
import type { Mode } from '../../spectrum/modes.js';
import { along } from '../map/grid.js';
import { startWorker } from '../startWorker.js';
import { Newest } from '../state/newest.js';
import type { Page } from '../state/page.js';
import type { FluctuatingRequest, FluctuationNumbers, FluctuationWorker } from './protocol.js';

/** Of the noise spectrum, from one end of its axis to the other. */
export const FREQUENCIES = 61;
/** Frequencies of one call: few enough that newer numbers need not wait long for it. */
const PIECE = 8;
/** What takes longer than the numbers waits until the sliders rest for so many milliseconds. */
const SETTLE = 60;

export interface SpectrumRequest extends FluctuatingRequest {
  /** Angular frequencies, the ends of a logarithmic axis. */
  readonly from: number;
  readonly to: number;
}

let started: Remote<FluctuationWorker> | null = null;

/** Started by the first who asks, and kept: what it has compiled serves the next device, too. */
function worker(): Remote<FluctuationWorker> {
  started ??= wrap<FluctuationWorker>(startWorker('fluctuations'));
  return started;
}

export const numbers = new Newest<FluctuatingRequest, FluctuationNumbers>({
  run: (request) => worker().numbers(request),
});

export const modes = new Newest<FluctuatingRequest, readonly Mode[]>({
  run: (request) => worker().modes(request),
  settle: SETTLE,
});

export const spectrum = new Newest<SpectrumRequest, readonly NoiseAt[]>({
  run: async ({ from, to, ...device }, { signal }) => {
    const found: NoiseAt[] = [];
    while (found.length < FREQUENCIES) {
      const count = Math.min(PIECE, FREQUENCIES - found.length);
      const omegas = Array.from({ length: count }, (_, k) =>
        along({ from, to, spacing: 'logarithmic' }, (found.length + k) / (FREQUENCIES - 1)),
      );
      found.push(...(await worker().spectrum(device, omegas)));
      if (signal.aborted) return null;
    }
    return found;
  },
  settle: SETTLE,
});

/** Nothing of it is known with a potential: then nothing is asked. */
export function askFluctuations({ parameters, truncation, settings }: Page): void {
  if (hasPotential(parameters)) {
    leaveFluctuations();
    return;
  }
  const { omegaFrom: from, omegaTo: to } = settings;
  numbers.ask({ parameters, truncation });
  modes.ask({ parameters, truncation });
  spectrum.ask({ parameters, truncation, from, to });
}

export function leaveFluctuations(): void {
  numbers.leave();
  modes.leave();
  spectrum.leave();
}
