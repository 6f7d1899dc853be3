/** Sweeps of described machines: the same stores, with the same promises, as those of the paper's device. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { csvParse } from 'd3-dsv';
import { afterAll, describe, expect, test } from 'vitest';
import { main, qmill } from '../support/commandLine.js';
import { galleryMachine, steadyOf } from '../support/machines.js';
import { workshop } from '../support/sweeps.js';

const { path, clear } = workshop();
afterAll(clear);

const plan = (name: string, lines: string) => {
  const file = path(`${name}.yaml`);
  writeFileSync(file, lines);
  return file;
};

const valve = plan(
  'valve',
  `machine: two-qubit-rectifier
model: local
parameters: {g: 0.1}
axes: {Th: {linspace: {from: 0.5, to: 2, count: 4}}, kh: [0, 0.001, 0.01], kc: [0, 0.002, 0.02]}
zip: [[kh, kc]]
observables: [populations.h.1, heat.hot, energies.exchange]
batch: 5
`,
);

/** The rows of a store, by way of its export. */
function rowsOf(store: string) {
  const file = path('rows.csv');
  const { status, stderr } = qmill(['export', store, '--to', 'csv', file]);
  expect([status, stderr]).toEqual([0, '']);
  return csvParse(readFileSync(file, 'utf8'));
}

describe('a store', () => {
  const store = path('valve');

  test('has the numbers of each point, and what became of it', async () => {
    const { status, stdout, stderr } = qmill(['sweep', valve, '--out', store, '--workers', '2']);
    expect(status).toBe(3);
    expect(stdout).toBe(`12 points solved\n${store}: 4 failed_not_unique, 8 solved\n`);
    expect(stderr).toMatch(/^4 × /m);
    const rows = rowsOf(store);
    expect(rows).toHaveLength(12);
    const machine = galleryMachine('two-qubit-rectifier', 'local');
    for (const row of rows) {
      expect(row.path).toBe('cpu_f64');
      const [Th, kh, kc] = [row.Th, row.kh, row.kc].map(Number);
      expect(kc).toBe(2 * kh);
      if (kh === 0) {
        expect([row.status, row.heat_hot]).toEqual(['failed_not_unique', '']);
        continue;
      }
      expect(row.status).toBe('solved');
      const { flows, populations, energies } = await steadyOf(machine, { g: 0.1, Th, kh, kc });
      expect(Number(row.heat_hot)).toBe(flows.heat.hot);
      expect(Number(row.populations_h_1)).toBe(populations.h[1]);
      expect(Number(row.energies_exchange)).toBe(energies.exchange);
    }
  });

  test('goes on where it is, and refuses another plan', () => {
    const again = qmill(['sweep', valve, '--out', store]);
    expect(again.stdout).toMatch(/^0 points solved, 12 were there\n/);
    const text = readFileSync(valve, 'utf8');
    const other = plan('other', text.replace('g: 0.1', 'g: 0.2'));
    const { status, stderr } = qmill(['sweep', other, '--out', store]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/results of this plan; those there are of another: parameters\.g/);
    const global = plan('global', text.replace('model: local', 'model: global'));
    expect(qmill(['sweep', global, '--out', store]).stderr).toMatch(/model: "local" there/);
  });

  test('is drawn and exported', () => {
    const picture = path('valve.svg');
    const flags = ['--x', 'Th', '--show', 'heat.hot', '--at', 'kh=0.01', '--out', picture];
    expect(qmill(['plot', store, ...flags])).toMatchObject({ status: 0 });
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg/);
    expect(qmill(['export', store, '--to', 'netcdf', path('valve.nc')])).toMatchObject({
      status: 0,
    });
    expect(existsSync(path('valve.nc'))).toBe(true);
  });

  test('of shards is that of one process', () => {
    const parts = path('parts');
    for (const shard of ['1/2', '2/2']) qmill(['sweep', valve, '--out', parts, '--shard', shard]);
    expect(rowsOf(parts)).toEqual(rowsOf(store));
  });
});

