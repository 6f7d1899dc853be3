/**
 * What a command would take in memory and time, known before it begins: what does not fit is refused, with
 * what would. The numbers were measured on one core of a common machine; they decide between minutes and
 * years, and need be no better.
 */
import { availableParallelism, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { Oscillators } from '../model/collision.js';
import { bathCoupling, thermalOccupation } from '../model/local.js';
import { type DeviceParameters, ParameterError, type Truncation } from '../model/parameters.js';
import type { Window } from '../operators/window.js';
import { bytesInWords, wholeIn } from './words.js';

/** Of all memory, what a command may take of it; and of the engine's own heap, where lists of numbers are. */
const MEMORY_SHARE = 0.8;
const HEAP_SHARE = 0.5;

export interface Resources {
  readonly memory: number;
  readonly heap: number;
  readonly cores: number;
}

const thisMachine = (): Resources => ({
  memory: MEMORY_SHARE * totalmem(),
  heap: HEAP_SHARE * getHeapStatistics().heap_size_limit,
  cores: availableParallelism(),
});

/** Threads for each core, beyond which they only take memory. */
const THREADS_PER_CORE = 4;

/**
 * A number of threads, by default one for each core.
 * @param field its name, for messages
 * @throws {ParameterError}
 */
export function readThreads(field: string, given: unknown, machine = thisMachine()): number {
  if (given === undefined) return machine.cores;
  const most = THREADS_PER_CORE * machine.cores;
  const allowed = `an integer from 1 to ${most} (${THREADS_PER_CORE} for each core here)`;
  return wholeIn(field, given, [1, most], allowed);
}

/** The largest integer from 1 to `most` at which a rising cost is within bounds; 0 where there is none. */
function largestWithin(most: number, fits: (n: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Refuses a window on which a command would take more memory than there is. */
function checkLevels(
  { lmin, lmax, size }: Window,
  given: Truncation,
  bytes: (levels: number) => number,
  { memory }: Resources,
): void {
  if (bytes(size) <= memory) return;
  const most = largestWithin(size, (levels) => bytes(levels) <= memory);
  const said = `${size} levels take up to ${bytesInWords(bytes(size))}, and ${bytesInWords(memory)} may be used`;
  if (given.lmax !== undefined) {
    throw new ParameterError(
      'lmax',
      lmax,
      `at most ${lmin + most - 1} with lmin = ${lmin}: ${said}`,
    );
  }
  const allowed = `within a window of ${most} levels around 0: on [${lmin}, ${lmax}] ${said}`;
  throw new ParameterError('rotor', 'the initial state', allowed);
}

/** Bytes for a level: measured with 400,000 levels in steady, 16,000 in evolve and 4,000 in trajectories. */
const STEADY_LEVEL = 2e3;
const EVOLVED_LEVEL = 4e4;
const TRAJECTORY_LEVEL = 2e4;

/** @throws {ParameterError} where the zero-charge sector would not fit, solved directly */
export function checkSteady(truncation: Truncation, machine = thisMachine()): void {
  const { lmin, lmax } = truncation;
  if (lmin === undefined || lmax === undefined) return;
  const window = { lmin, lmax, size: lmax - lmin + 1 };
  checkLevels(window, truncation, (levels) => STEADY_LEVEL * levels, machine);
}

/** What is kept of a time beside what the window adds; and bytes of a number. */
const SNAPSHOT_NUMBERS = 60;
const NUMBER_BYTES = 16;
/** A window that is chosen may grow, and the snapshots with it. */
const GROWTH = 4;
/** Pairs of qubit states. */
const ALL_CLASSES = 16;
/** Bytes of an element where L is applied: a dozen vectors, and the coefficients. */
const ELEMENT_BYTES = 400;

export interface EvolutionCost {
  readonly window: Window;
  readonly truncation: Truncation;
  readonly times: number;
  readonly angles: number;
  /** Distances from the diagonal at which the initial rotor state has elements. */
  readonly deltas: number;
  /** What space holds the state: sectors in small blocks, a band of this reach, or everything. */
  readonly space: 'sector' | 'full' | { readonly dmax: number };
}

/** @throws {ParameterError} where an evolution, or its snapshots, would not fit */
export function checkEvolution(cost: EvolutionCost, machine = thisMachine()): void {
  const { window, truncation, times, angles, deltas, space } = cost;
  const bytes = (levels: number): number => {
    if (space === 'sector') return EVOLVED_LEVEL * levels * Math.min(deltas, 2 * levels);
    const reach = space === 'full' ? levels : Math.min(levels, space.dmax + deltas);
    return ELEMENT_BYTES * ALL_CLASSES * levels * Math.min(levels, 2 * reach + 1);
  };
  checkLevels(window, truncation, bytes, machine);
  const levels = window.size * (truncation.lmax === undefined ? GROWTH : 1);
  const perTime = NUMBER_BYTES * (SNAPSHOT_NUMBERS + levels + angles);
  const most = Math.floor(machine.heap / perTime);
  if (times <= most) return;
  throw new ParameterError(
    'times',
    `${times} times`,
    `at most ${most} of them with ${levels} levels and ${angles} angles: they are kept until all are printed`,
  );
}

/** Jumps of a trajectory that are waited for, and seconds that one takes. */
const MOST_JUMPS = 1e7;
const JUMP_SECONDS = 2e-5;

/** Jumps per time of thermal qubits: 2g²n(n+1)/(2n+1) for each bath. */
export function jumpRate({ beta1, beta2, B1, B2, g, chi }: DeviceParameters): number {
  const of = (qubit: 1 | 2, beta: number, field: number): number => {
    const n = thermalOccupation(beta, field);
    return (2 * bathCoupling(qubit, g, chi) ** 2 * n * (n + 1)) / (2 * n + 1);
  };
  return of(1, beta1, B1) + of(2, beta2, B2);
}

/** @throws {ParameterError} where one trajectory would not end */
export function checkJumps(rate: number, times: readonly number[]): void {
  const last = times[times.length - 1];
  if (rate * last <= MOST_JUMPS) return;
  const latest = Number((MOST_JUMPS / rate).toPrecision(2));
  throw new ParameterError(
    'times',
    last,
    `at most ${latest}: until then a trajectory of this device has some ${MOST_JUMPS} jumps; qmill evolve has no such limit`,
  );
}

export interface TrajectoryCost {
  readonly parameters: DeviceParameters;
  readonly window: Window;
  readonly truncation: Truncation;
  readonly times: readonly number[];
  readonly count: number;
  readonly threads: number;
}

/**
 * @returns about how many seconds the trajectories take
 * @throws {ParameterError} where they would not fit, or one of them would not end
 */
export function checkTrajectories(cost: TrajectoryCost, machine = thisMachine()): number {
  const { parameters, window, truncation, times, count, threads } = cost;
  const quantities = 16;
  // Means and squares, in each thread and gathered.
  const bytes = (levels: number) =>
    (threads + 1) * (TRAJECTORY_LEVEL * levels + 4 * 8 * times.length * (quantities + levels));
  if (bytes(2) > machine.memory) {
    const most = largestWithin(
      times.length,
      (n) => (threads + 1) * 4 * 8 * n * (quantities + window.size) <= machine.memory / 2,
    );
    throw new ParameterError('times', `${times.length} times`, `at most ${most} of them`);
  }
  checkLevels(window, truncation, bytes, machine);
  const rate = jumpRate(parameters);
  const last = times[times.length - 1];
  checkJumps(rate, times);
  return (JUMP_SECONDS * rate * last * count) / Math.min(threads, machine.cores);
}

/** Seconds that the maps of a collision may take. */
const MOST_SECONDS = 86_400;
/** A pair of charges looked at, one solved by a series (times states^1.5), and by eigenvectors (states³). */
const PAIR_SECONDS = 1e-6;
const SERIES_SECONDS = 1e-6;
const EIGEN_SECONDS = 1e-8;
/** The load's exponential: dense matrices of the window's order. */
const LOAD_SECONDS = 1e-8;
const LOAD_BYTES = 200;
/** The record of a collision. */
const RECORD_BYTES = 600;
/** Beyond e^−50 a joint weight is too small to be computed. */
const LOG_NEGLIGIBLE = 50;
/** Terms of a series for each state, beyond which eigenvectors are taken. */
const SERIES_TERMS = 6;

/** Seconds to build the maps of one collision. */
export function collisionSeconds(
  { beta1, beta2, B1, B2, I, gamma }: DeviceParameters,
  levels: number,
  [q1, q2]: readonly [number, number],
  tau: number,
): number {
  const states = 4 * Math.min(levels, q1 + 1, q2 + 1);
  const [w1, w2] = [
    Math.min(q1, LOG_NEGLIGIBLE / (2 * beta1 * B1)),
    Math.min(q2, LOG_NEGLIGIBLE / (2 * beta2 * B2)),
  ];
  const solved = Math.min(
    (levels + w1 + 1) * (levels + w2 + 1),
    (w1 + w2 + 3) * (levels + Math.min(w1, w2)),
  );
  const spread = 2 * (B1 + B2) * Math.min(q1 + 1, q2 + 1) + levels ** 2 / (8 * I);
  const one =
    spread * tau > SERIES_TERMS * states
      ? EIGEN_SECONDS * states ** 3
      : SERIES_SECONDS * states ** 1.5;
  return (
    PAIR_SECONDS * (levels + q1 + 1) * (levels + q2 + 1) +
    one * solved +
    (gamma > 0 ? LOAD_SECONDS * levels ** 3 : 0)
  );
}

export interface CollisionCost {
  readonly parameters: DeviceParameters;
  readonly window: Window;
  readonly truncation: Truncation;
  readonly baths: Oscillators;
  readonly tau: number;
  /** Records that are kept. */
  readonly records: number;
}

/** @throws {ParameterError} where a collision's maps would take more than a day, or more than the memory */
export function checkCollisions(cost: CollisionCost, machine = thisMachine()): void {
  const { parameters, window, truncation, baths, tau, records } = cost;
  checkLevels(window, truncation, (levels) => LOAD_BYTES * levels ** 2, machine);
  const [q1, q2] = baths.map(({ quanta }) => quanta);
  const seconds = (n: number) =>
    collisionSeconds(parameters, window.size, [Math.min(n, q1), Math.min(n, q2)], tau);
  const asked = Math.max(q1, q2);
  if (seconds(asked) > MOST_SECONDS) {
    const most = largestWithin(asked, (n) => seconds(n) <= MOST_SECONDS);
    const said = `its maps take about ${Math.ceil(seconds(asked) / 86_400)} days on [${window.lmin}, ${window.lmax}]`;
    throw new ParameterError(
      'nmax',
      asked,
      most === 0 ? `used with a smaller window: ${said}` : `at most ${most}: ${said}`,
    );
  }
  const most = Math.floor(machine.heap / RECORD_BYTES);
  if (records > most) {
    throw new ParameterError(
      'collisions',
      `${records} records`,
      `at most ${most} of them: --every leaves some out`,
    );
  }
}
