/** `qmill collide --machine`: a machine that a file describes, and the units that it collides with. */

import type { Backend } from '../backend/backend.js';
import { HOST_NAMES, hasBatches } from '../backend/registry.js';
import { machineCollided } from '../library/ofMachines/collide.js';
import { ParameterError, readFields } from '../model/parameters.js';
import { backendOfMachine } from '../simulate/chosenBackend.js';
import { type MachineCollision, MachineCollisions } from '../simulate/machineCollide.js';
import { largestEdge } from '../simulate/machineState.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { collisionsSchema } from '../simulate/runSchemas.js';
import { checkSolverOptions } from './backend.js';
import { machineOf, refuseDeviceFlags } from './chosenMachine.js';
import { interruptedAt, statusOfEdges } from './command.js';
import { withEngine } from './engine.js';
import { machineHead } from './heads.js';
import { LongRun } from './longRun.js';
import { refuseFlags } from './machineOptions.js';
import { machineTable } from './machineTable.js';
import { readOptions } from './options.js';
import { progressBar } from './progress.js';
import { ResultFile } from './resultFile.js';

/** Flags of `collide` that only the paper's machine has a meaning for. */
const OTHERS = [
  ...['config', 'checkpoint', 'steady', 'tau', 'nmax', 'weightTolerance'],
  ...['qubit1', 'qubit2', 'qubits', 'rotor'],
];

/** A line for each collision that is recorded. */
const describe = (records: readonly MachineCollision[]): string =>
  machineTable(records, 'step', 'What the collision brings in', ({ one, each }) => [
    ...each('from', ({ units }) => units),
    one('switching', ({ switching }) => switching, 'energy'),
    ...each('Q', ({ heat }) => heat),
    ...each('W', ({ work }) => work),
  ]);

/** @param flags of `qmill collide`, of which --machine is given */
export async function runMachineCollide(flags: Record<string, unknown>): Promise<number> {
  refuseDeviceFlags(flags);
  refuseFlags(flags, OTHERS, "absent with machine: its file's 'collisions' and 'initial' say it");
  const { truncation, solver, own } = readOptions(flags, {}, collisionsSchema);
  if (!hasBatches(solver.backend) && solver.backend !== 'auto') {
    throw new ParameterError('backend', solver.backend, `${HOST_NAMES} with machine`);
  }
  checkSolverOptions(solver);
  const { collisions: count, every } = readFields(collisionsSchema, own);
  const { described, values, window, edgeTolerance } = machineOf(flags, truncation);
  const begin = performance.now();
  const numbers = new MachineSystem(described).on(window, values);
  const written = await ResultFile.open('collide', flags);
  const run = async <V>(backend: Backend<V>) => {
    const collisions = new MachineCollisions(numbers, backend);
    const longRun = await LongRun.start(async () => {});
    const bar = progressBar('collisions', count);
    while (collisions.step < count && !longRun.stopped) {
      const step = collisions.step + 1;
      await collisions.advance(step % every === 0 || step === count);
      bar.count(collisions.step);
      await longRun.between();
    }
    bar.stop();
    await longRun.end();
    const { name, adapter } = backend;
    return { records: collisions.records, step: collisions.step, on: { name, adapter } };
  };
  const { records, step, on } = await withEngine(
    { backend: backendOfMachine(solver.backend) },
    (engine) => engine.on('f64', 'f64', run),
  );
  const edge = largestEdge(records);
  const converged = edge <= edgeTolerance;
  const { lmin, lmax } = window;
  const report = {
    ...machineHead(described, values),
    tau: numbers.collisions?.tau,
    truncation: { lmin, lmax, largestEdge: edge, converged },
    backend: { ...on, precision: 'f64' as const },
    solver: {
      space: 'classes that collisions reach',
      method: 'Chebyshev polynomials of the joint Hamiltonian',
      seconds: (performance.now() - begin) / 1000,
    },
    complete: step === count,
    collisions: records.map(machineCollided),
  };
  await written.print(report, () => describe(records));
  if (!report.complete) return interruptedAt(` after ${step} of ${count} collisions`);
  return converged ? 0 : statusOfEdges(window, edge, edgeTolerance);
}
