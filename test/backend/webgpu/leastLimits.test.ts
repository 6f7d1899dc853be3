/**
 * An adapter that has only what WebGPU guarantees solves too. That every kernel compiles there is shown
 * by shaders.test.ts, whose device is one with the least limits.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { OpenChains } from '../../../src/backend/batches.js';
import { cpuBackend } from '../../../src/backend/cpu/backend.js';
import { webgpuBackend } from '../../../src/backend/webgpu/backend.js';
import { type Device, openDevice } from '../../../src/backend/webgpu/device.js';
import { webgpuChains } from '../../../src/backend/webgpu/eliminations.js';
import { probeDf64 } from '../../../src/backend/webgpu/probe.js';
import { apply } from '../../../src/generator/apply.js';
import { lindbladian } from '../../../src/generator/lindbladian.js';
import { device as quantumDevice } from '../../../src/model/device.js';
import { deviceParameters, truncation } from '../../../src/model/parameters.js';
import { rotorWindow } from '../../../src/operators/window.js';
import { solveSteadyOn } from '../../../src/simulate/solveSteady.js';
import { steadyObservables, steadyStateOn } from '../../../src/simulate/steady.js';
import { engine, LEAST_LIMITS, leastOf } from '../../support/device.js';
import { solvedOn } from '../../support/deviceChains.js';
import { distance, norm, operatorNorm, randomElements } from '../../support/vectors.js';

const window = rotorWindow(-5, 5);
const range = truncation({ lmin: -5, lmax: 5 });

let device: Device;
beforeAll(async () => {
  const gpu = leastOf(engine());
  vi.stubGlobal('navigator', { gpu });
  device = await openDevice();
  vi.unstubAllGlobals();
});
afterAll(() => device.close());

test('the device has no more than the least limits', () => {
  for (const [name, least] of Object.entries(LEAST_LIMITS)) {
    expect(device.gpu.limits[name as keyof typeof LEAST_LIMITS], name).toBe(least);
  }
  expect(device.gpu.features.has('timestamp-query')).toBe(false);
  expect(device.gpu.features.has('subgroups')).toBe(false);
});

test('the product with the whole generator in double-float', async () => {
  const { system } = quantumDevice(deviceParameters({ V: 1 }), window);
  const generator = lindbladian(system, 'full').total;
  const elements = randomElements(generator.space.size, 1);
  const backend = await webgpuBackend(device, 'f64');
  const map = await backend.prepare(generator);
  const [x, y] = [await backend.upload(elements), await backend.allocate(generator.space.size)];
  await map.apply(x, y);
  const away = distance(await backend.download(y), apply(generator, elements));
  expect(away).toBeLessThanOrEqual(1e-12 * operatorNorm(generator) * norm(elements));
});

test('a steady state with a potential', async () => {
  const parameters = deviceParameters({ V: 1 });
  const backend = await webgpuBackend(device, 'f32');
  const choice = { space: 'band', method: 'gmres', dmax: 8 } as const;
  const { state, solver } = await solveSteadyOn(parameters, window, choice, backend);
  expect(solver).toMatchObject({ converged: true, preconditionedOnHost: false });
  const found = steadyObservables(state, range);
  const exact = await solveSteadyOn(parameters, window, choice, cpuBackend());
  const wanted = steadyObservables(exact.state, range);
  const Q1 = Math.abs(wanted.heat.Q1);
  expect(Math.abs(found.heat.Q1 - wanted.heat.Q1)).toBeLessThanOrEqual(1e-9 * Q1);
  expect(
    Math.abs((found.rotor.Lz2 ?? Number.NaN) - (wanted.rotor.Lz2 ?? Number.NaN)),
  ).toBeLessThanOrEqual(1e-9 * (wanted.rotor.Lz2 ?? Number.NaN));
});

test('steady states of the zero-charge sector in double-float, with every observable', async () => {
  const probe = await probeDf64(device);
  const chains: OpenChains = (precision, form) => webgpuChains(device, precision, form, probe);
  const points = [0.5, 1].map((g) => ({ parameters: deviceParameters({ g }), window }));
  (await solvedOn(chains, 'f64', points)).forEach(({ state }, p) => {
    const [found, wanted] = [state, steadyStateOn(points[p].parameters, window)].map((one) =>
      steadyObservables(one, range),
    );
    const [Q1, Lz2] = [wanted.heat.Q1, wanted.rotor.Lz2 ?? Number.NaN];
    expect(Math.abs(found.heat.Q1 - Q1)).toBeLessThanOrEqual(1e-9 * Math.abs(Q1));
    expect(Math.abs((found.rotor.Lz2 ?? Number.NaN) - Lz2)).toBeLessThanOrEqual(1e-9 * Lz2);
  });
});
