/** A sweep as a Slurm job array: one shard a task. Slurm distributes, queues and requeues. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Slurm is not here, or did not take the job. */
class SlurmError extends Error {
  override readonly name = 'SlurmError';
}

export interface JobArray {
  /** Absolute paths: a job starts elsewhere. */
  readonly plan: string;
  readonly out: string;
  readonly tasks: number;
  readonly backend: string;
  /** The interpreter and the program that each task runs. */
  readonly command: readonly string[];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Where each task's output goes, in Slurm's own pattern: given to sbatch as it is, since in a script white
 * space would end it, and a new line begin another option.
 */
export const logPattern = (out: string): string => `${out.replaceAll('%', '%%')}.task-%a.log`;

/** The batch script of a job array. */
export function batchScript({ plan, out, tasks, backend, command }: JobArray): string {
  const program = command.map(quoted).join(' ');
  return `#!/bin/bash
#SBATCH --job-name=qmill-sweep
#SBATCH --array=1-${tasks}
#SBATCH --open-mode=append
#SBATCH --requeue
${program} sweep ${quoted(plan)} --out ${quoted(out)} --backend ${backend} \\
  --shard "$SLURM_ARRAY_TASK_ID/${tasks}" --wait --workers "\${SLURM_CPUS_PER_TASK:-1}"
status=$?
# Points without an answer are marked in the results: the task has done its work.
[ $status -eq 3 ] && exit 0
exit $status
`;
}

async function slurm(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(program, args)).stdout;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    const why = code === 'ENOENT' ? 'not found: is Slurm installed here?' : (stderr ?? '').trim();
    throw new SlurmError(`${program}: ${why.replaceAll('\n', ' ')}`);
  }
}

/**
 * The most tasks that a job array may have here; null where Slurm does not say.
 * @throws {SlurmError} where it is not installed
 */
export async function mostTasks(): Promise<number | null> {
  const config = await slurm('scontrol', ['show', 'config']);
  const size = /^MaxArraySize\s*=\s*(\d+)/m.exec(config)?.[1];
  // Task numbers are below it, and begin with 1.
  return size === undefined ? null : Number(size) - 1;
}

/**
 * Submits a batch script.
 * @param options further options of sbatch, which win over the script's
 * @returns the job's number
 * @throws {SlurmError}
 */
export async function submit(script: string, options: readonly string[]): Promise<string> {
  const stdout = await slurm('sbatch', ['--parsable', ...options, script]);
  return stdout.trim().split(';')[0];
}

/** The states of a job's tasks that have not ended; empty when all have. @throws {SlurmError} */
export async function unfinishedTasks(job: string): Promise<string[]> {
  try {
    const stdout = await slurm('squeue', [
      '--noheader',
      '--array',
      '--jobs',
      job,
      '--format',
      '%T',
    ]);
    return stdout.split('\n').filter((state) => state !== '');
  } catch (error) {
    // Slurm forgets a job some minutes after its end.
    if (error instanceof SlurmError && error.message.includes('Invalid job id')) return [];
    throw error;
  }
}
