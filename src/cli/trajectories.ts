/** `qmill trajectories`: a device in time by quantum trajectories, with error bars. */

import { z } from 'zod';
import { backends } from '../backend/registry.js';
import { readFields, type Truncation } from '../model/parameters.js';
import { startWindow } from '../simulate/evolve.js';
import type { Moments } from '../simulate/moments.js';
import { type Route, trajectoriesRoute } from '../simulate/route.js';
import { trajectoriesRequest } from '../simulate/runRequests.js';
import { trajectoriesSchema } from '../simulate/runSchemas.js';
import type { TrajectoryRequest } from '../simulate/trajectories.js';
import {
  type RunOptions,
  runTrajectories,
  type TrajectoriesDone,
  type TrajectoryMeans,
  trajectoryMeans,
} from '../simulate/trajectoryPool.js';
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from '../storage/checkpoint.js';
import { version } from '../version.js';
import { checkSolverOptions } from './backend.js';
import { type AddCommand, INTERRUPTED, NOT_CONVERGED } from './command.js';
import { addDryRun, printRoute } from './dryRun.js';
import { initialInput } from './initial.js';
import { printJson } from './json.js';
import { checkTrajectories, readThreads, type TrajectoryCost } from './limits.js';
import { LongRun } from './longRun.js';
import { addParameterOptions, readOptions } from './options.js';
import { duration, progressBar } from './progress.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { type TrajectoriesCheckpoint, trajectoriesCheckpoint } from './trajectoriesCheckpoint.js';
import { type Computed, describe, trajectoriesReport } from './trajectoriesReport.js';

const schema = trajectoriesSchema.extend({
  threads: z.unknown().optional().meta({
    description: 'CPU threads, by default one for each core',
    unit: '',
    allowed: 'an integer from 1 to 4 for each core',
  }),
});

type Own = z.output<typeof schema>;

/** What runs trajectories. */
interface Machine {
  readonly backend: Computed;
  readonly run: (request: TrajectoryRequest, how: RunOptions) => Promise<readonly Moments[]>;
  readonly close: () => void;
}

/** @throws {NoAdapterError} */
async function open(
  { backend: name, precision }: Route,
  { threads: wanted }: Own,
  written: ResultFile,
): Promise<Machine> {
  if (backends[name].isHost) {
    const threads = readThreads('threads', wanted);
    return {
      backend: { name, adapter: null, precision, threads },
      run: (request, how) => runTrajectories(request, { ...how, threads }),
      close: () => {},
    };
  }
  const { runDeviceTrajectories } = await import('../simulate/deviceTrajectories.js');
  const { Engine } = await import('../library/engine.js');
  const engine = await Engine.open(name, 1);
  await written.computedBy(engine);
  return {
    backend: { name, adapter: engine.adapter, precision, threads: null },
    run: (request, how) => runDeviceTrajectories(engine.trajectories, request, how),
    close: () => engine.close(),
  };
}

/** Runs trajectories with progress, checkpoints and Ctrl-C. */
async function runWatched(
  machine: Machine,
  given: Omit<TrajectoryRequest, 'lmin' | 'lmax'>,
  truncation: Truncation,
  count: number,
  file: string | undefined,
): Promise<TrajectoryMeans> {
  const { name, precision } = machine.backend;
  const identity = {
    version,
    command: 'trajectories',
    name,
    precision,
    count,
    truncation,
    ...given,
  };
  const kind = trajectoriesCheckpoint(given.times.length, count);
  // Null where no trajectory was done.
  const saved = (file === undefined ? null : await readCheckpoint(file, kind, identity)) ?? null;
  let from: TrajectoriesDone | undefined = saved ?? undefined;
  let now: TrajectoriesCheckpoint | null = saved;
  const longRun = await LongRun.start(async () => {
    if (file !== undefined) await writeCheckpoint(file, kind, identity, now);
  });
  const bar = progressBar('trajectories', count);
  const run = (request: TrajectoryRequest): Promise<readonly Moments[]> => {
    const { lmin, lmax } = request;
    const progress = (trajectories: number, done: TrajectoriesDone) => {
      bar.count(trajectories);
      now = { lmin, lmax, ...done };
      longRun.saveInTime();
    };
    const result = machine.run(request, { count, from, progress, stopped: () => longRun.stopped });
    // A wider window starts anew.
    from = undefined;
    return result;
  };
  try {
    const means = await trajectoryMeans(
      given,
      truncation,
      run,
      () => longRun.stopped,
      saved ?? undefined,
    );
    await longRun.end();
    if (!longRun.stopped && file !== undefined) await removeCheckpoint(file);
    return means;
  } finally {
    bar.stop();
    machine.close();
  }
}

