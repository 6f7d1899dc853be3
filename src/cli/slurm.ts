/** `qmill slurm`: a sweep as a Slurm job array. */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ParameterError } from '../model/parameters.js';
import { replaceFile } from '../storage/files.js';
import { batchScript, logPattern, mostTasks, submit, unfinishedTasks } from '../sweep/jobArray.js';
import { readPlan } from '../sweep/plan.js';
import { batchSize, measureThroughput, tally } from '../sweep/run.js';
import { closeSolvers, openSolvers, SWEEP_BACKENDS } from '../sweep/solvers.js';
import { SweepStore } from '../sweep/store.js';
import { type AddCommand, NOT_CONVERGED, STORE_FAILED } from './command.js';
import { progressBar } from './progress.js';
import { describeTally } from './storeSweep.js';
import { wholeIn } from './words.js';
import { readYaml } from './yaml.js';

/** How often a job is looked after. */
const POLL_MS = 1000;

interface Flags {
  readonly out: string;
  readonly tasks: string;
  readonly backend: string;
  readonly wait?: true;
}

/** What Slurm takes at most; without Slurm there is no job anyway. */
const MOST_TASKS = 4_000_000;

/** @throws {ParameterError | SlurmError} */
async function readTasks(text: string): Promise<number> {
  const tasks = wholeIn('tasks', text, [1, MOST_TASKS]);
  const most = await mostTasks();
  if (most !== null && tasks > most) {
    throw new ParameterError('tasks', text, `at most ${most}, by this Slurm's MaxArraySize`);
  }
  return tasks;
}

/** @throws {ParameterError} for a path that would break out of its line */
function readOut(text: string): string {
  if (/\p{Cc}/u.test(text)) {
    throw new ParameterError('out', text, 'a path without control characters');
  }
  return resolve(text);
}

/** Waits until no task is left. */
async function waitFor(job: string, store: SweepStore): Promise<void> {
  const progress = progressBar('points', store.plan.count);
  while ((await unfinishedTasks(job)).length > 0) {
    const states = await tally(store);
    progress.count(store.plan.count - (states.get('pending') ?? 0));
    await sleep(POLL_MS);
  }
  progress.stop();
}

async function runSlurm(file: string, options: readonly string[], flags: Flags): Promise<number> {
  const out = readOut(flags.out);
  const plan = readPlan(readYaml(file, 'plan'));
  const tasks = await readTasks(flags.tasks);
  // The store is made before its shards start, so that they find one and the same.
  const scheduled = { index: 0, of: tasks };
  const solvers = await openSolvers(flags.backend, plan, 1);
  const store = await SweepStore.open(
    out,
    plan,
    null,
    async () => plan.batch ?? batchSize(plan, scheduled, await measureThroughput(plan, solvers)),
  ).finally(() => closeSolvers(solvers));
  await store.close();

  const script = `${out}.sbatch`;
  const program = fileURLToPath(new URL('./main.js', import.meta.url));
  const content = batchScript({
    plan: resolve(file),
    out,
    tasks,
    backend: flags.backend,
    command: [process.execPath, program],
  });
  await replaceFile(script, [new TextEncoder().encode(content)]);
  process.stderr.write(`job script: ${script}\n`);
  const job = await submit(script, [`--output=${logPattern(out)}`, ...options]);
  process.stdout.write(`submitted job ${job}: ${tasks} tasks\n`);
  if (flags.wait === undefined) return 0;

  await waitFor(job, store);
  const states = await tally(store);
  process.stdout.write(`${out}: ${describeTally(states)}\n`);
  if (states.has('pending')) {
    process.stderr.write(
      `not all tasks came to their end: see ${out}.task-*.log; the same command goes on\n`,
    );
    return STORE_FAILED;
  }
  return [...states.keys()].every((status) => status === 'solved') ? 0 : NOT_CONVERGED;
}

export const addSlurm: AddCommand = (command, running) => {
  command
    .argument('<plan>', 'YAML file, as for qmill sweep')
    .argument('[sbatch...]', 'options for sbatch, after --')
    .requiredOption('--out <folder>', 'the results, on a file system that all nodes share')
    .requiredOption('--tasks <n>', 'tasks of the job array')
    .option('--backend <name>', `one of ${SWEEP_BACKENDS.join(', ')}`, 'auto')
    .option('--wait', 'until the job has ended')
    .addHelpText(
      'after',
      `
A task that is killed or requeued goes on where it was; the same command submits what is missing.

Examples:
  qmill slurm plan.yaml --out results --tasks 64
  qmill slurm plan.yaml --out results --tasks 8 --wait -- --partition=long --cpus-per-task=16`,
    )
    .action(running(runSlurm));
};
