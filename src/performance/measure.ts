/** How long something takes: a median and its spread, warm. */
import { Bench } from 'tinybench';

export interface Timing {
  /** Seconds a run: the median, the fastest and the 75th percentile. */
  readonly median: number;
  readonly fastest: number;
  readonly upperQuartile: number;
  readonly repetitions: number;
}

export interface Effort {
  /** Seconds to spend on each measurement, at least. */
  readonly seconds: number;
  /** Runs of each measurement, at least. */
  readonly repetitions: number;
}

/** A timing of several runs, each given in seconds. */
export function timingOf(seconds: readonly number[]): Timing {
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return {
    median: at(0.5),
    fastest: sorted[0],
    upperQuartile: at(0.75),
    repetitions: sorted.length,
  };
}

/** The timing of one of the equal results of a run. */
export const each = (
  { median, fastest, upperQuartile, repetitions }: Timing,
  results: number,
): Timing => ({
  median: median / results,
  fastest: fastest / results,
  upperQuartile: upperQuartile / results,
  repetitions,
});

/** So many runs at a time, in turns: the first of them finds other things' code and numbers in the caches. */
const BATCH = 16;
/** Some hundred runs at least come before any that counts: by then code of their own is written for them. */
const WARM_TURNS = 20;
/** The least warm-up (ms): code that has run for less is not yet compiled, and is timed as in a cold row. */
const WARM_UP = 300;

/**
 * Runs several things in turns, so that a machine that others use too slows all of them alike: their times can be
 * compared. Each is as warm as the others.
 */
export function measureInTurns<Name extends string>(
  runs: Readonly<Record<Name, () => unknown>>,
  { seconds, repetitions }: Effort,
): Record<Name, Timing> {
  const all = Object.entries(runs) as [Name, () => unknown][];
  const samples = new Map<Name, number[]>(all.map(([name]) => [name, []]));
  const batch = seconds === 0 ? 1 : BATCH;
  /** Of a machine that others use, too, only the time that it spent on this counts. */
  const turns = (wanted: number, least: number) => {
    const spent = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    };
    const begin = spent();
    for (let n = 0; n < least || spent() - begin < wanted; n++) {
      for (const [name, run] of all) {
        const start = performance.now();
        for (let k = 0; k < batch; k++) run();
        samples.get(name)?.push((performance.now() - start) / 1e3 / batch);
      }
    }
  };
  turns(all.length * seconds, seconds === 0 ? 1 : WARM_TURNS);
  for (const taken of samples.values()) taken.length = 0;
  turns(all.length * seconds, repetitions);
  const timings = all.map(([name]) => [name, timingOf(samples.get(name) ?? [])] as const);
  return Object.fromEntries(timings) as Record<Name, Timing>;
}

/**
 * Runs again and again, after a warm-up that is not counted.
 * @throws what `run` throws
 */
export async function measure(run: () => unknown, effort: Effort): Promise<Timing> {
  const bench = new Bench({
    time: 1e3 * effort.seconds,
    iterations: effort.repetitions,
    warmupTime: effort.seconds === 0 ? 0 : Math.max(WARM_UP, 300 * effort.seconds),
    warmupIterations: Math.min(2, Math.ceil(effort.repetitions / 3)),
    retainSamples: true,
    throws: true,
  });
  bench.add('task', async () => void (await run()));
  const [task] = await bench.run();
  const { result } = task;
  if (!('latency' in result) || result.latency.samples === undefined) {
    throw new Error(`no measurement was completed (${result.state})`);
  }
  return timingOf(result.latency.samples.map((milliseconds) => milliseconds / 1e3));
}
