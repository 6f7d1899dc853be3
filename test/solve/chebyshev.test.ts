import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { spectrumBounds } from '../../src/generator/spectrumBounds.js';
import { device } from '../../src/model/device.js';
import { initialState } from '../../src/model/initial.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { besselJ } from '../../src/solve/bessel.js';
import { ChebyshevEvolution } from '../../src/solve/chebyshevEvolution.js';
import { DirectEvolution } from '../../src/solve/directEvolution.js';
import { initialDensityMatrix, populatedClasses } from '../../src/state/initialState.js';
import { openSystem } from '../support/openSystems.js';
import { taylorExponential } from '../support/taylor.js';

const none = async () => {};
const tight = { rtol: 1e-14, atol: 1e-16 };
const largest = (x: Float64Array, y: Float64Array) =>
  x.reduce((worst, v, i) => Math.max(worst, Math.abs(v - y[i])), 0);

describe('Bessel functions', () => {
  test('known values', () => {
    expect(besselJ(1, 1e-17)[0]).toBeCloseTo(0.7651976865579666, 15);
    expect(besselJ(1, 1e-17)[5]).toBeCloseTo(0.0002497577302112344, 15);
    expect(besselJ(64, 1e-17)[0]).toBeCloseTo(0.0925900122160481, 13);
    expect(besselJ(0, 1e-17)).toEqual([1]);
  });

  test.each([0.01, 1, 30, 64])('their squares sum to 1: x = %f', (x) => {
    const J = besselJ(x, 1e-20);
    expect(J.reduce((sum, v, k) => sum + (k === 0 ? 1 : 2) * v * v, 0)).toBeCloseTo(1, 13);
  });
});

describe('Chebyshev’s expansion on the CPU', () => {
  const setUp = (V: number, size: number) => {
    const parameters = deviceParameters({ V, lambda: 0.7, beta2: 0.05 });
    const { system } = device(parameters, rotorWindow(-size, size));
    const initial = initialState(parameters, { rotor: { superposition: { 0: 1, 1: '1i' } } });
    const generator = lindbladian(system, 'sector', populatedClasses(initial));
    return { generator, elements: initialDensityMatrix(initial, generator.space).elements };
  };

  test('is Taylor’s series, with a potential', async () => {
    const { generator, elements } = setUp(1.5, 3);
    const evolution = await ChebyshevEvolution.open(cpuBackend(), generator.total, elements, tight);
    await evolution.advanceTo(2, none);
    const wanted = taylorExponential(generator.total, elements, 2);
    expect(largest(await evolution.elements(), wanted)).toBeLessThan(1e-12);
  });

  test('is the direct evolution of sectors, without', async () => {
    const { generator, elements } = setUp(0, 6);
    const evolution = await ChebyshevEvolution.open(cpuBackend(), generator.total, elements, tight);
    const direct = new DirectEvolution(generator.total, elements, { rtol: 1e-13, atol: 1e-16 });
    await evolution.advanceTo(20, none);
    await direct.advanceTo(20, none);
    expect(largest(await evolution.elements(), await direct.elements())).toBeLessThan(1e-11);
  });

  test('takes shorter steps where terms grow more than the bounds of the spectrum say', async () => {
    const { generator, elements } = setUp(1.5, 3);
    const { total } = generator;
    const bounds = spectrumBounds(total);
    const less = { imaginary: bounds.imaginary / 30, decay: bounds.decay / 30 };
    const open = (from?: typeof less) =>
      ChebyshevEvolution.open(cpuBackend(), total, elements, tight, undefined, from);
    const [known, mistaken] = [await open(), await open(less)];
    await known.advanceTo(2, none);
    await mistaken.advanceTo(2, none);
    expect(largest(await mistaken.elements(), await known.elements())).toBeLessThan(1e-10);
    expect(mistaken.counts.accepted).toBeGreaterThan(known.counts.accepted / 30);
    const never = await open({ imaginary: bounds.imaginary / 1e6, decay: 0 });
    await expect(never.advanceTo(2, none)).rejects.toThrow('not where it should be');
  });

  test('knows how many products it takes', async () => {
    const { generator, elements } = setUp(1, 4);
    const host = cpuBackend();
    let products = 0;
    const counting = {
      ...host,
      prepare: async (...of: Parameters<typeof host.prepare>) => {
        const map = await host.prepare(...of);
        const apply: typeof map.apply = (x, y) => {
          products++;
          return map.apply(x, y);
        };
        return { ...map, apply, release: () => map.release() };
      },
    };
    const evolution = await ChebyshevEvolution.open(counting, generator.total, elements, tight);
    const wanted = evolution.productsTo(3);
    await evolution.advanceTo(3, none);
    // The derivative of each step is a product, too, on the host.
    expect(Math.abs(products + evolution.counts.accepted - wanted)).toBeLessThan(0.1 * wanted);
    expect(evolution.productsTo(3)).toBe(0);
  });

  test('leaves a state as it is where nothing moves it', async () => {
    const still = openSystem({
      ...{ seed: 11, states: 1, size: 9, lmin: 0, reach: 1 },
      ...{ conserved: 'all', mixing: false, resolved: false },
    });
    const { total } = lindbladian(still, 'sector');
    const elements = Float64Array.from({ length: 2 * total.space.size }, (_, i) => Math.cos(i));
    const evolution = await ChebyshevEvolution.open(cpuBackend(), total, elements, tight);
    await evolution.advanceTo(1e7, none);
    expect(await evolution.elements()).toEqual(elements);
  });

  test('two times are one', async () => {
    const { generator, elements } = setUp(1, 4);
    const open = () => ChebyshevEvolution.open(cpuBackend(), generator.total, elements, tight);
    const [whole, parts] = [await open(), await open()];
    await whole.advanceTo(3, none);
    await parts.advanceTo(1.234, none);
    await parts.advanceTo(3, none);
    expect(largest(await whole.elements(), await parts.elements())).toBeLessThan(1e-13);
  });
});