/** Every file that holds numbers. */
const numbersIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\/c\//.test(file))
    .sort();

test('what is killed goes on, to the same bytes', async () => {
  const file = plan(
    'piston',
    `machine: piston
axes: {g: {linspace: {from: 0, to: 4, count: 12}}}
observables: [ladder.mean, observables.power]
truncation: {lmin: -9, lmax: 9}
edgeTolerance: 0.5
batch: 1
`,
  );
  const [whole, killed] = [path('whole'), path('killed')];
  expect(qmill(['sweep', file, '--out', whole]).status).toBe(0);
  const isThere = (count: number) => {
    try {
      return numbersIn(killed).length > count;
    } catch {
      // Not made yet, or a folder of its writer's was renamed while it was listed.
      return false;
    }
  };
  // Where the rest came before the kill: once more, and sooner.
  for (let count = 22; count > 1; count /= 2) {
    rmSync(killed, { recursive: true, force: true });
    const child = spawn(
      process.execPath,
      [main, 'sweep', file, '--out', killed, '--workers', '1'],
      { stdio: 'ignore' },
    );
    const ended = once(child, 'close');
    while (!isThere(count)) await new Promise((next) => setTimeout(next, 5));
    child.kill('SIGKILL');
    await ended;
    if (numbersIn(killed).length < numbersIn(whole).length) break;
  }
  expect(numbersIn(killed).length).toBeLessThan(numbersIn(whole).length);
  const { status, stdout } = qmill(['sweep', file, '--out', killed]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/were there/);
  expect(numbersIn(killed)).toEqual(numbersIn(whole));
  for (const name of numbersIn(whole)) {
    expect(readFileSync(`${killed}/${name}`).equals(readFileSync(`${whole}/${name}`))).toBe(true);
  }
});

test('a plan is described before it is run', () => {
  const { status, stdout } = qmill(['sweep', valve, '--dry-run']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^points +12 \(4 Th × 3 kh with kc\)$/m);
  expect(stdout).toMatch(/^machine +two coupled qubits as a heat valve$/m);
});

test('points where a formula has no number are marked, and the others solved', () => {
  const file = plan(
    'decay',
    `machine: ${path('m.yaml')}\naxes: {x: [-1, 0.5]}\nobservables: [populations.q.1]\n`,
  );
  writeFileSync(
    path('m.yaml'),
    'name: m\nsubsystems: {q: 2}\nparameters: {x: 1}\nhamiltonian: {h: sz(q)}\n' +
      'baths: {b: {temperature: none, jumps: [sqrt(x)*sm(q), 0.5*sp(q)]}}\n',
  );
  const { status, stdout } = qmill(['sweep', file, '--out', path('decay')]);
  expect([status, stdout]).toEqual([
    3,
    `2 points solved\n${path('decay')}: 1 failed_not_finite, 1 solved\n`,
  ]);
  const [none, one] = rowsOf(path('decay'));
  expect(none.populations_q_1).toBe('');
  expect(Number(one.populations_q_1)).toBeCloseTo(0.25 / 0.75, 14);
});

test('a table that is stopped has whole rows, and says how many it lacks', async () => {
  const file = plan(
    'long',
    `machine: piston
axes: {g: {linspace: {from: 0.5, to: 4, count: 4001}}}
observables: [ladder.mean]
`,
  );
  const out = path('long.csv');
  const child = spawn(process.execPath, [main, 'sweep', file, '--out', out, '--workers', '1']);
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const ended = once(child, 'close');
  while (!existsSync(out)) await new Promise((next) => setTimeout(next, 5));
  child.kill('SIGINT');
  expect((await ended)[0]).toBe(130);
  const rows = csvParse(readFileSync(out, 'utf8'));
  expect(rows.every((row) => row.status === 'solved')).toBe(true);
  expect(said).toContain(`the table lacks ${4001 - rows.length} of 4001 points`);
});
