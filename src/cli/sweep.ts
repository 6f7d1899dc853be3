/** `qmill sweep`: many devices, from a plan to a store of results, resumed by the same command. */
import { MODELS } from '../model/masterEquations/registry.js';
import { ParameterError } from '../model/parameters.js';
import type { Shard } from '../sweep/chunks.js';
import { type Plan, readPlan } from '../sweep/plan.js';
import { enoughFor, measureThroughput, runSweep } from '../sweep/run.js';
import { type ChosenSolvers, closeSolvers, openSolvers, SWEEP_BACKENDS } from '../sweep/solvers.js';
import { lookForGpu } from './adapters.js';
import type { AddCommand } from './command.js';
import { requireGpu } from './engine.js';
import { readThreads } from './limits.js';
import {
  computed,
  describeGrid,
  type Flags,
  openStore,
  readShard,
  stopOnInterrupt,
} from './storeSweep.js';
import { readYaml } from './yaml.js';

/** What the sweep would be, from a short sample of it. */
async function describePlan(plan: Plan, solvers: ChosenSolvers, shard: Shard): Promise<string> {
  const { lmin, lmax, edgeTolerance } = plan.truncation;
  return describeGrid(plan, shard, await measureThroughput(plan, solvers), solvers.first, [
    ['model', plan.fixed.model],
    [
      'windows',
      lmin === undefined ? `auto, edges below ${edgeTolerance}` : `[${lmin}, ${lmax}], all points`,
    ],
    ['recorded', plan.observables.join(' ')],
    ['backend is', solvers.reason],
  ]);
}

async function runSweepCommand(file: string, flags: Flags): Promise<number> {
  const content = readYaml(file, 'plan');
  if ('machine' in content) {
    const { runMachineSweep } = await import('./machineSweep.js');
    return runMachineSweep(content, flags);
  }
  const plan = readPlan(content);
  const shard = readShard(flags.shard);
  const workers = readThreads('workers', flags.workers);
  if (flags.out === undefined && flags.dryRun === undefined) {
    throw new ParameterError('out', undefined, 'a folder for the results');
  }
  if (flags.backend === 'webgpu') await requireGpu();
  const solvers = await openSolvers(flags.backend, plan, workers, lookForGpu);
  try {
    if (flags.out === undefined || flags.dryRun) {
      process.stdout.write(await describePlan(plan, solvers, shard));
      return 0;
    }
    if (solvers.isNews) {
      process.stderr.write(`backend ${solvers.first.name}, ${solvers.reason}\n`);
    }
    const store = await openStore(flags.out, plan, shard, flags.wait === true, () =>
      measureThroughput(plan, solvers, enoughFor(plan)),
    );
    const stop = stopOnInterrupt();
    return await computed(flags.out, store, shard, (report) =>
      runSweep(store, solvers, shard, report, stop),
    );
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

A plan over another machine, to a store, or to a table where --out ends in .csv:
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
