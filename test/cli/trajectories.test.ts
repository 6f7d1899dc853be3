import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { noAdapter, qmill, qmillProcess } from '../support/commandLine.js';
import { interruptedInTheMidst, interruptedOnceThereIs } from '../support/interrupt.js';

const device = ['--beta1', '1', '--beta2', '0.3', '--B1', '1', '--B2', '1.5', '--gamma', '0.05'];
const command = ['trajectories', ...device, '--lmin', '-9', '--lmax', '9', '--times', '1,5'];
const run = (...args: string[]) => qmill([...command, '--count', '230', ...args]);

describe('qmill trajectories --json', () => {
  const one = run('--json', '--seed', '5', '--threads', '1');
  const report = JSON.parse(one.stdout);

  test('prints means and error bars, and what ran', () => {
    expect(one.status).toBe(0);
    expect(one.stderr).toBe('');
    expect(report).toMatchObject({
      model: 'local',
      seed: 5,
      count: 230,
      complete: true,
      truncation: { lmin: -9, lmax: 9, converged: true },
      backend: { name: 'cpu', adapter: null, precision: 'f64', threads: 1 },
      solver: { space: 'state vectors', method: 'trajectories, closed form' },
    });
    expect(report.snapshots.map(({ t }: { t: number }) => t)).toEqual([1, 5]);
    const [, { heat, exchanged, jumps, rotor, qubits }] = report.snapshots;
    for (const one of [heat.Q1, exchanged.Q2, jumps.load, rotor.Lz, rotor.Lz2]) {
      expect(Number.isFinite(one.mean)).toBe(true);
      expect(one.standardError).toBeGreaterThan(0);
      expect(one.error).toBeGreaterThan(one.standardError);
    }
    expect(report.errorBars).toMatchObject({ bars: 3, falseAlarms: 0.05 });
    expect(rotor.populations).toHaveLength(19);
    const sum = (all: { mean: number }[]) => all.reduce((total, { mean }) => total + mean, 0);
    expect(sum(rotor.populations)).toBeCloseTo(1, 12);
    expect(sum(qubits.populations)).toBeCloseTo(1, 12);
  });

  test('any number of threads gives the same numbers', () => {
    const several = JSON.parse(run('--json', '--seed', '5', '--threads', '3').stdout);
    expect(several.backend.threads).toBe(3);
    expect(several.snapshots).toEqual(report.snapshots);
  });

  test('the table for people has the same numbers', () => {
    const { stdout, status } = run('--seed', '5', '--threads', '1');
    expect(status).toBe(0);
    expect(stdout).toContain(report.snapshots[1].rotor.Lz.mean.toPrecision(6));
    expect(stdout).toContain(report.snapshots[0].exchanged.Q2.error.toExponential(1));
  });
});

test('a jump that is rare and did not happen is within the bars', () => {
  const rare =
    '--times 0.5 --count 1000 --V 2 --lmin -4 --lmax 4 --qubit1 down --qubit2 up --seed 3';
  const args = ['trajectories', ...rare.split(' '), '--threads', '1'];
  const { jumps } = JSON.parse(qmill([...args, '--json']).stdout).snapshots[0];
  expect(jumps.load).toMatchObject({ mean: 0, standardError: 0 });
  // Of I γ (1 ± aL_z)²/β_r up and down, over 0.5.
  expect(5.6e-4).toBeLessThan(3 * jumps.load.error);
  expect(qmill(args).stdout.replace(/\s+/g, ' ')).toContain(
    'at most 5 % of means are more than 3 of them off',
  );
});

describe('on a device', () => {
  const onDevice = ['--backend', 'webgpu', '--precision', 'f32'];

  test('says its adapter and precision, and gives the means of the CPU', () => {
    const options = ['--count', '230', '--json', '--seed', '5'];
    const { status, stdout } = qmillProcess([...command, ...options, ...onDevice]);
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.backend).toMatchObject({ name: 'webgpu', precision: 'f32', threads: null });
    expect(report.backend.adapter).not.toBe(null);
    const cpu = JSON.parse(run('--json', '--seed', '5', '--threads', '1').stdout);
    const [found, wanted] = [report, cpu].map(({ snapshots }) => snapshots[1].rotor.Lz);
    expect(Math.abs(found.mean - wanted.mean)).toBeLessThan(wanted.standardError / 4);
  });

  test('without an adapter is refused', () => {
    const { status, stderr } = qmillProcess([...command, ...onDevice], noAdapter);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: no WebGPU adapter was found.*\n$/);
  });
});

