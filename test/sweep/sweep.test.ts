import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { cosine } from '../../src/model/potential.js';
import { rotorWindow } from '../../src/operators/window.js';
import { solveSteadyOn } from '../../src/simulate/solveSteady.js';
import { steadyObservables, steadyState } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { StoreError } from '../../src/storage/errors.js';
import { WHOLE } from '../../src/sweep/chunks.js';
import { STATUSES } from '../../src/sweep/layout.js';
import { readPlan } from '../../src/sweep/plan.js';
import { readResults } from '../../src/sweep/results.js';
import { SweepStore } from '../../src/sweep/store.js';
import { OPERATIONS } from '../../src/thermo/operation.js';
import { qmill } from '../support/commandLine.js';
import { complaints, contentsOf, variable, workshop } from '../support/sweeps.js';

/** How many random devices a batch is compared on; QMILL_DEVICES=500 takes more. */
const DEVICES = Number(process.env.QMILL_DEVICES ?? 120);

const { path, plan, clear } = workshop();
afterAll(clear);

const sweep = (file: string, out: string, ...flags: string[]) =>
  qmill(['sweep', file, '--out', path(out), ...flags]);

/** Lehmer's generator: the same devices in every run. */
let seed = 6;
const between = (min: number, max: number) => {
  seed = (seed * 48271) % 2147483647;
  return min + ((max - min) * seed) / 2147483647;
};
const decades = (min: number, max: number) => Math.exp(between(Math.log(min), Math.log(max)));

const randomDevice = () => ({
  beta1: decades(0.02, 1),
  beta2: decades(0.02, 1),
  betaR: decades(0.02, 1),
  B1: between(0.5, 10),
  B2: between(0.5, 10),
  g: decades(0.2, 2),
  chi: between(-0.9, 0.9),
  lambda: decades(0.01, 1),
  gamma: decades(1e-5, 1e-2),
  I: decades(0.5, 5),
});

describe('batch = loop', () => {
  const recorded = [
    'heat',
    'work',
    'firstLaw',
    'rotor',
    'qubits',
    'power',
    'ergotropy',
    'operation',
  ];
  test.each(['local', 'global'] as const)(
    `${DEVICES} random devices, %s model`,
    async (model) => {
      const devices = Array.from({ length: DEVICES }, randomDevice);
      const names = Object.keys(devices[0]) as (keyof (typeof devices)[number])[];
      const axes = Object.fromEntries(names.map((name) => [name, devices.map((d) => d[name])]));
      const file = plan(`${model}.yaml`, {
        model,
        axes,
        zip: [names],
        observables: recorded,
        // Several batches, and the last not full.
        batch: Math.ceil(DEVICES / 3.5),
      });
      const { stderr } = sweep(file, model);
      expect(complaints(stderr)).toEqual([]);
      const read = async (name: string) => await variable(path(model), name);
      const stored = {
        heat_Q1: await read('heat_Q1'),
        heat_Q2: await read('heat_Q2'),
        heat_Qr: await read('heat_Qr'),
        work_WQ: await read('work_WQ'),
        rotor_Lz: await read('rotor_Lz'),
        rotor_sin: await read('rotor_sin'),
        qubits_p01: await read('qubits_p01'),
        power_intrinsic: await read('power_intrinsic'),
        ergotropy_total: await read('ergotropy_total'),
        lmax: await read('lmax'),
        ...(model === 'global' ? { cutoff: await read('cutoff') } : {}),
      };
      const operation = await read('operation');
      const status = await read('status');
      devices.forEach((device, p) => {
        const o = steadyObservables(
          steadyState(deviceParameters({ ...device, model }), truncation()),
          truncation(),
        );
        const single = {
          heat_Q1: o.heat.Q1,
          heat_Q2: o.heat.Q2,
          heat_Qr: o.heat.Qr,
          work_WQ: o.work.WQ,
          rotor_Lz: o.rotor.Lz,
          rotor_sin: o.rotor.sin,
          qubits_p01: o.qubits.populations[1],
          power_intrinsic: o.power.intrinsic,
          ergotropy_total: o.ergotropy.total,
          lmax: o.truncation.lmax,
          ...(o.cutoff === null ? {} : { cutoff: o.cutoff }),
        };
        for (const [name, value] of Object.entries(single)) {
          const found = (stored as Record<string, number[]>)[name][p];
          expect(Math.abs(found - value), `${name} of point ${p}`).toBeLessThanOrEqual(
            1e-10 * Math.abs(value),
          );
        }
        expect(OPERATIONS[operation[p]]).toBe(o.operation);
        expect(STATUSES[status[p]]).toBe(
          o.truncation.converged ? 'solved' : 'window_not_converged',
        );
      });
      const rows = devices.map((_, p) =>
        Object.values(stored)
          .map((values) => values[p])
          .join(),
      );
      expect(new Set(rows).size).toBe(DEVICES);
    },
    180_000,
  );
});

