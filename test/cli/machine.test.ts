/** `qmill steady --machine` and `qmill machines`. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-machines-'));
afterAll(() => rmSync(folder, { recursive: true }));

const names = readdirSync(new URL('../../machines/', import.meta.url)).map((file) =>
  file.replace(/\.yaml$/, ''),
);

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('what is asked for beside a state is what its own command says', () => {
  const machine = ['--machine', 'absorption-refrigerator', '--json'];
  const read = (...args: string[]) => {
    const { status, stdout, stderr } = qmill([...args, ...machine]);
    expect([status, stderr]).toEqual([0, '']);
    return JSON.parse(stdout);
  };
  const { also } = read('steady', '--also', 'noise,TUR.hot,entropy.total');
  const wanted = read('fluctuations');
  expect(Object.keys(also)).toEqual([
    'noise.hot',
    'noise.cold',
    'noise.room',
    'TUR.hot',
    'entropy.total',
  ]);
  for (const bath of ['hot', 'cold', 'room']) {
    expect(also[`noise.${bath}`] / wanted.noise[bath]).toBeCloseTo(1, 12);
  }
  expect(also['TUR.hot'] / wanted.TUR.hot).toBeCloseTo(1, 12);
  expect(also['entropy.total']).toBeGreaterThan(0);
});

describe('qmill machines', () => {
  test('lists the gallery, each with its source', () => {
    const { status, stdout, stderr } = qmill(['machines']);
    expect([status, stderr]).toEqual([0, '']);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^${name} +\\w.*\\n +\\w`, 'm'));
  });

  test('prints the file of a machine, which is the machine', () => {
    const { status, stdout } = qmill(['machines', 'piston']);
    expect(status).toBe(0);
    const numbers = (machine: string) => {
      const {
        solver: _,
        machine: __,
        ...rest
      } = JSON.parse(qmill(['steady', '--machine', machine, '--json']).stdout);
      return rest;
    };
    expect(numbers(file('copy.yaml', stdout))).toEqual(numbers('piston'));
  });

  test('says what parameters a machine has', () => {
    const { status, stdout } = qmill(['machines', 'quantum-mill', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      machine: 'quantum-mill',
      ladder: 'rotor',
      subsystems: { q1: ['0', '1'], q2: ['0', '1'] },
      parameters: expect.arrayContaining([
        {
          name: 'lambda',
          default: 0.1,
          unit: 'energy',
          range: [null, null],
          text: expect.any(String),
        },
      ]),
    });
  });
});

/** Nothing holds their rotors. */
const running = ['effective-rotor', 'flywheel'];
/** It has collisions and no bath. */
const collided = 'ladder-charging';

