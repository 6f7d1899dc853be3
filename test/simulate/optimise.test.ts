/** The best machines where they are known in closed form, and what shows that they are. */
import { describe, expect, test } from 'vitest';
import { optimise as libraryOptimise } from '../../src/index.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { slopesOf } from '../../src/sensitivity/differential.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { evaluated, readConstraint, readObjective } from '../../src/simulate/objective.js';
import { ObservedDescribed } from '../../src/simulate/observedDescribed.js';
import { parameterItself } from '../../src/simulate/observedMachine.js';
import { ObservedMill } from '../../src/simulate/observedMill.js';
import { type Asked, optimisationOf } from '../../src/simulate/optimisation.js';
import { optimise } from '../../src/simulate/optimise.js';
import { galleryMachine } from '../support/machines.js';

const qubits = (set: Readonly<Record<string, number>> = {}) => {
  const described = galleryMachine('exchange-qubits');
  const values = { ...defaultValues(described), ...set };
  return new ObservedDescribed(described, values, machineWindow(described), 1e-9);
};

const small = truncation({ lmin: -8, lmax: 9 });
const mill = (device: Readonly<Record<string, number>> = {}) =>
  new ObservedMill(deviceParameters({ gamma: 0.01, ...device }), { ...small, edgeTolerance: 0.5 });

async function found(machine: ObservedDescribed | ObservedMill, asked: Asked) {
  const request = optimisationOf(machine, asked);
  const result = await optimise(request, async () => true);
  if (result === null) throw new Error('nothing was found');
  return { ...result, gradients: request.problem.gradients };
}

describe('an expression', () => {
  const values: Readonly<Record<string, number>> = { 'a.b': 1.7, 'a.c': -0.6, d: 2.3 };
  const at = (text: string, changed: Readonly<Record<string, number>> = {}) =>
    evaluated(readObjective('minimise', text).syntax, (name) =>
      parameterItself(name, { ...values, ...changed }[name]),
    );

  test.each([
    ['a.b*a.c - d/a.b', 1.7 * -0.6 - 2.3 / 1.7],
    ['-abs(a.c)^1.5 + sqrt(d)*exp(a.c)', -(0.6 ** 1.5) + Math.sqrt(2.3) * Math.exp(-0.6)],
    ['a.b^d*log(d) + 2.5e-1', 1.7 ** 2.3 * Math.log(2.3) + 0.25],
  ])('%s has its value and derivatives', (text, wanted) => {
    const result = at(text);
    expect(result?.value.value).toBeCloseTo(wanted, 12);
    expect(result?.value.error).toBeLessThan(1e-14);
    for (const [name, x] of Object.entries(values)) {
      const beside = (h: number) => at(text, { [name]: x + h })?.value.value ?? Number.NaN;
      const slope = (beside(1e-5) - beside(-1e-5)) / 2e-5;
      expect((result && slopesOf(result).get(name)?.value) ?? 0).toBeCloseTo(slope, 7);
    }
  });

  test('of a constraint is what has to be at least 0', () => {
    const margin = (text: string) =>
      evaluated(readConstraint(text).syntax, (name) => parameterItself(name, values[name]))?.value
        .value;
    expect(margin('a.b > d')).toBeCloseTo(-0.6, 12);
    expect(margin('a.b <= d')).toBeCloseTo(0.6, 12);
  });

  test('that is none is refused with the place', () => {
    expect(() => readObjective('minimise', 'a.b + ')).toThrow(
      /^minimise = "a.b \+ ": .*character 7/,
    );
    expect(() => readObjective('minimise', 'sine(d)')).toThrow(/one number among abs, exp, log/);
    expect(() => readConstraint('a.b')).toThrow(/^where = "a.b": must be two expressions/);
  });
});

/** J = g²k/(4g² + 3k²) of mean quanta 1 and 0: at g = 1 largest at k = 2/√3. */
const LARGEST = { k: 2 / Math.sqrt(3), current: 1 / (4 * Math.sqrt(3)) };

test.each([
  ['currents.hot', 'adjoint'],
  ['observables.current', 'differences'],
] as const)('the largest %s of two qubits, by %s', async (name, gradients) => {
  const result = await found(qubits(), {
    maximise: name,
    over: { k: { from: 0.1, to: 5 } },
    starts: 2,
  });
  expect(result.gradients).toBe(gradients);
  expect(result.best.parameters.k).toBeCloseTo(LARGEST.k, 6);
  expect(result.best.value).toBeCloseTo(LARGEST.current, 11);
  expect(result.best.starts).toBe(2);
  expect(result.certificate?.isLocalOptimum).toBe(true);
  // 1/J is cosh in ln k about its least value, and u = ln(k/0.1)/ln 50.
  expect(result.certificate?.curvature?.smallest).toBeCloseTo(Math.log(50) ** 2, 3);
});