const small = {
  axes: {
    'beta2/beta1': { linspace: { from: 0.3, to: 0.8, count: 11 } },
    lambda: { logspace: { from: 0.02, to: 0.1, count: 7 } },
  },
  observables: ['heat', 'rotor.Lz', 'operation'],
  truncation: { lmin: -15, lmax: 20 },
  edgeTolerance: 1e-2,
  batch: 10,
};

describe('a store', () => {
  const undisturbed = () => contentsOf(path('undisturbed'));
  const first = sweep(plan('small.yaml', small), 'undisturbed');

  test('says what became of every point', () => {
    expect(first.status).toBe(0);
    expect(first.stdout).toContain('77 points solved');
    expect(first.stdout).toContain('77 solved');
  });

  test('has named dimensions, coordinates, units and provenance, and only whole files', async () => {
    const metadata = (name: string) =>
      JSON.parse(readFileSync(`${path('undisturbed')}/${name}/zarr.json`, 'utf8'));
    expect(metadata('heat_Q1')).toMatchObject({
      zarr_format: 3,
      shape: [11, 7],
      dimension_names: ['beta2_over_beta1', 'lambda'],
      codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'crc32c' }],
      fill_value: 'NaN',
      attributes: { units: 'energy/time', coordinates: 'beta2' },
    });
    expect(metadata('operation').fill_value).toBe(-1);
    expect(metadata('operation').attributes._FillValue).toBe(-1);
    expect(metadata('lmin').attributes._FillValue).toBe(metadata('lmin').fill_value);
    expect(metadata('status').fill_value).toBe(STATUSES.indexOf('pending'));
    expect(metadata('beta2').dimension_names).toEqual(['beta2_over_beta1']);
    expect(metadata('operation').attributes).toMatchObject({
      flag_values: [0, 1, 2, 3],
      flag_meanings: 'other engine refrigerator accelerator',
    });
    const ratios = await variable(path('undisturbed'), 'beta2_over_beta1');
    const beta2 = await variable(path('undisturbed'), 'beta2');
    expect(beta2).toEqual(ratios.map((ratio) => ratio * 0.1));
    const { attributes } = metadata('');
    expect(attributes).toMatchObject({ program: 'quantum-mill', plan: { model: 'local' } });
    const [solver] = readdirSync(`${path('undisturbed')}/solvers`).filter((n) => n !== 'zarr.json');
    expect(metadata(`solvers/${solver}`).attributes).toMatchObject({
      backend: 'cpu',
      adapter: null,
    });
    const hidden = readdirSync(path('undisturbed')).filter((name) => name.startsWith('.'));
    expect(hidden).toEqual(['.batches']);
    // One file tells a reader the whole.
    const { consolidated_metadata: copy } = metadata('');
    expect(copy.metadata.heat_Q1).toEqual(metadata('heat_Q1'));
    expect(Object.keys(copy.metadata)).toContain('beta2_over_beta1');
  });

  test('is the same, bit for bit, with any number of threads and in any number of shards', {
    timeout: 180_000,
  }, () => {
    expect(sweep(path('small.yaml'), 'threads', '--workers', '1').status).toBe(0);
    expect(contentsOf(path('threads'))).toEqual(undisturbed());
    for (const shard of ['3/3', '1/3', '2/3']) {
      expect(sweep(path('small.yaml'), 'shards', '--shard', shard).status).toBe(0);
    }
    expect(contentsOf(path('shards'))).toEqual(undisturbed());
    const { stdout } = sweep(path('small.yaml'), 'shards', '--shard', '2/3');
    expect(stdout).toMatch(/shard 2\/3: 0 points solved, \d+ were there/);
  });

  test('of another plan is refused, with what differs, and left as it is', () => {
    const changed = plan('changed.yaml', { ...small, parameters: { chi: 0.1 } });
    const { status, stderr } = sweep(changed, 'undisturbed');
    expect(status).toBe(2);
    expect(stderr).toContain('those there are of another: parameters.chi: 0 there, 0.1 here');
    expect(contentsOf(path('undisturbed'))).toEqual(undisturbed());
  });

  test('with damaged, truncated, emptied and missing files is mended', () => {
    const file = (name: string) => `${path('shards')}/${name}`;
    truncateSync(file('heat_Q1/c/0/0'), 17);
    truncateSync(file('status/c/1/0'), 0);
    const bytes = readFileSync(file('rotor_Lz/c/2/0'));
    bytes[5] ^= 1;
    writeFileSync(file('rotor_Lz/c/2/0'), bytes);
    rmSync(file('residual/c/3/0'));
    truncateSync(file('heat_Q2/zarr.json'), 30);
    rmSync(file('lambda'), { recursive: true });
    const { status, stdout, stderr } = sweep(path('small.yaml'), 'shards');
    expect(status).toBe(0);
    expect(stderr).toContain('damaged, and computed again: /heat_Q1/c/0/0');
    expect(stderr).toContain('/status/c/1/0');
    expect(stderr).toContain('/rotor_Lz/c/2/0');
    expect(stdout).toContain('28 points solved, 49 were there');
    expect(contentsOf(path('shards'))).toEqual(undisturbed());
  });

  test('with chunks or marks exchanged by hand is mended, and not exported before', () => {
    const file = (name: string) => `${path('shards')}/${name}`;
    const exchange = (a: string, b: string) => {
      const [first, second] = [readFileSync(file(a)), readFileSync(file(b))];
      writeFileSync(file(a), second);
      writeFileSync(file(b), first);
    };
    exchange('heat_Q1/c/0/0', 'heat_Q2/c/0/0');
    exchange('rotor_Lz/c/1/0', 'rotor_Lz/c/2/0');
    exchange('.batches/3.0.json', '.batches/4.0.json');
    const refused = qmill(['export', path('shards'), '--to', 'csv', path('exchanged.csv')]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/shards: .* is damaged .*; the command that made the sweep/);
    expect(complaints(refused.stderr)).toHaveLength(1);
    const { status, stderr } = sweep(path('small.yaml'), 'shards');
    expect(status).toBe(0);
    for (const name of ['heat_Q1/c/0/0', 'heat_Q2/c/0/0', 'rotor_Lz/c/1/0', 'rotor_Lz/c/2/0']) {
      expect(stderr).toContain(`damaged, and computed again: /${name}`);
    }
    expect(stderr).toContain('damaged, and computed again: /.batches/3.0.json');
    expect(contentsOf(path('shards'))).toEqual(undisturbed());
  });

  test('is the same whatever the order in which a YAML writer put the axes', () => {
    const { lambda, ...axes } = small.axes;
    const sorted = plan('sorted.yaml', { ...small, axes: { lambda, ...axes } });
    const { status, stdout } = sweep(sorted, 'shards');
    expect(status).toBe(0);
    expect(stdout).toContain('0 points solved, 77 were there');
    expect(contentsOf(path('shards'))).toEqual(undisturbed());
  });

  test('of which the root is damaged is refused in one line, and nothing is touched', async () => {
    const root = JSON.parse(readFileSync(`${path('undisturbed')}/zarr.json`, 'utf8'));
    const withAttributes = (changes: object) =>
      JSON.stringify({ ...root, attributes: { ...root.attributes, ...changes } });
    const folder = path('changed');
    cpSync(path('undisturbed'), folder, { recursive: true });
    for (const content of [
      withAttributes({ chunkShape: [0, 0] }),
      withAttributes({ chunkShape: 'abc' }),
      withAttributes({ chunkShape: [5, 7] }),
      withAttributes({ plan: null }),
      withAttributes({ version: '0.0.0' }),
      'null',
      '[]',
      '7',
      '',
    ]) {
      writeFileSync(`${folder}/zarr.json`, content);
      const before = contentsOf(folder);
      // One after the other: a rejection that nobody waits for yet counts as an unhandled one.
      for (const read of [
        () => SweepStore.open(folder, readPlan(small), WHOLE, async () => 10),
        () => readResults(folder),
      ]) {
        const refused = read();
        await expect(refused, content.slice(0, 99)).rejects.toThrow(StoreError);
        await expect(refused).rejects.toThrow(/^[^\n]*damaged[^\n]*$/);
      }
      expect(contentsOf(folder)).toEqual(before);
    }
    const { status, stderr } = qmill(['export', folder, '--to', 'csv', path('changed.csv')]);
    expect(status).toBe(1);
    expect(complaints(stderr)).toHaveLength(1);
  });

  test('is not made where there is something else', () => {
    mkdirSync(path('other'));
    writeFileSync(`${path('other')}/thesis.tex`, 'x');
    const { status, stderr } = sweep(path('small.yaml'), 'other');
    expect(status).toBe(2);
    expect(stderr).toContain('it holds thesis.tex');
    expect(readdirSync(path('other'))).toEqual(['thesis.tex']);
  });

  test('is not made below a file', () => {
    writeFileSync(path('file'), '');
    const { status, stderr } = sweep(path('small.yaml'), 'file/results');
    expect(status).toBe(1);
    expect(complaints(stderr)).toHaveLength(1);
    expect(stderr).toContain('a part of the path is a file (ENOTDIR)');
  });
});

