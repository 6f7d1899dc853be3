import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { qmill } from '../support/commandLine.js';
import { interruptedInTheMidst } from '../support/interrupt.js';
import { pythonWith, runPython } from '../support/python.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
afterAll(() => rmSync(folder, { recursive: true }));

const evolved = (...args: string[]) => {
  const { status, stdout, stderr } = qmill(['evolve', '--json', ...args]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout);
};

test('of both qubits together, neither is said to be thermal', () => {
  const qubits = [0.5, 0, 0, 0.5].map((p, i) => [0, 1, 2, 3].map((j) => (i === j ? p : 0)));
  const { initial } = evolved('--times', '1', '--qubits', JSON.stringify(qubits));
  expect(initial).toEqual({ rotor: 0, qubits });
});

describe('qmill evolve --json', () => {
  const report = evolved('--times', '0.1,1,10', '--beta2', '0.08', '--lmin', '-20', '--lmax', '40');

  test('prints a snapshot for each time, from thermal qubits and rotor |0⟩', () => {
    expect(report.initial).toEqual({ qubit1: 'thermal', qubit2: 'thermal', rotor: 0 });
    expect(report.snapshots.map((s: { t: number }) => s.t)).toEqual([0.1, 1, 10]);
    const [first] = report.snapshots;
    // dynamics.json's first snapshot.
    expect(first.heat.Q1).toBeCloseTo(0.00022137510135306605, 12);
    expect(first.power.kinetic).toBeCloseTo(0.0008194196425816978, 12);
    expect(first.dU).toBeCloseTo(0.0007436538093664959, 12);
    for (const key of ['heat', 'work', 'rotor', 'power', 'qubits', 'ergotropy', 'firstLaw']) {
      expect(first).toHaveProperty(key);
    }
  });

  test('says what ran and why', () => {
    expect(report.backend).toEqual({ name: 'cpu', adapter: null, precision: 'f64' });
    expect(report.solver).toMatchObject({ space: 'sector', method: 'rational' });
    expect(report.solver.reason).toContain('block tridiagonal');
    expect(report.complete).toBe(true);
    expect(report.truncation).toMatchObject({ lmin: -20, lmax: 40, converged: true });
  });

  test('the table for people has the same numbers', () => {
    const { status, stdout } = qmill(['evolve', '--times', '10', '--beta2', '0.08']);
    expect(status).toBe(0);
    const printed = stdout.split(/\s+/).map(Number);
    expect(printed).toContain(Number(report.snapshots[2].heat.Q2.toPrecision(8)));
  });
});

test('times are lists and ranges, on the command line and in YAML', () => {
  const times = (...args: string[]) => evolved(...args).snapshots.map((s: { t: number }) => s.t);
  expect(times('--times', '0,lin:1:2:3')).toEqual([0, 1, 1.5, 2]);
  expect(times('--times', 'log:0.1:10:3')).toEqual([0.1, 1, 10]);
  const config = join(folder, 'run.yaml');
  writeFileSync(config, 'times: [0, 2]\nqubit1: up\nrotor: {thermal: 0.9}\nrtol: 1e-9\n');
  const report = evolved('--config', config, '--qubit2', 'down');
  expect(report.snapshots[0].qubits.populations).toEqual([0, 0, 1, 0]);
  expect(report.solver.rtol).toBe(1e-9);
});

test('an angle packet turns, and its density is that of its cosine', () => {
  const report = evolved(
    ...['--times', '0,1', '--angles', '64', '--lmin', '-16', '--lmax', '22'],
    ...['--rotor', '{angle: 1, concentration: 5, momentum: 3}', '--gamma', '0'],
  );
  const [start, later] = report.snapshots;
  const mean = (s: typeof start, f: (phi: number) => number) =>
    s.rotor.angle.reduce(
      (sum: number, p: number, k: number) => sum + p * f((2 * Math.PI * k) / 64) * (Math.PI / 32),
      0,
    );
  for (const s of [start, later]) {
    expect(mean(s, () => 1)).toBeCloseTo(1, 12);
    expect(mean(s, Math.cos)).toBeCloseTo(s.rotor.cos, 10);
    expect(mean(s, Math.sin)).toBeCloseTo(s.rotor.sin, 10);
  }
  // Von Mises: the mean direction is 1, its length I_1(5)/I_0(5).
  expect(Math.atan2(start.rotor.sin, start.rotor.cos)).toBeCloseTo(1, 12);
  expect(Math.hypot(start.rotor.sin, start.rotor.cos)).toBeCloseTo(0.893383137, 8);
  // It turns freely by ⟨L_z⟩ t / I in a unit of time, but for phases of the levels: ±1/2.
  expect(start.rotor.Lz).toBeCloseTo(3, 12);
  expect(Math.atan2(later.rotor.sin, later.rotor.cos)).toBeCloseTo(4 - 2 * Math.PI, 2);
});