describe('qmill steady --machine', () => {
  test('the master equation makes the jumps of what baths couple to', () => {
    const heat = (...flags: string[]) => {
      const { status, stdout } = qmill([
        ...['steady', '--machine', 'two-qubit-rectifier', '--json'],
        ...flags,
      ]);
      expect(status).toBe(0);
      return JSON.parse(stdout).heat.hot;
    };
    expect(heat()).toBe(heat('--model', 'global'));
    expect(heat('--model', 'local') / heat()).toBeCloseTo(0.928, 3);
  });

  test.each([
    [
      ['--machine', 'piston', '--model', 'global'],
      /model = "global": must be absent: the baths of one-qubit/,
    ],
    [
      ['--machine', 'two-qubit-rectifier', '--model', 'exact'],
      /model = "exact": must be one of local, global/,
    ],
  ])('%j is refused in one line', (flags, line) => {
    const { status, stderr } = qmill(['steady', ...flags]);
    expect(status).toBe(2);
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test.each(running)('%s runs away: it has none on its window, and is marked', (name) => {
    const { status, stderr } = qmill(['steady', '--machine', name, '--json']);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^not converged: the population of the highest level is/m);
  });

  test.each(names.filter((one) => ![...running, collided].includes(one)))(
    '%s has a steady state',
    (name) => {
      const { status, stdout, stderr } = qmill(['steady', '--machine', name, '--json']);
      expect([status, stderr]).toEqual([0, '']);
      const report = JSON.parse(stdout);
      expect(report.solver).toMatchObject({ converged: true, problems: [] });
      expect(report.solver.residual).toBeLessThan(1e-12);
    },
  );

  test('prints lines for people, too', () => {
    const { status, stdout } = qmill(['steady', '--machine', 'piston']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^machine +one-qubit piston\n/);
    for (const line of ['heat from +hot', 'work by +hot', 'first law', 'observable +power']) {
      expect(stdout).toMatch(new RegExp(`^${line} `, 'm'));
    }
  });

  test('takes parameters, and a window', () => {
    const { status, stdout } = qmill([
      ...['steady', '--machine', 'pendulum', '--json', '--set', 'V=1', '--set', 'betaR=0.2'],
      ...['--lmin', '-40', '--lmax', '41'],
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      parameters: { V: 1, betaR: 0.2, gamma: 1, I: 1 },
      truncation: { lmin: -40, lmax: 41 },
    });
  });

  test('marks what a window cuts off', () => {
    const { status, stdout, stderr } = qmill([
      ...['steady', '--machine', 'pendulum', '--json', '--lmin', '-5', '--lmax', '5'],
    ]);
    expect(status).toBe(3);
    expect(JSON.parse(stdout).solver.converged).toBe(false);
    expect(stderr).toMatch(/^not converged: the population of the lowest level is .*\n.*highest/);
  });

  test('marks what has no unique steady state', () => {
    const machine = file(
      'two.yaml',
      'name: two\nsubsystems: {q: 2, p: 2}\nhamiltonian: {h: sz(q)}\n' +
        'baths: {b: {temperature: 1, jumps: [sm(q)]}}\nobservables: {x: sz(p)}\n',
    );
    const { status, stdout, stderr } = qmill(['steady', '--machine', machine, '--json']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      machine: { name: 'two' },
      solver: { converged: false, unique: false },
    });
    expect(stderr).toMatch(/^error: .*not unique.*\n$/);
  });

  const bad: readonly [string[], RegExp][] = [
    [
      ['--machine', 'pistn'],
      /machine = "pistn": must be a file, or one of .*did you mean 'piston'/,
    ],
    [['--machine', './none.yaml'], /there is no such file/],
    [['--machine', folder], /must be a file/],
    [['--machine', 'piston', '--set', 'm=3'], /set = "m": must be a parameter of one-qubit piston/],
    [['--machine', 'piston', '--set', 'g'], /set = "g": must be name=value/],
    [['--machine', 'piston', '--set', 'g=x'], /g = "x": must be a number$/],
    [['--machine', 'piston', '--set', 'k=-1'], /k = -1: must be a number ≥ 0$/],
    [['--machine', 'piston', '--beta2', '3'], /beta2 = "3": must be absent with machine/],
    [['--machine', 'piston', '--also', 'nois'], /unknown .*nois.*did you mean 'noise'/],
    [['--machine', 'piston', '--resume', 'x'], /resume = "x": must be absent with machine/],
    [['--machine', 'single-level', '--lmin', '-2', '--lmax', '2'], /lmax = 2: must be absent/],
    [
      ['--machine', 'piston', '--set', 'I=0'],
      /piston\.yaml:\d+:\d+: .*it is not finite with .*I = 0/,
    ],
    [['--machine', 'piston', '--space', 'sector'], /space = "sector": must be auto, band or full/],
    [['--set', 'g=2'], /set = .*: must be given with machine/],
    [['--as', 'qutip'], /as = "qutip": must be given with machine$/],
    [['--machine', 'piston', '--as', 'matlab'], /as = "matlab": must be qutip$/],
  ];

  test.each(bad)('%j is refused in one line', (flags, line) => {
    const { status, stdout, stderr } = qmill(['steady', ...flags]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr.trim()).toMatch(line);
  });

  test('a file with a mistake is told with line and column', () => {
    const machine = file(
      'slip.yaml',
      'name: slip\nsubsystems: {q: 2}\nhamiltonian:\n  h: szz(q)\n',
    );
    const { status, stderr } = qmill(['steady', '--machine', machine]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/slip\.yaml:4:6: hamiltonian\.h: 'szz' is no operator.*'sz'\?\n$/);
  });

  test('a command that is about the paper alone says that it takes none', () => {
    const { status, stderr } = qmill(['figure', '2', '--machine', 'piston']);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^error: machine = "piston": must be absent with qmill figure.*steady.*\n$/,
    );
  });
});

