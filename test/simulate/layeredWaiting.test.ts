/** Moments of waiting times in layers: against all elements at once, the sector, and what the mean is. */
import { expect, test } from 'vitest';
import type { Dynamics, WaitingRequest } from '../../src/fluctuations/dynamics.js';
import { UnknownJumpsError } from '../../src/fluctuations/waitingTimes.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { layeredFluctuations } from '../../src/simulate/layeredFluctuations.js';
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
  const timed = millFluctuationsOf(parameters, truncation, 1, asking(CHOSEN[0], [1, 2]));
  await expect(timed).rejects.toThrow(/^lmax = 30: must be nearer to lmin: /);
  expect(
    await layeredFluctuations(requestOf({ V: 1 }, [-30, 30], asking(CHOSEN[0], [1]))),
  ).toBeNull();
});