test('points without an answer are marked with the reason, and the others are solved', async () => {
  const file = plan('lambda.yaml', {
    parameters: { gamma: 0 },
    axes: { lambda: [0, 0.1] },
    truncation: { lmin: -3, lmax: 3 },
    edgeTolerance: 0.9,
  });
  const { status, stdout, stderr } = sweep(file, 'lambda');
  expect(status).toBe(3);
  expect(stderr).toContain('1 × not_unique: the steady state is not unique');
  expect(stdout).toContain('1 failed_not_unique, 1 solved');
  const codes = await variable(path('lambda'), 'status');
  expect(codes.map((code) => STATUSES[code])).toEqual(['failed_not_unique', 'solved']);
  const [failed, solved] = await variable(path('lambda'), 'rotor_Lz');
  expect(failed).toBeNaN();
  expect(Number.isFinite(solved)).toBe(true);
});

test('windows that do not hold the rotor are marked', async () => {
  const file = plan('window.yaml', { axes: { chi: [0] }, truncation: { lmin: -5, lmax: 10 } });
  expect(sweep(file, 'window').status).toBe(3);
  expect((await variable(path('window'), 'status')).map((code) => STATUSES[code])).toEqual([
    'window_not_converged',
  ]);
});

test('points with a potential, each from the one before: as solved alone', async () => {
  const file = plan('potential.yaml', {
    axes: { lambda: [0.05, 0.2], V: { linspace: { from: 0, to: 1, count: 5 } } },
    observables: ['heat.Q2', 'work', 'rotor', 'firstLaw'],
    truncation: { lmin: -5, lmax: 6 },
    edgeTolerance: 0.9,
  });
  expect(complaints(sweep(file, 'potential').stderr)).toEqual([]);
  const Lz = await variable(path('potential'), 'rotor_Lz');
  const cos = await variable(path('potential'), 'rotor_cos');
  const heat = await variable(path('potential'), 'heat_Q2');
  const window = rotorWindow(-5, 6);
  const choice = { space: 'auto', method: 'auto' } as const;
  for (const [i, lambda] of [0.05, 0.2].entries()) {
    for (let j = 0; j < 5; j++) {
      const parameters = deviceParameters({ lambda, V: j / 4 });
      const { state } = await solveSteadyOn(parameters, window, choice, cpuBackend());
      const single = new SteadyReading(state);
      const near = (found: number, value: number, scale: number) =>
        expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-10 * scale);
      near(Lz[5 * i + j], single.Lz, Math.abs(single.Lz));
      near(cos[5 * i + j], single.mean(cosine), 1);
      near(heat[5 * i + j], single.heat.Q2, Math.abs(single.heat.Q2));
    }
  }
  expect(new Set(Lz).size).toBe(10);
});

test('a dry run prints points, memory and time, and writes nothing', () => {
  const { status, stdout } = sweep(path('small.yaml'), 'dry', '--dry-run');
  expect(status).toBe(0);
  expect(stdout).toMatch(/points +77 \(11 beta2\/beta1 × 7 lambda\)/);
  expect(stdout).toMatch(/memory +\d/);
  expect(stdout).toMatch(/time +about \d+ s/);
  expect(() => readdirSync(path('dry'))).toThrow('ENOENT');
});

test.each([
  [['--shard', '3/2'], 'shard = "3/2": must be i/n with 1 ≤ i ≤ n'],
  [['--workers', '0'], 'workers = "0": must be an integer from 1 to '],
  [['--backend', 'gpu'], 'backend = "gpu": must be one of'],
])('%j is refused', (flags, message) => {
  const { status, stderr } = sweep(path('small.yaml'), 'refused', ...flags);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});
