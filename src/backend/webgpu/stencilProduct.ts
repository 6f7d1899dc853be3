/** y = L x by kernels that are written out for the generator's stencil. */

import type { Space } from '../../generator/classes.js';
import type { LinearMap } from '../backend.js';
import type { Device } from './device.js';
import { shortRuns, spread } from './dispatches.js';
import type { Kernel, Slice } from './recorder.js';
import type { ShaderVariant } from './shaders.js';
import type { Stencil } from './stencil.js';
import { stencilCode } from './stencilCode.js';
import { type Offset, type Part, stencilParts } from './stencilParts.js';
import { knownTables } from './stencilTables.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

const THREADS = 64;
/** As in shaders/stencil.wgsl: no class is there. */
const ABSENT = -0x40000000;
const BYTES_OF_ELEMENT = 8;

/** What a thread computes: levels side by side, on diagonals one after the other. */
export interface ThreadShape {
  readonly width: number;
  readonly length: number;
  /** Threads side by side that take the same diagonals, a divisor of a workgroup's: the fewer, the fewer idle. */
  readonly tile: number;
}

/** Small for many threads with few registers, large for few threads that read little twice. */
export const THREAD_SHAPES: readonly ThreadShape[] = [
  { width: 1, length: 4, tile: 4 },
  { width: 4, length: 16, tile: 4 },
];

/** A part's diagonals, where its classes lie in the vectors, and where tiles of threads start. */
interface Layout {
  readonly endQ: number;
  /** The diagonal of the first entry of `bases`, and entries of each pair. */
  readonly basesFrom: number;
  readonly bases: Int32Array<ArrayBuffer>;
  readonly basesWidth: number;
  readonly pieces: Int32Array<ArrayBuffer>;
  readonly elements: number;
}

function layoutOf(
  space: Space,
  { levels, pairs }: Stencil,
  part: Part,
  offsets: readonly Offset[],
  shape: ThreadShape,
): Layout {
  const classes = space.classes.flatMap(({ ket, bra, delta, offset, first, length }) => {
    const pair = pairs.findIndex((p) => p.ket === ket && p.bra === bra);
    if (!part.pairs.includes(pair)) return [];
    return [{ pair, q: delta - offsets[pair].delta, base: offset - first, length }];
  });
  const numbers = classes.map(({ q }) => q);
  const [firstQ, lastQ] = [Math.min(...numbers), Math.max(...numbers)];
  const endQ = lastQ + 1;
  const basesFrom = firstQ - part.reach;
  const basesWidth = endQ + part.reach - basesFrom;
  const bases = new Int32Array(pairs.length * basesWidth).fill(ABSENT);
  for (const { pair, q, base } of classes) {
    bases[pair * basesWidth + q - basesFrom] = base;
  }
  const elements = classes.reduce((total, { length }) => total + length, 0);
  const own = part.pairs.map((pair) => offsets[pair]);
  const pieces = piecesOf(levels, firstQ, endQ, own, shape);
  return { endQ, basesFrom, bases, basesWidth, pieces, elements };
}

/**
 * Where tiles of threads start that have elements: pairs of a diagonal and a level, those of the same diagonals
 * one after the other.
 */
function piecesOf(
  levels: number,
  firstQ: number,
  endQ: number,
  offsets: readonly Offset[],
  { width, length, tile }: ThreadShape,
): Int32Array<ArrayBuffer> {
  const shifts = offsets.map(({ level }) => level);
  const lastLevel = levels - 1 - Math.min(...shifts);
  // The level of the bra is the thread's, less q, plus this.
  const braShifts = offsets.map(({ delta, level }) => level - delta);
  const [least, most] = [Math.min(...braShifts), Math.max(...braShifts)];
  const found: number[] = [];
  for (let q = firstQ; q < endQ; q += length) {
    const lastQ = Math.min(q + length, endQ) - 1;
    for (let level = -Math.max(...shifts); level <= lastLevel; level += width * tile) {
      const last = level + width * tile - 1;
      if (last - q + most >= 0 && level - lastQ + least < levels) found.push(q, level);
    }
  }
  return Int32Array.from(found);
}

/** The tables, and what each one is beyond the one that it is written as. */
const tablesOf = (stencil: Stencil): Float32Array<ArrayBuffer> =>
  Float32Array.of(...stencil.tables, ...knownTables(stencil).flatMap(({ beyond }) => beyond));

/** The kernel of a part. */
export function stencilVariant(
  stencil: Stencil,
  part: Part,
  offsets: readonly Offset[],
  { width, tile }: ThreadShape,
  sizes: { readonly elements: number; readonly bases: number; readonly pieces: number },
): ShaderVariant {
  return {
    generated: stencilCode(stencil, part, offsets, width),
    constants: {
      width,
      tile,
      elements: sizes.elements,
      levels: stencil.levels,
      tables_count: stencil.tables.length / (2 * stencil.levels),
      base_entries: sizes.bases,
      piece_entries: sizes.pieces,
    },
  };
}

/** In float32, for vectors of one buffer. */
export async function prepareStencil(
  vectors: DeviceVectors,
  space: Space,
  stencil: Stencil,
  shape: ThreadShape,
): Promise<LinearMap<DeviceVector>> {
  const { device } = vectors;
  const { offsets, parts } = stencilParts(stencil);
  const tableSlice = await filled(device, 'tables', tablesOf(stencil));
  const runs: { kernel: Kernel; layout: Layout; bases: Slice; pieces: Slice }[] = [];
  for (const part of parts) {
    const layout = layoutOf(space, stencil, part, offsets, shape);
    const sizes = {
      elements: space.size,
      bases: layout.bases.length,
      pieces: layout.pieces.length / 2,
    };
    runs.push({
      kernel: await device.kernel(
        'stencil',
        'apply',
        ['parameters', 'input', 'input', 'input', 'input', 'output'],
        stencilVariant(stencil, part, offsets, shape, sizes),
      ),
      layout,
      bases: await filled(device, 'bases', layout.bases),
      pieces: await filled(device, 'pieces', layout.pieces),
    });
  }

  return {
    apply: async (x, y) => {
      for (const { kernel, layout, bases, pieces } of runs) {
        const { endQ, basesFrom, basesWidth, elements } = layout;
        const traffic = 2 * BYTES_OF_ELEMENT * elements;
        for (const { first, count, ...run } of shortRuns(
          layout.pieces.length / 2,
          traffic,
          device.rate,
        )) {
          device.dispatch(
            kernel,
            [pieces, bases, tableSlice, x.parts[0], y.parts[0]],
            spread(Math.ceil((count * shape.tile) / THREADS)),
            run.traffic,
            Int32Array.of(first, count, shape.length, endQ, basesFrom, basesWidth),
          );
        }
      }
      if (y.length > space.size) vectors.clear(y, space.size);
    },
    release: () => {
      const slices = [tableSlice, ...runs.flatMap(({ bases, pieces }) => [bases, pieces])];
      for (const { buffer } of slices) device.pool.release(buffer);
    },
  };
}

async function filled(
  device: Device,
  label: string,
  data: Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
): Promise<Slice> {
  const buffer = await device.storage(label, data.byteLength);
  device.write(buffer, data);
  return { buffer, size: data.byteLength };
}
