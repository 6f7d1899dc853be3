/** What --out writes, read by others than the program. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvParse, csvParseRows } from 'd3-dsv';
import h5wasm, { type Dataset } from 'h5wasm/node';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { runFluctuations } from '../../src/cli/fluctuations.js';
import { runLevels } from '../../src/cli/levels.js';
import { runModes } from '../../src/cli/modes.js';
import { runSensitivity } from '../../src/cli/sensitivity.js';
import { version } from '../../src/version.js';
import { qmill } from '../support/commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-out-'));
afterAll(() => rmSync(folder, { recursive: true }));

const small = ['--lmin', '-4', '--lmax', '4', '--edge-tolerance', '0.5'];

/** Of each command: its flags, the number of rows and a name that its table has, and a unit that its JSON tells. */
const runs = {
  steady: {
    args: ['steady', '--angles', '4'],
    rows: 1,
    has: 'rotor_angle[0]',
    unit: ['heat.Q1', 'energy/time'],
  },
  evolve: {
    args: ['evolve', '--times', '1,10', ...small],
    rows: 2,
    has: 'ergotropy_qubits',
    unit: ['snapshots[].rotor.Lz2', 'hbar^2'],
  },
  collide: {
    args: ['collide', '--collisions', '3', '--nmax', '2', '--weight-tolerance', '0.5', ...small],
    rows: 3,
    has: 'entropyProduction',
    unit: ['collisions[].entropyProduction', '1/time'],
  },
  trajectories: {
    args: ['trajectories', '--times', '1,2', '--count', '4', '--seed', '7', ...small],
    rows: 2,
    has: 'heat_Q1_error',
    unit: ['snapshots[].heat.Q1.error', 'energy/time'],
  },
  machine: {
    args: ['steady', '--machine', 'exchange-qubits'],
    rows: 1,
    has: 'totalHeat',
    unit: ['solver.residual', 'energy'],
  },
  flywheel: {
    args: ['evolve', '--machine', 'flywheel', '--times', '1,2'],
    rows: 2,
    has: 'ladder_mean',
    unit: ['snapshots[].t', '1/energy'],
  },
} as const;

type Json = { readonly [key: string]: unknown };

function written(name: string, args: readonly string[], ending: string) {
  const file = join(folder, `${name}${ending}`);
  const { status, stdout, stderr } = qmill([...args, '--json', '--out', file]);
  expect(status, stderr).toBe(0);
  return { file, report: JSON.parse(stdout) as Json };
}

/** Every number of a report by its path; those of lists in one list. */
function numbersOf(value: unknown, path: readonly string[], into: Map<string, number[]>): void {
  if (typeof value === 'number') {
    const name = path.join('_');
    into.set(name, [...(into.get(name) ?? []), value]);
  } else if (Array.isArray(value)) for (const one of value) numbersOf(one, path, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) numbersOf(one, [...path, key], into);
  }
}

const rowsOf = (report: Json) => (report.snapshots ?? report.collisions ?? [report]) as Json[];