test('where nothing depends on what varies, any device is an optimum, and the value may be 0', async () => {
  // Its only energy is the exchange, which is in the coherences.
  const { best, certificate } = await found(qubits(), {
    maximise: 'heat.hot',
    over: { g: { from: 0.9, to: 1.1 } },
    starts: 1,
  });
  expect(best.value).toBe(0);
  expect(certificate?.curvature).toEqual({ smallest: 0, largest: 0 });
  expect(certificate?.isLocalOptimum).toBe(true);
});

test('a constraint that holds it back has the multiplier that its displacement has', async () => {
  const least = async (bound: number) =>
    found(qubits(), {
      maximise: 'currents.hot',
      over: { k: { from: 0.1, to: 5 }, g: { from: 0.1, to: 3 } },
      where: [`g*k < ${bound}`, 'g < 100'],
      starts: 2,
    });
  const { best, certificate } = await least(1);
  const [held, idle] = best.constraints;
  expect(held.isActive).toBe(true);
  expect(held.margin).toBeCloseTo(0, 9);
  expect(idle).toMatchObject({ isActive: false, multiplier: 0 });
  expect(certificate?.isLocalOptimum).toBe(true);
  const more = (await least(1.001)).best.value;
  expect((more - best.value) / 1e-3 / held.multiplier).toBeCloseTo(1, 2);
});

test('a device at a corner is held by its bounds, and certified on a wider window', async () => {
  const result = await found(mill(), {
    minimise: 'TUR.L',
    over: { beta2: { from: 0.02, to: 0.05 }, gamma: { from: 0.005, to: 0.02 } },
    starts: 1,
  });
  const { certificate, best } = result;
  expect(certificate?.bounds.map(({ parameter }) => parameter)).toEqual(['beta2', 'gamma']);
  expect(certificate?.curvature).toBeNull();
  expect(certificate?.isLocalOptimum).toBe(true);
  expect(certificate?.wider?.lmin).toBe(-17);
  // No other corner is better.
  for (const beta2 of [0.02, 0.05]) {
    for (const gamma of [0.005, 0.02]) {
      const point = await mill({ beta2, gamma }).at({}, false);
      const value = (await point?.read('TUR.L'))?.value.value ?? Number.NaN;
      expect(value).toBeGreaterThanOrEqual(best.value * (1 - 1e-9));
    }
  }
});

test('the adjoint and differences of a device lead to one optimum', async () => {
  const over = { chi: { from: -0.9, to: 0.9 }, lambda: { from: 0.02, to: 2 } };
  const asked = { maximise: 'abs(heat.Qr)', over, starts: 1 };
  const smooth = await found(mill(), asked);
  // Of an ergotropy no derivative is known; it changes nothing here.
  const rough = await found(mill(), { ...asked, where: ['ergotropy.qubits > -1'] });
  expect([smooth.gradients, rough.gradients]).toEqual(['adjoint', 'differences']);
  expect(rough.best.value / smooth.best.value).toBeCloseTo(1, 9);
  expect(rough.best.parameters.chi).toBeCloseTo(smooth.best.parameters.chi, 5);
  expect(rough.best.error).toBeNaN();
});

test('a front goes from one optimum to the other, and its points are optima on their bounds', async () => {
  // Current against jumps in all: k must rise for one and fall for the other.
  const { front, best } = await found(qubits({ nc: 0 }), {
    maximise: 'currents.hot',
    against: '-k',
    over: { k: { from: 0.2, to: 5 }, g: { from: 0.5, to: 1 } },
    starts: 2,
    points: 5,
  });
  expect(front).toHaveLength(5);
  expect(front[0].value).toBe(best.value);
  for (const { value, against, parameters, ended } of front) {
    const { k, g } = parameters;
    expect(g).toBe(1);
    expect(against?.value).toBeCloseTo(-k, 9);
    expect(value).toBeCloseTo(k / (4 + 3 * k * k), 11);
    expect(ended).toBe('converged');
  }
  expect(front[4].parameters.k).toBe(0.2);
});

test('a search that is stopped leaves the best so far', async () => {
  const request = optimisationOf(qubits(), {
    maximise: 'currents.hot',
    over: { k: { from: 0.1, to: 5 } },
  });
  let evaluations = 0;
  const part = await optimise(request, async (_, count) => {
    evaluations = count;
    return count < 6;
  });
  expect(evaluations).toBe(6);
  expect(part).toMatchObject({ complete: false, certificate: null });
  expect(part?.best.value).toBeGreaterThan(0.1);
});

test('the smallest TUR of the documentation: by counting, and no gradient is left', async () => {
  const device = {
    ...{ B1: 10.039367438163268, beta1: 0.05523347891336352, betaR: 0.11938642078367245 },
    ...{ g: 0.4492164475088924, chi: -0.9722191067367686 },
    ...{ B2: 10, beta2: 1e-5, lambda: 1, gamma: 0.1, I: 100 },
  };
  const machine = new ObservedMill(deviceParameters(device), truncation({ lmin: -240, lmax: 240 }));
  const [counted, differentiated] = [await machine.at({}, false), await machine.at({}, true)];
  const values: Readonly<Record<string, number>> = machine.values;
  const found = await differentiated?.read('TUR.L');
  for (const name of ['TUR.N1', 'TUR.N2', 'TUR.L']) {
    expect((await counted?.read(name))?.value.value).toBeCloseTo(1.990726466818, 10);
  }
  expect(found?.value.value).toBeCloseTo(1.990726466818, 10);
  expect(found?.value.error).toBeLessThan(1e-9);
  const elasticity = (name: string) =>
    ((found && slopesOf(found).get(name)?.value) ?? Number.NaN) * values[name];
  for (const free of ['beta1', 'betaR', 'g', 'chi'])
    expect(Math.abs(elasticity(free))).toBeLessThan(1e-8);
  expect(elasticity('beta2')).toBeGreaterThan(0);
  for (const most of ['lambda', 'gamma', 'I']) expect(elasticity(most)).toBeLessThan(-1e-4);
});

