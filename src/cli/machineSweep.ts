/** `qmill sweep` over the parameters of a described machine: to a store, or to a table as CSV. */

import { open } from 'node:fs/promises';
import { csvFormatRow } from 'd3-dsv';
import { type BackendName, backends, HOST_NAMES } from '../backend/registry.js';
import { ParameterError } from '../model/parameters.js';
import { MachineSystem } from '../simulate/machineSystem.js';
import { STATUSES, type Status } from '../sweep/layout.js';
import type { MachineSolver } from '../sweep/machineParts.js';
import {
  type MachinePlan,
  pointValues,
  readMachinePlan,
  variableOf,
} from '../sweep/machinePlan.js';
import { machinePoints } from '../sweep/machinePoint.js';
import { machineSolver } from '../sweep/machineSolver.js';
import { enoughFor, runBatches, throughputOf } from '../sweep/run.js';
import { machineSweepBackend } from '../sweep/solvers.js';
import { INTERRUPTED, NOT_CONVERGED } from './command.js';
import { withEngine } from './engine.js';
import { readMachine } from './gallery.js';
import { readThreads } from './limits.js';
import { progressBar } from './progress.js';
import {
  computed,
  describeGrid,
  type Flags,
  openStore,
  printMessages,
  readShard,
  stopOnInterrupt,
} from './storeSweep.js';

/** Flags of `sweep` that belong to its stores. */
const OF_STORES = ['shard', 'wait', 'dryRun'] as const;

/** Points of a table that each thread solves before they are written. */
const ROWS_PER_WORKER = 16;
/** The same of a device that solves many at once. */
const ROWS_ON_DEVICE = 256;

/** What a table calls what became of a point. */
const wordsOf = (status: Status): string => {
  if (status === 'solved') return 'solved';
  if (status === 'failed_not_unique') return 'not unique';
  return status === 'failed_not_finite' ? 'not finite' : 'not converged';
};

/** The numbers of points, and what became of them. */
interface Rows {
  /** By name. */
  readonly columns: Readonly<Record<string, ArrayLike<number | null>>>;
  readonly status: readonly Status[];
  /** What there is to say of points. */
  readonly messages: readonly string[];
}

type SolveRows = (points: readonly number[]) => Promise<Rows>;

const onThreads =
  ({ columns }: MachinePlan, solver: MachineSolver): SolveRows =>
  async (points) => {
    const { values, messages } = await solver.solve(points);
    return {
      messages,
      columns: Object.fromEntries(columns.map((name) => [name, values[variableOf(name)]])),
      status: Array.from(values.status, (code) => STATUSES[code]),
    };
  };

async function writeTable(
  plan: MachinePlan,
  out: string,
  stop: AbortSignal,
  rows: number,
  solve: SolveRows,
): Promise<number> {
  const axes = plan.dimensions.flatMap((dimension) => dimension.axes.map(({ name }) => name));
  const tally = new Map<string, number>();
  const said = new Map<string, number>();
  const count = (of: Map<string, number>, word: string) => of.set(word, (of.get(word) ?? 0) + 1);
  const file = await open(out, 'w');
  const progress = progressBar('points', plan.count);
  let done = 0;
  try {
    await file.write(`${csvFormatRow([...axes, 'status', ...plan.columns])}\n`);
    while (done < plan.count && !stop.aborted) {
      const length = Math.min(rows, plan.count - done);
      const points = Array.from({ length }, (_, k) => done + k);
      const { columns, status, messages } = await solve(points);
      for (const message of messages) count(said, message);
      const lines = points.map((point, k) => {
        const values = pointValues(plan, point);
        const word = wordsOf(status[k]);
        count(tally, word);
        const cells = plan.columns.map((name) => {
          const value = columns[name][k] ?? Number.NaN;
          return Number.isNaN(value) ? '' : `${value}`;
        });
        return csvFormatRow([...axes.map((name) => `${values[name]}`), word, ...cells]);
      });
      await file.write(`${lines.join('\n')}\n`);
      done += length;
      progress.count(done, '');
      // Signals have their turn.
      await new Promise(setImmediate);
    }
  } finally {
    progress.stop();
    await file.close();
  }
  const words = [...tally].map(([word, n]) => `${n} ${word}`).join(', ');
  process.stdout.write(`${out}: ${words}\n`);
  printMessages(said);
  if (done < plan.count) {
    process.stderr.write(
      `stopped: the table lacks ${plan.count - done} of ${plan.count} points, and the same command begins it anew; with a folder for --out it would go on\n`,
    );
    return INTERRUPTED;
  }
  return [...tally.keys()].every((word) => word === 'solved') ? 0 : NOT_CONVERGED;
}

