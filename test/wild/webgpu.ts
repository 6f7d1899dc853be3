/** Wild devices as a WebGPU device solves them, in batches of one model and one size of window. */
import { openDevice } from '../../src/backend/webgpu/device.js';
import { webgpuSectors } from '../../src/backend/webgpu/sectors.js';
import { DEVICE_FAILURES } from '../../src/simulate/deviceFailures.js';
import { type SectorSolver, sectorSolver } from '../../src/simulate/sectorSolver.js';
import { deviceState } from '../../src/simulate/sectorStates.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import { type Comparison, compareWith, parametersOf } from './comparison.js';
import type { WildDevice } from './devices.js';

async function compareBatch(
  solver: SectorSolver,
  devices: readonly WildDevice[],
): Promise<Comparison[]> {
  const points = devices.map((device) => ({ parameters: parametersOf(device), lmin: device.lmin }));
  const levels = devices[0].lmax - devices[0].lmin + 1;
  const solutions = await solver.solve(points, levels, { states: true });
  return devices.map((device, p) =>
    compareWith(device, () => {
      const verdict = solutions.verdicts[p];
      if (verdict === 'solved') return deviceState(points[p], solutions, p);
      throw new NonUniqueSteadyStateError(DEVICE_FAILURES[verdict]);
    }),
  );
}

/** Devices of one model beside many digits, in double-float. */
export async function compareOnDevice(devices: readonly WildDevice[]): Promise<Comparison[]> {
  const device = await openDevice();
  try {
    const solver = sectorSolver(await webgpuSectors(device, 'f64'));
    const sizes = new Set(devices.map(({ lmin, lmax }) => lmax - lmin));
    const found: Comparison[] = [];
    for (const size of sizes) {
      const batch = devices.filter(({ lmin, lmax }) => lmax - lmin === size);
      found.push(...(await compareBatch(solver, batch)));
    }
    return found;
  } finally {
    device.close();
  }
}