describe('qmill evolve --machine', () => {
  const flywheel = ['evolve', '--machine', 'flywheel'];

  test('gives every time its numbers', () => {
    const { status, stdout, stderr } = qmill([...flywheel, '--times', '5,20', '--json']);
    expect([status, stderr]).toEqual([0, '']);
    const { snapshots, truncation, complete } = JSON.parse(stdout);
    expect(complete).toBe(true);
    expect(truncation).toMatchObject({ lmin: -8, lmax: 20, converged: true });
    expect(snapshots[1].ladder.mean).toBeCloseTo(2.67621962724, 9);
    expect(snapshots[1].heat).toHaveProperty('hot');
  });

  test('prints lines for people, and marks what leaves the window', () => {
    const { status, stdout, stderr } = qmill([...flywheel, '--times', '0,100']);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^ +t +⟨L⟩ +Var L .*\n +1\/energy .*\n +0 +0 .*\n +100 +\d/m);
    expect(stderr).toMatch(/^not converged: a population at the edges of \[-8, 20\]/);
  });

  test.each([
    [['--times', '1', '--rotor', '3'], /rotor = "3": must be absent with machine/],
    [['--times', '1', '--beta1', '3'], /beta1 = "3": must be absent with machine/],
    [['--times', '1', '--space', 'full'], /space = "full": must be absent with machine/],
    [['--times', '2,1'], /times = "2,1": must be increasing/],
    [['--times', '1', '--set', 'nh=-1'], /nh = -1: must be a number ≥ 0/],
    [['--times', '1', '--lmin', '-30', '--lmax', '-20'], /lmax = -20: must be/],
  ])('%j is refused in one line', (flags, line) => {
    const { status, stdout, stderr } = qmill([...flywheel, ...flags]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr).toMatch(line);
  });
});

