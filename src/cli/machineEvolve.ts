/** `qmill evolve --machine`: a machine that a file describes, in time. */

import type { Backend } from '../backend/backend.js';
import { Breath } from '../breath.js';
import { checkedSystem } from '../generator/checkedSystem.js';
import { symmetryOf } from '../generator/symmetry.js';
import { NOISE } from '../library/evolutionChoice.js';
import { machineAtTime } from '../library/ofMachines/evolve.js';
import { readFields } from '../model/parameters.js';
import { type MachineSnapshot, machineEvolution } from '../simulate/machineEvolve.js';
import { largestEdge } from '../simulate/machineState.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { systemEvolutionRoute } from '../simulate/route.js';
import { evolutionSchema } from '../simulate/runSchemas.js';
import { readTimes } from '../simulate/times.js';
import { machineOf, refuseDeviceFlags } from './chosenMachine.js';
import { interruptedAt, statusOfEdges } from './command.js';
import { printRoute } from './dryRun.js';
import { withEngine } from './engine.js';
import { machineHead } from './heads.js';
import { interruptible } from './interruptible.js';
import { refuseFlags } from './machineOptions.js';
import { machineTable } from './machineTable.js';
import { readOptions } from './options.js';
import { shareBar } from './progress.js';
import { ResultFile } from './resultFile.js';

/** Flags of `evolve` that only the paper's machine has a meaning for. */
const OTHERS = ['config', 'checkpoint', 'states', 'angles', 'qubit1', 'qubit2', 'qubits', 'rotor'];

/** A line for each time. */
const describe = (snapshots: readonly MachineSnapshot[]): string =>
  machineTable(snapshots, 't', 'Heat', ({ each }) =>
    each('Q̇', ({ flows }) => flows.heat, 'energy/time'),
  );

/** @param flags of `qmill evolve`, of which --machine is given */
export async function runMachineEvolve(flags: Record<string, unknown>): Promise<number> {
  refuseDeviceFlags(flags);
  refuseFlags(flags, OTHERS, 'absent with machine: its file has an initial state');
  const { truncation, solver, own } = readOptions(flags, {}, evolutionSchema);
  const chosen = 'absent with machine: evolve chooses its own';
  refuseFlags(flags, ['space', 'method', 'dmax'], chosen);
  const times = readTimes(own.times);
  const { rtol, atol } = readFields(evolutionSchema, own);
  const { described, values, window, edgeTolerance: given } = machineOf(flags, truncation);
  const system = new MachineSystem(described);
  const { system: found } = system.on(window, values);
  const route = systemEvolutionRoute(symmetryOf(checkedSystem(found)), window.size, solver);
  if (flags.dryRun === true) return printRoute(route, flags);
  const written = await ResultFile.open('evolve', flags);
  const progress = shareBar('the evolution');
  const breath = new Breath();
  const begin = performance.now();
  const last = times[times.length - 1];
  const run = async <V>(backend: Backend<V>, isStopped: () => boolean) => ({
    ...(await machineEvolution(
      system,
      values,
      window,
      times,
      { rtol, atol },
      backend,
      async (t) => {
        if (await breath.taken()) progress.count(last > 0 ? Math.min(1, t / last) : 1);
        return !isStopped();
      },
    )),
    // What is below the rounding of float32 is none of the distribution's.
    edgeTolerance: Math.max(given, NOISE[backend.precision]),
    on: { name: backend.name, adapter: backend.adapter, precision: backend.precision },
  });
  const { precision } = route;
  const { method, snapshots, complete, edgeTolerance, on } = await interruptible((isStopped) =>
    withEngine(route, (engine) =>
      engine.on(precision, precision, (backend) => run(backend, isStopped)),
    ),
  ).finally(() => progress.stop());
  const edge = largestEdge(snapshots);
  const converged = edge <= edgeTolerance;
  const report = {
    ...machineHead(described, values),
    truncation: { lmin: window.lmin, lmax: window.lmax, largestEdge: edge, converged },
    backend: on,
    solver: {
      method,
      reason: route.reason,
      backendReason: route.backendReason,
      rtol,
      atol,
      seconds: (performance.now() - begin) / 1000,
    },
    complete,
    snapshots: snapshots.map(machineAtTime),
  };
  await written.print(report, () => describe(snapshots));
  if (!complete) return interruptedAt(`: ${snapshots.length} of ${times.length} snapshots`);
  return converged ? 0 : statusOfEdges(window, edge, edgeTolerance);
}