/** A table whose points a device solves: many at once where it eliminates them. */
const tableOnDevice = (
  plan: MachinePlan,
  out: string,
  stop: AbortSignal,
  backend: BackendName,
): Promise<number> =>
  withEngine({ backend }, async (engine) => {
    const chains = await engine.chains();
    return engine.on('f64', 'f32', (opened) => {
      const system = new MachineSystem(plan.described);
      const rows = chains === null ? 1 : ROWS_ON_DEVICE;
      return writeTable(plan, out, stop, rows, async (points) => {
        const solved = await machinePoints(plan, system, points, opened, chains);
        const columns = plan.columns.map((name) => [
          name,
          solved.map((point) => point.columns[name] ?? null),
        ]);
        return {
          columns: Object.fromEntries(columns),
          status: solved.map(({ status }) => status),
          messages: solved.flatMap(({ message }) => message ?? []),
        };
      });
    });
  });

async function toStore(plan: MachinePlan, flags: Flags, solver: MachineSolver): Promise<number> {
  const shard = readShard(flags.shard);
  const { described, columns, window } = plan;
  const throughput = (enough?: number) => throughputOf(plan.count, solver.solve, enough);
  if (flags.out === undefined || flags.dryRun) {
    const words = [
      ['machine', described.name],
      ['windows', `[${window.lmin}, ${window.lmax}], all points`],
      ['recorded', columns.join(' ')],
    ] as const;
    process.stdout.write(describeGrid(plan, shard, await throughput(), solver, words));
    return 0;
  }
  const store = await openStore(flags.out, plan, shard, flags.wait === true, () =>
    throughput(enoughFor(plan)),
  );
  const signal = stopOnInterrupt();
  return computed(flags.out, store, shard, (report) =>
    runBatches(store, solver.solve, [solver], shard, report, signal),
  );
}

/** @param content of the plan */
export async function runMachineSweep(
  content: Readonly<Record<string, unknown>>,
  flags: Flags,
): Promise<number> {
  const plan = readMachinePlan(content, readMachine);
  const { out } = flags;
  const backend = machineSweepBackend(flags.backend);
  if (out === undefined && flags.dryRun === undefined) {
    throw new ParameterError(
      'out',
      undefined,
      'a folder for the results, or a file ending in .csv',
    );
  }
  const isTable = out?.endsWith('.csv') === true;
  if (isTable) {
    for (const name of OF_STORES) {
      if (flags[name] === undefined) continue;
      throw new ParameterError(name, flags[name], 'absent with a table: stores have it');
    }
  }
  if (!backends[backend].isHost) {
    if (isTable) return tableOnDevice(plan, out, stopOnInterrupt(), backend);
    const allowed = `${HOST_NAMES} with a machine in the plan; a table (.csv) takes ${backend}`;
    throw new ParameterError('backend', backend, allowed);
  }
  const workers = readThreads('workers', flags.workers);
  const solver = machineSolver(plan, workers);
  try {
    if (!isTable) return await toStore(plan, flags, solver);
    return await writeTable(
      plan,
      out,
      stopOnInterrupt(),
      workers * ROWS_PER_WORKER,
      onThreads(plan, solver),
    );
  } finally {
    await solver.close();
  }
}
