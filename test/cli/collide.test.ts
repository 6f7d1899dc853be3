import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import entries from '../reference/collisions.json' with { type: 'json' };
import { qmill } from '../support/commandLine.js';
import { interruptedInTheMidst } from '../support/interrupt.js';

const [{ parameters, lmin, lmax, nmax, tau, collisions }] = entries;
const flags = Object.entries({ ...parameters, gamma: 0, lmin, lmax, nmax, tau }).flatMap(
  ([name, value]) => [`--${name}`, String(value)],
);

describe('qmill collide --json', () => {
  const { status, stdout, stderr } = qmill(['collide', ...flags, '--collisions', '5', '--json']);
  const report = JSON.parse(stdout);

  test('prints the fields of the reference, with its values', () => {
    collisions.forEach((wanted, i) => {
      for (const [name, value] of Object.entries(wanted)) {
        expect(Math.abs(report.collisions[i][name] - value)).toBeLessThanOrEqual(
          1e-9 * Math.abs(value),
        );
      }
    });
  });

  test('names what ran, and what was cut', () => {
    expect(report).toMatchObject({
      model: 'local',
      tau,
      nmax,
      backend: { name: 'cpu', adapter: null, precision: 'f64' },
      solver: { space: 'sector', method: 'exact collisions' },
      truncation: { lmin, lmax, converged: false },
      baths: [{ nmax: 4 }, { nmax: 4 }],
    });
    expect(report.baths[1].weightCut).toBeCloseTo(Math.exp(-2 * 0.4 * 1.5 * 5), 15);
    expect(stderr).toContain('warning: nmax = 4 cuts a thermal weight of 4.5e-5 off bath 1');
    expect(stderr).toContain('not converged: populations at the edges of [-2, 2]');
    expect(status).toBe(3);
  });
});

const device = ['--beta1', '1', '--beta2', '0.5', '--betaR', '0.7', '--B1', '1', '--B2', '1.5'];
const light = [...device, '--gamma', '0.05', '--tau', '0.1'];

test('auto nmax and window; the steady state; every k-th collision', () => {
  const args = ['collide', ...light, '--collisions', '25', '--every', '10', '--steady', '--json'];
  const { status, stdout, stderr } = qmill(args);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const report = JSON.parse(stdout);
  expect(report.collisions.map(({ step }: { step: number }) => step)).toEqual([10, 20, 25]);
  expect(report.truncation.converged).toBe(true);
  expect(report.steady.residual).toBeLessThan(1e-14);
  expect(report.steady.truncation.converged).toBe(true);
  for (const { weightCut } of report.baths) expect(weightCut).toBeLessThanOrEqual(1e-12);
});

test('the table for people has the same numbers', () => {
  const args = [
    'collide',
    ...light,
    '--nmax',
    '3',
    '--collisions',
    '2',
    '--weight-tolerance',
    '0.1',
  ];
  const { collisions: records } = JSON.parse(qmill([...args, '--json']).stdout);
  const { status, stdout, stderr } = qmill(args);
  expect(status).toBe(0);
  expect(stderr).toBe('');
  // One notation in each column, but the same digits.
  const eightDigits = stdout.split(/\s+/).map((word) => Number(word).toPrecision(8));
  for (const { Q2, Lz } of records) {
    expect(eightDigits).toContain(Q2.toPrecision(8));
    expect(eightDigits).toContain(Lz.toPrecision(8));
  }
});

test('YAML holds tau and nmax too, and flags win', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
  const config = join(folder, 'device.yaml');
  writeFileSync(config, 'tau: 0.3\nnmax: 2\nweightTolerance: 0.5\ncollisions: 2\ngamma: 0\n');
  const args = ['collide', '--config', config, '--collisions', '1', '--json'];
  const report = JSON.parse(qmill(args).stdout);
  rmSync(folder, { recursive: true });
  expect(report).toMatchObject({ tau: 0.3, nmax: 2 });
  expect(report.collisions).toHaveLength(1);
});

test('an initial state, structured values as YAML', () => {
  const rotor = '{superposition: {0: 1, 2: 0.5i}}';
  const args = ['collide', ...light, '--nmax', '2', '--qubit1', 'up', '--rotor', rotor, '--json'];
  const report = JSON.parse(qmill([...args, '--collisions', '1', '--tau', '1e-6']).stdout);
  expect(report.initial).toEqual({
    qubit1: 'up',
    qubit2: 'thermal',
    rotor: { superposition: { 0: 1, 2: '0.5i' } },
  });
  expect(report.collisions[0].n1).toBeCloseTo(1, 3);
  expect(report.collisions[0].Lz).toBeCloseTo(0.4, 3);
});

describe('bad input exits with 2 and one line', () => {
  test.each([
    [['--tau', '0'], 'tau = 0: must be a number > 0'],
    [['--nmax', '0'], 'nmax = 0: must be auto or an integer from 1 to 100000'],
    [['--nmax', 'all'], 'nmax = "all": must be auto or an integer from 1 to 100000'],
    [['--collisions', '1.5'], 'collisions = 1.5: must be an integer from 1 to '],
    [['--every', '0'], 'every = 0: must be an integer from 1 to '],
    [['--weight-tolerance', '1'], 'weightTolerance = 1: must be a number with 0 <'],
    [['--model', 'global'], 'model = "global": must be local'],
    [['--qubit1', 'left'], 'qubit1 = "left": must be one of thermal, up, down'],
    [['--V', '1'], 'V = 1: must be 0'],
    [['--backend', 'webgpu'], 'backend = "webgpu": must be'],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = qmill(['collide', ...args]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
  });
});

test('a device whose collisions leave many states as they are exits with 3', () => {
  const args = ['--lambda', '0', '--gamma', '0', '--nmax', '1', '--lmin', '-1', '--lmax', '1'];
  const { status, stderr } = qmill(['collide', ...args, '--collisions', '1', '--steady']);
  expect(status).toBe(3);
  expect(stderr).toContain('not unique');
});

describe('interrupted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('loses nothing: the same command goes on, to the same numbers', async () => {
    const file = join(folder, 'run.ckpt');
    const short = ['collide', ...light, '--nmax', '2', '--weight-tolerance', '0.5', '--json'];
    const window = ['--lmin', '-20', '--lmax', '20', '--every', '997'];
    const long = [...short, ...window, '--collisions', '12000'];
    const args = [...long, '--checkpoint', file];
    const first = await interruptedInTheMidst(file, args);
    expect(first.code).toBe(130);
    expect(first.stderr).toContain('; the same command goes on from there');
    const part = JSON.parse(first.stdout);
    expect(part.complete).toBe(false);
    expect(part.collisions.length).toBeLessThan(13);
    expect(qmill([...args, '--tau', '0.2']).stderr).toContain("another 'tau'");

    const rest = JSON.parse(qmill(args).stdout);
    expect(existsSync(file)).toBe(false);
    expect(rest.complete).toBe(true);
    expect(rest.collisions).toEqual(JSON.parse(qmill(long).stdout).collisions);
    expect(rest.collisions).toHaveLength(13);
  });
});
