/** How fast the reader's machine is: copies, products with the Lindbladian, steady states. */
import type { Backend } from '../../backend/backend.js';
import type { OpenChains } from '../../backend/batches.js';
import { cpuBackend } from '../../backend/cpu/backend.js';
import { webgpuBackend } from '../../backend/webgpu/backend.js';
import { NoAdapterError, openDevice } from '../../backend/webgpu/device.js';
import { webgpuChains } from '../../backend/webgpu/eliminations.js';
import { probeDf64 } from '../../backend/webgpu/probe.js';
import { apply } from '../../generator/apply.js';
import { lindbladian } from '../../generator/lindbladian.js';
import { loadKernels } from '../../lindblad/kernels.js';
import { device } from '../../model/device.js';
import { deviceParameters } from '../../model/parameters.js';
import { rotorWindow } from '../../operators/window.js';
import { measure } from '../../performance/measure.js';
import { copyBandwidth, queued } from '../../performance/onBackend.js';
import { statesOnDevice } from '../../simulate/deviceStates.js';
import { bathHeat, steadyStateOn } from '../../simulate/steady.js';
import { version } from '../../version.js';
import { recycling } from '../../zeros.js';
import type { Report } from './report.js';

export interface PerformanceRow {
  readonly task: string;
  readonly backend: string;
  readonly adapter: string | null;
  readonly precision: string;
  /** In the unit beside it. */
  readonly rate: number;
  readonly unit: 'GB/s' | 'steady states/s';
  /** Seconds of one run: the median. */
  readonly seconds: number;
  /** Of the copy bandwidth of the same backend; null where it is no matter of bandwidth. */
  readonly share: number | null;
  /** Largest relative difference from float64 on the CPU; null where it is that itself. */
  readonly error: number | null;
}

export interface PerformanceResult {
  readonly version: string;
  readonly userAgent: string;
  readonly threads: number;
  readonly rows: readonly PerformanceRow[];
  /** What this machine does not have. */
  readonly left: readonly string[];
}

const EFFORT = { seconds: 0.3, repetitions: 3 } as const;
const WINDOW = rotorWindow(-20, 40);
/** Steady states of one batch: doubled until a batch takes a tenth of a second. */
const FIRST_BATCH = 64;
const LARGEST_BATCH = 1 << 16;
const LONG_ENOUGH_MS = 100;

const scanned = (share: number) => deviceParameters({ beta2: 0.01 + 0.08 * share });

const distance = (found: Float64Array, wanted: Float64Array): number => {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < wanted.length; i++) {
    difference += (found[i] - wanted[i]) ** 2;
    size += wanted[i] ** 2;
  }
  return Math.sqrt(difference / size);
};

/** Copies, and L·ρ in the whole space with V = 1. */
async function products<V>(
  backend: Backend<V>,
  bytes: number,
  add: (row: PerformanceRow) => void,
): Promise<void> {
  const { name, adapter, precision } = backend;
  const by = { backend: name, adapter, precision };
  const bandwidth = await copyBandwidth(backend, bytes, EFFORT);
  const nothing = { share: null, error: null };
  add({ task: 'copy', ...by, ...nothing, rate: bandwidth / 1e9, unit: 'GB/s', seconds: 0 });
  const { total, space } = lindbladian(device(deviceParameters({ V: 1 }), WINDOW).system, 'full');
  const x = Float64Array.from({ length: 2 * space.size }, (_, i) => Math.cos(i));
  const [input, output] = [await backend.upload(x), await backend.allocate(space.size)];
  const map = await backend.prepare(total);
  const seconds = await queued(backend, () => map.apply(input, output), output, EFFORT);
  const error = distance(await backend.download(output), apply(total, x));
  map.release();
  const rate = (2 * space.size * bytes) / seconds.median;
  add({
    task: `L·ρ, whole space, N = ${WINDOW.size}`,
    ...by,
    rate: rate / 1e9,
    unit: 'GB/s',
    seconds: seconds.median,
    share: rate / bandwidth,
    error: name === 'cpu' ? null : error,
  });
}

const SWEEP = `steady state and heat, sector, N = ${WINDOW.size}`;

async function sweepOnCpu(add: (row: PerformanceRow) => void): Promise<void> {
  let turn = 0;
  const { median } = await measure(() => {
    recycling(() => bathHeat(steadyStateOn(scanned((turn++ % 1000) / 1000), WINDOW)));
  }, EFFORT);
  const by = { backend: 'cpu, one thread', adapter: null, precision: 'f64' };
  const row = { task: SWEEP, unit: 'steady states/s', share: null, error: null } as const;
  add({ ...row, ...by, rate: 1 / median, seconds: median });
}

async function sweepOnGpu(
  gpu: Awaited<ReturnType<typeof openDevice>>,
  add: (row: PerformanceRow) => void,
): Promise<void> {
  await loadKernels();
  const probe = await probeDf64(gpu);
  const chains: OpenChains = (precision, form) => webgpuChains(gpu, precision, form, probe);
  /** The heat of bath 2 of each of so many devices. */
  const solved = async (count: number): Promise<Float64Array> => {
    const points = Array.from({ length: count }, (_, p) => ({
      ...{ parameters: scanned(p / count), window: WINDOW },
    }));
    const heat = new Float64Array(count).fill(Number.NaN);
    await statesOnDevice(chains, 'f64', points, {
      solved: (p, state) => {
        heat[p] = recycling(() => bathHeat(state().state).Q2);
      },
      unsolved: () => {},
    });
    return heat;
  };
  let count = FIRST_BATCH;
  for (; count < LARGEST_BATCH; count *= 2) {
    await solved(count);
    const begin = performance.now();
    await solved(count);
    if (performance.now() - begin > LONG_ENOUGH_MS) break;
  }
  const { median } = await measure(() => solved(count), EFFORT);
  const heat = await solved(count);
  const error = Math.max(
    ...[0, count >> 1, count - 1].map((p) => {
      const { Q2 } = bathHeat(steadyStateOn(scanned(p / count), WINDOW));
      return Math.abs(heat[p] / Q2 - 1);
    }),
  );
  add({
    task: `${SWEEP}, ${count} at once`,
    backend: 'webgpu',
    adapter: gpu.adapter.name,
    precision: 'f64 as pairs of f32',
    rate: count / median,
    unit: 'steady states/s',
    seconds: median,
    share: null,
    error,
  });
}

/** On a GPU device of its own, given back at the end. */
export async function performanceStudy(report: Report): Promise<PerformanceResult> {
  const rows: PerformanceRow[] = [];
  const left: string[] = [];
  const add = (row: PerformanceRow) => {
    rows.push(row);
    report(rows.length);
  };
  await sweepOnCpu(add);
  await products(cpuBackend(), 16, add);
  try {
    const gpu = await openDevice();
    await products(await webgpuBackend(gpu, 'f32'), 8, add);
    await sweepOnGpu(gpu, add);
    gpu.close();
  } catch (error) {
    left.push(
      error instanceof NoAdapterError
        ? 'WebGPU: no adapter'
        : `WebGPU: ${(error as Error).message}`,
    );
  }
  const { userAgent, hardwareConcurrency } = navigator;
  return { version, userAgent, threads: hardwareConcurrency, rows, left };
}
