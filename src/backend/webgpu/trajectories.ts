/** Quantum trajectories on a device, by shaders/trajectories.wgsl: many at once, in float32. */

import type { KetPair } from '../../generator/ketPairs.js';
import type { PairStart, PairState, PairTrajectories } from '../batches.js';
import type { Device } from './device.js';
import { MOST_GROUPS } from './dispatches.js';
import type { Kernel, Slice } from './recorder.js';

const GROUP_SIZE = 64;
const BLOCK_BYTES = 64;
const JUMP_BYTES = 32;
const STATE_BYTES = 64;

/** The longest that one dispatch goes on, in mean times between jumps where these are shortest. */
const JUMPS_PER_DISPATCH = 64;

/** The tables of an open system on a device. */
export class DeviceTrajectories implements PairTrajectories {
  private constructor(
    private readonly device: Device,
    private readonly kernel: Kernel,
    private readonly tables: readonly Slice[],
    private readonly longest: number,
  ) {}

  /** @throws {OutOfDeviceMemoryError | DeviceValidationError | DeviceLostError} */
  static async on(device: Device, pairs: readonly KetPair[]): Promise<DeviceTrajectories> {
    const kernel = await device.kernel('trajectories', 'advance', [
      'parameters',
      'input',
      'input',
      'output',
    ]);
    const { blocks, jumps } = encode(pairs);
    const tables: Slice[] = [];
    for (const data of [blocks, jumps]) {
      const buffer = await device.storage('trajectory tables', data.byteLength);
      device.write(buffer, new Uint8Array(data));
      tables.push({ buffer, size: data.byteLength });
    }
    return new DeviceTrajectories(device, kernel, tables, JUMPS_PER_DISPATCH / fastest(pairs));
  }

  /** Those that fit in one buffer. */
  get capacity(): number {
    return Math.floor(this.device.bindingLimit / STATE_BYTES);
  }

  async run(
    starts: readonly PairStart[],
    seed: number,
    times: readonly number[],
    observe: (index: number, states: Iterable<PairState>) => void,
  ): Promise<void> {
    const size = STATE_BYTES * starts.length;
    const buffer = await this.device.storage('trajectories', size);
    try {
      this.device.write(buffer, encodeStarts(starts));
      let t = 0;
      for (let index = 0; index < times.length; index++) {
        this.advance({ buffer, size }, starts.length, seed, times[index] - t);
        t = times[index];
        observe(index, decodeStates(await this.device.read(buffer, size)));
      }
    } finally {
      this.device.pool.release(buffer);
    }
  }

  private advance(states: Slice, count: number, seed: number, length: number): void {
    if (length === 0) return;
    const dispatches = Math.ceil(length / this.longest);
    const groups = Math.min(MOST_GROUPS, Math.ceil(count / GROUP_SIZE));
    const parameters = new DataView(new ArrayBuffer(16));
    parameters.setUint32(0, seed >>> 0, true);
    parameters.setUint32(4, Math.floor(seed / 2 ** 32), true);
    parameters.setUint32(8, count, true);
    parameters.setFloat32(12, length / dispatches, true);
    for (let k = 0; k < dispatches; k++) {
      // A jump reads its tables and computes as much as a few hundred bytes take to move.
      const traffic = count * (2 * STATE_BYTES + JUMPS_PER_DISPATCH * 512);
      this.device.dispatch(
        this.kernel,
        [...this.tables, states],
        [groups, 1, 1],
        traffic,
        parameters,
      );
    }
  }

  release(): void {
    for (const { buffer } of this.tables) this.device.pool.release(buffer);
  }
}

/** The largest rate of decay of any component. */
const fastest = (pairs: readonly KetPair[]): number =>
  pairs.reduce(
    (most, { mean, p }) => Math.max(most, 2 * (Math.abs(mean[0]) + Math.abs(p[0]))),
    1e-300,
  );

function encode(pairs: readonly KetPair[]): { blocks: ArrayBuffer; jumps: ArrayBuffer } {
  const blocks = new DataView(new ArrayBuffer(BLOCK_BYTES * pairs.length));
  const all = pairs.flatMap(({ jumps }) => jumps);
  const jumps = new DataView(new ArrayBuffer(JUMP_BYTES * Math.max(1, all.length)));
  const floats = (view: DataView, at: number, values: readonly number[]) => {
    values.forEach((value, i) => {
      view.setFloat32(at + 4 * i, value, true);
    });
  };
  let begin = 0;
  pairs.forEach(({ mean, p, b, c, square, jumps: own }, i) => {
    const at = BLOCK_BYTES * i;
    const size = Math.sqrt(Math.hypot(...square));
    const angle = Math.atan2(square[1], square[0]) / 2;
    const root = [size * Math.cos(angle), size * Math.sin(angle)];
    floats(blocks, at, [mean[0], size, ...root, ...square, ...p, ...b, ...c]);
    blocks.setUint32(at + 48, begin, true);
    begin += own.length;
    blocks.setUint32(at + 52, begin, true);
  });
  all.forEach(({ from0, from1, operator, block, position, bath, energy }, i) => {
    const at = JUMP_BYTES * i;
    floats(jumps, at, [...from0, ...from1]);
    jumps.setUint32(at + 16, operator, true);
    jumps.setUint32(at + 20, 2 * block + position, true);
    jumps.setUint32(at + 24, bath, true);
    jumps.setFloat32(at + 28, energy, true);
  });
  return { blocks: blocks.buffer, jumps: jumps.buffer };
}

/** A number of (0, 1) as the word whose upper 24 bits it has. */
const wordOf = (u: number): number => Math.floor(u * 2 ** 32) >>> 0;

function encodeStarts(starts: readonly PairStart[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(STATE_BYTES * starts.length));
  starts.forEach(({ stream, block, position, threshold, choice, draws }, i) => {
    const at = STATE_BYTES * i;
    view.setFloat32(at + 8 * position, 1, true);
    view.setFloat32(at + 28, threshold, true);
    view.setUint32(at + 44, block, true);
    view.setUint32(at + 48, draws, true);
    view.setUint32(at + 52, stream, true);
    view.setUint32(at + 56, wordOf(choice), true);
  });
  return new Uint8Array(view.buffer);
}

/** Each state in turn, in one object that the next overwrites. */
function* decodeStates(bytes: ArrayBuffer): Iterable<PairState> {
  const floats = new Float32Array(bytes);
  const words = new Uint32Array(bytes);
  const state: PairState = {
    block: 0,
    psi: new Float64Array(4),
    energy: new Float64Array(3),
    jumps: new Float64Array(3),
  };
  for (let at = 0; at < floats.length; at += STATE_BYTES / 4) {
    for (let i = 0; i < 4; i++) state.psi[i] = floats[at + i];
    for (let i = 0; i < 3; i++) {
      state.energy[i] = floats[at + 4 + i];
      state.jumps[i] = words[at + 8 + i];
    }
    state.block = words[at + 11];
    yield state;
  }
}
