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

/** The least warm-up (ms): code that has run for less is not yet compiled, and is timed as in a cold row. */
const WARM_UP = 300;

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
