/**
 * Many steady states of a sector at once on a WebGPU device, shaders/sector_solve.wgsl: one point for each thread,
 * assembled there, in float32 or double-float.
 */
import type { Precision } from '../backend.js';
import type { SectorBatch, SectorKernel, Sectors, Verdict } from '../batches.js';
import type { Device } from './device.js';
import { withoutDoubleFloat } from './errors.js';
import { NO_DF64, type ProbeRecord, probeDf64 } from './probe.js';

/** As the kernel numbers them. */
const VERDICTS: readonly Verdict[] = ['solved', 'closed', 'off-centre', 'faint'];

const GROUP_SIZE = 64;
/** Numbers that the elimination of a level leaves for the substitution. */
const FACTORS_PER_LEVEL = 50;
const UNKNOWNS_PER_LEVEL = 6;
/** How often the elimination may be moved to the peak that the last one found. */
const MOST_MOVES = 6;
/** Enough points for one dispatch to be worth its cost, and few enough to take no tenth of a second. */
const FIRST_DISPATCH = 256;
const SHORT_DISPATCH_MS = 30;
const LONG_DISPATCH_MS = 100;
/** Dispatches submitted before the first one's numbers are read: the device never waits for the host. */
const IN_FLIGHT = 2;

interface Raw {
  readonly sums: Float32Array;
  readonly states: Float32Array | null;
  readonly stride: number;
}

/** The value of a pair, which in f32 has a low part of 0. */
const pair = (raw: Float32Array, at: number): number => raw[2 * at] + raw[2 * at + 1];

/**
 * @param probe what the device's probe found, where it was run before
 * @throws {PrecisionError} when f64 is asked for and no double-float variant is right on the device.
 */
export async function webgpuSectors(
  device: Device,
  precision: Precision,
  probe?: ProbeRecord,
): Promise<Sectors> {
  const found = precision === 'f32' ? null : (probe ?? (await probeDf64(device)));
  if (found !== null && found.variant === null) {
    throw withoutDoubleFloat(device.adapter.name);
  }
  const bytes = precision === 'f64' ? 8 : 4;
  const variant = (kernel: SectorKernel) => ({
    conditions: {
      df64: precision === 'f64',
      ...kernel.conditions,
      ...(found?.variant?.conditions ?? NO_DF64),
    },
  });
  let pointsPerDispatch = FIRST_DISPATCH;

  const factorBytes = (levels: number) => FACTORS_PER_LEVEL * levels * bytes;
  const stateBytes = (levels: number) => UNKNOWNS_PER_LEVEL * levels * bytes;
  const capacity = (levels: number): number => {
    const points = device.bindingLimit / factorBytes(levels);
    const fitting = Math.floor(points / GROUP_SIZE) * GROUP_SIZE;
    return Math.max(GROUP_SIZE, fitting);
  };

  const kernels = (kernel: SectorKernel) =>
    Promise.all([
      device.kernel(
        'sector_solve',
        'solve',
        ['parameters', 'input', 'output', 'output', 'output'],
        variant(kernel),
      ),
      device.kernel(
        'sector_observe',
        'observe',
        ['parameters', 'input', 'input', 'output'],
        variant(kernel),
      ),
    ]);

  /** One dispatch of each kernel over the given points. */
  const run = async (
    { kernel, levels, pack, states: wantStates }: SectorBatch,
    points: readonly number[],
    centers: readonly number[],
  ): Promise<Raw> => {
    const stride = Math.ceil(points.length / GROUP_SIZE) * GROUP_SIZE;
    const sizes = {
      points: 8 * kernel.pointNumbers * stride,
      factors: factorBytes(levels) * stride,
      state: stateBytes(levels) * stride,
      sums: 8 * kernel.sumNumbers * stride,
    };
    const [solving, observing] = await kernels(kernel);
    const acquired: GPUBuffer[] = [];
    const slice = async (label: keyof typeof sizes) => {
      const buffer = await device.storage(`sector ${label}`, sizes[label]);
      acquired.push(buffer);
      return { buffer, size: sizes[label] };
    };
    try {
      const table = await slice('points');
      const factors = await slice('factors');
      const state = await slice('state');
      const sums = await slice('sums');
      device.write(table.buffer, pack(points, centers, stride, precision));
      const groups = [stride / GROUP_SIZE, 1, 1] as const;
      const batch = Uint32Array.of(points.length, stride, levels);
      const traffic = 2 * sizes.factors + sizes.state;
      device.dispatch(solving, [table, factors, state, sums], groups, traffic, batch);
      device.dispatch(observing, [table, state, sums], groups, sizes.state, batch);
      // Both copies are asked for at once, before another batch can use the buffers.
      const copies = [device.read(sums.buffer, sums.size)];
      if (wantStates) copies.push(device.read(state.buffer, state.size));
      const [found, states] = (await Promise.all(copies)).map((raw) => new Float32Array(raw));
      return { sums: found, states: states ?? null, stride };
    } finally {
      for (const buffer of acquired) device.pool.release(buffer);
    }
  };

  const solve: Sectors['solve'] = async (batch) => {
    const { kernel, count, levels, states } = batch;
    const numbers = kernel.sumNumbers;
    const unknowns = UNKNOWNS_PER_LEVEL * levels;
    const sums = new Float64Array(count * numbers);
    const found = states ? new Float64Array(count * unknowns) : null;
    const verdicts = new Array<Verdict>(count);
    const centers = [...batch.centers];

    const read = (raw: Raw, places: readonly number[]) => {
      places.forEach((p, i) => {
        verdicts[p] = VERDICTS[raw.sums[2 * i]];
        if (verdicts[p] === 'off-centre') centers[p] = raw.sums[2 * i + 1];
        for (let s = 1; s < numbers; s++)
          sums[p * numbers + s] = pair(raw.sums, s * raw.stride + i);
        if (found === null || raw.states === null) return;
        for (let u = 0; u < unknowns; u++) {
          const at = u * raw.stride + i;
          found[p * unknowns + u] = precision === 'f64' ? pair(raw.states, at) : raw.states[at];
        }
      });
    };

    let places = centers.map((_, p) => p);
    for (let move = 0; move <= MOST_MOVES && places.length > 0; move++) {
      let next = 0;
      const current = places;
      const stream = async () => {
        while (next < current.length) {
          const size = Math.min(pointsPerDispatch, capacity(levels));
          const part = current.slice(next, next + size);
          next += part.length;
          const begin = performance.now();
          const raw = await run(
            batch,
            part,
            part.map((p) => centers[p]),
          );
          // Another one may have been ahead of it.
          const milliseconds = (performance.now() - begin) / IN_FLIGHT;
          if (milliseconds > LONG_DISPATCH_MS) {
            pointsPerDispatch = Math.max(GROUP_SIZE, Math.floor(part.length / 2));
          } else if (milliseconds < SHORT_DISPATCH_MS && part.length === size) {
            pointsPerDispatch = Math.max(pointsPerDispatch, 2 * size);
          }
          read(raw, part);
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, stream));
      places = places.filter((p) => verdicts[p] === 'off-centre');
    }
    return { precision, levels, verdicts, sums, states: found };
  };

  return {
    precision,
    probe: found,
    bytesPerPoint: (kernel, levels) =>
      factorBytes(levels) + stateBytes(levels) + 8 * (kernel.pointNumbers + kernel.sumNumbers),
    capacity,
    prepare: async (kernel) => {
      await kernels(kernel);
    },
    solve,
  };
}
