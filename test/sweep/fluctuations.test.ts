/** What fluctuates, as observables of steady states and of sweeps. */
import { beforeAll, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { fluctuations } from '../../src/fluctuations/fluctuations.js';
import { FluctuationReading } from '../../src/fluctuations/reading.js';
import { globalEquation, localEquation } from '../../src/lindblad/masterEquation.js';
import { mill } from '../../src/machine/mill.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { loadCodeFor } from '../../src/simulate/loadObservables.js';
import { fluctuationColumns } from '../../src/simulate/machineColumns.js';
import { machineFluctuationsOf } from '../../src/simulate/machineFluctuations.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { cutoffOn, valuesOf } from '../../src/simulate/millSector.js';
import type { ObservableName } from '../../src/simulate/observableRecords.js';
import { numberOf, observe } from '../../src/simulate/observe.js';
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
    const found = millFluctuationsOf(parameters, truncation({ lmin: -2, lmax: 2 }), 2);
    const [bath1, , load] = found.baths;
    expect(values.TUR_L[at]).toBe(load.quanta?.uncertainty);
    expect(values.noise_N1[at]).toBe(bath1.quanta?.noise.value);
    expect(values.heatNoise_Qr[at]).toBe(load.heat?.noise.value);
    expect(values.entropyProduction_sum[at]).toBe(found.entropyProduction?.value);
  }
  expect(values.noise_N1[1]).not.toBeCloseTo(values.noise_N1[0], 6);
});

test('on a wide window it says that the levels are too many', async () => {
  const { values, messages } = await overV(['noise.L'], -20, 20);
  expect(messages).toEqual([expect.stringContaining('lmax = 20: must be nearer to lmin')]);
  expect(values.noise_L[0]).toBeGreaterThan(0);
  expect(values.noise_L[1]).toBeNaN();
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
  const wanted = machineFluctuationsOf(described, fixed, small, betas, 2);
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
