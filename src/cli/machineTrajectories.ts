/** `qmill trajectories --machine`: a machine that a file describes, by quantum trajectories. */

import { stringify } from 'yaml';
import { HOST_NAMES, recordOf } from '../backend/registry.js';
import { trajectoryEdges } from '../library/ofMachines/trajectories.js';
import { ParameterError, readFields } from '../model/parameters.js';
import {
  MachineTrajectories,
  type MachineTrajectoryRequest,
  type MachineTrajectorySnapshot,
} from '../simulate/machineTrajectories.js';
import { ERROR_BARS, type Estimate } from '../simulate/moments.js';
import { trajectoriesRoute } from '../simulate/route.js';
import { readTimes } from '../simulate/times.js';
import { checkSolverOptions } from './backend.js';
import { machineOf, refuseDeviceFlags } from './chosenMachine.js';
import { INTERRUPTED } from './command.js';
import { printRoute } from './dryRun.js';
import { machineHead } from './heads.js';
import { JumpFile } from './jumpFile.js';
import { checkJumps } from './limits.js';
import { refuseFlags } from './machineOptions.js';
import { readOptions } from './options.js';
import { ResultFile } from './resultFile.js';
import { MEANING, show } from './trajectoriesReport.js';
import {
  checkpointOf,
  ending,
  onThreads,
  runWatched,
  trajectoriesFields,
} from './watchedTrajectories.js';

/** Flags of `trajectories` that only the paper's machine has a meaning for. */
const OTHERS = ['config', 'qubit1', 'qubit2', 'qubits', 'rotor'];

/** A line for each estimate of a time. */
function linesOf(snapshot: MachineTrajectorySnapshot): (readonly [string, string])[] {
  const of = (group: string, all: Readonly<Record<string, unknown>>) =>
    Object.entries(all).flatMap(([name, found]): [string, string][] => {
      if (found === null) return [[`${group} ${name}`, '– (its jumps bring in no sharp energy)']];
      const value = found as Estimate | { readonly re: Estimate; readonly im: Estimate };
      return 're' in value
        ? [
            [`Re ${name}`, show(value.re)],
            [`Im ${name}`, show(value.im)],
          ]
        : [[`${group} ${name}`.trim(), show(value)]];
    });
  const { t, populations, ladder, energies, heat, work, exchanged, jumps, observables } = snapshot;
  const levels = Object.entries(populations).flatMap(([name, all]) =>
    all.map((p, k): [string, string] => [`p(${name} = ${k})`, show(p)]),
  );
  return [
    ['t', `${t}`],
    ...levels,
    ...(ladder === null
      ? []
      : ([
          [`⟨${ladder.symbol}⟩`, show(ladder.mean)],
          [`⟨${ladder.symbol}²⟩`, show(ladder.meanSquare)],
        ] as const)),
    ...of('energy', energies),
    ...of('heat flow', heat),
    ...of('work flow', work),
    ...of('heat so far', exchanged),
    ...of('jumps so far', jumps),
    ...of('', observables),
  ];
}

/** @param flags of `qmill trajectories`, of which --machine is given */
export async function runMachineTrajectories(flags: Record<string, unknown>): Promise<number> {
  refuseDeviceFlags(flags);
  refuseFlags(flags, OTHERS, 'absent with machine: its file says what it is');
  const { truncation: asked, solver, own } = readOptions(flags, {}, trajectoriesFields);
  const route = trajectoriesRoute(solver);
  const { backend, reason, backendReason } = route;
  if (!recordOf(backend).isHost) {
    const allowed = `${HOST_NAMES} with machine: on a device a trajectory is the paper's machine's`;
    throw new ParameterError('backend', solver.backend, allowed);
  }
  checkSolverOptions(solver);
  if (flags.dryRun === true) return printRoute(route, flags);
  const times = readTimes(own.times);
  const { count: wanted, seed, threads } = readFields(trajectoriesFields, own);
  const { described, values, window, edgeTolerance } = machineOf(flags, asked);
  const { lmin, lmax } = window;
  const { name, file, model } = described;
  const machine = { file, text: stringify(described.description), model };
  const start: MachineTrajectoryRequest = { machine, values, lmin, lmax, times, seed };
  const trajectories = new MachineTrajectories(start);
  checkJumps(trajectories.jumpRate, times);
  const begin = performance.now();
  const written = await ResultFile.open('trajectories', flags);
  const record = await JumpFile.open(flags.jumps);
  const runner = onThreads<MachineTrajectoryRequest>(backend, threads);
  const kept = checkpointOf(flags);
  const truncation = { lmin, lmax, edgeTolerance };
  const { moments, request, ...edges } = await runWatched(runner, start, truncation, wanted, kept);
  const { count } = moments[0];
  if (count === 0) {
    process.stderr.write('interrupted before the first trajectories were done\n');
    return INTERRUPTED;
  }
  const report = {
    ...machineHead(described, values),
    seed,
    count,
    complete: count === wanted,
    truncation: { lmin, lmax, ...trajectoryEdges(described, edges, edgeTolerance) },
    backend: runner.backend,
    solver: {
      space: 'state vectors',
      method: trajectories.method,
      reason,
      backendReason,
      seconds: (performance.now() - begin) / 1000,
    },
    errorBars: { ...ERROR_BARS, meaning: MEANING },
    snapshots: trajectories.snapshots(moments),
  };
  await written.print(report, () => {
    const head = `${name}: ${count} trajectories of seed ${seed} on [${lmin}, ${lmax}], ${trajectories.method}`;
    const lines = report.snapshots.flatMap((one) => [
      '',
      ...linesOf(one).map(([key, value]) => `${key.padEnd(24)}${value}`),
    ]);
    return `${[head, ...lines].join('\n')}\n`;
  });
  if (report.complete) await record.write(request, count);
  return ending(report, wanted, edgeTolerance, kept);
}
