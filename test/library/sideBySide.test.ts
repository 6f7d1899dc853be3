/** Calls that run side by side have the numbers of those that run one after another. */
import { expect, test } from 'vitest';
import {
  type DeviceInput,
  fluctuations,
  machineFromYaml,
  machineSteadyState,
  sensitivity,
  steadyState,
} from '../../src/index.js';
import { galleryText } from '../support/machines.js';

const truncation = { lmin: -3, lmax: 3 };
const devices: DeviceInput[] = [0.1, 0.15, 0.2].map((lambda) => ({ lambda, gamma: 0.01 }));
const machine = machineFromYaml(galleryText('jaynes-cummings'));
const kinds = [0.05, 0.06, 0.07].map((g) => ({
  parameters: { g },
  model: 'local' as const,
  truncation: { lmin: 0, lmax: 5 },
}));

/** Every number of a result by where it is, but for times and errors. */
function numbersIn(result: unknown, at = ''): [string, number][] {
  if (typeof result === 'number') return [[at, result]];
  if (typeof result !== 'object' || result === null) return [];
  return Object.entries(result).flatMap(([key, value]) =>
    /seconds|error/i.test(key) ? [] : numbersIn(value, `${at}.${key}`),
  );
}

const calls: Record<string, readonly (() => Promise<unknown>)[]> = {
  'steady states': devices.map((device) => () => steadyState(device, { truncation })),
  'derivatives, local': devices.map((device) => () => sensitivity(device, { truncation })),
  'derivatives, global': devices.map(
    (device) => () => sensitivity({ ...device, model: 'global' }, { truncation }),
  ),
  'derivatives in a potential': devices.map(
    (device) => () =>
      sensitivity({ ...device, V: 0.2 }, { truncation: { lmin: -1, lmax: 1 }, of: ['heat.Q1'] }),
  ),
  fluctuations: devices.map(
    (device) => () => fluctuations(device, { truncation, frequency: [0.5] }),
  ),
  'steady states of a machine': kinds.map((kind) => () => machineSteadyState(machine, kind)),
  'derivatives of a machine': kinds.map((kind) => () => sensitivity(machine, kind)),
  'fluctuations of a machine': kinds.map((kind) => () => fluctuations(machine, kind)),
};

test.each(Object.keys(calls))('%s', async (name) => {
  const alone: [string, number][][] = [];
  for (const call of calls[name]) alone.push(numbersIn(await call()));
  expect(new Set(alone.map((numbers) => JSON.stringify(numbers))).size).toBe(alone.length);
  const beside = await Promise.all(calls[name].map(async (call) => numbersIn(await call())));
  beside.forEach((numbers, k) => {
    expect(numbers.map(([at]) => at)).toEqual(alone[k].map(([at]) => at));
    numbers.forEach(([at, x], i) => {
      // Code that has been made since adds in another order; another device is far away.
      const [, expected] = alone[k][i];
      expect(Math.abs(x - expected), at).toBeLessThan(1e-9 + 1e-6 * Math.abs(expected));
    });
  });
});
