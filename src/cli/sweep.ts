/** `qmill sweep`: many devices, from a plan to a store of results, resumed by the same command. */

import { existsSync } from 'node:fs';
import { MODELS } from '../model/masterEquations/registry.js';
import { ParameterError } from '../model/parameters.js';
import { chunkGrid, chunkShapeFor, pointsOfShard, type Shard, WHOLE } from '../sweep/chunks.js';
import { type NumberType, type Status, variablesOf } from '../sweep/layout.js';
import { type Plan, readPlan } from '../sweep/plan.js';
import { batchSize, measureThroughput, runSweep, type SweepRun, tally } from '../sweep/run.js';
import type { Solvers } from '../sweep/solvePoints.js';
import { closeSolvers, openSolvers, SWEEP_BACKENDS } from '../sweep/solvers.js';
import { SweepStore } from '../sweep/store.js';
import { type AddCommand, NOT_CONVERGED } from './command.js';
import { readThreads } from './limits.js';
import { checkRoom } from './outputs.js';
import { duration, perSecond, progressBar } from './progress.js';
import { bytesInWords } from './words.js';
import { readYaml } from './yaml.js';

/** Exit status of a process that an interrupt ended, as shells count. */
const INTERRUPTED = 130;
/** Different messages about failures that are printed. */
const MESSAGES = 5;
const BYTES: Readonly<Record<NumberType, number>> = { float64: 8, int32: 4, int8: 1 };

interface Flags {
  readonly out?: string;
  readonly shard?: string;
  readonly backend: string;
  readonly workers?: string;
  readonly dryRun?: true;
  readonly wait?: true;
}

const count = (n: number): string => n.toLocaleString('en');

export function readShard(text: string | undefined): Shard {
  if (text === undefined) return WHOLE;
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (!(index >= 1 && index <= of)) {
    throw new ParameterError('shard', text, 'i/n with 1 ≤ i ≤ n, such as 2/8');
  }
  return { index, of };
}

/** What a point takes on disk, uncompressed. */
const pointBytes = (plan: Plan): number =>
  variablesOf(plan).reduce((sum, { type }) => sum + BYTES[type], 0);

/** What the sweep would be, from a short sample of it. */
async function describePlan(plan: Plan, solvers: Solvers, shard: Shard): Promise<string> {
  const throughput = await measureThroughput(plan, solvers);
  const shape = plan.dimensions.map(({ length }) => length);
  const batch = plan.batch ?? batchSize(plan, shard, throughput);
  const grid = chunkGrid(shape, chunkShapeFor(shape, batch));
  const perPoint = pointBytes(plan);
  const perBatch = perPoint * grid.chunkShape.reduce((a, b) => a * b, 1);
  const { lmin, lmax, edgeTolerance } = plan.truncation;
  const lines = [
    [
      'points',
      `${count(plan.count)} (${plan.dimensions
        .map(({ length, axes }) => `${length} ${axes.map(({ name }) => name).join(' with ')}`)
        .join(' × ')})`,
    ],
    ['model', plan.fixed.model],
    [
      'windows',
      lmin === undefined ? `auto, edges below ${edgeTolerance}` : `[${lmin}, ${lmax}], all points`,
    ],
    ['recorded', plan.observables.join(' ')],
    ['batches', `${count(grid.count)} of at most ${grid.chunkShape.join(' × ')} points`],
    ['memory', `${bytesInWords(2 * perBatch)} for the batches in flight`],
    ['disk', bytesInWords(perPoint * plan.count)],
    [
      'backend',
      `${solvers.first.name}${solvers.first.adapter === null ? '' : ` (${solvers.first.adapter})`}`,
    ],
    ['throughput', `${perSecond(throughput)} points/s in a short sample`],
    [
      'time',
      `about ${duration(plan.count / shard.of / throughput)}${shard.of > 1 ? ' for a shard' : ''}`,
    ],
  ];
  return `${lines.map(([name, value]) => `${name.padEnd(12)}${value}`).join('\n')}\n`;
}

/** Ends the sweep after the batches in flight at a first interrupt, at once at a second. */
function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort();
      process.stderr.write('stopping: the batches in flight are finished first\n');
    });
  }
  return controller.signal;
}

/** How many points are in each state, in words. */
export const describeTally = (states: ReadonlyMap<Status, number>): string =>
  [...states].map(([status, n]) => `${count(n)} ${status}`).join(', ');

