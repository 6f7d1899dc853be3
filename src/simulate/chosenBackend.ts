/** What `auto` takes for a backend, by a model of the time on the CPU, and why. */
import { type BackendChoice, type BackendName, HOST } from '../backend/registry.js';

export interface ChosenBackend {
  readonly name: BackendName;
  /** Why, in words. */
  readonly reason: string;
}

/** What of a run takes its time. */
export type Work = 'elimination' | 'band' | 'full' | 'rational' | 'eigenstates';

/**
 * Seconds on one core at 61 levels, and the power of the number of levels by which they grow: measured
 * (docs/explanation/performance.md), and a model for any other core.
 */
const ONE_CORE: Readonly<Record<Work, { readonly seconds: number; readonly power: number }>> = {
  elimination: { seconds: 3.1e-4, power: 0.82 },
  band: { seconds: 8.7e-2, power: 1.23 },
  full: { seconds: 0.32, power: 2 },
  rational: { seconds: 1.6e-2, power: 0.96 },
  // Far from as many levels: 0.6 s at 5 of them, 10 s at 13.
  eigenstates: { seconds: 1e3, power: 3 },
};
const LEVELS = 61;

/** What a GPU takes before its first answer, at the least: to be opened, and for its kernels to be compiled. */
const GPU_START_SECONDS = 1;

export const secondsOnOneCore = (work: Work, levels: number): number =>
  ONE_CORE[work].seconds * (levels / LEVELS) ** ONE_CORE[work].power;

export function inSeconds(seconds: number): string {
  const rounded = Number(seconds.toPrecision(2));
  if (rounded < 1e-3) return `${Number((1e6 * rounded).toPrecision(2))} µs`;
  return rounded < 1 ? `${Number((1e3 * rounded).toPrecision(2))} ms` : `${rounded} s`;
}

const NAMED = 'as asked for';

/**
 * The backend of one run. No GPU is taken unasked: what one would take depends on the adapter, and no model of it is
 * known. What may be tried is said.
 * @param levels of its window, or of the one with which the search for one begins
 */
export function chosenBackend(choice: BackendChoice, work: Work, levels: number): ChosenBackend {
  if (choice !== 'auto') return { name: choice, reason: NAMED };
  const seconds = secondsOnOneCore(work, levels);
  const modelled = `auto: about ${inSeconds(seconds)} on one core, by a model of the paper's machine, with N = ${levels}`;
  const beside =
    seconds < GPU_START_SECONDS
      ? `a GPU takes ${GPU_START_SECONDS} s to start`
      : 'a GPU may take less: name it to try';
  return { name: HOST, reason: `${modelled}; ${beside}` };
}

/** The same for what has no model: one of the CPU's own ways. @param because in words */
export const hostUnlessNamed = (choice: BackendChoice, because: string): ChosenBackend =>
  choice === 'auto' ? { name: HOST, reason: `auto: ${because}` } : { name: choice, reason: NAMED };

/** The backend of a described machine where the output gives no reason for it. */
export const backendOfMachine = (choice: BackendChoice): BackendName =>
  choice === 'auto' ? HOST : choice;