test('the global model says its cutoff; a potential is not closed form', () => {
  const few = ['--count', '10', '--json', '--threads', '1'];
  // The larger 2B.
  expect(JSON.parse(qmill([...command, '--model', 'global', ...few]).stdout).cutoff).toBe(3);
  const { solver } = JSON.parse(qmill([...command, '--V', '1', ...few]).stdout);
  expect(solver.method).toBe('trajectories, Taylor series');
});

test('the window is found where none is given', () => {
  const args = [
    'trajectories',
    ...device,
    '--times',
    '2',
    '--count',
    '60',
    '--rotor',
    '30',
    '--json',
  ];
  const { status, stdout } = qmill([...args, '--threads', '1']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout).truncation.lmax).toBeGreaterThan(30);
});

test('a window that is too small exits with 3, the result printed and marked', () => {
  const args = ['trajectories', ...device, '--times', '2', '--count', '60', '--json'];
  const { status, stdout, stderr } = qmill([...args, '--lmin', '-1', '--lmax', '1']);
  expect(status).toBe(3);
  expect(JSON.parse(stdout).truncation.converged).toBe(false);
  expect(stderr).toContain('not converged');
});

describe('bad input exits with 2 and one line', () => {
  test.each([
    [[], 'times is missing: must be increasing numbers'],
    [['--times', '2,1'], 'times = "2,1": must be increasing numbers'],
    [['--times', '1', '--count', '0'], 'count = 0: must be an integer from 1'],
    [['--times', '1', '--seed', '-1'], 'seed = -1: must be an integer from 0'],
    [['--times', '1', '--threads', '0'], 'threads = 0: must be an integer from 1 to '],
    [
      ['--times', '1', '--backend', 'webgpu'],
      'precision = "f64": must be \'f32\' with backend = webgpu',
    ],
    [
      ['--times', '1', '--precision', 'f32'],
      'precision = "f32": must be \'f64\' with backend = cpu',
    ],
    [['--times', '1', '--space', 'full'], 'space = "full": must be'],
    [['--times', '1', '--rotor', '{spin: 1}'], 'rotor = '],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = qmill(['trajectories', ...args]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
  });
});

describe('interrupted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([1, 2])(
    'ends at once on %i threads, however long a trajectory takes',
    async (threads) => {
      const file = join(folder, `long${threads}.ckpt`);
      // Minutes for each of them.
      const long = ['--times', '1e6', '--count', '100', '--threads', String(threads)];
      const args = ['trajectories', ...device, '--lmin', '-9', '--lmax', '9', ...long];
      const outcome = await interruptedOnceThereIs(file, [...args, '--checkpoint', file], 1000);
      expect(outcome.code).toBe(130);
      // Had it waited for one, that would be there.
      expect(outcome.stderr).toContain('interrupted before the first trajectories were done');
    },
  );

  test('prints what there is, and the same command goes on, to the same numbers', async () => {
    const file = join(folder, 'run.ckpt');
    const long = [...command, '--times', '1,60', '--count', '4000', '--json', '--threads', '2'];
    const args = [...long, '--checkpoint', file];
    // Threads that have not begun yet have nothing to print.
    const early = 'before the first trajectories were done';
    const { code, stdout, stderr } = await interruptedInTheMidst(file, args, (outcome) =>
      outcome.stderr.includes(early),
    );
    expect(code).toBe(130);
    expect(stderr).toContain('; the same command goes on from there');
    const part = JSON.parse(stdout);
    expect(part.complete).toBe(false);
    expect(part.count).toBeLessThan(4000);
    expect(existsSync(file)).toBe(true);

    const rest = JSON.parse(qmill(args).stdout);
    expect(existsSync(file)).toBe(false);
    expect(rest.complete).toBe(true);
    expect(rest.snapshots).toEqual(JSON.parse(qmill(long).stdout).snapshots);
  });
});
