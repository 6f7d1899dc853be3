/** `qmill trajectories`: a device in time by quantum trajectories, with error bars. */

import type { z } from 'zod';
import { chosenBackend, recordOf } from '../backend/registry.js';
import type { SolverOptions } from '../library/solverOptions.js';
import { ParameterError, readFields } from '../model/parameters.js';
import { startWindow } from '../simulate/evolve.js';
import { trajectoriesRequest } from '../simulate/runRequests.js';
import type { TrajectoryRequest } from '../simulate/trajectories.js';
import { checkSolverOptions } from './backend.js';
import { type AddCommand, INTERRUPTED } from './command.js';
import { initialInput } from './initial.js';
import { printJson } from './json.js';
import { checkTrajectories, readThreads, type TrajectoryCost } from './limits.js';
import { addMachineOptions } from './machineOptions.js';
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

/** @throws {ParameterError} for what trajectories do not have */
function checkSolver(solver: SolverOptions): void {
  const { backend, precision } = solver;
  checkSolverOptions({ ...solver, precision: 'f64' });
  const { hasKernels } = recordOf(backend);
  if (hasKernels && precision !== 'f32') {
    throw new ParameterError(
      'precision',
      precision,
      `'f32' with backend = ${backend}: there trajectories run in float32, far below their standard errors`,
    );
  }
  if (!hasKernels && precision !== 'f64') {
    throw new ParameterError(
      'precision',
      precision,
      `'f64' with backend = ${chosenBackend(backend)}, which has no other`,
    );
  }
}

/** @throws {NoAdapterError} */
async function open(
  { backend }: SolverOptions,
  { threads: wanted }: Own,
  written: ResultFile,
): Promise<Runner<TrajectoryRequest>> {
  const name = chosenBackend(backend);
  if (!recordOf(name).hasKernels) return onThreads(name, wanted);
  const { openDevice } = await import('../backend/webgpu/device.js');
  const { runDeviceTrajectories } = await import('../simulate/deviceTrajectories.js');
  const device = await openDevice();
  await written.computedOn(device);
  return {
    backend: { name, adapter: device.adapter.name, precision: 'f32', threads: null },
    run: (request, how) => runDeviceTrajectories(device, request, how),
    close: () => device.close(),
  };
}

/** The first of them may take long to come to an end: said once, and before. */
const WORTH_SAYING_SECONDS = 30;

function announce(cost: TrajectoryCost): void {
  const seconds = checkTrajectories(cost);
  if (seconds < WORTH_SAYING_SECONDS) return;
  process.stderr.write(`${cost.count} trajectories: about ${duration(seconds)}\n`);
}

export async function runTrajectoriesCommand(flags: Record<string, unknown>): Promise<number> {
  if (flags.machine !== undefined) {
    return (await import('./machineTrajectories.js')).runMachineTrajectories(flags);
  }
  if (flags.set !== undefined) throw new ParameterError('set', flags.set, 'given with machine');
  const { checkpoint: _, out, ...rest } = flags;
  const options = readOptions(rest, {}, trajectoriesFields);
  const { parameters, truncation, solver, own: read } = options;
  checkSolver(solver);
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
  const written = await ResultFile.open('trajectories', out);
  const machine = await open(solver, own, written);
  const start = { ...asked, lmin: window.lmin, lmax: window.lmax };
  const means = await runWatched(machine, start, truncation, own.count, file);
  const seconds = (performance.now() - begin) / 1000;
  if (means.moments[0].count === 0) {
    process.stderr.write('interrupted before the first trajectories were done\n');
    return INTERRUPTED;
  }
  const report = trajectoriesReport(options, own, given, machine.backend, means, seconds);
  if (flags.json === true) printJson(report);
  else process.stdout.write(describe(report));
  await written.write(report);
  return ending(report, own.count, truncation.edgeTolerance, file);
}

export const addTrajectories: AddCommand = (command, running) => {
  addParameterOptions(
    addOutOption(addMachineOptions(command))
      .option(
        '--checkpoint <file>',
        'keeps where the run is; the same command goes on from there, and removes the file at its end',
      )
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
  qmill trajectories --machine flywheel --times 5,20      another machine, which a file describes`,
    )
    .action(running(runTrajectoriesCommand));
};
