import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { noAdapter, qmill, qmillProcess } from '../support/commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const keysOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]))
    : '';

describe('qmill steady --json', () => {
  const { status, stdout } = qmill(['steady', '--json']);

  test('prints one object with the promised fields, in full precision', () => {
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(keysOf(report)).toMatchObject({
      model: '',
      parameters: {},
      truncation: { lmin: '', lmax: '', edgeLow: '', edgeHigh: '', converged: '' },
      backend: { name: '', adapter: '', precision: '' },
      solver: { space: '', method: '', iterations: '', residual: '', seconds: '' },
      heat: { Q1: '', Q2: '', Qr: '' },
      work: { WQ: '', Wr: '', V: '' },
      firstLaw: '',
      rotor: { Lz: '', Lz2: '', cos: '', sin: '', populations: '' },
      qubits: { populations: '' },
      power: { kinetic: '', intrinsic: '', backAction: '', net: '' },
      ergotropy: { total: '', qubits: '', rotor: '' },
      operation: '',
      efficiency: '',
      carnotEfficiency: '',
      cop: '',
      carnotCop: '',
      refrigeratorBound: '',
      boundExceeded: '',
    });
    expect(report.rotor.populations).toHaveLength(
      report.truncation.lmax - report.truncation.lmin + 1,
    );
    expect(report.rotor.Lz).toBeCloseTo(1.4235993553, 9);
    expect(String(report.rotor.Lz).length).toBeGreaterThan(14);
  });

  test('names the backend, method and precision that ran', () => {
    const { backend, solver, truncation } = JSON.parse(stdout);
    expect(backend).toEqual({ name: 'cpu', adapter: null, precision: 'f64' });
    expect(solver).toMatchObject({ space: 'sector', method: 'direct' });
    expect(solver.residual).toBeLessThan(1e-14);
    expect(truncation.converged).toBe(true);
  });
});

test('the table for people has the same numbers', () => {
  const { Lz } = JSON.parse(qmill(['steady', '--json']).stdout).rotor;
  const { status, stdout } = qmill(['steady']);
  expect(status).toBe(0);
  expect(stdout).toContain(Lz.toPrecision(12));
  expect(stdout).toMatch(/operation +engine/);
});

describe('a direct solution is judged by its residual', () => {
  test('relative to what it is a difference of, and the result is printed and marked', () => {
    const { status, stdout, stderr } = qmill(['steady', '--json', '--gamma', '1e300']);
    expect(status).toBe(3);
    const { solver } = JSON.parse(stdout);
    expect(solver.converged).toBe(false);
    expect(solver.problems[0]).toContain('underflow');
    expect(stderr).toBe(`not converged: ${solver.problems[0]}\n`);
    const good = JSON.parse(qmill(['steady', '--json']).stdout).solver;
    expect(good).toMatchObject({ converged: true, problems: [] });
    expect(good.relativeResidual).toBeLessThan(1e-15);
  });

  test('without an answer, the cause is said', () => {
    const { status, stderr } = qmill(['steady', '--g', '1e160']);
    expect(status).toBe(3);
    expect(stderr).toBe('error: no steady state was found: g2² (n2 + 1) overflows float64\n');
    const potential = qmill(['steady', '--V', '1e7', '--lmin', '-6', '--lmax', '6']);
    expect(potential.status).toBe(3);
    expect(potential.stderr).toContain('to |V| = 1.0e+7');
  });
});

test('an infinite moment is null for programs, and said to people', () => {
  const infinite = ['steady', '--betaR', '16', '--lmin', '-50', '--lmax', '50'];
  const { rotor, truncation } = JSON.parse(qmill([...infinite, '--json']).stdout);
  expect(rotor.Lz2).toBeNull();
  expect(truncation.converged).toBe(false);
  const { status, stdout, stderr } = qmill(infinite);
  expect(status).toBe(3);
  expect(stdout).toMatch(/rotor\.Lz2 +infinite/);
  expect(stderr).toContain('not converged: ⟨L_z⟩ lacks about');
});

