/** Correlations as users ask for them: by expressions and names, in steady states and after initial ones. */
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { outputSchema } from '../../src/cli/outputSchemas.js';
import { variablesOf } from '../../src/cli/resultVariables.js';
import {
  correlate,
  machineFromYaml,
  NonUniqueSteadyStateError,
  ParameterError,
} from '../../src/index.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { Dense } from '../support/dense.js';
import { denseExponential } from '../support/denseNumbers.js';
import { galleryMachine } from '../support/machines.js';
import { denseLindbladian } from '../support/openSystems.js';

const gallery = (name: string) => machineFromYaml(stringify(galleryMachine(name).description));

describe('the paper’s machine', () => {
  const device = { gamma: 1e-3 };
  const truncation = { lmin: -8, lmax: 10, edgeTolerance: 0.99 };

  test('as itself and as a file describes it, by names and by expressions', async () => {
    const own = await correlate(device, 'sigma1', { truncation, tau: [0, 3], frequency: '0, 8' });
    const file = await correlate(gallery('quantum-mill'), 'sm(q1)', {
      parameters: { gamma: 1e-3 },
      b: 'dag(sm(q1))',
      truncation,
      tau: '0,3',
      frequency: [0, 8],
    });
    expect(own.problems).toEqual([]);
    own.times.forEach(({ correlation: { re, im } }, k) => {
      expect(file.times[k].correlation.re).toBeCloseTo(re, 11);
      expect(file.times[k].correlation.im).toBeCloseTo(im, 11);
    });
    own.frequencies.forEach(({ spectrum }, k) => {
      expect(spectrum.re).toBeGreaterThan(0);
      expect(Math.abs(file.frequencies[k].spectrum.re / spectrum.re - 1)).toBeLessThan(1e-9);
    });
  });

  test('parameters stand in expressions', async () => {
    const of = async (a: string) => {
      const { times } = await correlate({ I: 2 }, a, { b: 'L', truncation, tau: [0] });
      return times[0].covariance.re;
    };
    const [half, whole] = [await of('L/(2*I)'), await of('L')];
    expect(half).toBeCloseTo(whole / 4, 10);
  });

  test('in a potential a spectrum is there on a wide window, the same on a wider one', async () => {
    const near = { ...device, betaR: 2, gamma: 0.05, I: 1.3, V: 0.5 };
    const at = async (lmin: number, lmax: number) => {
      const limits = { lmin, lmax, edgeTolerance: 0.99 };
      const asked = { truncation: limits, frequency: [0.5, 3] };
      return (await correlate(near, 'cos(phi)', asked)).frequencies;
    };
    const [found, wider] = [await at(-16, 16), await at(-19, 20)];
    found.forEach(({ spectrum }, k) => {
      const other = wider[k].spectrum;
      expect(spectrum.re).toBeGreaterThan(0);
      expect(Math.abs(spectrum.re - other.re)).toBeLessThanOrEqual(spectrum.error + other.error);
      expect(spectrum.error).toBeLessThan(1e-8 * spectrum.re);
    });
  });

  test('in a potential a correlation begins at the mean of the product', async () => {
    const near = { ...device, betaR: 2, gamma: 0.05, I: 1.3, V: 0.5 };
    const limits = { lmin: -16, lmax: 16, edgeTolerance: 0.99 };
    const { times } = await correlate(near, 'L', { truncation: limits, tau: [0, 2] });
    const squares = await correlate(near, 'L^2', { truncation: limits, tau: [0] });
    const [{ correlation }, { correlation: later }] = times;
    expect(Math.abs(correlation.re - squares.means.a.re)).toBeLessThan(1e-12 + correlation.error);
    expect(correlation.error).toBeLessThan(1e-8 * correlation.re);
    expect(Math.abs(later.re)).toBeLessThan(correlation.re);
  });

  test('what is not allowed is told in one line', async () => {
    const refused = async (run: () => Promise<unknown>, words: RegExp) => {
      await expect(run()).rejects.toThrow(ParameterError);
      await expect(run()).rejects.toThrow(words);
    };
    await refused(() => correlate(device, 'sp(q3)'), /^A = .*at character 4: 'q3' is no subsystem/);
    await refused(() => correlate(device, 'L', { b: 'phi' }), /^B = .*'phi' stands within/);
    await refused(() => correlate(device, '1/(L - L)'), /^A = .*division by 0/);
    await refused(() => correlate(device, 'L', { tau: '2,1' }), /^tau = .*does not come after/);
    await refused(() => correlate(device, 'L', { frequency: '0', from: 1 }), /^frequency = /);
    const rotor = { superposition: { 0: 1, 1: 1 } };
    await refused(
      () => correlate(device, 'L', { truncation, from: 1, tau: [1], initial: { rotor } }),
      /without coherences between different conserved charges/,
    );
  });
});

