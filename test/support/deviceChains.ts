/** Chains on the software adapter, and devices of the mill that are solved by them. */
import { afterAll } from 'vitest';
import type { Precision } from '../../src/backend/backend.js';
import type { OpenChains } from '../../src/backend/batches.js';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { webgpuChains } from '../../src/backend/webgpu/eliminations.js';
import { probeDf64 } from '../../src/backend/webgpu/probe.js';
import {
  type DevicePoint,
  type DeviceState,
  statesOnDevice,
} from '../../src/simulate/deviceStates.js';
import type { Unsolved } from '../../src/simulate/sectorChains.js';

/** A device of its own for a file of tests, given back after them. */
export function deviceChains() {
  const opened = openDevice();
  const probe = opened.then(probeDf64);
  const chains: OpenChains = async (precision, form) =>
    webgpuChains(await opened, precision, form, await probe);
  afterAll(async () => {
    await probe;
    (await opened).close();
  });
  return { opened, probe, chains };
}

/** What is found of each point, or why nothing is. */
export async function devicesOn(
  chains: OpenChains,
  precision: Precision,
  points: readonly DevicePoint[],
): Promise<(DeviceState | Unsolved)[]> {
  const found = new Array<DeviceState | Unsolved>(points.length);
  await statesOnDevice(chains, precision, points, {
    solved: (p, state) => {
      found[p] = state();
    },
    unsolved: (p, why) => {
      found[p] = why;
    },
  });
  return found;
}

/** The same where each is solved. */
export async function solvedOn(
  chains: OpenChains,
  precision: Precision,
  points: readonly DevicePoint[],
): Promise<DeviceState[]> {
  return (await devicesOn(chains, precision, points)).map((found, p) => {
    if (typeof found === 'string') throw new Error(`point ${p}: ${found}`);
    return found;
  });
}