describe('states in a file', () => {
  const file = join(folder, 'states.nc');
  const report = evolved(
    ...['--times', '0,1', '--lmin', '-3', '--lmax', '4', '--edge-tolerance', '0.5'],
    ...['--rotor', '{superposition: {0: 1, 2: 1i}}', '--states', file],
  );

  test('are opened by xarray, and are the density matrices of the snapshots', ({ skip }) => {
    const python = pythonWith('xarray', 'h5netcdf', 'numpy');
    if ('missing' in python) return skip(python.missing);
    const program = `
import json, sys, numpy, xarray
d = xarray.open_dataset(sys.argv[1], engine="h5netcdf")
rho = (d.rho_re + 1j * d.rho_im).values.reshape(2, 32, 32)
l = numpy.tile(d.l.values, 4)
print(json.dumps({
    "dims": list(d.rho_re.dims),
    "trace": [abs(numpy.trace(r)) for r in rho],
    "hermitian": float(abs(rho - rho.conj().transpose(0, 2, 1)).max()),
    "least": float(numpy.linalg.eigvalsh(rho[1]).min()),
    "Lz2": float((numpy.diagonal(rho[1]).real * l ** 2).sum()),
    "coherence": [d.rho_re.sel(l=2, l_bra=0, t=0).sum().item(), d.rho_im.sel(l=2, l_bra=0, t=0).sum().item()],
    "V": json.loads(d.attrs["parameters"])["V"],
}))`;
    const seen = JSON.parse(runPython(python.path, program, file));
    expect(seen.dims).toEqual(['t', 'qubits', 'l', 'qubits_bra', 'l_bra']);
    for (const trace of seen.trace) expect(trace).toBeCloseTo(1, 12);
    expect(seen.hermitian).toBeLessThan(1e-17);
    expect(seen.least).toBeGreaterThan(-1e-12);
    expect(seen.Lz2).toBeCloseTo(report.snapshots[1].rotor.Lz2, 12);
    expect(seen.coherence[0]).toBeCloseTo(0, 14);
    expect(seen.coherence[1]).toBeCloseTo(0.5, 14);
    expect(seen.V).toBe(0);
  });

  test('that would not fit are refused before anything is computed', () => {
    const args = ['--times', 'lin:0:1:1001', '--lmin', '-100', '--lmax', '100'];
    const { status, stderr } = qmill(['evolve', ...args, '--states', file]);
    expect(status).toBe(2);
    expect(stderr).toContain('ask for fewer times or a smaller window');
  });
});

describe('bad input exits with 2 and one line', () => {
  const refused = (...args: string[]) => {
    const { status, stdout, stderr } = qmill(['evolve', ...args]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    return stderr;
  };

  test.each([
    [[], 'times is missing: must be increasing numbers ≥ 0'],
    [['--times', '3,2'], 'times = "3,2": must be increasing'],
    [['--times', 'log:0:1:5'], 'times = "log:0:1:5": must be'],
    [['--times', '1', '--rtol', '0'], 'rtol = 0: must be a number from 1e-14'],
    [['--times', '1', '--qubit1', 'sideways'], 'qubit1 = "sideways": must be one of thermal'],
    [['--times', '1', '--qubit1', '[[1, 0], [0, 1]]'], 'of trace 1 (its trace is 2)'],
    [['--times', '1', '--qubit1', '[[0.5, 0.9], [0.9, 0.5]]'], 'a positive density matrix'],
    [['--times', '1', '--qubit2', '[[0.5, 0.5i], [0.5i, 0.5]]'], 'a Hermitian density matrix'],
    [['--times', '1', '--qubits', '[[1]]'], 'qubits = [[1]]: must be a 4×4 density matrix'],
    [['--times', '1', '--rotor', '0.5'], 'rotor = 0.5: must be a level l'],
    [['--times', '1', '--rotor', '{thermal'], 'rotor = "{thermal": must be'],
    [['--times', '1', '--rotor', '9', '--lmin', '-3', '--lmax', '3'], 'inside of the window'],
    [['--times', '1', '--method', 'gmres'], 'method = "gmres": must be'],
    [['--times', '1', '--precision', 'f32'], 'precision = "f32": must be'],
    [['--times', '1', '--V', '1', '--space', 'sector'], 'space = "sector": must be'],
  ])('%j', (args, message) => {
    expect(refused(...args)).toContain(message);
  });
});

describe('Ctrl-C', () => {
  const long = ['evolve', '--json', '--times', 'lin:0:2000:2001', '--lmin', '-20', '--lmax', '20'];

  test('loses nothing: the same command goes on, to the same numbers', async () => {
    const file = join(folder, 'run.ckpt');
    const args = [...long, '--checkpoint', file];
    const first = await interruptedInTheMidst(file, args);
    expect(first.code).toBe(130);
    expect(first.stderr).toContain('the same command goes on from there');
    const part = JSON.parse(first.stdout);
    expect(part.complete).toBe(false);
    expect(part.snapshots.length).toBeLessThan(2001);
    expect(existsSync(file)).toBe(true);
    expect(qmill([...args, '--beta2', '0.07']).stderr).toContain("another 'beta2'");

    const rest = qmill(args);
    expect(rest.status).toBe(0);
    const whole = JSON.parse(qmill(long).stdout);
    expect(JSON.parse(rest.stdout).snapshots).toEqual(whole.snapshots);
    expect(readdirSync(folder).filter((name) => name.includes('.ckpt'))).toEqual([]);
  });
});