/** The first of them may take long to come to an end: said once, and before. */
const WORTH_SAYING_SECONDS = 30;

function announce(cost: TrajectoryCost): void {
  const seconds = checkTrajectories(cost);
  if (seconds < WORTH_SAYING_SECONDS) return;
  process.stderr.write(`${cost.count} trajectories: about ${duration(seconds)}\n`);
}

export async function runTrajectoriesCommand(flags: Record<string, unknown>): Promise<number> {
  const { checkpoint: _, out, dryRun, ...rest } = flags;
  const options = readOptions(rest, {}, schema);
  const { parameters, truncation, solver, own: read } = options;
  checkSolverOptions({ ...solver, precision: 'f64' });
  const route = trajectoriesRoute(solver);
  if (dryRun === true) return printRoute(route, flags.json === true);
  const given = initialInput(read);
  const all = { ...read, ...given };
  const { request: asked } = trajectoriesRequest(parameters, all);
  const { initial, times } = asked;
  const own = readFields(schema, all);
  const file = flags.checkpoint === undefined ? undefined : String(flags.checkpoint);
  const begin = performance.now();
  announce({
    parameters,
    window: startWindow({ truncation, initial }),
    truncation,
    times,
    count: own.count,
    threads: readThreads('threads', own.threads),
  });
  const written = await ResultFile.open('trajectories', out);
  const machine = await open(route, own, written);
  const means = await runWatched(machine, asked, truncation, own.count, file);
  const seconds = (performance.now() - begin) / 1000;
  if (means.moments[0].count === 0) {
    process.stderr.write('interrupted before the first trajectories were done\n');
    return INTERRUPTED;
  }
  const report = trajectoriesReport(options, own, given, machine.backend, route, means, seconds);
  if (flags.json === true) printJson(report);
  else process.stdout.write(describe(report));
  await written.write(report);
  if (!report.complete) {
    const goOn = file === undefined ? '' : '; the same command goes on from there';
    process.stderr.write(`interrupted after ${report.count} of ${own.count} trajectories${goOn}\n`);
    return INTERRUPTED;
  }
  const { lmin, lmax, edgeLow, edgeHigh, converged } = report.truncation;
  if (converged) return 0;
  process.stderr.write(
    `not converged: mean populations at the edges of [${lmin}, ${lmax}] reach ` +
      `${edgeLow.toExponential(1)} and ${edgeHigh.toExponential(1)}, ` +
      `above the tolerance ${truncation.edgeTolerance}\n`,
  );
  return NOT_CONVERGED;
}

export const addTrajectories: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(addDryRun(command))
      .option(
        '--checkpoint <file>',
        'keeps where the run is; the same command goes on from there, and removes the file at its end',
      )
      .option('--json', 'print one JSON object'),
    {},
    schema,
    ['space', 'dmax', 'method'],
  )
    .addHelpText(
      'after',
      `
Numbers after ± are error bars: the standard error, and one trajectory more than were run, as far off as the device
allows, so that they count what is rare and did not happen. The n-th trajectory of a seed is the same in every run,
whatever --count and --threads are. After Ctrl-C the means over all trajectories that are whole are printed.

Examples:
  qmill trajectories --times 1,10,100 --count 10000
  qmill trajectories --times lin:0:50:11 --V 1 --lmin -8 --lmax 8 --seed 7 --json
  qmill trajectories --times 100 --count 1000000 --backend webgpu --precision f32
  qmill trajectories --model global --times 10 --rotor 3 --qubit1 up`,
    )
    .action(running(runTrajectoriesCommand));
};
