import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { device } from '../../src/model/device.js';
import { deviceParameters, ParameterError, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { checkAlpha, searchRectification } from '../../src/simulate/rectificationSearch.js';
import { angular, bothDirections, heat, withCutoffSettled } from '../../src/simulate/rectify.js';
import { defaultRange } from '../../src/simulate/search.js';
import { steadyObservables, steadyStateOn } from '../../src/simulate/steady.js';
import { models, numbers } from '../support/arbitrary.js';

const given = truncation({ lmin: -30, lmax: 30 });
const window = rotorWindow(-30, 30);
const figure4 = { model: 'global', cutoff: 'max-bohr', g: 0.5, beta2: 0.02, chi: 0.3 } as const;

describe('both directions', () => {
  test('are the steady states before and after the exchange of the temperatures', () => {
    const settled = withCutoffSettled(deviceParameters(figure4), given);
    const { forward, swapped } = bothDirections(settled, given);
    const of = (beta1: number, beta2: number) =>
      steadyObservables(steadyStateOn({ ...settled, beta1, beta2 }, window), given);
    const [before, after] = [of(0.1, 0.02), of(0.02, 0.1)];
    expect(forward).toMatchObject({ ...{ Q2: before.heat.Q2, Lz: before.rotor.Lz } });
    expect(swapped).toMatchObject({ ...{ Q1: after.heat.Q1, Lz: after.rotor.Lz } });
    expect(swapped.cutoff).toBe(forward.cutoff);
  });

  test('swapped twice give the first device back, and the same R and J', () => {
    fc.assert(
      fc.property(numbers, models, (values, model) => {
        fc.pre(values.beta1 !== values.beta2);
        const parameters = withCutoffSettled(deviceParameters({ ...values, model }), given);
        const other = { ...parameters, beta1: values.beta2, beta2: values.beta1 };
        const pair = bothDirections(parameters, given);
        const back = bothDirections(other, given);
        expect(back.swapped).toEqual(pair.forward);
        expect(back.forward).toEqual(pair.swapped);
        expect(heat(back, other)).toEqual(heat(pair, parameters));
        const { R } = angular(pair, 'magnitude');
        expect(R).toBeGreaterThanOrEqual(0);
        expect(R).toBeLessThanOrEqual(1);
        expect(angular(back, 'signed')).toEqual(angular(pair, 'signed'));
      }),
      { numRuns: 15 },
    );
  });

  test('a device that is its own mirror image does not rectify heat', () => {
    // Equal fields and couplings: the exchange of the qubits turns l round and swaps the baths.
    const symmetric = deviceParameters({ B1: 5, B2: 5, chi: 0, beta2: 0.03, gamma: 1e-3 });
    const { R } = heat(bothDirections(symmetric, given), symmetric);
    expect(R).toBeLessThan(1e-9);
    const tilted = { ...symmetric, chi: 0.5 };
    expect(heat(bothDirections(tilted, given), tilted).R).toBeGreaterThan(1e-3);
  });

  test('Ω is settled once, on the window that holds both directions', () => {
    const settled = withCutoffSettled(deviceParameters(figure4), given);
    expect(settled.cutoff).toBe(device(deviceParameters(figure4), window).cutoff);
    const chosen = deviceParameters({ ...figure4, cutoff: 33 });
    expect(withCutoffSettled(chosen, given)).toBe(chosen);
  });

  test('equal temperatures and λ = 0 are refused: R = 0/0, J counts in λ', () => {
    const equal = deviceParameters({ beta1: 0.1, beta2: 0.1 });
    expect(() => bothDirections(equal, given)).toThrow(ParameterError);
    expect(() => bothDirections(deviceParameters({ lambda: 0 }), given)).toThrow(/lambda = 0/);
  });
});

describe('the search for the best rectifier', () => {
  const box = { chi: { from: -0.99, to: 0.99 } };
  const parameters = deviceParameters({ ...figure4, chi: 0 });
  const found = searchRectification(parameters, given, box, [0, 0.5, 1], 'magnitude');

  test('beats every point of a fine grid, by its own numbers', () => {
    const settled = withCutoffSettled(parameters, given);
    for (const { quantity, alpha, Gamma, parameters: at } of found.best) {
      const gammaAt = (chi: number) => {
        const p = { ...settled, chi };
        const pair = bothDirections(p, given);
        const { R, J } = quantity === 'heat' ? heat(pair, p) : angular(pair, 'magnitude');
        return alpha * R + (1 - alpha) * J;
      };
      expect(gammaAt(at.chi)).toBeCloseTo(Gamma, 13);
      for (let i = 0; i <= 66; i++) {
        expect(Gamma).toBeGreaterThanOrEqual(gammaAt(-0.99 + 0.03 * i) - 1e-10);
      }
    }
  });

  test('no point of a Pareto front beats another in both R and J', () => {
    for (const quantity of ['heat', 'angular'] as const) {
      const front = found.pareto[quantity];
      expect(front.length).toBeGreaterThan(1);
      for (let i = 1; i < front.length; i++) {
        expect(front[i][quantity].J).toBeLessThanOrEqual(front[i - 1][quantity].J);
        expect(front[i][quantity].R).toBeGreaterThan(front[i - 1][quantity].R);
      }
    }
  });

  test('over two parameters is at least as good as over one', () => {
    const wider = { ...box, B1: { from: 2, to: 8 } };
    const both = searchRectification(parameters, given, wider, [1], 'magnitude');
    const one = found.best.find((b) => b.quantity === 'heat' && b.alpha === 1);
    const two = both.best.find((b) => b.quantity === 'heat');
    expect(two?.Gamma).toBeGreaterThan(one?.Gamma ?? Number.POSITIVE_INFINITY);
  });

  test('α outside [0, 1] is refused', () => {
    for (const alpha of [-0.1, 1.1, Number.NaN]) {
      expect(() => checkAlpha(alpha)).toThrow(/alpha/);
    }
  });

  test('ranges by default: a quarter to four times, in order, never empty', () => {
    expect(defaultRange('B1', parameters)).toEqual({ from: 1, to: 16 });
    expect(defaultRange('lambda', { ...parameters, lambda: -0.2 })).toEqual({
      from: -0.8,
      to: -0.05,
    });
    expect(() => defaultRange('gamma', { ...parameters, gamma: 0 })).toThrow(/FROM:TO/);
    expect(() => defaultRange('cutoff', { B1: 4 })).toThrow(/FROM:TO/);
  });
});
