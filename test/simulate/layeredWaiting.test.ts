/** Moments of waiting times in layers: against all elements at once, the sector, and what the mean is. */
import { expect, test } from 'vitest';
import type { Dynamics, WaitingRequest } from '../../src/fluctuations/dynamics.js';
import { UnknownJumpsError } from '../../src/fluctuations/waitingTimes.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { millFluctuationsOf } from '../../src/simulate/steadyFluctuations.js';
import { type WholeRequest, wholeFluctuations } from '../../src/simulate/wholeFluctuations.js';
import { inLayers, NEAR_REST } from '../support/layers.js';

const asking = (jumps: WaitingRequest['jumps'], times: readonly number[] = []) => ({
  frequencies: null,
  fields: null,
  waiting: { jumps, times },
});

function requestOf(
  input: DeviceInput,
  [lmin, lmax]: readonly [number, number],
  asked: WholeRequest['asked'],
): WholeRequest {
  const { system } = device(deviceParameters(input), rotorWindow(lmin, lmax));
  return { system, heat: null, betas: {}, order: 1, asked };
}

const waitingIn = async (request: WholeRequest): Promise<Dynamics['waiting']> =>
  (await inLayers(request)).dynamics?.waiting ?? null;

const CHOSEN: readonly WaitingRequest['jumps'][] = [
  [{ bath: 'load', direction: 'in' }],
  [{ bath: 'bath1', direction: null }],
  [
    { bath: 'bath2', direction: 'out' },
    { bath: 'load', direction: null },
  ],
];

const relative = (x: number | null | undefined, y: number | null | undefined): number =>
  Math.abs((x ?? Number.NaN) / (y ?? Number.NaN) - 1);

test.each(CHOSEN.map((jumps) => [jumps]))('%j: as all elements at once have it', async (jumps) => {
  const request = requestOf({ ...NEAR_REST, V: 0.7, V2: 0.2 }, [-2, 3], asking(jumps));
  const found = await waitingIn(request);
  const wanted = wholeFluctuations(request).dynamics?.waiting;
  expect(found?.jumps).toEqual(wanted?.jumps);
  expect(relative(found?.rate, wanted?.rate)).toBeLessThan(1e-11);
  expect(relative(found?.mean, wanted?.mean)).toBeLessThan(1e-10);
  expect(relative(found?.variance, wanted?.variance)).toBeLessThan(1e-9);
  expect(found?.error).toBeLessThan(1e-10);
  expect(found?.distribution).toEqual([]);
});

test.each(CHOSEN.map((jumps) => [jumps]))(
  '%j: on a wide window next to no potential as in the sector',
  async (jumps) => {
    const asked = asking(jumps);
    const found = await waitingIn(requestOf({ ...NEAR_REST, V: 1e-10 }, [-30, 30], asked));
    const truncation = { lmin: -30, lmax: 30, edgeTolerance: 1 };
    const parameters = deviceParameters(NEAR_REST);
    const { dynamics } = await millFluctuationsOf(parameters, truncation, 1, asked);
    expect(relative(found?.mean, dynamics?.waiting?.mean)).toBeLessThan(1e-9);
    expect(relative(found?.variance, dynamics?.waiting?.variance)).toBeLessThan(1e-9);
  },
);

const TIMES = [0, 0.3, 1, 4, 15];

/** That densities are others to what either says that it may be off by. */
function expectDensities(found: Dynamics['waiting'], wanted: Dynamics['waiting'], most: number) {
  const scale = Math.max(...(wanted?.distribution ?? []).map(({ density }) => density));
  expect(found?.distribution.map(({ tau }) => tau)).toEqual(TIMES);
  found?.distribution.forEach(({ density, error }, k) => {
    const other = wanted?.distribution[k] ?? { density: Number.NaN, error: Number.NaN };
    expect(Math.abs(density - other.density)).toBeLessThanOrEqual(error + other.error);
    expect(error).toBeLessThan(most * scale);
  });
}

test.each(CHOSEN.map((jumps) => [jumps]))(
  '%j: densities as all elements at once have them',
  async (jumps) => {
    const request = requestOf({ ...NEAR_REST, V: 0.7, V2: 0.2 }, [-2, 3], asking(jumps, TIMES));
    const wanted = wholeFluctuations(request).dynamics?.waiting ?? null;
    expectDensities(await waitingIn(request), wanted, 1e-9);
  },
);

test.each(CHOSEN.map((jumps) => [jumps]))(
  '%j: densities on a wide window next to no potential as in the sector',
  async (jumps) => {
    const asked = asking(jumps, TIMES);
    const request = requestOf({ ...NEAR_REST, V: 1e-10 }, [-20, 20], asked);
    const truncation = { lmin: -20, lmax: 20, edgeTolerance: 1 };
    const parameters = deviceParameters(NEAR_REST);
    const { dynamics } = await millFluctuationsOf(parameters, truncation, 1, asked);
    expectDensities(await waitingIn(request), dynamics?.waiting ?? null, 1e-8);
  },
);

test('on a wide window in a potential a density has the moments that the inverse gives', async () => {
  const jumps = CHOSEN[1];
  const input = { ...NEAR_REST, V: 0.7, V2: 0.2 };
  const window = [-20, 20] as const;
  // Gauss and Legendre's three points of each of many intervals.
  const [count, most] = [100, 7];
  const h = most / count;
  const points = [-Math.sqrt(0.15), 0, Math.sqrt(0.15)];
  const times = Array.from({ length: count }, (_, k) =>
    points.map((x) => h * (k + 0.5 + x)),
  ).flat();
  const found = await waitingIn(requestOf(input, window, asking(jumps, times)));
  const of = (power: number) =>
    (found?.distribution ?? []).reduce(
      (sum, { tau, density }, k) => sum + h * ([5, 8, 5][k % 3] / 18) * tau ** power * density,
      0,
    );
  const { mean, variance } = found ?? {};
  expect(of(0)).toBeCloseTo(1, 7);
  expect(relative(of(1), mean)).toBeLessThan(1e-6);
  expect(relative(of(2) - of(1) ** 2, variance)).toBeLessThan(1e-5);
  for (const { density, error } of found?.distribution ?? []) {
    expect(density).toBeGreaterThan(-error);
    expect(error).toBeLessThan(1e-8);
  }
});

test('on a wide window in a potential the mean is 1 by the rate, and a device is asked by name', async () => {
  const truncation = { lmin: -30, lmax: 30, edgeTolerance: 1 };
  const parameters = deviceParameters({ V: 1 });
  for (const jumps of CHOSEN) {
    const found = await millFluctuationsOf(parameters, truncation, 1, asking(jumps));
    const { rate = 0, mean, variance, error } = found.dynamics?.waiting ?? {};
    expect(Math.abs((mean ?? Number.NaN) * rate - 1)).toBeLessThan(1e-9);
    expect(error).toBeLessThan(1e-9);
    expect(variance).toBeGreaterThan(0);
  }
  const unknown = millFluctuationsOf(
    parameters,
    truncation,
    1,
    asking([{ bath: 'none', direction: null }]),
  );
  await expect(unknown).rejects.toThrow(UnknownJumpsError);
});