test('after an initial state, against dense matrices', async () => {
  const described = galleryMachine('exchange-qubits');
  const values = { ...defaultValues(described), g: 0.7 };
  const { system } = new MachineSystem(described).on(machineWindow(described), values);
  const l = denseLindbladian(system);
  const rho = denseExponential(
    l,
    Dense.from(4, (i, j) => (i === 0 && j === 0 ? 1 : 0)),
    0.6,
  );
  const lowerH = Dense.from(4, (i, j) => (j === i + 2 ? 1 : 0));
  const raiseC = Dense.from(4, (i, j) => (i === j + 1 && j % 2 === 0 ? 1 : 0));
  const excitedC = raiseC.dot(raiseC.dagger());
  for (const [a, b, x, y] of [
    ['sm(h)', 'sp(c)', lowerH, raiseC],
    ['P(c, 1)', 'P(c, 1) - 1', excitedC, excitedC.plus(Dense.identity(4), -1)],
  ] as const) {
    const found = await correlate(gallery('exchange-qubits'), a, {
      b,
      parameters: { g: 0.7 },
      from: 0.6,
      tau: [0, 0.5, 2],
    });
    for (const { tau, correlation, covariance } of found.times) {
      const [re, im] = x.dot(denseExponential(l, y.dot(rho), tau)).trace();
      expect(Math.hypot(correlation.re - re, correlation.im - im)).toBeLessThan(1e-12);
      const meanA = x.dot(denseExponential(l, rho, tau)).trace()[0];
      const meanB = y.dot(rho).trace()[0];
      expect(Math.abs(covariance.re - re + meanA * meanB)).toBeLessThan(1e-12);
      expect(correlation.error).toBeLessThan(1e-11);
    }
  }
});

test('a state that is not unique is refused', async () => {
  const run = () =>
    correlate(gallery('exchange-qubits'), 'sz(h)', { parameters: { k: 0 }, frequency: '0' });
  await expect(run()).rejects.toThrow(NonUniqueSteadyStateError);
});

test('files have a table of times and one of frequencies', async () => {
  const { problems, ...found } = await correlate({}, 'L', {
    truncation: { lmin: -4, lmax: 4, edgeTolerance: 0.99 },
    tau: [0, 1, 2],
    frequency: [0, 1],
  });
  const report = {
    ...found,
    ...{ model: 'local', parameters: {}, complete: true, from: null },
    solver: { converged: true, problems, seconds: 1 },
  };
  const { variables, dimensions } = variablesOf(report, outputSchema('correlate'));
  expect(dimensions.map(({ name, length }) => [name, length])).toEqual([
    ['tau', 3],
    ['omega', 2],
  ]);
  const valuesOf = (name: string) => variables.find((one) => one.name === name)?.values;
  expect(valuesOf('correlation_re')).toEqual(found.times.map(({ correlation }) => correlation.re));
  expect(valuesOf('spectrum_error')).toEqual(found.frequencies.map((f) => f.spectrum.error));
});
