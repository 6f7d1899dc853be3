/** Fluctuations and modes by the library, of devices and of machines. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  correlate,
  fluctuations,
  machineFromYaml,
  modes,
  ParameterError,
  sensitivity,
  steadyState,
} from '../../src/index.js';
import { device as deviceOn } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import references from '../reference/fluctuations.json' with { type: 'json' };
import { denseEigenvalues } from '../support/denseLinear.js';
import { denseLindbladian } from '../support/openSystems.js';

const [reference] = references;
const { model: _, ...parameters } = { model: 'local', ...reference.parameters };
const truncation = { lmin: reference.lmin, lmax: reference.lmax };

const near = (found: number | null | undefined, wanted: number, relative = 1e-9) =>
  expect(Math.abs((found ?? Number.NaN) / wanted - 1)).toBeLessThan(relative);

const exchange = machineFromYaml(
  readFileSync(new URL('../../machines/exchange-qubits.yaml', import.meta.url), 'utf8'),
);

test("a device has an independent program's numbers", async () => {
  const { baths } = await fluctuations(parameters, { truncation, order: 3 });
  near(baths[1].quanta?.noise.value, reference.noise.N2);
  near(baths[2].quanta?.uncertainty, reference.TUR_L);
  expect(baths[0].quanta?.cumulants).toHaveLength(3);
  const done: number[] = [];
  const { gap, sectors } = await modes(parameters, {
    truncation,
    count: 3,
    charges: [
      [0, 0],
      [1, 1],
    ],
    onProgress: (progress) => done.push(progress.done),
  });
  near(gap?.rate, reference.gapZeroSector, 1e-8);
  sectors[0].modes.forEach(({ rate }, k) => {
    near(rate, -reference.slowest[k][0], 1e-8);
  });
  expect(done).toEqual([1, 2]);
});

test('a machine, with its parameters checked', async () => {
  const given = { g: 0.5, k: 1, nh: 1, nc: 0.3 };
  const { baths } = await fluctuations(exchange, { parameters: given });
  const [hot, cold] = baths;
  near(hot.quanta?.mean.value, -(cold.quanta?.mean.value ?? 0), 1e-12);
  const { gap, charges } = await modes(exchange, { parameters: given });
  expect(gap?.rate).toBeGreaterThan(0);
  expect(charges).toHaveLength(1);
  await expect(fluctuations(exchange, { parameters: { G: 1 } })).rejects.toThrow(ParameterError);
});

test('modes and correlations in a potential, on a window of few levels', async () => {
  const device = { V: 0.7, B1: 0.8, B2: 0.5, beta1: 0.3, lambda: 0.4, gamma: 0.05 };
  const truncation = { lmin: -1, lmax: 1, edgeTolerance: 0.99 };
  const { gap, sectors } = await modes(device, { truncation, count: 4 });
  const { system } = deviceOn(deviceParameters(device), rotorWindow(-1, 1));
  const rates = denseEigenvalues(denseLindbladian(system))
    .map(({ re }) => -re)
    .sort((a, b) => a - b);
  // The first one is the steady state.
  expect(Math.abs(rates[0])).toBeLessThan(1e-12);
  sectors[0].modes.forEach(({ rate }, k) => {
    near(rate, rates[k + 1], 1e-9);
  });
  expect(gap?.rate).toBe(sectors[0].modes[0].rate);
  const { rotor } = await steadyState(device, { truncation, threads: 1 });
  const { times } = await correlate(device, 'Lz', { truncation, tau: [0] });
  near(times[0].correlation.re, rotor.Lz2 ?? Number.NaN, 1e-11);
});

test('what is not allowed is refused, and a run ended by its signal', async () => {
  await expect(fluctuations({}, { order: 11 })).rejects.toThrow('an integer from 1 to 10');
  const wide = { truncation: { lmin: -30, lmax: 30 } };
  await expect(modes({ V: 1 }, { ...wide, charges: [[1]] })).rejects.toThrow('0 integers');
  await expect(modes({}, { count: 0 })).rejects.toThrow('an integer from 1 to 200');
  await expect(modes({}, { charges: [[1]] })).rejects.toThrow('2 integers');
  const reason = new Error('enough');
  await expect(modes({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const ending = new AbortController();
  const inLayers = modes({ V: 1 }, { ...wide, signal: ending.signal });
  setTimeout(() => ending.abort(reason), 200);
  await expect(inLayers).rejects.toBe(reason);
});

test('options that nothing would be done with are refused', async () => {
  const given = { parameters: { g: 1 } } as object;
  const refused = /^parameters = .*: must be absent but with a machine$/;
  await expect(sensitivity({}, given)).rejects.toThrow(refused);
  await expect(fluctuations({}, given)).rejects.toThrow(refused);
  await expect(correlate({}, 'Lz', given)).rejects.toThrow(refused);
  await expect(modes({}, { model: 'local' } as object)).rejects.toThrow(
    'absent but with a machine',
  );
  await expect(sensitivity({}, { off: ['heat.Q1'] } as object)).rejects.toThrow(
    "did you mean 'of'",
  );
  await expect(sensitivity(exchange, { order: 2 } as object)).rejects.toThrow(
    "unknown key 'order'",
  );
});
