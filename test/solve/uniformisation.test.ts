import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply } from '../../src/generator/apply.js';
import { generatorOf } from '../../src/generator/generator.js';
import { chargeSector } from '../../src/generator/reducedMap.js';
import { commutatorRules, dissipatorRules } from '../../src/generator/rules.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { classExponential } from '../../src/solve/uniformisation.js';
import { between, numbers } from '../support/arbitrary.js';

/** e^{tL}x by Taylor's series over steps so short that nothing cancels. */
function taylor(
  generator: Parameters<typeof apply>[0],
  x: Float64Array,
  t: number,
  steps: number,
): Float64Array {
  let state = x;
  for (let n = 0; n < steps; n++) {
    let term = state;
    const sum = state.slice();
    for (let k = 1; k <= 18; k++) {
      term = apply(generator, term).map((value) => (value * t) / steps / k);
      for (let i = 0; i < sum.length; i++) sum[i] += term[i];
    }
    state = sum;
  }
  return state;
}

const setting = fc.record({
  values: numbers,
  charges: fc.tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -2, max: 2 })),
  x: fc.array(between(-1, 1), { minLength: 60, maxLength: 60 }),
  t: between(0, 3),
});

test('the exponential of the load is its Taylor series, to 1e-13', () => {
  fc.assert(
    fc.property(setting, ({ values, charges, x, t }) => {
      const built = device(deviceParameters(values), rotorWindow(-3, 4));
      const space = chargeSector(built.system.window, ...charges);
      const load = generatorOf(space, dissipatorRules(space.window, built.system.jumps.load));
      const state = Float64Array.from({ length: 2 * space.size }, (_, i) => x[i % x.length]);
      const found = apply(classExponential(load, t), state);
      const rate = ((4 * values.gamma * values.I) / values.betaR) * (1 + values.betaR / values.I);
      const wanted = taylor(load, state, t, Math.ceil(2 + 4 * rate * t));
      wanted.forEach((value, i) => {
        expect(Math.abs(found[i] - value)).toBeLessThan(1e-13);
      });
    }),
  );
});

test('long times lead to equilibrium, and no population becomes negative', () => {
  const built = device(deviceParameters({ gamma: 0.5, betaR: 0.2, I: 2 }), rotorWindow(-20, 20));
  const space = chargeSector(built.system.window, 0, 0);
  const load = generatorOf(space, dissipatorRules(space.window, built.system.jumps.load));
  const x = new Float64Array(2 * space.size);
  const { offset } = space.classes[space.find(0, 0, 0)];
  x[2 * (offset + 30)] = 1;
  const y = apply(classExponential(load, 400), x);
  const populations = Array.from({ length: 41 }, (_, i) => y[2 * (offset + i)]);
  expect(populations.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  expect(Math.min(...populations)).toBeGreaterThan(0);
  const rest = apply(load, y);
  expect(Math.max(...rest.map(Math.abs))).toBeLessThan(1e-13);
});

test('a generator that couples classes, or is not real, is refused', () => {
  const { system } = device(deviceParameters(), rotorWindow(-2, 2));
  const space = chargeSector(system.window, 0, 0);
  const generator = generatorOf(space, commutatorRules(system.hamiltonian));
  expect(() => classExponential(generator, 1)).toThrow('the generator');
});
