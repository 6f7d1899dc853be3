/** `qmill fluctuations`, as its users call it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';

const [reference] = JSON.parse(
  readFileSync(new URL('../reference/fluctuations.json', import.meta.url), 'utf8'),
);
const json = (...flags: string[]) => {
  const { status, stdout, stderr } = qmill(['fluctuations', ...flags, '--json']);
  return { status, stderr, report: JSON.parse(stdout) };
};
const near = (found: number, wanted: number, relative = 1e-9) =>
  expect(Math.abs(found / wanted - 1)).toBeLessThan(relative);

describe('the paper’s device', () => {
  const window = ['--lmin', String(reference.lmin), '--lmax', String(reference.lmax)];

  test('has the reference numbers under the reference names', () => {
    const { status, stderr, report } = json(...window);
    expect([status, stderr]).toEqual([0, '']);
    for (const group of ['currents', 'noise', 'heatNoise', 'entropyProduction']) {
      for (const [name, value] of Object.entries<number>(reference[group])) {
        near(report[group][name], value, name === 'bath1' || name === 'bath2' ? 1e-8 : 1e-9);
      }
    }
    near(report.fano_N2, reference.fano_N2);
    near(report.TUR_N2, reference.TUR_N2);
    near(report.TUR_L, reference.TUR_L);
    for (const group of ['currents', 'noise', 'heat', 'heatNoise', 'entropyProduction']) {
      for (const [name, error] of Object.entries<number>(report.errors[group])) {
        expect(error / Math.abs(report[group][name]), `${group} ${name}`).toBeLessThan(1e-6);
      }
    }
  });

  test('is described in lines, with as many cumulants as asked for', () => {
    const { status, stdout } = qmill(['fluctuations', ...window, '--order', '4']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^load +\d/m);
    expect(stdout.match(/^ {2}cumulant [34] /gm)).toHaveLength(6);
    expect(stdout).toMatch(/^covariance N1, N2 +-0\.00099237190/m);
  });
});

test('in the global model the heat of the load is all of the energy that it brings, and that is told', () => {
  const device = ['--model', 'global', '--lambda', '0.8', '--gamma', '0.02', '--V', '0.3'];
  for (const flags of [device.slice(0, 6), device]) {
    const window = ['--lmin', '-1', '--lmax', '1'];
    const { report } = json(...flags, ...window);
    const { heat, work } = JSON.parse(qmill(['steady', ...flags, ...window, '--json']).stdout);
    near(report.heat.Qr, heat.Qr + work.Wr + work.V);
    expect(Math.abs(report.heat.Qr / heat.Qr - 1)).toBeGreaterThan(1e-6);
    expect(report.notes.join()).toContain('heat.Qr + work.Wr + work.V of a steady state');
  }
  expect(json('--lmin', '-1', '--lmax', '1').report.notes).toEqual([]);
});

test('what a steady state has as work is told of the heat of machines of files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qmill-fluctuations-'));
  const file = join(folder, 'valve.yaml');
  const text = readFileSync(new URL('../../machines/two-qubit-rectifier.yaml', import.meta.url));
  const exchange = 'exchange: g*(sm(h)*sp(c) + hc)';
  const asWork = 'exchange: {counts: work, energy: g*(sm(h)*sp(c) + hc)}';
  writeFileSync(file, String(text).replace(exchange, asWork));
  const { report } = json('--machine', file);
  const { heat, work } = JSON.parse(qmill(['steady', '--machine', file, '--json']).stdout);
  rmSync(folder, { recursive: true });
  for (const bath of ['hot', 'cold']) {
    near(report.heat[bath], heat[bath] + work[bath], 1e-9);
    expect(Math.abs(work[bath])).toBeGreaterThan(1e-3 * Math.abs(heat[bath]));
    expect(report.notes).toContain(
      `heat of ${bath}: all of the energy that it brings, heat + work of a steady state`,
    );
  }
  expect(json('--machine', 'two-qubit-rectifier').report.notes).toEqual([]);
});

test('a machine from a file: its baths by their names, and the same numbers as the mill', () => {
  const flags = ['--lmin', '-20', '--lmax', '30'];
  const { status, report } = json('--machine', 'quantum-mill', ...flags, '--order', '3');
  expect(status).toBe(0);
  const mill = json(...flags, '--order', '3').report;
  near(report.currents.load, mill.currents.loadAngularMomentum, 1e-10);
  near(report.noise.bath1_bath2, mill.noise.N1_N2, 1e-10);
  near(report.TUR.bath2, mill.TUR_N2, 1e-10);
  near(report.cumulants.bath1[2], mill.cumulants.N1[2], 1e-8);
  near(report.entropyProduction.sum, mill.entropyProduction.sum, 1e-10);
  near(report.heat.load, mill.heat.Qr, 1e-9);
});

test('what is infinite is null, with the reason', () => {
  const { status, report } = json('--machine', 'exchange-qubits');
  expect(status).toBe(0);
  expect(report.entropyProduction.cold).toBeNull();
  expect(report.TUR.hot).toBeNull();
  expect(report.notes).toEqual([
    expect.stringMatching(/^entropy production of cold: .*temperature 0/),
  ]);
});

test('without a charge that counts levels a wide window is solved in layers', () => {
  const { status, report } = json('--machine', 'piston', '--set', 'n2=0.3', '--order', '3');
  expect(status).toBe(0);
  expect(report.solver).toMatchObject({ space: 'band', method: 'gmres', converged: true });
  const { noise, errors, cumulants } = report;
  expect(Math.abs(noise.hot - noise.cold)).toBeLessThan(errors.noise.hot + errors.noise.cold);
  near(noise.hot_cold, -noise.hot, 1e-9);
  near(cumulants.hot[2], -cumulants.cold[2], 1e-8);
  expect(report.entropyProduction.hot).toBeGreaterThan(0);
  const wider = json('--machine', 'piston', '--set', 'n2=0.3', '--lmin', '-32', '--lmax', '30');
  near(wider.report.noise.hot, noise.hot, 1e-9);
  const steady = qmill([
    'steady',
    '--json',
    '--also',
    'noise',
    ...'--machine piston --set n2=0.3'.split(' '),
  ]);
  near(JSON.parse(steady.stdout).also['noise.hot'], noise.hot, 1e-12);
  const mill = qmill(['steady', '--json', '--also', 'noise.L', '--V', '0.5']);
  expect(JSON.parse(mill.stdout).noise.L).toBeGreaterThan(0);
});

describe('says in one line', () => {
  test.each([
    [['--order', '11'], /^error: order = 11: must be an integer from 1 to 10\n$/],
    [['--order', ''], /^error: order = .*integer from 1 to 10\n$/],
    [['--set', 'g=1'], /^error: set = .*given with machine.*\n$/],
    [
      [...'--machine piston --lmin -1 --lmax 1 --waiting load:in'.split(' ')],
      /^error: waiting = "load:in": must be load without :in: its jumps change no charge .*\n$/,
    ],
    [['--counted', 'load'], /^error: counted = "load": must be given with counting\n$/],
    [
      ['--counting', '0.1', '--counted', 'load+heat:bath3'],
      /^error: counted = .*: must be of what is counted: bath1, heat:bath1, .*not heat:bath3\n$/,
    ],
    [['--counting', '0.1', '--counted', 'a+b+c'], /^error: counted = .*two with \+\n$/],
    [['--machine', 'piston', '--g', '1'], /^error: g = .*--set g=1.*\n$/],
    [['--backend', 'gpujs'], /^error: backend = "gpujs": .*\n$/],
  ])('%j', (flags, line) => {
    const { status, stdout, stderr } = qmill(['fluctuations', ...flags]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(line);
  });

  test('that a state is not unique, or that the window cuts it off', () => {
    const { status, stderr, report } = json('--gamma', '0', '--lmin', '-3', '--lmax', '3');
    expect(status).toBe(3);
    expect(stderr).toMatch(/^not converged: the population of the lowest level/);
    expect(report.solver.converged).toBe(false);
    const frozen = json('--machine', 'rotor-under-load', '--set', 'gamma=0');
    expect(frozen.status).toBe(3);
    expect(frozen.report.solver).toMatchObject({ converged: false, unique: false });
  });
});