describe.each(Object.entries(runs))('qmill %s --out', (name, { args, rows, has, unit }) => {
  test('as JSON has what --json prints, its units, and where it comes from', () => {
    const { file, report } = written(name, args, '.json');
    const { provenance, units, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    expect(rest).toEqual(report);
    const [path, word] = unit;
    expect(units[path]).toBe(word);
    // What is the other model's, or another machine's, has none.
    for (const each of Object.keys(units)) {
      expect(rest).toHaveProperty(each.replaceAll('[]', '.0').split('.'));
    }
    expect(provenance).toMatchObject({ program: 'quantum-mill', version, gpu: null });
    expect(provenance.command).toMatch(new RegExp(`^qmill ${args[0]} .*--out .*json$`));
    expect(Object.keys(provenance.host)).toEqual(['name', 'system', 'cpu', 'cores', 'engine']);
  });

  test('as CSV has a row for each time, with every number of it', () => {
    const { file, report } = written(name, args, '.csv');
    const lines = readFileSync(file, 'utf8').split('\n');
    const remarks = lines.filter((line) => line.startsWith('# '));
    const table = csvParse(lines.filter((line) => !line.startsWith('#')).join('\n'));
    expect(table).toHaveLength(rows);
    expect(table.columns).toContain(has);
    expect(remarks[0]).toContain(`"version":"${version}"`);
    const units = JSON.parse(remarks.at(-1)?.replace('# units: ', '') ?? '');
    for (const column of Object.keys(units)) expect(table.columns).toContain(column);
    rowsOf(report).forEach((row, k) => {
      const numbers = new Map<string, number[]>();
      numbersOf(row, [], numbers);
      for (const [path, values] of numbers) {
        if (path.startsWith('initial') || (k === 0 && rows === 1 && path === 'solver_seconds'))
          continue;
        const cells = table.columns.filter((c) => c === path || c.startsWith(`${path}[`));
        expect(
          cells.map((c) => Number(table[k][c])),
          path,
        ).toEqual(values);
      }
    });
  });

  test('as netCDF has dimensions, units and every number of a row', async () => {
    const { file, report } = written(name, args, '.nc');
    await h5wasm.ready;
    const content = new h5wasm.File(file, 'r');
    try {
      const provenance = content.attrs.provenance.value as string;
      expect(JSON.parse(provenance)).toMatchObject({ version, gpu: null });
      const numbers = new Map<string, number[]>();
      for (const row of rowsOf(report)) numbersOf(row, [], numbers);
      for (const [path, values] of numbers) {
        if (path.startsWith('initial') || path === 'solver_seconds') continue;
        const { value } = content.get(path) as Dataset;
        const found = typeof value === 'number' ? [value] : [...(value as Float64Array)];
        expect(found, path).toEqual(values);
      }
    } finally {
      content.close();
    }
  });
});

describe('units and words', () => {
  test('are attributes in netCDF, named as records name them', async () => {
    const { file } = written('words', runs.steady.args, '.nc');
    await h5wasm.ready;
    const content = new h5wasm.File(file, 'r');
    try {
      const of = (name: string, attribute: string) =>
        (content.get(name) as Dataset).attrs[attribute]?.value;
      expect(of('heat_Q1', 'units')).toBe('energy/time');
      expect(of('heat_Q1', 'long_name')).toContain('heat flow from bath 1');
      expect(of('rotor_Lz', 'units')).toBe('hbar');
      expect(of('parameters_beta1', 'units')).toBe('1/energy');
      expect(of('operation', 'flag_meanings')).toBe('other engine refrigerator accelerator');
      const levels = [...((content.get('l') as Dataset).value as Int32Array)];
      expect([levels.length, levels[0], levels[66]]).toEqual([67, -33, 33]);
    } finally {
      content.close();
    }
  });

  test('levels of subsystems are counted from 0 in netCDF, as elsewhere', async () => {
    const times = ['evolve', '--machine', 'exchange-qubits', '--times', '1,2'];
    const { file } = written('subsystems', times, '.nc');
    await h5wasm.ready;
    const content = new h5wasm.File(file, 'r');
    try {
      const levels = (content.get('level') as Dataset).value as Int32Array;
      expect([...levels]).toEqual([0, 1]);
    } finally {
      content.close();
    }
  });
});

test('searches have a table for the best devices and each Pareto front', () => {
  const { file, report } = written('search', ['rectify', '--alpha', '0.5'], '.csv');
  const lines = readFileSync(file, 'utf8').split('\n');
  const [header, ...rows] = csvParseRows(lines.filter((line) => !line.startsWith('#')).join('\n'));
  expect(header.slice(0, 2)).toEqual(['table', 'parameters_chi']);
  const { best, pareto } = report as {
    best: Json[];
    pareto: { heat: Json[]; angular: Json[] };
  };
  const counted = (table: string) => rows.filter((row) => row[0] === table).length;
  expect(counted('best')).toBe(best.length);
  expect(counted('pareto_heat')).toBe(pareto.heat.length);
  expect(counted('pareto_angular')).toBe(pareto.angular.length);
});

describe('what is no evolution is a table, too', () => {
  const window = { lmin: '-4', lmax: '4', edgeTolerance: '0.5' };
  const tables = {
    fluctuations: () =>
      runFluctuations({ ...window, order: '2', out: join(folder, 'fluctuations.csv') }),
    sensitivity: () =>
      runSensitivity({ ...window, of: 'heat.Q1', out: join(folder, 'sensitivity.csv') }),
    modes: () =>
      runModes({ ...window, count: '2', charge: ['0,0', '1,1'], out: join(folder, 'modes.csv') }),
    levels: () => runLevels({ machine: 'transmon', count: '3', out: join(folder, 'levels.csv') }),
  };

  test.each([
    ['fluctuations', 1, 'noise_N1_N2'],
    ['sensitivity', 1, 'derivatives_heat_Q1_beta1'],
    ['modes', 4, 'rate'],
    ['levels', 3, 'above'],
  ] as const)('%s', async (name, length, column) => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await tables[name]().finally(() => vi.restoreAllMocks());
    const lines = readFileSync(join(folder, `${name}.csv`), 'utf8').split('\n');
    const rows = csvParse(lines.filter((line) => !line.startsWith('#')).join('\n'));
    expect(rows).toHaveLength(length);
    for (const row of rows) expect(Number(row[column] || Number.NaN)).not.toBeNaN();
    if (name === 'modes') expect(rows.map((row) => row['charge[1]'])).toEqual(['0', '0', '1', '1']);
  });
});

test('the state itself goes into a file that says of which device', async () => {
  const file = join(folder, 'states.nc');
  const { status } = qmill(['steady', '--states', file]);
  expect(status).toBe(0);
  await h5wasm.ready;
  const content = new h5wasm.File(file, 'r');
  try {
    const { value, shape } = content.get('rho_re') as Dataset;
    expect(shape).toEqual([4, 67, 4, 67]);
    let trace = 0;
    for (let i = 0; i < 268; i++) trace += (value as Float64Array)[269 * i];
    expect(trace).toBeCloseTo(1, 14);
  } finally {
    content.close();
  }
});

describe('is refused before anything is computed', () => {
  test.each([
    ['an ending that is not known', 'x.txt', 2, 'must be a file that ends in .json, .csv, .nc'],
    ['a folder that is not there', '/nonexistent/x.csv', 1, 'there is no such folder'],
  ])('%s', (_, file, expected, words) => {
    for (const { args } of Object.values(runs)) {
      const { status, stdout, stderr } = qmill([...args, '--out', file]);
      expect(status).toBe(expected);
      expect(stderr).toContain(words);
      expect(stdout).toBe('');
    }
  });
});

test('a device that has no steady state leaves a marked file', () => {
  const file = join(folder, 'unsolved.json');
  const none = ['steady', '--gamma', '0', '--lambda', '0', '--lmin', '-2', '--lmax', '2'];
  expect(qmill([...none, '--out', file]).status).toBe(3);
  expect(JSON.parse(readFileSync(file, 'utf8')).solver).toMatchObject({ converged: false });
});

test('a file that exists is replaced as a whole', () => {
  const file = join(folder, 'replaced.json');
  writeFileSync(file, 'x'.repeat(1e6));
  expect(qmill(['steady', '--out', file]).status).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('provenance');
});
