/** `qmill trajectories`: a device in time by quantum trajectories, with error bars. */

import type { z } from 'zod';
import { backends, HOST_NAMES } from '../backend/registry.js';
import { ParameterError, readFields } from '../model/parameters.js';
import { startWindow } from '../simulate/evolve.js';
import { type Route, trajectoriesRoute } from '../simulate/route.js';
import { trajectoriesRequest } from '../simulate/runRequests.js';
import type { TrajectoryRequest } from '../simulate/trajectories.js';
import { checkSolverOptions } from './backend.js';
import { type AddCommand, INTERRUPTED } from './command.js';
import { addDryRun, printRoute } from './dryRun.js';
import { requireGpu } from './engine.js';
import { initialInput } from './initial.js';
import { JumpFile } from './jumpFile.js';
import { checkTrajectories, readThreads, type TrajectoryCost } from './limits.js';
import { addMachineOptions, refuseFlags } from './machineOptions.js';
import { addParameterOptions, readOptions } from './options.js';
import { duration } from './progress.js';
import { addOutOption, ResultFile } from './resultFile.js';
import { describe, trajectoriesReport } from './trajectoriesReport.js';
import {
  checkpointOf,
  ending,
  onThreads,
  type Runner,
  runWatched,
  trajectoriesFields,
} from './watchedTrajectories.js';

type Own = z.output<typeof trajectoriesFields>;

/** @throws {NoAdapterError} */
async function open(
  { backend: name, precision }: Route,
  { threads: wanted }: Own,
  written: ResultFile,
): Promise<Runner<TrajectoryRequest>> {
  if (backends[name].isHost) return onThreads(name, wanted);
  const { runDeviceTrajectories } = await import('../simulate/deviceTrajectories.js');
  await requireGpu();
  const { Engine } = await import('../library/engine.js');
  const engine = await Engine.open(name, 1);
  await written.computedBy(engine);
  return {
    backend: { name, adapter: engine.adapter, precision, threads: null },
    run: (request, how) => runDeviceTrajectories(engine.trajectories, request, how),
    close: () => engine.close(),
  };
}

/** The first of them may take long to come to an end: said once, and before. */
const WORTH_SAYING_SECONDS = 30;

function announce(cost: TrajectoryCost): void {
  const seconds = checkTrajectories(cost);
  if (seconds < WORTH_SAYING_SECONDS) return;
  process.stderr.write(`${cost.count} trajectories: about ${duration(seconds)}\n`);
}

async function runTrajectoriesCommand(flags: Record<string, unknown>): Promise<number> {
  if (flags.machine !== undefined) {
    return (await import('./machineTrajectories.js')).runMachineTrajectories(flags);
  }
  refuseFlags(flags, ['set'], 'given with machine');
  const { jumps } = flags;
  const options = readOptions(flags, {}, trajectoriesFields);
  const { parameters, truncation, solver, own: read } = options;
  checkSolverOptions({ ...solver, precision: 'f64' });
  const route = trajectoriesRoute(solver);
  if (flags.dryRun === true) return printRoute(route, flags);
  const given = initialInput(read);
  const all = { ...read, ...given };
  const { request: asked } = trajectoriesRequest(parameters, all);
  const { initial, times } = asked;
  const own = readFields(trajectoriesFields, all);
  const file = checkpointOf(flags);
  const begin = performance.now();
  const window = startWindow({ truncation, initial });
  announce({
    parameters,
    window,
    truncation,
    times,
    count: own.count,
    threads: readThreads('threads', own.threads),
  });
  if (jumps !== undefined && !backends[route.backend].isHost) {
    const allowed = `absent on ${route.backend}: jumps are recorded by ${HOST_NAMES}`;
    throw new ParameterError('jumps', jumps, allowed);
  }
  const written = await ResultFile.open('trajectories', flags);
  const record = await JumpFile.open(jumps);
  const machine = await open(route, own, written);
  const start = { ...asked, lmin: window.lmin, lmax: window.lmax };
  const means = await runWatched(machine, start, truncation, own.count, file);
  const seconds = (performance.now() - begin) / 1000;
  if (means.moments[0].count === 0) {
    process.stderr.write('interrupted before the first trajectories were done\n');
    return INTERRUPTED;
  }
  const report = trajectoriesReport(options, own, given, machine.backend, route, means, seconds);
  await written.print(report, () => describe(report));
  if (report.complete) await record.write(means.request, own.count);
  return ending(report, own.count, truncation.edgeTolerance, file);
}

export const addTrajectories: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(addDryRun(addMachineOptions(command)))
      .option(
        '--checkpoint <file>',
        'keeps where the run is; the same command goes on from there, and removes the file at its end',
      )
      .option('--jumps <file>', 'also write which jump came when in each trajectory, as .csv')
      .option('--json', 'print one JSON object'),
    {},
    trajectoriesFields,
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
  qmill trajectories --model global --times 10 --rotor 3 --qubit1 up
  qmill trajectories --machine flywheel --times 5,20      another machine, which a file describes
  qmill trajectories --machine ring-clock --times 2000 --jumps ticks.csv      its ticks, one by one`,
    )
    .action(running(runTrajectoriesCommand));
};
