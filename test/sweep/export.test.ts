import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
      else expect([row.rotor_Lz, row.operation]).toEqual(['', '']);
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

  test('opens in ncdump, and goes through the classic model unchanged', ({ skip }) => {
    if (spawnSync('nccopy').error !== undefined) return skip('no nccopy (Debian: netcdf-bin)');
    const run = (program: string, ...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      return stdout;
    };
    run('nccopy', '-k', 'classic', path('netcdf'), path('classic'));
    const text = (name: string) => run('ncdump', '-p', '9,17', path(name));
    const body = (name: string) => text(name).split('\n').slice(1).join('\n');
    expect(body('classic')).toBe(body('netcdf'));
    const whole = text('netcdf');
    expect(whole).toContain('byte operation(beta2_over_beta1, lambda, B1)');
    expect(whole).toContain('operation:_FillValue = -1b');
    expect(whole).toContain('heat_Q2:units = "energy/time"');
    // Failed points have no operation.
    expect(whole).toMatch(/operation =\n[^;]*_, _,/);
  });

  test('is read and added to by netCDF4-python', async ({ skip }) => {
    const python = pythonWith('netCDF4');
    if ('missing' in python) return skip(python.missing);
    copyFileSync(path('netcdf'), path('added'));
    const program = `
import json, sys, netCDF4
d = netCDF4.Dataset(sys.argv[1], "a")
d.createDimension("sample", 2)
d.createVariable("mine", "f8", ("sample", "lambda"))[:] = 1.5
d.note = "added"
d["heat_Q2"].comment = "added, too"
d.close()
d = netCDF4.Dataset(sys.argv[1])
print(json.dumps({
    "order": list(d.variables)[:3] + list(d.variables)[-1:], "mine": float(d["mine"][1, 1]), "note": d.note,
    "masked": int(d["operation"][:].mask.sum()), "value": float(d["heat_Q2"][1, 1, 1]),
    "comment": d["heat_Q2"].comment, "units": d["heat_Q2"].units,
}))`;
    const heat = await variable(path('results'), 'heat_Q2');
    expect(JSON.parse(runPython(python.path, program, path('added')))).toEqual({
      order: ['beta2_over_beta1', 'lambda', 'B1', 'mine'],
      mine: 1.5,
      note: 'added',
      masked: 6,
      value: heat[7],
      comment: 'added, too',
      units: 'energy/time',
    });
  });

  const inXarray = (opened: string) => `
import json, sys, xarray
d = ${opened}
q = d.heat_Q2.sel({"beta2_over_beta1": 0.5, "lambda": 0.05, "B1": 4})
print(json.dumps({
    "dims": list(d.heat_Q2.dims), "coordinates": sorted(d.coords), "value": float(q),
    "B2": float(q.B2), "beta2": float(q.beta2), "units": q.attrs["units"],
    "missing": [int(d.rotor_Lz.isnull().sum()), int(d.operation.isnull().sum())],
    "meanings": d.status.attrs["flag_meanings"].split()[0],
    "model": (lambda plan: json.loads(plan) if isinstance(plan, str) else plan)(d.attrs["plan"])["model"],
}))`;
  const seen = async () => ({
    dims: ['beta2_over_beta1', 'lambda', 'B1'],
    coordinates: ['B1', 'B2', 'beta2', 'beta2_over_beta1', 'gamma', 'lambda'],
    value: (await variable(path('results'), 'heat_Q2'))[7],
    B2: 10,
    beta2: 0.05,
    units: 'energy/time',
    missing: [6, 6],
    meanings: 'pending',
    model: 'local',
  });

  test.for(['h5netcdf', 'netcdf4'])(
    'opens in xarray by %s, with named axes',
    async (engine, { skip }) => {
      const python = pythonWith('xarray', engine === 'netcdf4' ? 'netCDF4' : engine);
      if ('missing' in python) return skip(python.missing);
      const program = inXarray(`xarray.open_dataset(sys.argv[1], engine="${engine}")`);
      expect(JSON.parse(runPython(python.path, program, path('netcdf')))).toEqual(await seen());
    },
  );

  describe('and the store itself, which is Zarr v3,', () => {
    const zarr3 = () => pythonWith('xarray', 'zarr', 'zarr.storage', 'zarr.core.group');

    test('opens in xarray, from its consolidated metadata alone', async ({ skip }) => {
      const python = zarr3();
      if ('missing' in python) return skip(python.missing);
      const program = inXarray('xarray.open_zarr(sys.argv[1], consolidated=True)');
      expect(JSON.parse(runPython(python.path, program, path('results')))).toEqual(await seen());
    });

    test('opens in zarr-python 3', async ({ skip }) => {
      const python = zarr3();
      if ('missing' in python) return skip(python.missing);
      const program = `
import json, sys, warnings, zarr
warnings.simplefilter("error")
seen = []
for consolidated in (True, False):
    g = zarr.open_group(sys.argv[1], mode="r", use_consolidated=consolidated)
    q = g["heat_Q2"]
    seen.append({"value": float(q[1, 1, 1]), "names": list(q.metadata.dimension_names), "fill": int(g["operation"].fill_value),
        "units": q.attrs["units"], "sum": int(g["status"][:].astype(int).sum())})
print(json.dumps(seen))`;
      const value = (await variable(path('results'), 'heat_Q2'))[7];
      const status = await variable(path('results'), 'status');
      const one = {
        value,
        names: ['beta2_over_beta1', 'lambda', 'B1'],
        fill: -1,
        units: 'energy/time',
        sum: status.reduce((a, b) => a + b, 0),
      };
      expect(JSON.parse(runPython(python.path, program, path('results')))).toEqual([one, one]);
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