test('qmill trajectories --machine marks what leaves the window, and refuses what it has not', () => {
  const flags = ['trajectories', '--machine', 'flywheel', '--count', '20'];
  const { status, stdout, stderr } = qmill([...flags, '--times', '150']);
  expect(status).toBe(3);
  expect(stdout).toMatch(/^⟨L⟩ +1\d\.\d+ ± .*$/m);
  expect(stdout).toMatch(/^heat so far hot +– \(its jumps bring in no sharp energy\)$/m);
  expect(stderr).toMatch(/^not converged: mean populations at the edges of \[-8, 20\] reach/);
  const refused = qmill([...flags, '--times', '1', '--backend', 'webgpu', '--precision', 'f32']);
  expect([refused.status, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toMatch(/^error: .*backend = "webgpu": must be .*cpu.*with machine.*\n$/);
});

test('qmill collide --machine charges a ladder, and says of what it does not know', () => {
  const flags = ['collide', '--machine', collided, '--collisions', '50', '--every', '25'];
  const { status, stdout, stderr } = qmill(flags);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^ +50 +12\.5000000 +21\.875000/m);
  const refused = qmill(['collide', '--machine', 'flywheel']);
  expect([refused.status, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toMatch(/^error: flywheel\.yaml.*has no 'collisions'.*\n$/);
});

test('qmill rectify --machine prints both directions, and refuses a search', () => {
  const flags = ['rectify', '--machine', 'two-qubit-rectifier'];
  const { status, stdout, stderr } = qmill(flags);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^as it is, hot hot\n[\s\S]*^Th and Tc exchanged, cold hot\n/m);
  expect(stdout).toMatch(/^R of heat +0\.\d+ +J \S+ energy\/time$/m);
  const refused = qmill([...flags, '--over', 'g']);
  expect([refused.status, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toMatch(
    /^error: over = "g": must be absent with machine: a plan of sweep.*\n$/,
  );
});

test('of flows that are 0 in either direction the ratio is undefined', () => {
  const flags = ['rectify', '--machine', 'exchange-qubits', '--swap', 'nh,nc'];
  expect(qmill(flags).stdout).toMatch(/^R of heat +undefined +J 0\.0+ energy\/time$/m);
  expect(JSON.parse(qmill([...flags, '--json']).stdout).heat.R).toBeNull();
});

test('qmill correlate has spectra in a potential on a wide window', () => {
  const found = qmill(['correlate', 'Lz', '--V', '1', '--frequency', '-0.1,0.1', '--json']);
  const { frequencies, solver, truncation } = JSON.parse(found.stdout);
  expect(solver).toMatchObject({ converged: true, problems: [] });
  expect(truncation.lmax - truncation.lmin).toBeGreaterThan(40);
  const [one, other] = frequencies.map(({ spectrum }: { spectrum: { re: number } }) => spectrum.re);
  expect(one).toBeGreaterThan(0);
  expect(other).toBeGreaterThan(0);
});

test('qmill correlate has times and spectra of what changes a charge in a potential', () => {
  const asked = ['--tau', '0,1', '--frequency', '-4', '--json'];
  const found = qmill(['correlate', 'sp(q1)', '--V', '1', ...asked]);
  const { frequencies, times, solver } = JSON.parse(found.stdout);
  expect(solver).toMatchObject({ converged: true, problems: [] });
  expect(frequencies[0].spectrum.re).toBeGreaterThan(0);
  // ⟨σ₊σ₋⟩ is the population of the upper level.
  const [{ correlation }] = times;
  expect(correlation.re).toBeGreaterThan(0.1);
  expect(correlation.re).toBeLessThan(0.5);
  expect(Math.hypot(times[1].correlation.re, times[1].correlation.im)).toBeLessThan(correlation.re);
});

describe('qmill levels', () => {
  test('prints energies, for people and for programs', () => {
    const flags = ['levels', '--machine', 'transmon', '--count', '2'];
    const { status, stdout } = qmill(flags);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^energy +above .*\n-21\.84381856.* 0\.0.*\n-6\.175185514.* 15\.668/);
    const { levels, truncation } = JSON.parse(qmill([...flags, '--json']).stdout);
    expect(levels.map(({ above }: { above: number }) => above.toFixed(6))).toEqual([
      '0.000000',
      '15.668633',
    ]);
    expect(truncation).toEqual({ lmin: -31, lmax: 31, converged: true });
  });

  test('a window that is too small is marked', () => {
    const { status, stderr } = qmill([
      ...['levels', '--machine', 'transmon', '--lmin', '-4', '--lmax', '4'],
    ]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^not converged: a level moves by/);
  });

  test.each([
    [[], /machine is missing: must be a file/],
    [['--machine', 'transmon', '--count', '0'], /count = "0": must be an integer ≥ 1/],
    [['--machine', 'transmon', '--set', 'EJ=x'], /EJ = "x": must be a number/],
    [['--machine', 'transmon', '--lmin', '-4000', '--lmax', '4000'], /at most 3000 rows/],
  ])('%j is refused in one line', (flags, line) => {
    const { status, stderr } = qmill(['levels', ...flags]);
    expect([status, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toMatch(line);
  });
});

describe('qmill sweep over a machine', () => {
  const plan = (lines: string) => file('plan.yaml', `machine: exchange-qubits\n${lines}\n`);
  const out = join(folder, 'table.csv');

  test('writes a row for each point, whose numbers are those of the machine', () => {
    const { status, stdout } = qmill([
      ...['sweep', plan('axes: {g: [0.5, 1], nh: [1, 2]}\nobservables: [observables.current]')],
      ...['--out', out],
    ]);
    expect([status, stdout]).toEqual([0, `${out}: 4 solved\n`]);
    const [head, ...rows] = readFileSync(out, 'utf8').trim().split('\n');
    expect(head).toBe('g,nh,status,observables.current');
    expect(rows.map((row) => row.split(',').slice(0, 3).join())).toEqual([
      '0.5,1,solved',
      '0.5,2,solved',
      '1,1,solved',
      '1,2,solved',
    ]);
    expect(Number(rows[2].split(',')[3])).toBeCloseTo(1 / 7, 14);
  });

  test('marks points without an answer', () => {
    const { status, stdout } = qmill(['sweep', plan('axes: {k: [0, 1]}'), '--out', out]);
    expect([status, stdout]).toEqual([3, `${out}: 1 not unique, 1 solved\n`]);
  });

  const bad: readonly [string, string[], RegExp][] = [
    ['axes: {f: [1, 2]}', ['--out', out], /unknown key 'f': did you mean '\w+'\?$/],
    ['axes: {k: [1, -2]}', ['--out', out], /axes\.k = -2: must be a number ≥ 0$/],
    ['axes: {g: many}', ['--out', out], /axes\.g = "many": must be a list/],
    ['axes: {}', ['--out', out], /axes = \{\}: must be a mapping with at least one axis$/],
    ['axes: {g: [1]}\nparameters: {g: 2}', ['--out', out], /of parameters that are set nowhere/],
    ['axes: {g: [1]}\nobservables: [curent]', ['--out', out], /unknown key 'curent'/],
    [
      'axes: {g: [1]}',
      [],
      /out is missing: must be a folder for the results, or a file ending in \.csv/,
    ],
    ['axes: {g: [1]}', ['--out', folder], /a new or empty folder/],
    ['axes: {g: [1]}\nmodel: global', ['--out', out], /model: it makes jumps of couplings/],
    [
      'axes: {g: [1, 2], k: [1]}\nzip: [[g, k]]',
      ['--out', out],
      /axes\.k = .*as many as those of g/,
    ],
    ['axes: {g: [1]}', ['--out', join(folder, 'new'), '--backend', 'webgpu'], /'auto' or 'cpu'/],
    ['axes: {g: [1]}', ['--out', out, '--shard', '1/2'], /shard = "1\/2": must be absent/],
    ['axes: {g: [1]}', ['--out', out, '--backend', 'gpujs'], /backend = "gpujs": must be one of/],
  ];

  test.each(bad)('%j %j is refused in one line', (lines, flags, line) => {
    const { status, stdout, stderr } = qmill(['sweep', plan(lines), ...flags]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr.trim()).toMatch(line);
  });
});
