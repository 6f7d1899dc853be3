/** What fluctuates, as observables of steady states and of sweeps. */
import { beforeAll, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { fluctuations } from '../../src/fluctuations/fluctuations.js';
import { FluctuationReading } from '../../src/fluctuations/reading.js';
import { globalEquation, localEquation } from '../../src/lindblad/masterEquation.js';
import { describedMachine } from '../../src/machine/description/described.js';
import { mill } from '../../src/machine/mill.js';
import { deviceParameters, ParameterError, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { fluctuationCode } from '../../src/simulate/askedCode.js';
import { loadCodeFor } from '../../src/simulate/loadObservables.js';
import { askedNumbers } from '../../src/simulate/machineAsked.js';
import { fluctuationColumns } from '../../src/simulate/machineColumns.js';
import { machineFluctuationsOf } from '../../src/simulate/machineFluctuations.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { machineSteady } from '../../src/simulate/machineSteady.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { cutoffOn, valuesOf } from '../../src/simulate/millSector.js';
import type { ObservableName } from '../../src/simulate/observableRecords.js';
import { numberOf, observe } from '../../src/simulate/observe.js';
import { startWindow } from '../../src/simulate/solveSteady.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { millFluctuationsOf } from '../../src/simulate/steadyFluctuations.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { solveOnHost } from '../../src/sweep/hostBatch.js';
import { readMachinePlan } from '../../src/sweep/machinePlan.js';
import { machinePoint } from '../../src/sweep/machinePoint.js';
import { observableNames } from '../../src/sweep/observables.js';
import { ownThreadSolver } from '../../src/sweep/ownThreadSolver.js';
import { readPlan } from '../../src/sweep/plan.js';
import { solvePoints } from '../../src/sweep/solvePoints.js';
import { galleryMachine } from '../support/machines.js';

const window = rotorWindow(-12, 12);

beforeAll(() => loadCodeFor(observableNames(['noise'])));

test.each([
  ['local', localEquation],
  ['global', globalEquation],
] as const)('observables are the numbers of the fluctuations: %s', (model, of) => {
  const parameters = deviceParameters({ model, beta2: 0.3 });
  const { beta1, beta2, betaR } = parameters;
  const wanted = fluctuations({
    ...{ machine: mill, of, window, order: 2 },
    values: valuesOf(parameters, cutoffOn(parameters, window)),
    betas: { bath1: beta1, bath2: beta2, load: betaR },
  });
  const [bath1, bath2, load] = wanted.baths;
  const reading = new SteadyReading(steadyStateOn(parameters, window));
  expect(numberOf('currents.N1', reading)).toBe(bath1.quanta?.mean.value);
  expect(numberOf('noise.N2', reading)).toBe(bath2.quanta?.noise.value);
  expect(numberOf('noise.L', reading)).toBe(load.quanta?.noise.value);
  expect(numberOf('heatNoise.Q1', reading)).toBe(bath1.heat?.noise.value);
  expect(numberOf('heatNoise.Qr', reading)).toBe(load.heat?.noise.value);
  expect(numberOf('fano.N1', reading)).toBe(bath1.quanta?.fano);
  expect(numberOf('TUR.L', reading)).toBe(load.quanta?.uncertainty);
  expect(numberOf('KUR.N2', reading)).toBe(bath2.quanta?.kineticUncertainty);
  expect(numberOf('entropyProduction.load', reading)).toBe(load.entropyProduction.value);
  expect(numberOf('entropyProduction.sum', reading)).toBe(wanted.entropyProduction?.value);
  expect(numberOf('entropyProduction.clausius', reading)).toBe(wanted.clausius);
});

test('they stay out of what every state is printed with', () => {
  const reading = new SteadyReading(steadyStateOn(deviceParameters({}), window));
  expect(observe(reading)).not.toHaveProperty('noise');
});

test('without a load its numbers are absent, and what the charges forbid does not fluctuate', () => {
  const reading = new SteadyReading(steadyStateOn(deviceParameters({ gamma: 0 }), window));
  expect(numberOf('noise.L', reading)).toBeNaN();
  expect(numberOf('noise.N1', reading)).toBe(0);
  expect(numberOf('KUR.N1', reading)).toBeNaN();
});

test('a sweep records them point by point, and devices in a batch do not mix', async () => {
  const names = observableNames(['TUR.N2', 'noise', 'entropyProduction.sum']);
  const plan = readPlan({
    parameters: { beta1: 1 },
    axes: { beta2: [0.1, 0.3, 0.5], gamma: [0.005, 0.01] },
    observables: names,
    truncation: { lmin: -12, lmax: 12 },
  });
  const solver = {
    ...{ name: 'cpu' as const, adapter: null, details: {}, refusal: () => null },
    capacity: () => 64,
    solve: async (batch: Parameters<typeof solveOnHost>[0]) => solveOnHost(batch, names),
    close: async () => {},
  };
  const { values } = await solvePoints(plan, [0, 1, 2, 3, 4, 5], { first: solver, fallback: null });
  [0.1, 0.3, 0.5].forEach((beta2, i) => {
    [0.005, 0.01].forEach((gamma, k) => {
      const parameters = deviceParameters({ beta1: 1, beta2, gamma });
      const reading = new SteadyReading(steadyStateOn(parameters, window));
      for (const name of names) {
        const found = values[name.replace('.', '_')][2 * i + k];
        expect(found, `${name} at ${beta2}, ${gamma}`).toBe(numberOf(name, reading));
      }
    });
  });
});

const IN_POTENTIAL = { beta1: 1, beta2: 0.4, betaR: 2, B1: 0.8, B2: 0.5, gamma: 0.05, lambda: 0.4 };

/** What a sweep over V finds on a window. */
async function overV(names: readonly ObservableName[], lmin: number, lmax: number) {
  const plan = readPlan({
    parameters: IN_POTENTIAL,
    axes: { V: [0, 0.3] },
    observables: names,
    truncation: { lmin, lmax },
  });
  const solvers = { first: ownThreadSolver(async () => {}), fallback: null };
  return solvePoints(plan, [0, 1], solvers);
}

test('with a potential a sweep records what its window has', async () => {
  const names = observableNames(['TUR.L', 'noise.N1', 'heatNoise.Qr', 'entropyProduction.sum']);
  const { values, messages } = await overV(names, -2, 2);
  expect(messages).toEqual([]);
  for (const [at, V] of [0, 0.3].entries()) {
    const parameters = deviceParameters({ ...IN_POTENTIAL, V });
    const found = await millFluctuationsOf(parameters, truncation({ lmin: -2, lmax: 2 }), 2);
    const [bath1, , load] = found.baths;
    expect(values.TUR_L[at]).toBe(load.quanta?.uncertainty);
    expect(values.noise_N1[at]).toBe(bath1.quanta?.noise.value);
    expect(values.heatNoise_Qr[at]).toBe(load.heat?.noise.value);
    expect(values.entropyProduction_sum[at]).toBe(found.entropyProduction?.value);
  }
  expect(values.noise_N1[1]).not.toBeCloseTo(values.noise_N1[0], 6);
});

test('on a wide window, too', async () => {
  const names = observableNames(['noise.L', 'heatNoise.Q1', 'KUR.N1', 'rotor.Lz']);
  const { values, messages } = await overV(names, -20, 20);
  expect(messages).toEqual([]);
  const parameters = deviceParameters({ ...IN_POTENTIAL, V: 0.3 });
  const found = await millFluctuationsOf(parameters, truncation({ lmin: -20, lmax: 20 }), 2);
  const [bath1, , load] = found.baths;
  expect(values.noise_L[1]).toBe(load.quanta?.noise.value);
  expect(values.heatNoise_Q1[1]).toBe(bath1.heat?.noise.value);
  expect(values.KUR_N1[1]).toBe(bath1.quanta?.kineticUncertainty);
  expect(values.noise_L[0]).toBeGreaterThan(0);
});

/** The code of fluctuations with another way to those in a potential, as long as something runs. */
async function withOther<T>(
  potentialFluctuating: NonNullable<typeof fluctuationCode.module>['potentialFluctuating'],
  run: () => Promise<T>,
): Promise<T> {
  const { module } = fluctuationCode;
  if (module === null) throw new Error('it is loaded before all tests');
  fluctuationCode.module = { ...module, potentialFluctuating };
  try {
    return await run();
  } finally {
    fluctuationCode.module = module;
  }
}

test('where what fluctuates is refused the other numbers of a point stay', async () => {
  const names = observableNames(['noise.L', 'rotor.Lz', 'heat.Q1']);
  const refused = async () => {
    throw new ParameterError('lmax', 3, 'nearer to lmin: layers come to no answer');
  };
  const alone = await overV(['rotor.Lz'], -3, 3);
  const { values, messages } = await withOther(refused, () => overV(names, -3, 3));
  expect(messages).toEqual([expect.stringContaining('layers come to no answer')]);
  expect(values.noise_L[1]).toBeNaN();
  expect(values.noise_L[0]).toBeGreaterThan(0);
  expect(values.rotor_Lz).toEqual(alone.values.rotor_Lz);
  expect(Number.isFinite(values.heat_Q1[1])).toBe(true);
  expect(values.status).toEqual(alone.values.status);
});

test('of windows that are tried it is read on the one that is kept', async () => {
  const windows: [number, number][] = [];
  const parameters = { ...IN_POTENTIAL, beta2: 0.3, chi: 0.6 };
  const plan = readPlan({
    parameters,
    axes: { V: [20] },
    observables: observableNames(['noise.L', 'rotor.Lz2']),
    truncation: { edgeTolerance: 1e-9 },
  });
  const solvers = { first: ownThreadSolver(async () => {}), fallback: null };
  const real = fluctuationCode.module?.potentialFluctuating;
  const { values } = await withOther(
    async (point, window) => {
      windows.push([window.lmin, window.lmax]);
      return await real!(point, window);
    },
    () => solvePoints(plan, [0], solvers),
  );
  expect(windows).toEqual([[values.lmin[0], values.lmax[0]]]);
  expect(values.noise_L[0]).toBeGreaterThan(0);
  // A smaller one was tried before it.
  const device = deviceParameters({ ...parameters, V: 20 });
  expect(startWindow(device, plan.truncation).lmax).toBeLessThan(values.lmax[0]);
});

test('a machine whose fluctuations are refused keeps its other numbers', async () => {
  const piston = galleryMachine('piston');
  const values = { ...defaultValues(piston), n2: 0.3 };
  const reading = await machineSteady(
    new MachineSystem(piston),
    values,
    rotorWindow(-24, 24),
    { space: 'auto', method: 'auto' },
    1e-8,
    cpuBackend(),
  );
  const names = ['noise.hot', 'entropy.total'];
  const little = { memory: 1e5 };
  const refusals: string[] = [];
  const asked = await askedNumbers(piston, names, reading, little, ({ message }) => {
    refusals.push(message);
  });
  expect(refusals).toEqual([expect.stringMatching(/^lmax = 24: must be/)]);
  expect(Object.keys(asked)).toEqual(['entropy.total']);
  const found = await askedNumbers(piston, names, reading);
  expect(found['entropy.total']).toBe(asked['entropy.total']);
  expect(found['noise.hot']).toBeGreaterThan(0);
  await expect(askedNumbers(piston, names, reading, little)).rejects.toThrow(ParameterError);
});

test('of a machine a group is that of every bath, and a name of its own is that alone', () => {
  const planOf = (observables: string[]) =>
    readMachinePlan({ machine: 'piston', axes: { n1: [1] }, observables }, () =>
      galleryMachine('piston'),
    );
  expect(planOf(['noise', 'noise.hot', 'heat.hot']).columns).toEqual([
    ...['noise.hot', 'noise.cold', 'noise.load', 'heat.hot'],
  ]);
  expect(planOf(['entropyProduction']).columns).toEqual(['entropyProduction']);
  expect(() => planOf(['nois'])).toThrow("did you mean 'noise'?");
});

test('a machine that conserves no charge records them on a small window', async () => {
  const machineOf = () => galleryMachine('piston');
  const plan = readMachinePlan(
    {
      machine: 'piston',
      axes: { [machineOf().parameters[0].name]: [machineOf().parameters[0].default] },
      observables: [...fluctuationColumns(machineOf())],
      truncation: { lmin: -2, lmax: 2 },
    },
    machineOf,
  );
  const system = new MachineSystem(plan.described);
  const { columns } = await machinePoint(plan, system, 0, cpuBackend());
  const { described, fixed, window: small } = plan;
  const { betas } = system.on(small, fixed);
  const wanted = await machineFluctuationsOf(described, fixed, small, betas, { order: 2 });
  expect(wanted.baths.map(({ name }) => columns[`noise.${name}`])).toEqual(
    wanted.baths.map(({ quanta }) => quanta?.noise.value ?? null),
  );
  expect(columns['entropyProduction.sum']).toBe(wanted.entropyProduction?.value ?? null);
  expect(wanted.baths.some(({ quanta }) => (quanta?.noise.value ?? 0) > 0)).toBe(true);
  const source = { machine: described.machine, of: localEquation, values: fixed, window: small };
  expect(() => new FluctuationReading({ ...source, betas })).toThrow('charge');
});

test('a described machine records what fluctuates where it is asked for', async () => {
  const machineOf = () => galleryMachine('exchange-qubits');
  const [bath] = machineOf().baths;
  const [parameter] = machineOf().parameters;
  const plan = readMachinePlan(
    {
      machine: 'exchange-qubits',
      axes: { [parameter.name]: [parameter.default] },
      observables: [`noise.${bath.name}`, `TUR.${bath.name}`],
    },
    machineOf,
  );
  const system = new MachineSystem(plan.described);
  const { columns } = await machinePoint(plan, system, 0, cpuBackend());
  const { described, fixed, window } = plan;
  const { betas } = system.on(window, fixed);
  const wanted = fluctuations({
    ...{ machine: described.machine, of: localEquation, values: fixed, window, betas, order: 2 },
  }).baths[0];
  expect(columns[`noise.${bath.name}`]).toBe(wanted.quanta?.noise.value);
  expect(columns[`TUR.${bath.name}`]).toBe(wanted.quanta?.uncertainty);
});

test('a state that is left too slowly to be counted keeps its row', async () => {
  const described = describedMachine(
    'cold.yaml',
    `
name: cold
model: global
subsystems: { q: 3 }
parameters: { w: 1, T: 0.10852 }
hamiltonian: { e: "7.08*P(q, 1) + w*P(q, 2)" }
baths: { b: { temperature: T, coupling: (lower(q) + hc), spectrum: omega^3 } }
`,
  );
  const observables = ['energies.e', 'noise.b'];
  const plan = readMachinePlan({ machine: 'cold', axes: { w: [1] }, observables }, () => described);
  const system = new MachineSystem(described);
  const point = await machinePoint(plan, system, 0, cpuBackend());
  const excited = Math.exp(-1 / 0.10852);
  expect(point.status).toBe('solved');
  expect(point.columns['energies.e']).toBeCloseTo(excited / (1 + excited), 14);
  expect(point.columns['noise.b'] ?? null).toBeNull();
  expect(point.message).toMatch(/^nothing but the state is known: /);
});
