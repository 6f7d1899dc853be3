import { afterAll, describe, expect, test } from 'vitest';
import type { OpenTrajectories } from '../../src/backend/batches.js';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { DeviceTrajectories } from '../../src/backend/webgpu/trajectories.js';
import { type InitialInput, initialState } from '../../src/model/initial.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { runDeviceTrajectories } from '../../src/simulate/deviceTrajectories.js';
import type { Moments } from '../../src/simulate/moments.js';
import { Trajectories, type TrajectoryRequest } from '../../src/simulate/trajectories.js';
import type { TrajectoriesDone } from '../../src/simulate/trajectoryPool.js';

const opened = openDevice();
afterAll(async () => (await opened).close());
const onDevice: OpenTrajectories = async (pairs) => DeviceTrajectories.on(await opened, pairs);

const request = (values: DeviceInput, initial: InitialInput, times: number[], seed: number) => {
  const parameters = deviceParameters({
    ...{ beta1: 1, beta2: 0.3, betaR: 0.5, B1: 1, B2: 1.5, g: 0.8, lambda: 0.5, gamma: 0.05 },
    ...values,
  });
  const from = initialState(parameters, initial);
  return { parameters, lmin: -9, lmax: 9, initial: from, times, seed };
};

/** The largest difference of two sets of means, in standard errors. */
function distance(a: Moments, b: Moments): number {
  let worst = 0;
  a.means.forEach((mean, i) => {
    const error = Math.sqrt(b.squares[i] / (b.count - 1) / b.count);
    const difference = Math.abs(mean - b.means[i]);
    // What float32 leaves of a quantity that is the same for all trajectories.
    if (difference > 1e-6 * (1 + Math.abs(mean))) worst = Math.max(worst, difference / error);
  });
  return worst;
}

describe('trajectories on a device', () => {
  test.each<[DeviceInput, InitialInput]>([
    [{ model: 'local' }, { qubit1: 'up' }],
    [{ model: 'global' }, { rotor: { thermal: 1 } }],
    // Long stretches without a jump, and an interaction that is resolved many times between two.
    [
      { model: 'local', g: 0.05, lambda: 3, gamma: 0 },
      { qubit1: 'up', qubit2: 'down' },
    ],
    [{ model: 'local', lambda: 0 }, {}],
  ])('are the CPU’s, up to float32: %j from %j', async (values, initial) => {
    const asked = request(values, initial, [0, 0.7, 8], 2 ** 40 + 5);
    const found = await runDeviceTrajectories(onDevice, asked, { count: 300 });
    const wanted = new Trajectories(asked).moments(0, 300);
    let same = 0;
    found.forEach((moments, i) => {
      expect(moments.count).toBe(300);
      // One trajectory of 300 that rounding sends another way is 0.06 standard errors of a spread of one.
      expect(distance(moments, wanted[i])).toBeLessThan(0.25);
      // Where no jump went another way, nothing but rounding is left.
      const sameJumps = [6, 7, 8].every((q) => moments.means[q] === wanted[i].means[q]);
      if (!sameJumps) return;
      same++;
      moments.means.forEach((mean, q) => {
        expect(Math.abs(mean - wanted[i].means[q])).toBeLessThan(1e-5 * (1 + Math.abs(mean)));
      });
    });
    expect(same).toBeGreaterThan(1);
    expect(wanted[2].means).not.toEqual(wanted[1].means);
  });

  test('over long times, of which one dispatch is a small part', async () => {
    const asked = request({}, {}, [300], 1);
    const [found] = await runDeviceTrajectories(onDevice, asked, { count: 40 });
    const [wanted] = new Trajectories(asked).moments(0, 40);
    expect(distance(found, wanted)).toBeLessThan(1);
    const jumps = found.means[6] + found.means[7];
    expect(jumps).toBeGreaterThan(200);
  });

  test('in batches are those in one', async () => {
    const asked = request({}, {}, [2], 9);
    let done: number[] = [];
    let before: TrajectoriesDone | undefined;
    const watched = {
      count: 130,
      progress: (n: number, found: TrajectoriesDone) => {
        done = [...done, n];
        if (n === 50) before = structuredClone(found);
      },
    };
    const once = await runDeviceTrajectories(onDevice, asked, watched);
    expect(done).toEqual([130]);
    const several = await runDeviceTrajectories(onDevice, asked, watched, 50);
    expect(done).toEqual([130, 50, 100, 130]);
    expect(several).toEqual(once);
    // And so is a run that goes on from where another was.
    const rest = await runDeviceTrajectories(onDevice, asked, { count: 130, from: before });
    expect(rest).toEqual(once);
  });

  const refused = async (asked: TrajectoryRequest) =>
    runDeviceTrajectories(onDevice, asked, { count: 10 }).then(
      () => 'not refused',
      (error: Error) => error.message,
    );

  test('are refused where a state spreads: a potential, a coherent initial state', async () => {
    expect(await refused(request({ V: 1 }, {}, [1], 1))).toContain("must be 'cpu' with V ≠ 0");
    const half = [
      [0.5, 0.5],
      [0.5, 0.5],
    ];
    expect(await refused(request({}, { qubit1: half }, [1], 1))).toContain('not diagonal');
  });
});