type Point = Readonly<Record<'chi' | 'V', number>>;

test('with a potential: by the adjoint, and differences leave no gradient either', async () => {
  const device = { V: 1, beta1: 0.5, beta2: 0.2, betaR: 0.4, lambda: 0.5, B1: 1, B2: 2, g: 0.5 };
  const narrow = { ...truncation({ lmin: -5, lmax: 5 }), edgeTolerance: 0.5 };
  const machine = new ObservedMill(deviceParameters({ ...device, gamma: 0.01, I: 2 }), narrow);
  const value = ({ V }: Point, power: number) => power - 5e-5 * V ** 4;
  const asked: Asked = {
    maximise: 'power.intrinsic - 5e-5*V^4',
    over: { chi: { from: -0.9, to: 0.9 }, V: { from: 0.2, to: 4 } },
    starts: 1,
  };
  const { best, certificate, gradients } = await found(machine, asked);
  expect(gradients).toBe('adjoint');
  expect(certificate).toMatchObject({ isLocalOptimum: true, bounds: [] });
  expect(certificate?.gradientNorm).toBeLessThan(1e-6);
  const { chi, V } = best.parameters;
  const at = async (point: Point) => {
    const power = await (await machine.at(point, false))?.read('power.intrinsic');
    return value(point, power?.value.value ?? Number.NaN);
  };
  expect(await at({ chi, V })).toBeCloseTo(best.value, 12);
  for (const name of ['chi', 'V'] as const) {
    const beside = (step: number) => at({ chi, V, [name]: { chi, V }[name] + step });
    const slope = ((await beside(1e-3)) - (await beside(-1e-3))) / 2e-3;
    expect(Math.abs(slope), name).toBeLessThan(1e-5 * best.value);
    expect(await beside(0.05)).toBeLessThan(best.value);
    expect(await beside(-0.05)).toBeLessThan(best.value);
  }
});

test('a machine without a charge is searched by the adjoint, too', async () => {
  const described = galleryMachine('piston');
  const window = machineWindow(described, { lmin: -8, lmax: 8 });
  const machine = new ObservedDescribed(described, defaultValues(described), window, 0.5);
  const over = { g: { from: 1, to: 8 } };
  const asked: Asked = { minimise: 'work.load + 5e-5*g^4', over, starts: 1 };
  const { best, certificate, gradients } = await found(machine, asked);
  expect(gradients).toBe('adjoint');
  expect(certificate).toMatchObject({ isLocalOptimum: true, bounds: [] });
  for (const beside of [-0.1, 0.1]) {
    const g = best.parameters.g + beside;
    const work = await (await machine.at({ g }, false))?.read('work.load');
    expect((work?.value.value ?? Number.NaN) + 5e-5 * g ** 4).toBeGreaterThan(best.value);
  }
});

test('what is not allowed is said in one line', async () => {
  const over = { chi: { from: -0.5, to: 0.5 } };
  const refused = (asked: Asked) => () => optimisationOf(mill(), asked);
  expect(refused({ minimise: 'TUR.X', over })).toThrow(/^minimise = "TUR.X": .*did you mean TUR/);
  expect(refused({ minimise: 'heat.Q1', over: {} })).toThrow(/^over is missing: must be/);
  expect(refused({ minimise: 'heat.Q1', over: { mass: undefined } })).toThrow(/^over = "mass"/);
  expect(refused({ minimise: 'heat.Q1', over: { chi: { from: -2, to: 0 } } })).toThrow(/^chi = -2/);
  expect(refused({ over })).toThrow(/^minimise is missing: must be given, or maximise/);
  expect(refused({ minimise: 'heat.Q1', over, points: 3 })).toThrow(/absent without against/);
  expect(refused({ minimise: 'heat.Q1', over: { gamma: { from: 0, to: 1 } } })).toThrow(
    /^over = "gamma=0": must be another end/,
  );
  expect(refused({ minimise: 'heat.Q1', over: { V: { from: 1, to: 2 } } })).toThrow(
    /^over = "V": must be parameters among/,
  );
});

test('the library has it', async () => {
  const result = await libraryOptimise(
    { gamma: 0.01 },
    { maximise: 'heat.Q2', over: { chi: { from: -0.5, to: 0.5 } }, starts: 1 },
  );
  expect(result?.certificate?.isLocalOptimum ?? null).toBe(true);
});
