import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { coarseSteady } from '../../src/simulate/coarseSteady.js';
import { solveSteady } from '../../src/simulate/solveSteady.js';
import { steadyObservables } from '../../src/simulate/steady.js';

test.each([
  { V: 1, chi: 0.2 },
  { V: 0.5, V2: 1, beta2: 0.06 },
])('a first look has the first digits of the steady state: %o', async (given) => {
  const parameters = deviceParameters(given);
  const window = truncation();
  const first = await coarseSteady(parameters, window);
  if (first === null) throw new Error('no first look');
  const { state } = await solveSteady(
    parameters,
    window,
    { space: 'auto', method: 'auto' },
    cpuBackend(),
  );
  const [coarse, exact] = [first.state, state].map((one) => steadyObservables(one, window));
  expect(first.window.size).toBeLessThan(state.device.system.window.size);
  expect(first.dmax).toBe(4);
  expect(first.change).toBeGreaterThan(1e-5);
  expect(first.change).toBeLessThan(1e-2);
  for (const name of ['Q1', 'Q2', 'Qr'] as const) {
    expect(Math.abs(coarse.heat[name] - exact.heat[name])).toBeLessThan(
      0.03 * Math.abs(exact.heat[name]),
    );
  }
  expect(coarse.operation).toBe(exact.operation);
  expect(Math.abs(coarse.rotor.Lz - exact.rotor.Lz)).toBeLessThan(
    0.1 * Math.max(1, Math.abs(exact.rotor.Lz)),
  );
});

test('a small window needs none', async () => {
  const given = truncation({ lmin: -6, lmax: 6 });
  expect(await coarseSteady(deviceParameters({ V: 1 }), given)).toBe(null);
});
