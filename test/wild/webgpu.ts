/** Wild devices as a WebGPU device solves them, many at once. */
import type { OpenChains } from '../../src/backend/batches.js';
import { openDevice } from '../../src/backend/webgpu/device.js';
import { webgpuChains } from '../../src/backend/webgpu/eliminations.js';
import { probeDf64 } from '../../src/backend/webgpu/probe.js';
import { rotorWindow } from '../../src/operators/window.js';
import { DEVICE_FAILURES } from '../../src/simulate/deviceFailures.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import { devicesOn } from '../support/deviceChains.js';
import { type Comparison, compareWith, parametersOf } from './comparison.js';
import type { WildDevice } from './devices.js';

/** Devices of one model beside many digits, in double-float. */
export async function compareOnDevice(devices: readonly WildDevice[]): Promise<Comparison[]> {
  const device = await openDevice();
  try {
    const probe = await probeDf64(device);
    const chains: OpenChains = (precision, form) => webgpuChains(device, precision, form, probe);
    const points = devices.map((one) => ({
      parameters: parametersOf(one),
      window: rotorWindow(one.lmin, one.lmax),
    }));
    const all = await devicesOn(chains, 'f64', points);
    return devices.map((one, p) =>
      compareWith(one, () => {
        const found = all[p];
        if (typeof found !== 'string') return found.state;
        throw new NonUniqueSteadyStateError(DEVICE_FAILURES[found]);
      }),
    );
  } finally {
    device.close();
  }
}