function report(run: SweepRun, shard: Shard): void {
  for (const path of run.damaged) {
    process.stderr.write(`damaged, and computed again: ${path}\n`);
  }
  const messages = [...run.messages].sort((a, b) => b[1] - a[1]);
  for (const [message, times] of messages.slice(0, MESSAGES)) {
    process.stderr.write(`${times} × ${message}\n`);
  }
  if (messages.length > MESSAGES) {
    process.stderr.write(`… and ${messages.length - MESSAGES} other messages\n`);
  }
  if (run.stopped) process.stderr.write('stopped: the same command goes on from here\n');
  const { done, found } = run.count;
  const part = shard.of === 1 ? '' : `shard ${shard.index}/${shard.of}: `;
  const there = found === 0 ? '' : `, ${count(found)} were there`;
  process.stdout.write(`${part}${count(done - found)} points solved${there}\n`);
}

/** Solves what the store lacks, and lets go of the store however that ends. */
async function computed(store: SweepStore, solvers: Solvers, shard: Shard, stop: AbortSignal) {
  const progress = progressBar('points', pointsOfShard(store.grid, shard));
  try {
    const run = await runSweep(
      store,
      solvers,
      shard,
      ({ done, failed }) => progress.count(done, `${failed} failed`),
      stop,
    );
    progress.stop();
    report(run, shard);
    const states = await tally(store);
    await store.close();
    return { run, states };
  } catch (error) {
    progress.stop();
    // The first error is the one to be told.
    await store.close().catch(() => {});
    throw error;
  }
}

export async function runSweepCommand(file: string, flags: Flags): Promise<number> {
  const content = readYaml(file, 'plan');
  if ('machine' in content) {
    const { runMachineSweep } = await import('./machineSweep.js');
    return runMachineSweep(content, { ...flags }, stopOnInterrupt);
  }
  const plan = readPlan(content);
  const shard = readShard(flags.shard);
  const workers = readThreads('workers', flags.workers);
  if (flags.out === undefined && flags.dryRun === undefined) {
    throw new ParameterError('out', undefined, 'a folder for the results');
  }
  const solvers = await openSolvers(flags.backend, plan, workers);
  try {
    if (flags.out === undefined || flags.dryRun) {
      process.stdout.write(await describePlan(plan, solvers, shard));
      return 0;
    }
    // A store that is there already has some of it.
    if (!existsSync(flags.out)) checkRoom('out', flags.out, pointBytes(plan) * plan.count);
    const store = await SweepStore.open(
      flags.out,
      plan,
      shard,
      async () => plan.batch ?? batchSize(plan, shard, await measureThroughput(plan, solvers)),
      {
        wait: flags.wait === true,
        waiting: (message) => process.stderr.write(`${message}\n`),
      },
    );
    const stop = stopOnInterrupt();
    const { run, states } = await computed(store, solvers, shard, stop);
    process.stdout.write(`${flags.out}: ${describeTally(states)}\n`);
    if (run.stopped) return INTERRUPTED;
    const unsolved = [...states.keys()].some((s) => s !== 'solved' && s !== 'pending');
    return unsolved ? NOT_CONVERGED : 0;
  } finally {
    await closeSolvers(solvers);
  }
}

export const addSweep: AddCommand = (command, running) => {
  command
    .argument('<plan>', 'YAML file: what varies, what is recorded')
    .option('--out <folder>', 'the results, a Zarr store')
    .option('--shard <i/n>', 'only the i-th of n parts, which may run side by side')
    .option('--wait', 'where another process writes the same part, wait for it')
    .option('--backend <name>', `one of ${SWEEP_BACKENDS.join(', ')}`, 'auto')
    .option('--workers <n>', 'threads on the CPU (default: one per core)')
    .option('--dry-run', 'only print points, memory and estimated time')
    .addHelpText(
      'after',
      `
A plan:
  model: local                     # or ${MODELS.filter((name) => name !== 'local').join(', ')}
  parameters: {B1: 4, B2: 10}      # what stays the same; the rest is at its default
  axes:                            # what varies, each crossed with the others
    beta2/beta1: {linspace: {from: 0.05, to: 0.9, count: 200}}
    lambda: {logspace: {from: 1e-3, to: 1, count: 100}}
    chi: [-0.5, 0, 0.5]
  zip: []                          # [[B1, B2]]: axes that advance together
  observables: [heat, work, rotor.Lz, operation]
  truncation: auto                 # or {lmin: -20, lmax: 40}
  edgeTolerance: 1e-12             # largest population at an edge of a window
  tolerance: 1e-10                 # largest relative residual
  precision: f64

A plan over another machine, to a table:
  machine: piston                  # or a file
  parameters: {k: 0.5}
  axes: {g: {linspace: {from: 0, to: 4, count: 41}}}
  observables: [ladder.mean, heat.hot, observables.power]

Examples:
  qmill sweep pistons.yaml --out pistons.csv
  qmill sweep plan.yaml --dry-run
  qmill sweep plan.yaml --out results            stop it, kill it: the same line goes on
  qmill sweep plan.yaml --out results --shard 2/8
  qmill export results --to netcdf results.nc`,
    )
    .action(running(runSweepCommand));
};
