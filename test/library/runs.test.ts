import { describe, expect, test } from 'vitest';
import {
  collide,
  deviceParameters,
  evolve,
  NonUniqueSteadyStateError,
  observables,
  openBackend,
  ParameterError,
  parameters,
  rectify,
  steadyState,
  sweep,
  trajectories,
  UnknownKeyError,
} from '../../src/index.js';
import { truncation } from '../../src/model/parameters.js';
import { steadyState as solved, steadyObservables } from '../../src/simulate/steady.js';

const window = { lmin: -10, lmax: 16, edgeTolerance: 0.1 };

/** A signal that is aborted once something was told, and how often it was. */
function abortedAfter(times: number) {
  const controller = new AbortController();
  let told = 0;
  const onProgress = () => {
    told++;
    if (told === times) controller.abort(new RangeError('enough'));
  };
  return { signal: controller.signal, onProgress, told: () => told };
}

describe('steadyState', () => {
  test('has the numbers of the solver, and says where they come from', async () => {
    const result = await steadyState({ beta2: 0.05 });
    const own = deviceParameters({ beta2: 0.05 });
    const { heat, rotor, operation } = steadyObservables(solved(own, truncation()), truncation());
    expect(result).toMatchObject({ heat, rotor, operation, parameters: own, converged: true });
    expect(result.backend).toEqual({ name: 'cpu', adapter: null, precision: 'f64' });
    expect(result.problems).toEqual([]);
  });

  test('with a potential: iterations are told, and a signal ends them', async () => {
    const options = { truncation: window, threads: 1 };
    const iterations: number[] = [];
    const result = await steadyState(
      { V: 1 },
      { ...options, onProgress: (p) => iterations.push(p.iterations) },
    );
    // A wider band starts again.
    expect(Math.max(...iterations)).toBeGreaterThanOrEqual(result.solver.iterations);
    expect(result.rotor.cos).toBeLessThan(0);
    const { told, ...run } = abortedAfter(1);
    await expect(steadyState({ V: 1 }, { ...options, ...run })).rejects.toThrow('enough');
    expect(told()).toBe(1);
  });

  test('says what does not hold', async () => {
    const result = await steadyState({}, { truncation: { lmin: -2, lmax: 2 } });
    expect(result.converged).toBe(false);
    expect(result.problems[0]).toMatch(/edges of \[-2, 2\]/);
  });

  test('one backend serves several runs, and no foreign one any', async () => {
    const backend = await openBackend('cpu', { threads: 1 });
    const first = await steadyState({ V: 0.5 }, { truncation: window, backend });
    const again = await steadyState({ V: 0.5 }, { truncation: window, backend });
    expect(again.rotor).toEqual(first.rotor);
    backend.close();
    const foreign = { name: 'cpu', adapter: null, close: () => {} } as const;
    await expect(steadyState({}, { backend: foreign })).rejects.toThrow(ParameterError);
  });
});

test('an evolution goes to the steady state, and tells the times it reaches', async () => {
  const reached: number[] = [];
  const { rotor } = await steadyState({ gamma: 0.5 });
  const result = await evolve(
    { gamma: 0.5 },
    { times: [1, 2000], rotor: 2, onProgress: ({ t }) => reached.push(t) },
  );
  expect(result.snapshots[1].rotor.Lz).toBeCloseTo(rotor.Lz, 9);
  expect(reached.at(-1)).toBe(2000);
  expect(result.solver.method).toBe('rational');
  const { told: _, ...run } = abortedAfter(2);
  await expect(evolve({}, { times: 'lin:1:5:5', ...run })).rejects.toThrow('enough');
});

test('collisions go towards the local master equation', async () => {
  const options = { tau: 0.01, collisions: 2, steady: true, truncation: window };
  const cold = { beta1: 0.4, beta2: 0.1, gamma: 0.1 };
  const { steady, collisions, baths } = await collide(cold, options);
  const { rotor } = await steadyState(cold, { truncation: window });
  expect(rotor.Lz).toBeGreaterThan(1e-4);
  expect(Math.abs(Number(steady?.Lz) / rotor.Lz - 1)).toBeLessThan(0.05);
  expect(collisions.map(({ step }) => step)).toEqual([1, 2]);
  expect(baths[0].weightCut).toBeLessThan(1e-12);
  const { told: _, ...run } = abortedAfter(1);
  await expect(collide(cold, { ...options, ...run })).rejects.toThrow('enough');
});

test('trajectories scatter about the evolution', async () => {
  const options = { times: [1], qubit1: 'up', rotor: 1, truncation: window } as const;
  const exact = (await evolve({}, options)).snapshots[0].heat.Q1;
  const result = await trajectories({}, { ...options, count: 400, seed: 3, threads: 1 });
  const { mean, error } = result.snapshots[0].heat.Q1;
  expect(Math.abs(mean - exact)).toBeLessThan(5 * Number(error));
  expect(result).toMatchObject({ seed: 3, count: 400, closedForm: true });
  const { told: _, ...run } = abortedAfter(1);
  const stopped = trajectories({}, { ...options, count: 1e6, threads: 1, ...run });
  await expect(stopped).rejects.toThrow('enough');
});

