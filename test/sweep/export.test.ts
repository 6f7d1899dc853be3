import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { csvParse } from 'd3-dsv';
import h5wasm, { type Dataset } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { pythonWith, runPython } from '../support/python.js';
import { variable, workshop } from '../support/sweeps.js';

const { path, plan, clear } = workshop();
afterAll(clear);

beforeAll(() => {
  const file = plan('plan.yaml', {
    axes: {
      'beta2/beta1': [0.3, 0.5, 0.9],
      lambda: [0, 0.05],
      gamma: [0, 5e-5],
      B1: [3, 4],
      B2: [9, 10],
    },
    zip: [
      ['lambda', 'gamma'],
      ['B1', 'B2'],
    ],
    observables: ['heat', 'rotor.Lz', 'operation', 'efficiency'],
    truncation: { lmin: -4, lmax: 5 },
    edgeTolerance: 0.9,
    batch: 2,
  });
  // Without load and interaction the steady state is not unique: half of the points fail.
  expect(qmill(['sweep', file, '--out', path('results')]).status).toBe(3);
  for (const format of ['netcdf', 'csv']) {
    const { status, stderr } = qmill(['export', path('results'), '--to', format, path(format)]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  }
});

describe('CSV', () => {
  test('has a row for each point and a column for each number', async () => {
    const rows = csvParse(readFileSync(path('csv'), 'utf8'));
    expect(rows).toHaveLength(12);
    const Lz = await variable(path('results'), 'rotor_Lz');
    rows.forEach((row, p) => {
      expect(Number(row.beta2_over_beta1)).toBe([0.3, 0.5, 0.9][Math.floor(p / 4)]);
      expect(Number(row.lambda)).toBe([0, 0.05][Math.floor(p / 2) % 2]);
      expect([row.B1, row.B2]).toEqual(p % 2 === 0 ? ['3', '9'] : ['4', '10']);
      expect(Number(row.beta2)).toBe(Number(row.beta2_over_beta1) * 0.1);
      const isSolved = row.lambda !== '0';
      expect(row.status).toBe(isSolved ? 'solved' : 'failed_not_unique');
      expect(row.path).toBe('cpu_f64');
      if (isSolved) expect(Number(row.rotor_Lz)).toBe(Lz[p]);
      else expect(row.rotor_Lz).toBe('');
      if (row.operation !== 'engine') expect(row.efficiency).toBe('');
    });
    expect(new Set(rows.map(({ operation }) => operation)).size).toBeGreaterThan(1);
  });
});

describe('netCDF-4', () => {
  test('has dimension scales and the values of the store', async () => {
    await h5wasm.ready;
    const file = new h5wasm.File(path('netcdf'), 'r');
    const heat = file.get('heat_Q2') as Dataset;
    expect(heat.shape).toEqual([3, 2, 2]);
    expect([0, 1, 2].map((d) => heat.get_attached_scales(d))).toEqual([
      ['/beta2_over_beta1'],
      ['/lambda'],
      ['/B1'],
    ]);
    const stored = await variable(path('results'), 'heat_Q2');
    expect(Array.from(heat.value as Float64Array)).toEqual(stored);
    expect((file.get('B2') as Dataset).get_attached_scales(0)).toEqual(['/B1']);
    expect(heat.attrs.units.value).toBe('energy/time');
    file.close();
  });

  test('opens in xarray with named axes', async ({ skip }) => {
    const python = pythonWith('xarray', 'h5netcdf');
    if ('missing' in python) return skip(python.missing);
    const program = `
import json, sys, xarray
d = xarray.open_dataset(sys.argv[1], engine="h5netcdf")
q = d.heat_Q2.sel({"beta2_over_beta1": 0.5, "lambda": 0.05, "B1": 4})
print(json.dumps({
    "dims": list(d.heat_Q2.dims), "coordinates": sorted(d.coords), "value": float(q),
    "B2": float(q.B2), "beta2": float(q.beta2), "units": q.attrs["units"],
    "missing": int(d.rotor_Lz.isnull().sum()), "meanings": d.status.attrs["flag_meanings"].split()[0],
    "model": json.loads(d.attrs["plan"])["model"],
}))`;
    const seen = JSON.parse(runPython(python.path, program, path('netcdf')));
    const heat = await variable(path('results'), 'heat_Q2');
    expect(seen).toEqual({
      dims: ['beta2_over_beta1', 'lambda', 'B1'],
      coordinates: ['B1', 'B2', 'beta2', 'beta2_over_beta1', 'gamma', 'lambda'],
      value: heat[7],
      B2: 10,
      beta2: 0.05,
      units: 'energy/time',
      missing: 6,
      meanings: 'pending',
      model: 'local',
    });
  });
});

describe('what cannot be exported', () => {
  const refused = (...args: string[]) => {
    const { status, stderr } = qmill(['export', ...args]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    return { status, stderr };
  };

  test('is refused in one line', () => {
    expect(refused(path('results'), '--to', 'xlsx', path('x'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('to = "xlsx": must be one of netcdf, csv'),
    });
    expect(refused(path('nothing'), '--to', 'csv', path('x')).stderr).toContain(
      'must be a folder that `qmill sweep` has written',
    );
    expect(refused(path('results'), '--to', 'csv', `${path('csv')}/x`)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('a part of the path is a file'),
    });
  });

  test('a damaged file is named, and nothing is left behind; an unfinished sweep says so', () => {
    rmSync(`${path('results')}/.batches/0.0.0.json`);
    const { status, stderr, stdout } = qmill([
      'export',
      path('results'),
      '--to',
      'csv',
      path('part'),
    ]);
    expect(status).toBe(0);
    expect(stderr).toContain('of 12 points are not solved yet');
    expect(stdout).toContain('points');
    writeFileSync(`${path('results')}/heat_Q1/c/1/0/0`, 'x');
    const damaged = refused(path('results'), '--to', 'netcdf', path('damaged'));
    expect(damaged.status).toBe(1);
    expect(damaged.stderr).toContain('heat_Q1 is damaged');
    expect(readdirSync(path('.')).filter((name) => name.includes('damaged'))).toEqual([]);
  });
});
