import { describe, expect, test } from 'vitest';
import { symmetryOf } from '../../src/generator/symmetry.js';
import { device } from '../../src/model/device.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import {
  type Asked,
  evolutionRoute,
  steadyRoute,
  systemEvolutionRoute,
  systemRoute,
  trajectoriesRoute,
} from '../../src/simulate/route.js';

const NOTHING: Asked = {
  backend: 'auto',
  space: 'auto',
  dmax: 'auto',
  method: 'auto',
  precision: 'f64',
};
const WINDOW = truncation({});
const MILL = deviceParameters({});
const BENT = deviceParameters({ V: 1 });
const steady = (asked: Partial<Asked>, parameters = MILL, isResumed = false) =>
  steadyRoute(parameters, WINDOW, { ...NOTHING, ...asked }, isResumed);

describe('a steady state', () => {
  test.each([
    ['nothing asked', {}, MILL, 'elimination', 'sector', 'direct'],
    ['a kernel', { backend: 'webgpu' }, MILL, 'kernel', 'sector', 'direct'],
    ['no kernel', { backend: 'gpujs' }, MILL, 'iterations', 'sector', 'gmres'],
    ['a method', { method: 'bicgstab' }, MILL, 'iterations', 'sector', 'bicgstab'],
    ['a band', { dmax: 3 }, MILL, 'iterations', 'band', 'gmres'],
    ['a potential', {}, BENT, 'iterations', 'band', 'gmres'],
    ['all of it', { space: 'full', method: 'direct' }, BENT, 'iterations', 'full', 'direct'],
  ] as const)('%s', (_, asked, parameters, by, space, method) => {
    expect(steady(asked, parameters)).toMatchObject({ by, space, method });
  });

  test('any term that leaves a sector is eliminated on a GPU, too', () => {
    const dephased = deviceParameters({ kappa1: 0.1 });
    expect(steady({ backend: 'webgpu' }, dephased).by).toBe('kernel');
    expect(steady({}, dephased).by).toBe('elimination');
  });

  test('what is resumed is iterated', () => {
    expect(steady({}, MILL, true)).toMatchObject({ by: 'iterations', space: 'sector' });
  });

  test.each([
    [{ precision: 'f32' }, MILL, 'precision = "f32": must be \'f64\' with backend = cpu'],
    [{ space: 'sector' }, BENT, 'space = "sector": must be auto, band or full with V ≠ 0'],
    [{ backend: 'webgpu', method: 'direct' }, MILL, 'another with backend = webgpu'],
    [{ space: 'full', dmax: 3 }, BENT, 'dmax = 3: must be absent with space = full'],
  ] as const)('%j is refused by name', (asked, parameters, words) => {
    expect(() => steady(asked, parameters)).toThrow(words);
  });
});

test('auto says what it goes by: time on the CPU, modelled', () => {
  expect(steady({}).backendReason).toMatch(/^auto: about \d+ µs on one core, by a model/);
  const large = { ...WINDOW, lmin: -500, lmax: 500 };
  const { backend, backendReason } = steadyRoute(BENT, large, { ...NOTHING, space: 'full' });
  expect(backend).toBe('cpu');
  expect(backendReason).toMatch(/about \d+ s on one core.* a GPU may take less: name it to try$/);
  expect(steady({ backend: 'webgpu' }).backendReason).toBe('as asked for');
});

test('an evolution is solved directly in sectors on the CPU, and propagated everywhere else', () => {
  const of = (asked: Partial<Asked>, parameters = MILL) =>
    evolutionRoute(parameters, WINDOW, { ...NOTHING, ...asked });
  expect(of({})).toMatchObject({ space: 'sector', method: 'rational' });
  expect(of({ backend: 'webgpu' })).toMatchObject({ space: 'sector', method: 'chebyshev' });
  expect(of({}, BENT)).toMatchObject({ space: 'band', method: 'chebyshev' });
  expect(of({ space: 'full' }, BENT).space).toBe('full');
  expect(() => of({ space: 'sector' }, BENT)).toThrow(/space = "sector"/);
  expect(() => of({ method: 'gmres' })).toThrow(/'auto' or 'direct' for an evolution/);
  expect(() => of({ backend: 'webgpu', method: 'direct' })).toThrow(
    /sectors are solved on the CPU/,
  );
});

test('an open system has the route that its symmetry allows', () => {
  const of = (parameters: typeof MILL) => symmetryOf(device(parameters, rotorWindow(-3, 3)).system);
  expect(systemRoute(of(MILL), 7, NOTHING)).toMatchObject({
    space: 'sector',
    method: 'elimination',
  });
  expect(systemRoute(of(BENT), 7, NOTHING)).toMatchObject({ space: 'band', method: 'gmres' });
  expect(() => systemRoute(of(BENT), 7, { ...NOTHING, space: 'sector' })).toThrow(/a Hamiltonian/);
  expect(systemEvolutionRoute(of(MILL), 7, NOTHING).method).toBe('rational');
  expect(systemEvolutionRoute(of(BENT), 7, NOTHING).method).toBe('chebyshev');
});

test('trajectories run in the precision of what runs them', () => {
  expect(trajectoriesRoute({ backend: 'auto' }).precision).toBe('f64');
  expect(trajectoriesRoute({ backend: 'webgpu' }).precision).toBe('f32');
  expect(() => trajectoriesRoute({ backend: 'gpujs' })).toThrow(/for trajectories/);
  expect(() => trajectoriesRoute({ backend: 'webgpu', precision: 'f64' })).toThrow(/'f32'/);
});
