/** What fluctuates in the device that the page shows, kept up with its parameters. */
import { type Remote, wrap } from 'comlink';
import type { NoiseAt } from '../../fluctuations/dynamics.js';
import { hasPotential } from '../../model/potentialParameters.js';
import { along } from '../map/grid.js';
import { startWorker } from '../startWorker.js';
import { Newest } from '../state/newest.js';
import type { Page } from '../state/page.js';
import { inWorker } from '../studies/study.js';
import {
  type FluctuatingRequest,
  type FluctuationNumbers,
  type FluctuationWorker,
  type FoundModes,
  FREQUENCIES,
} from './protocol.js';

/** Frequencies of one call: few enough that newer numbers need not wait long for it. */
const PIECE = 8;
/** What takes longer than the numbers waits until the sliders rest for so many milliseconds, … */
const SETTLE = 60;
/** … and all of it with a potential. */
const SETTLE_LONG = 250;

/** Angular frequencies, the ends of a logarithmic axis. */
export interface Frequencies {
  readonly from: number;
  readonly to: number;
}

export interface SpectrumRequest extends FluctuatingRequest, Frequencies {}

/** The frequencies of noise that have these numbers, from one end of the axis to the other. */
export const omegasOf = ({ from, to }: Frequencies, begin: number, end: number): number[] =>
  Array.from({ length: end - begin }, (_, k) =>
    along({ from, to, spacing: 'logarithmic' }, (begin + k) / (FREQUENCIES - 1)),
  );

let started: Remote<FluctuationWorker> | null = null;

/** Started by the first who asks, and kept: what it has compiled serves the next device, too. */
function worker(): Remote<FluctuationWorker> {
  started ??= wrap<FluctuationWorker>(startWorker('fluctuations'));
  return started;
}

/** With a potential a worker of its own computes for seconds, and ends when a newer device is wanted. */
const isLong = ({ parameters }: FluctuatingRequest): boolean => hasPotential(parameters);

export const numbers = new Newest<FluctuatingRequest, FluctuationNumbers>({
  run: (request, job) =>
    isLong(request)
      ? inWorker(job, (studies) => studies.fluctuations(request))
      : worker().numbers(request),
  settle: (request) => (isLong(request) ? SETTLE_LONG : 0),
});

export const modes = new Newest<FluctuatingRequest, FoundModes>({
  run: (request, job) =>
    isLong(request)
      ? inWorker(job, (studies, report) => studies.modes(request, report))
      : worker().modes(request),
  settle: (request) => (isLong(request) ? SETTLE_LONG : SETTLE),
});

export const spectrum = new Newest<SpectrumRequest, readonly NoiseAt[]>({
  run: async ({ from, to, ...device }, job) => {
    if (isLong(device)) {
      const omegas = omegasOf({ from, to }, 0, FREQUENCIES);
      return inWorker(job, (studies, report) => studies.spectrum(device, omegas, report));
    }
    const found: NoiseAt[] = [];
    while (found.length < FREQUENCIES) {
      const end = Math.min(FREQUENCIES, found.length + PIECE);
      const omegas = omegasOf({ from, to }, found.length, end);
      found.push(...(await worker().spectrum(device, omegas)));
      if (job.signal.aborted) return null;
    }
    return found;
  },
  settle: (request) => (isLong(request) ? SETTLE_LONG : SETTLE),
});

export function askFluctuations({ parameters, truncation, settings }: Page): void {
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
