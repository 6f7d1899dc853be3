/** A small sweep without physics, on a disk in memory. */
import { spawnSync } from 'node:child_process';
import type { BatchSolver } from '../../src/sweep/batchSolver.js';
import { type Shard, WHOLE } from '../../src/sweep/chunks.js';
import { emptyResult } from '../../src/sweep/hostBatch.js';
import { readPlan } from '../../src/sweep/plan.js';
import { runSweep } from '../../src/sweep/run.js';
import { SweepStore } from '../../src/sweep/store.js';
import type { CrashDisk } from './crashDisk.js';

export const FOLDER = '/results';

export const plan = readPlan({
  axes: { chi: [-0.5, 0, 0.5], lambda: [0.1, 0.2] },
  observables: ['heat.Q1', 'operation'],
  truncation: { lmin: -1, lmax: 1 },
});

/** Numbers that depend on the point, without any physics. */
export const solver: BatchSolver = {
  name: 'cpu',
  adapter: null,
  details: {},
  refusal: () => null,
  capacity: () => 1000,
  solve: async ({ count, parameters }, observables) => {
    const result = emptyResult(count, observables.length);
    const width = parameters.length / count;
    for (let p = 0; p < count; p++) {
      const point = parameters.subarray(p * width, (p + 1) * width);
      observables.forEach((name, c) => {
        result.values[p * observables.length + c] =
          name === 'operation' ? p % 4 : point.reduce((sum, x, k) => sum + (x || 0) * k, 0);
      });
      result.residual[p] = result.edgeLow[p] = result.edgeHigh[p] = 0;
    }
    return { ...result, path: 'cpu_f64' };
  },
  close: async () => {},
};

/** Opens the store, computes what it lacks, and closes it. */
export async function sweep(disk: CrashDisk, shard: Shard = WHOLE, options: object = {}) {
  const store = await SweepStore.open(FOLDER, plan, shard, async () => 2, { disk, ...options });
  try {
    const stop = new AbortController().signal;
    const run = await runSweep(store, { first: solver, fallback: null }, shard, () => {}, stop);
    await store.statuses();
    await store.close();
    return run;
  } catch (error) {
    await store.close().catch(() => {});
    throw error;
  }
}

/** The results on a disk, file by file. */
export const contents = (disk: CrashDisk) =>
  new Map([...disk.contents()].filter(([path]) => !path.includes('.writers')));

/** A process that has ended. */
const { pid: ended } = spawnSync(process.execPath, ['-e', '']);

/** Locks of this process become those of one that was killed. */
export function killOwners(disk: CrashDisk): void {
  for (const [path, hex] of disk.contents()) {
    // One that is only being prepared may be cut short.
    if (!path.endsWith('/owner.json') || path.includes('/.new-')) continue;
    const owner = JSON.parse(Buffer.from(hex, 'hex').toString());
    disk.put(path, Buffer.from(JSON.stringify({ ...owner, pid: ended })));
  }
}
