/** Derivatives of observables of whole machines, as commands and the library have them. */
import { expect, test } from 'vitest';
import { sensitivity } from '../../src/index.js';
import { describedMachine } from '../../src/machine/description/described.js';
import { angularMomentumSquared } from '../../src/model/hamiltonian.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { machineSensitivity } from '../../src/simulate/describedSensitivity.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { millSensitivity } from '../../src/simulate/millSensitivity.js';
import { steadyState } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { galleryMachine, steadyOf } from '../support/machines.js';

const window = truncation({ lmin: -6, lmax: 7 });

/** By central differences of float64, of the fifth order. */
function slope(of: (x: number) => number, x: number): number {
  const h = 1e-3 * x;
  return (8 * (of(x + h) - of(x - h)) - (of(x + 2 * h) - of(x - 2 * h))) / (12 * h);
}

for (const model of ['local', 'global'] as const) {
  const device = {
    beta1: 0.02,
    beta2: 0.03,
    gamma: 0.002,
    chi: 0.2,
    ...(model === 'global' ? { cutoff: 12 } : { kappa1: 0.01 }),
    model,
  };
  test(`${model}: every observable of steady changes as its differences do`, async () => {
    const found = (await millSensitivity(deviceParameters(device), window)).observables;
    const readings = new Map<string, Record<string, number>>();
    const read = (parameter: string, x: number) => {
      const key = `${parameter} ${x}`;
      const known = readings.get(key);
      if (known !== undefined) return known;
      const changed = deviceParameters({ ...device, [parameter]: x });
      const reading = new SteadyReading(steadyState(changed, window));
      const { heat, work, intrinsicPower } = reading;
      const all: Record<string, number> = {
        'heat.Q1': heat.Q1,
        'heat.Q2': heat.Q2,
        'heat.Qr': heat.Qr,
        'work.WQ': work.WQ,
        'work.Wr': work.Wr,
        'power.intrinsic': intrinsicPower,
        'rotor.Lz': reading.Lz,
        'rotor.Lz2': reading.mean(angularMomentumSquared),
        'ratio.efficiency': -work.WQ / heat.Q1,
        'ratio.cop': heat.Q2 / work.WQ,
      };
      readings.set(key, all);
      return all;
    };
    const values: Record<string, unknown> = deviceParameters(device);
    for (const parameter of ['B1', 'beta2', 'gamma', 'chi']) {
      const x = Number(values[parameter]);
      const here = read(parameter, x);
      for (const [name, observable] of Object.entries(found)) {
        if (!(name in here)) continue;
        expect(Math.abs(observable.value - here[name])).toBeLessThan(
          observable.error + 1e-12 * Math.abs(here[name]),
        );
        const { value = Number.NaN, elasticity } = observable.by[parameter] ?? {};
        const off = Math.abs(value - slope((at) => read(parameter, at)[name], x));
        const scale = Math.abs(value) + Math.abs(here[name] / x);
        expect(off, `${name} by ${parameter}`).toBeLessThan(1e-8 * scale);
        expect(elasticity).toBeCloseTo((value * x) / observable.value, 10);
      }
    }
  });
}

test('dephasing that is not there yet has a derivative in the local model', async () => {
  const device = { beta2: 0.03, gamma: 0.002 };
  const at = async (kappa1: number) => {
    const changed = deviceParameters({ ...device, kappa1 });
    return (await millSensitivity(changed, window, ['heat.Q1'])).observables['heat.Q1'];
  };
  const [here, there] = [await at(0), await at(1e-6)];
  const change = there.value - here.value;
  const slopeAtZero = here.by.kappa1?.value ?? Number.NaN;
  expect(slopeAtZero / (change / 1e-6)).toBeCloseTo(1, 4);
});

test('the paper’s machine as a file has the derivatives of the built-in one', async () => {
  const described = galleryMachine('quantum-mill');
  const values = defaultValues(described);
  const { lmin, lmax } = window;
  const range = { lmin: lmin ?? 0, lmax: lmax ?? 0, size: 14 };
  const file = (await machineSensitivity(described, values, range)).observables;
  const names = ['B1', 'B2', 'beta1', 'beta2', 'betaR', 'g', 'chi', 'gamma', 'lambda', 'I'];
  const device = Object.fromEntries(names.map((name) => [name, values[name]]));
  const own = (await millSensitivity(deviceParameters(device), window)).observables;
  const pairs = { 'heat.bath1': 'heat.Q1', 'heat.bath2': 'heat.Q2', 'heat.load': 'heat.Qr' };
  for (const [there, here] of Object.entries(pairs)) {
    for (const name of names) {
      const [a, b] = [file[there].by[name], own[here].by[name]];
      if (a === null || b === null) throw new Error(`${there} by ${name}`);
      expect(Math.abs(a.value - b.value)).toBeLessThan(
        1e-9 * Math.abs(b.value) + a.error + b.error,
      );
    }
  }
  // What the baths give to the entropy, by the chain rule.
  const { entropyProduction } = file;
  const byBeta2 =
    -file['heat.bath2'].value -
    values.beta1 * (file['heat.bath1'].by.beta2?.value ?? 0) -
    values.beta2 * (file['heat.bath2'].by.beta2?.value ?? 0) -
    values.betaR * (file['heat.load'].by.beta2?.value ?? 0);
  expect(entropyProduction.by.beta2?.value).toBeCloseTo(byBeta2, 10);
});