test('rectification, and the best of a search, which a signal ends', async () => {
  const device = { beta2: 0.05 };
  const plain = await rectify(device, { truncation: window });
  expect(plain.search).toBeNull();
  const { heat, search } = await rectify(device, {
    truncation: window,
    over: { chi: { from: -0.5, to: 0.5 } },
    alpha: [1],
    definition: 'magnitude',
  });
  expect(heat).toEqual(plain.heat);
  expect(search?.best[0].Gamma).toBeGreaterThanOrEqual(heat.J);
  const { told, ...run } = abortedAfter(3);
  const stopped = rectify(device, { truncation: window, over: ['chi', 'B1'], ...run });
  await expect(stopped).rejects.toThrow('enough');
  expect(told()).toBe(3);
});

describe('sweep', () => {
  const plan = {
    axes: { beta2: [0.02, 0.03, 0.08], chi: { linspace: { from: -0.5, to: 0.5, count: 3 } } },
  };

  test('has the steady state of each of its devices', async () => {
    const { dimensions, coordinates, variables, converged } = await sweep(plan, { threads: 1 });
    expect(converged).toBe(true);
    expect(dimensions).toEqual([
      { name: 'beta2', length: 3 },
      { name: 'chi', length: 3 },
    ]);
    const { values, unit, shape } = variables.heat_Q2;
    expect([unit, shape]).toEqual(['energy/time', [3, 3]]);
    const [beta2, chi] = [coordinates.beta2.values[2], coordinates.chi.values[0]];
    expect(values[6]).toBe((await steadyState({ beta2, chi })).heat.Q2);
    const { operation } = variables;
    expect(operation.meanings?.[operation.values[6]]).toBe('refrigerator');
  });

  test('with a potential, and ended by a signal', async () => {
    const device = { truncation: { lmin: -6, lmax: 8 }, edgeTolerance: 0.1 };
    const potential = { ...device, axes: { V: [0, 0.5] }, observables: ['rotor.cos'] };
    const { variables } = await sweep(potential, { threads: 1 });
    expect(variables.rotor_cos.values[0]).toBe(0);
    expect(variables.rotor_cos.values[1]).toBeLessThan(-1e-4);
    const many = { ...device, axes: { chi: { linspace: { from: -0.5, to: 0.5, count: 500 } } } };
    const { told, ...run } = abortedAfter(2);
    await expect(sweep(many, { threads: 1, ...run })).rejects.toThrow('enough');
    expect(told()).toBe(2);
  });
});

describe('what is not allowed is refused by a typed error', () => {
  test.each([
    ['a misspelt parameter', () => steadyState({ bta1: 1 } as object), UnknownKeyError],
    ['a value out of range', () => steadyState({ chi: 1 }), ParameterError],
    ['a misspelt option', () => steadyState({}, { spce: 'full' } as object), UnknownKeyError],
    [
      'a window of one level',
      () => steadyState({}, { truncation: { lmin: 0, lmax: 0 } }),
      ParameterError,
    ],
    [
      'a backend that there is not',
      () => steadyState({}, { backend: 'gpu' as 'cpu' }),
      ParameterError,
    ],
    ['threads that are none', () => steadyState({}, { threads: 0 }), ParameterError],
    ['times that fall', () => evolve({}, { times: [2, 1] }), ParameterError],
    [
      'an initial state that is none',
      () => evolve({}, { times: [1], qubit1: 'left' as 'up' }),
      ParameterError,
    ],
    ['collisions in a potential', () => collide({ V: 1 }), ParameterError],
    ['equal temperatures', () => rectify({ beta2: 0.1 }), ParameterError],
    [
      'a search over what is no parameter',
      () => rectify({}, { over: ['mass' as 'I'] }),
      ParameterError,
    ],
    ['a misspelt option of a search', () => rectify({}, { alfa: [1] } as object), UnknownKeyError],
    ['a plan without axes', () => sweep({ axes: {} }), ParameterError],
    [
      'no load: a rotor that runs away',
      () => steadyState({ gamma: 0, lambda: 0 }),
      NonUniqueSteadyStateError,
    ],
  ])('%s', async (_, run, kind) => {
    await expect(run()).rejects.toThrow(kind);
  });

  test('a signal that is aborted already', async () => {
    await expect(steadyState({}, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/);
  });
});

test('parameters and observables say what they are', () => {
  expect(parameters.B1).toMatchObject({ unit: 'energy', default: 4, symbol: 'B₁' });
  expect(observables['heat.Q1'].unit).toBe('energy/time');
  expect(Object.keys(parameters)).toEqual(
    Object.keys(deviceParameters()).filter((name) => !['model', 'cutoff'].includes(name)),
  );
});
