/** `qmill steady` where the zero-charge sector is not enough. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { readCheckpoint, writeCheckpoint } from '../../src/cli/steadyCheckpoint.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { largestDifference } from '../../src/solve/uniqueness.js';
import { embedded } from '../../src/state/embed.js';
import { main, qmill } from '../support/commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-steady-'));
afterAll(() => rmSync(folder, { recursive: true }));

const device = ['steady', '--V', '1', '--lmin', '-24', '--lmax', '40'];
const solved = (...args: string[]) => {
  const { status, stdout } = qmill([...device, ...args, '--json']);
  expect(status).toBe(0);
  return JSON.parse(stdout);
};

describe('a device with a potential', () => {
  test('is solved on a band that is found, and says how well', () => {
    const { solver, work, backend, rotor } = solved();
    expect(backend).toEqual({ name: 'cpu', adapter: null, precision: 'f64' });
    expect(solver).toMatchObject({ space: 'band', method: 'gmres', converged: true });
    expect(solver.dmax).toBeGreaterThan(10);
    expect(solver.bandError).toBeLessThan(1e-14);
    expect(solver.iterations).toBeGreaterThan(0);
    expect(solver.residual).toBeLessThan(1e-14);
    expect(solver.traceError).toBeLessThan(1e-13);
    expect(solver.smallestEigenvalue.exact).toBe(true);
    expect(solver.smallestEigenvalue.value).toBeGreaterThan(-1e-14);
    expect(solver.reason).toContain('V ≠ 0');
    expect(work.V).not.toBe(0);
    expect(rotor.cos).toBeLessThan(0);
  });

  test('has the entropy of more states than are computed unasked, and its time is said before', () => {
    const entropyOn = (reach: number) => {
      const ends = ['--lmin', `-${reach}`, '--lmax', `${reach}`];
      const asked = ['steady', '--V', '1', ...ends, '--also', 'entropy.total', '--json'];
      const { stdout, stderr } = qmill(asked);
      return { total: JSON.parse(stdout).entropy.total, stderr };
    };
    const [few, many] = [entropyOn(60), entropyOn(162)];
    expect(few.stderr).toBe('');
    expect(many.stderr).toMatch(/^spectra of 650 rows take about \d+ s each, and more with/);
    expect(few.total).toBeGreaterThan(1);
    expect(Math.abs(many.total - few.total)).toBeLessThan(1e-11);
  });

  test('has the same answer by every method and space', () => {
    const { rotor, heat } = solved();
    for (const args of [
      ['--space', 'full'],
      ['--method', 'direct', '--dmax', '22'],
    ]) {
      const other = solved(...args);
      expect(Math.abs(other.rotor.Lz / rotor.Lz - 1)).toBeLessThan(1e-9);
      expect(Math.abs(other.heat.Q1 / heat.Q1 - 1)).toBeLessThan(1e-9);
    }
  });
});

test('Ctrl-C leaves a checkpoint, in time', async () => {
  // Half a minute of work or more.
  const long = ['steady', '--V', '60', '--lmin', '-150', '--lmax', '150', '--space', 'full'];
  const checkpoint = join(folder, 'state.checkpoint');
  const child = spawn(process.execPath, [
    main,
    ...long,
    '--method',
    'gmres',
    '--checkpoint',
    checkpoint,
  ]);
  let stderr = '';
  const watched = new Promise<void>((resolve) => {
    child.stderr.on('data', (text) => {
      stderr += text;
      resolve();
    });
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  // The first line of progress: from then on it is at work.
  await watched;
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(stderr).toContain(`--resume ${checkpoint}`);
  expect(existsSync(checkpoint)).toBe(true);
});

test('a solution that is stopped and goes on from its checkpoint ends at the same numbers', async () => {
  const parameters = deviceParameters({ V: 2 });
  const window = rotorWindow(-12, 14);
  const choice = { space: 'full', method: 'gmres' } as const;
  const whole = await solveSteadyOn(parameters, window, choice, cpuBackend());
  const stopped = await solveSteadyOn(parameters, window, choice, cpuBackend(), {
    onIteration: async (iterations) => iterations < 2,
  });
  expect(stopped.solver).toMatchObject({ stopped: true, converged: false, iterations: 2 });
  const file = join(folder, 'stopped.checkpoint');
  await writeCheckpoint(file, parameters, stopped.state.rho, 2);
  const { rho, iterations } = await readCheckpoint(file, parameters);
  expect(iterations).toBe(2);
  expect(rho.elements).toEqual(stopped.state.rho.elements);
  const resumed = await solveSteadyOn(parameters, window, choice, cpuBackend(), { start: rho });
  expect(resumed.solver.iterations).toBeLessThan(whole.solver.iterations);
  const { space, elements } = resumed.state.rho;
  const wanted = embedded(whole.state.rho, space).elements;
  expect(largestDifference(wanted, elements)).toBeLessThan(1e-13);

  const other = deviceParameters({ V: 2, chi: 0.1 });
  await expect(readCheckpoint(file, other)).rejects.toThrow("another 'chi': 0 there, 0.1 here");
});
