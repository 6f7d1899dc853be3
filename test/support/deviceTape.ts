/** Expressions on a WebGPU device, and the same with about 30 digits on the CPU. */
import type { Precision } from '../../src/backend/backend.js';
import type { Device } from '../../src/backend/webgpu/device.js';
import { packDf64 } from '../../src/backend/webgpu/df64.js';
import type { ProbeRecord } from '../../src/backend/webgpu/probe.js';
import {
  DeviceTape,
  filled,
  numberAt,
  packedNumbers,
  strideOf,
} from '../../src/backend/webgpu/tapes.js';
import { ExactNumbers } from '../../src/machine/exactNumbers.js';
import type { Expression } from '../../src/machine/expression.js';
import { EVERYWHERE } from '../../src/machine/range.js';
import { Tape, type Values } from '../../src/machine/tape.js';
import { TapeWords } from '../../src/machine/tapeWords.js';

export interface Compared {
  readonly found: Float64Array;
  readonly exact: Float64Array;
}

/** Of each expression, for each device, its table. */
export async function tablesOnDevice(
  device: Device,
  probe: ProbeRecord,
  precision: Precision,
  expressions: readonly Expression[],
  devices: readonly Values[],
  [lmin, size]: readonly [number, number],
): Promise<Compared[][]> {
  const tape = new Tape();
  const places = expressions.map((expression) => tape.table(expression));
  const words = new TapeWords(
    tape,
    places.map((table) => ({ table, range: EVERYWHERE })),
  );
  const levels = words.levels(size);
  const numbers = tape.numbers(lmin, size);
  const batch = { count: devices.length, stride: strideOf(devices.length), levels };
  const kernel = await DeviceTape.on(device, precision, probe.variant, words);
  const packed = packedNumbers(precision, batch, words.count, (p, out) => {
    numbers.fill(devices[p]);
    words.pack(numbers, lmin, size, out);
  });
  const [uploaded, given, room] = await Promise.all([
    filled(device, 'numbers', packed),
    filled(device, 'given', packDf64(words.given(size))),
    device.storage('tables', kernel.bytes(batch)),
  ]);
  kernel.run(batch, uploaded, given, { buffer: room, size: kernel.bytes(batch) });
  const raw = new Float32Array(await device.read(room, kernel.bytes(batch)));
  for (const { buffer } of [uploaded, given, { buffer: room }]) device.pool.release(buffer);
  kernel.release();
  const exact = new ExactNumbers(tape, lmin, size);
  return devices.map((values, p) => {
    exact.fill(values);
    return places.map((place) => {
      const { slot, first } = words.placeOf(place) ?? { slot: Number.NaN, first: 0 };
      return {
        // The next device overwrites it.
        exact: exact.table(place).high.slice(),
        found: Float64Array.from({ length: size }, (_, i) =>
          numberAt(raw, precision, batch.stride, slot * levels + first + i, p),
        ),
      };
    });
  });
}

/** The largest error, relative to each number. */
export function largestError({ found, exact }: Compared): number {
  let most = 0;
  found.forEach((x, i) => {
    const error = x === exact[i] ? 0 : Math.abs(x - exact[i]) / Math.abs(exact[i]);
    most = error <= most ? most : error >= 0 ? error : Number.POSITIVE_INFINITY;
  });
  return most;
}
