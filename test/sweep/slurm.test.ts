import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchScript, logPattern } from '../../src/sweep/jobArray.js';
import { qmill, qmillProcess } from '../support/commandLine.js';
import { type Slurm, startSlurm } from '../support/slurm.js';
import { contentsOf, workshop } from '../support/sweeps.js';

const { path, plan, clear } = workshop();
afterAll(clear);

const file = plan('plan.yaml', {
  axes: {
    'beta2/beta1': { linspace: { from: 0.3, to: 0.8, count: 50 } },
    lambda: { logspace: { from: 0.02, to: 0.1, count: 48 } },
  },
  observables: ['heat', 'rotor.Lz'],
  edgeTolerance: 1e-6,
  batch: 48,
});
const POINTS = 50 * 48;

test('a batch script runs one shard a task, whatever is in a path', () => {
  const script = batchScript({
    plan: "/home/o'neil/my plan.yaml",
    out: '/data/50%/r',
    tasks: 8,
    backend: 'cpu',
    command: ['node', 'main.js'],
  });
  expect(script).toContain('#SBATCH --array=1-8');
  expect(logPattern('/data/50%/r')).toBe('/data/50%%/r.task-%a.log');
  expect(script).toContain(`'/home/o'\\''neil/my plan.yaml'`);
  expect(script).toContain('--shard "$SLURM_ARRAY_TASK_ID/8" --wait');
});

test('without Slurm, and with a wrong number of tasks, it says so in one line', () => {
  const without = qmillProcess(['slurm', file, '--out', path('without'), '--tasks', '2'], {
    PATH: '/nonexistent',
  });
  expect(without.status).toBe(1);
  expect(without.stderr).toContain('scontrol: not found: is Slurm installed here?');
  const wrong = qmill(['slurm', file, '--out', path('without'), '--tasks', '0']);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('tasks = "0": must be an integer from 1 to ');
  const nowhere = path('nowhere.yaml');
  const planless = qmillProcess(['slurm', nowhere, '--out', path('without'), '--tasks', '2'], {
    PATH: '/nonexistent',
  });
  expect(planless).toMatchObject({ status: 2, stderr: expect.stringContaining('plan = ') });
});

describe('on a Slurm that only writes down what it is asked', () => {
  const bin = path('bin');
  const asked = path('asked');
  mkdirSync(bin);
  const fake = (name: string, script: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  fake('scontrol', 'echo "MaxArraySize            = 1001"');
  fake('sbatch', `printf '%s\\n' "$@" > '${asked}'; echo 7`);
  const submitted = (out: string, tasks: string) =>
    qmillProcess(['slurm', file, '--out', out, '--tasks', tasks], {
      PATH: `${bin}:${process.env.PATH}`,
    });

  test('white space and percent signs in a path stay in it', () => {
    const out = path('my results 50%');
    const { status, stdout } = submitted(out, '3');
    expect(stdout).toBe('submitted job 7: 3 tasks\n');
    expect(status).toBe(0);
    expect(readFileSync(asked, 'utf8').split('\n')).toEqual([
      '--parsable',
      `--output=${out.replace('%', '%%')}.task-%a.log`,
      `${out}.sbatch`,
      '',
    ]);
  });

  test('a path with a new line, and more tasks than it takes, are refused', () => {
    const broken = submitted(`${path('x')}\n#SBATCH --wrap=true`, '3');
    expect(broken.status).toBe(2);
    expect(broken.stderr).toContain('must be a path without control characters');
    const many = submitted(path('many'), '1001');
    expect(many.status).toBe(2);
    expect(many.stderr).toContain("must be at most 1000, by this Slurm's MaxArraySize");
  });
});

describe('on a real Slurm', () => {
  let slurm: Slurm | { readonly missing: string };
  beforeAll(async () => {
    slurm = await startSlurm();
  });
  afterAll(async () => {
    if ('stop' in slurm) await slurm.stop();
  });

  const undisturbed = () => {
    expect(qmill(['sweep', file, '--out', path('undisturbed')]).status).toBe(0);
    return contentsOf(path('undisturbed'));
  };

  test('8 tasks, one of them killed and requeued: complete, no point twice', {
    timeout: 300_000,
  }, async ({ skip }) => {
    if ('missing' in slurm) return skip(slurm.missing);
    const { env, run } = slurm;
    const out = path('array');
    const submit = ['slurm', file, '--out', out, '--tasks', '8'];
    const { status, stdout } = qmillProcess(submit, env);
    expect(status).toBe(0);
    const job = /submitted job (\d+): 8 tasks/.exec(stdout)?.[1] as string;

    const task = `${job}_3`;
    const state = () => run('scontrol', '--oneliner', 'show', 'job', task);
    while (!state().includes('JobState=RUNNING')) await sleep(50);
    // The first of the tasks has begun; all of them have 300 points each before them.
    while (!existsSync(out)) await sleep(20);
    run('scancel', '--full', '--signal=KILL', task);
    while (/JobState=(RUNNING|COMPLETING)/.test(state())) await sleep(50);
    expect(state()).toMatch(/JobState=(FAILED|CANCELLED)/);
    run('scontrol', 'requeue', task);
    // Slurm waits two minutes, in case the node was at fault.
    run('scontrol', 'update', `JobId=${task}`, 'StartTime=now');
    while (run('squeue', '--noheader').trim() !== '') await sleep(200);
    expect(state()).toContain('JobState=COMPLETED');
    expect(state()).toContain('Restarts=1');

    const shards = Array.from({ length: 8 }, (_, i) => {
      const log = readFileSync(`${out}.task-${i + 1}.log`, 'utf8');
      const found = /(\d+) points solved(?: (\d+) were there)?/.exec(log.replaceAll(',', '')) ?? [];
      return Number(found[1]) + Number(found[2] ?? 0);
    });
    expect(shards.reduce((a, b) => a + b)).toBe(POINTS);
    expect(contentsOf(out)).toEqual(undisturbed());
  });

  test('--wait, with options for sbatch, comes back when all is there', ({ skip }) => {
    if ('missing' in slurm) return skip(slurm.missing);
    const out = path('waited');
    const { status, stdout } = qmillProcess(
      ['slurm', file, '--out', out, '--tasks', '2', '--wait', '--', '--cpus-per-task=2'],
      slurm.env,
    );
    expect(status).toBe(0);
    expect(stdout).toContain('2,400 solved');
    const refused = qmillProcess(
      ['slurm', file, '--out', out, '--tasks', '2', '--', '--partition=none'],
      slurm.env,
    );
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('invalid partition');
  });
});