describe('which bath is hot', () => {
  const observed = (...args: string[]) => JSON.parse(qmill(['steady', '--json', ...args]).stdout);

  test('the mirror of the default engine is an engine, as good and with the same bounds', () => {
    const engine = observed();
    const mirror = observed('--B1', '10', '--B2', '4', '--beta1', '0.03', '--beta2', '0.1');
    expect(mirror.operation).toBe('engine');
    expect(mirror.efficiency).toBeCloseTo(engine.efficiency, 10);
    expect(mirror.carnotEfficiency).toBe(engine.carnotEfficiency);
    expect(mirror.carnotCop).toBe(engine.carnotCop);
    expect(mirror.rotor.Lz).toBeCloseTo(-engine.rotor.Lz, 10);
  });

  test('a cold bath 2 that takes heat from the hot bath 1 and from work', () => {
    const report = observed('--beta2', '0.2');
    expect(report).toMatchObject({ operation: 'accelerator', cop: null, carnotEfficiency: 0.5 });
    expect(report).toMatchObject({ carnotCop: 2, refrigeratorBound: 1, boundExceeded: false });
  });

  test('equal temperatures are nothing of the table', () => {
    expect(observed('--beta2', '0.1')).toMatchObject({ operation: 'other', carnotCop: null });
  });

  test('a COP above the bound of two baths is said, with the third', () => {
    const hotLoad = ['--beta2', '0.09', '--betaR', '0.001', '--gamma', '0.01'];
    const report = observed(...hotLoad);
    expect(report).toMatchObject({ operation: 'refrigerator', boundExceeded: true });
    expect(report.cop).toBeGreaterThan(report.refrigeratorBound);
    expect(qmill(['steady', ...hotLoad]).stdout.replace(/\s+/g, ' ')).toContain(
      'above the bound of two baths: the load, a third one at betaR = 0.001, gives heat',
    );
  });
});

describe('parameters', () => {
  const parametersOf = (...args: string[]) =>
    JSON.parse(qmill(['steady', '--json', ...args]).stdout).parameters;

  test('come from YAML, and flags win over it', () => {
    const config = file('device.yaml', 'beta2: 0.05\nchi: 0.5\nlmin: -20\nlmax: 40\n');
    expect(parametersOf('--config', config)).toMatchObject({ beta2: 0.05, chi: 0.5, B1: 4 });
    expect(parametersOf('--config', config, '--chi', '-0.25')).toMatchObject({
      beta2: 0.05,
      chi: -0.25,
    });
  });

  test('an empty YAML file leaves the defaults', () => {
    expect(parametersOf('--config', file('empty.yaml', ''))).toEqual(parametersOf());
  });
});

