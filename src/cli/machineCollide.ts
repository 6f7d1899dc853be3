/** `qmill collide --machine`: a machine that a file describes, and the units that it collides with. */

import type { Backend } from '../backend/backend.js';
import { HOST_NAMES, hasBatches } from '../backend/registry.js';
import { machineCollided } from '../library/ofMachines/collide.js';
import { ParameterError, readFields } from '../model/parameters.js';
import { backendOfMachine } from '../simulate/chosenBackend.js';
import { type MachineCollision, MachineCollisions } from '../simulate/machineCollide.js';
import { largestEdge } from '../simulate/machineSteady.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { collisionsSchema } from '../simulate/runSchemas.js';
import { checkSolverOptions } from './backend.js';
import { machineOf, refuseDeviceFlags, refuseFlags } from './chosenMachine.js';
import { INTERRUPTED, NOT_CONVERGED } from './command.js';
import { withEngine } from './engine.js';
import { printJson } from './json.js';
import { LongRun } from './longRun.js';
import { readOptions } from './options.js';
import { printText } from './printText.js';
import { progressBar } from './progress.js';
import { ResultFile } from './resultFile.js';
import { runRecords } from './runRecords.js';
import { type TextColumn, textTable } from './textTable.js';

/** Flags of `collide` that only the paper's machine has a meaning for. */
const OTHERS = [
  ...['config', 'checkpoint', 'steady', 'tau', 'nmax', 'weightTolerance'],
  ...['qubit1', 'qubit2', 'qubits', 'rotor'],
];

/** A table for people: a line for each collision that is recorded. */
function describe(records: readonly MachineCollision[]): string {
  const [first] = records;
  if (first === undefined) return '';
  const column = (symbol: string, of: (c: MachineCollision) => number, unit = '1'): TextColumn => ({
    symbol,
    unit,
    values: records.map(of),
  });
  const energies = (
    symbol: string,
    of: (c: MachineCollision) => Readonly<Record<string, number>>,
  ) =>
    Object.keys(of(first)).map((name) => column(`${symbol} ${name}`, (c) => of(c)[name], 'energy'));
  const { ladder } = first;
  const lines = textTable(
    column(runRecords.step.symbol, ({ step }) => step),
    [
      {
        title: 'Ladder and energies',
        columns: [
          ...(ladder === null
            ? []
            : [
                column(`⟨${ladder.symbol}⟩`, (c) => c.ladder?.mean ?? Number.NaN),
                column(`Var ${ladder.symbol}`, (c) => c.ladder?.variance ?? Number.NaN),
              ]),
          ...energies('E', (c) => c.energies),
        ],
      },
      {
        title: 'What the collision brings in',
        columns: [
          ...energies('from', (c) => c.units),
          column('switching', (c) => c.switching, 'energy'),
          ...energies('Q', (c) => c.heat),
          ...energies('W', (c) => c.work),
        ],
      },
    ],
  );
  return `${lines.join('\n')}\n`;
}

/** @param flags of `qmill collide`, of which --machine is given */
export async function runMachineCollide(flags: Record<string, unknown>): Promise<number> {
  const { json, out } = flags;
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
  const written = await ResultFile.open('collide', out);
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
  const { name, file, source } = described;
  const { lmin, lmax } = window;
  const report = {
    machine: { name, file, source },
    parameters: values,
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
  if (json === true) printJson(report);
  else printText(describe(records));
  await written.write(report);
  if (!report.complete) {
    process.stderr.write(`interrupted after ${step} of ${count} collisions\n`);
    return INTERRUPTED;
  }
  if (converged) return 0;
  process.stderr.write(
    `not converged: a population at the edges of [${lmin}, ${lmax}] came to ` +
      `${edge.toExponential(1)}, above the tolerance ${edgeTolerance}\n`,
  );
  return NOT_CONVERGED;
}