test('the library has what was asked for by its name, and says what is not there', async () => {
  const asked = { truncation: window, of: ['heat.Q2'] };
  const { observables } = await sensitivity({ beta2: 0.03 }, asked);
  expect(Object.keys(observables)).toEqual(['heat.Q2']);
  await expect(sensitivity({}, { truncation: window, of: ['heat'] })).rejects.toThrow(
    /^of = "heat"/,
  );
  await expect(sensitivity({ V: 1, model: 'global' })).rejects.toThrow(
    /^lmax is missing: must be given with lmin, at most lmin \+ 12, with model = global/,
  );
});

test('a parameter that leaves out one term and is in another one has no derivative where it is 0', async () => {
  const machine = describedMachine(
    'two.yaml',
    `
name: two qubits
subsystems: {a: 2, b: 2}
parameters: {g: 0, h: 0, k: 0.2}
hamiltonian:
  a: (1 + g + h)*P(a, 1)
  b: 0.9*P(b, 1)
  x: (0.3 + k)*(sm(a)*sp(b) + hc)
  y: g*(sz(a)*sz(b))
baths:
  hot: {temperature: none, jumps: [sqrt(k)*sp(a), 0.5*sm(a)]}
  cold: {temperature: none, jumps: [0.7*sm(b)]}
`,
  );
  const window = { lmin: 0, lmax: 0, size: 1 };
  const { observables, fisherInformation } = await machineSensitivity(
    machine,
    { g: 0, h: 0, k: 0.2 },
    window,
  );
  for (const { by } of Object.values(observables)) {
    expect(by.g).toBeNull();
    expect(by.h).not.toBeNull();
  }
  expect(fisherInformation.g).toBeNull();
  expect(fisherInformation.h).not.toBeNull();
});

test('where float64 leaves few digits the values are those of the steady state, in double-double', async () => {
  const machine = describedMachine(
    'far-apart.yaml',
    `
name: far apart
subsystems: { q: 2, r: 3 }
parameters: { w: 939.92, V: 5.8234, g: 7.3918e-5, T: 2.3667 }
hamiltonian:
  eq: w*P(q, 1) + V*sy(q)
  er: 1.4251*num(r)
  x: { energy: g*(raise(q)*lower(r) + hc), counts: work }
baths:
  br: { temperature: T, coupling: (lower(r) + hc), spectrum: omega }
`,
  );
  const { solution } = await steadyOf(machine);
  expect(solution.solver.refinement).toBe('double-double on the CPU');
  const window = machineWindow(machine);
  const { observables } = await machineSensitivity(machine, defaultValues(machine), window);
  const heat = solution.flow(['eq', 'er'], 'br');
  const found = observables['heat.br'];
  expect(found.value).not.toBe(0);
  const error = found.error + (heat.error as number);
  expect(Math.abs(found.value - heat.value)).toBeLessThanOrEqual(error);
  const work = observables['work.br'];
  expect(Math.abs(found.value + work.value)).toBeLessThanOrEqual(found.error + work.error);
});

test('the gap is found where another sector decays until nothing is left of it', async () => {
  const machine = describedMachine(
    'fast.yaml',
    `
name: fast
subsystems: { q: 3 }
ladder: { kind: charge, window: [-1, 0] }
parameters: { E: 9.257417649665339, g: 10.686388523015857, T: 2.2128582406082855, k: 0.21011794408621662 }
hamiltonian:
  q: num(q)
  n: 4*E*n^2
  x: g*P(q, 1)*cos(phi)
baths:
  bq:
    temperature: T
    jumps: [sqrt(k*(bose(1/T) + 1))*lower(q), sqrt(k*bose(1/T))*raise(q), "sqrt(0.21586)*P(q, 1)"]
  bl:
    temperature: 1
    jumps: [sqrt(1/(8*E))*exp(i*phi)*(1 - 2*E*n), sqrt(1/(8*E))*exp(-i*phi)*(1 + 2*E*n)]
`,
  );
  const window = machineWindow(machine);
  const { observables } = await machineSensitivity(machine, defaultValues(machine), window, [
    'gap',
  ]);
  const { value, error, by } = observables.gap;
  // The slowest mode is a coherence between levels of q, whose rate goes with k alone.
  expect(value).toBeCloseTo(0.47284718792955727, 13);
  expect(Math.abs((by.k?.value as number) * 0.21011794408621662 - value)).toBeLessThan(1e-12);
  expect(error).toBeLessThan(1e-12);
});