describe('bad input exits with 2 and one line that names the field, the value and what is allowed', () => {
  const refused = (...args: string[]) => {
    const { status, stdout, stderr } = qmill(['steady', ...args]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    return stderr.trimEnd();
  };

  test.each([
    [['--beta1', '-0.1'], 'beta1 = -0.1: must be a number > 0'],
    [['--beta2', '0'], 'beta2 = 0: must be a number > 0'],
    [['--betaR', 'warm'], 'betaR = "warm": must be a number > 0'],
    [['--g', '0'], 'g = 0: must be a number > 0'],
    [['--I', '-1'], 'I = -1: must be a number > 0'],
    [['--chi', '1'], 'chi = 1: must be a number with −1 < chi < 1'],
    [['--chi', '-1'], 'chi = -1: must be a number with −1 < chi < 1'],
    [['--lambda', 'NaN'], 'lambda = NaN: must be a finite number'],
    [['--gamma', 'Infinity'], 'gamma = Infinity: must be a number ≥ 0'],
    [['--B1', ''], 'B1 = "": must be a number > 0'],
    [['--lmin', '2', '--lmax', '9'], 'lmin = 2: must be an integer ≤ 0, given together with lmax'],
    [['--lmin', '-9', '--lmax', '-2'], 'lmax = -2: must be an integer ≥ 0'],
    [['--lmin', '0', '--lmax', '0'], 'lmax = 0: must be greater than lmin = 0'],
    [['--lmin', '-3.5', '--lmax', '4'], 'lmin = -3.5: must be an integer ≤ 0'],
    [['--lmin', '-5'], 'lmax is missing: must be an integer ≥ 0, given together with lmin'],
    [['--edge-tolerance', '2'], 'edgeTolerance = 2: must be a number with 0 < edgeTolerance < 1'],
    [['--backend', 'gpu'], 'backend = "gpu": must be one of auto, cpu, webgpu'],
    [['--model', 'lokal'], 'model = "lokal": must be'],
  ])('%j', (args, message) => {
    expect(refused(...args)).toContain(message);
  });

  test('an unknown flag, with the nearest one', () => {
    expect(refused('--bta1', '0.1')).toMatch(/unknown option '--bta1'.*--beta1/);
  });

  test('an unknown key in YAML, with the nearest one', () => {
    const config = file('unknown.yaml', 'beta1: 0.1\ngama: 1e-5\n');
    expect(refused('--config', config)).toBe("error: unknown key 'gama': did you mean 'gamma'?");
  });

  test('a number in YAML that is out of range', () => {
    expect(refused('--config', file('range.yaml', 'chi: 3\n'))).toContain('chi = 3: must be');
    expect(refused('--config', file('text.yaml', 'g: "1"\n'))).toContain('g = "1": must be');
  });

  test('YAML that cannot be parsed, is no mapping, or is not there', () => {
    expect(refused('--config', file('broken.yaml', 'beta1: [0.1\n'))).toContain('valid YAML');
    expect(refused('--config', file('list.yaml', '- 1\n- 2\n'))).toContain('a YAML mapping');
    expect(refused('--config', join(folder, 'absent.yaml'))).toContain('ENOENT');
  });
});

describe('what cannot be done is refused', () => {
  test('--backend webgpu with no adapter says what to install, and computes nothing', () => {
    const { status, stdout, stderr } = qmillProcess(['steady', '--backend', 'webgpu'], noAdapter);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    // Nor do Dawn and the loader of drivers add lines of theirs.
    expect(stderr).toMatch(/^error: no WebGPU adapter was found: install a Vulkan driver.*\n$/);
  });

  test.each([
    [['--V', '1', '--space', 'sector'], 'space = "sector": must be auto, band or full with V ≠ 0'],
    [['--space', 'full', '--dmax', '3'], 'dmax = 3: must be absent with space = full'],
    [['--V', '1', '--dmax', '-1'], 'dmax = -1: must be auto or an integer ≥ 0'],
    [['--precision', 'f32'], 'precision = "f32": must be \'f64\' with backend = cpu'],
    [['--method', 'guess'], 'method = "guess": must be one of auto, direct, gmres'],
    [
      ['--resume', 'nowhere'],
      'resume = "nowhere": must be a checkpoint of this device (there is no such file)',
    ],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = qmill(['steady', ...args]);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([status, stdout]).toEqual([2, '']);
  });

  test('a device without a unique steady state exits with 3 and says so', () => {
    const { status, stdout, stderr } = qmill(['steady', '--lambda', '0', '--gamma', '0']);
    expect(status).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain('the steady state is not unique');
  });

  test('and with --json prints the object, marked', () => {
    const { status, stdout, stderr } = qmill([
      ...['steady', '--lambda', '0', '--gamma', '0', '--json'],
    ]);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'local',
      parameters: { lambda: 0, gamma: 0 },
      solver: { converged: false, unique: false },
    });
    expect(stderr).toBe(`error: ${JSON.parse(stdout).solver.problems[0]}\n`);
  });

  test('a window that cuts off the populations exits with 3, the result printed and marked', () => {
    const { status, stdout, stderr } = qmill(['steady', '--lmin', '-5', '--lmax', '10', '--json']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout).truncation).toMatchObject({ lmin: -5, lmax: 10, converged: false });
    expect(stderr).toContain('not converged');
  });
});

test('help shows examples, units, ranges and defaults', () => {
  const { status, stdout } = qmill(['steady', '--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('Examples:');
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'inverse temperature of bath 1 (1/energy; a number > 0; default 0.1)',
  );
});

test('an unknown command exits with 2', () => {
  const { status, stderr } = qmill(['stedy']);
  expect(status).toBe(2);
  expect(stderr).toContain("unknown command 'stedy'");
});

test('so does help about what there is not, in one line', () => {
  const { status, stdout, stderr } = qmill(['help', 'stedy']);
  expect(stderr).toBe(
    `error: help = "stedy": must be about a command or a topic; did you mean 'steady'?\n`,
  );
  expect(stdout).toBe('');
  expect(status).toBe(2);
});
