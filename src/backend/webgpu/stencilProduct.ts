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
}

/** Small for many threads with few registers, large for few threads that read little twice. */
export const THREAD_SHAPES: readonly ThreadShape[] = [
  { width: 1, length: 4 },
  { width: 4, length: 32 },
];

/** A part's diagonals, and where its classes lie in the vectors. */
interface Layout {
  readonly firstQ: number;
  readonly endQ: number;
  readonly bases: Int32Array<ArrayBuffer>;
  readonly basesWidth: number;
  readonly elements: number;
}

function layoutOf(space: Space, stencil: Stencil, part: Part, offsets: readonly Offset[]): Layout {
  const { pairs } = stencil;
  const classes = space.classes.flatMap(({ ket, bra, delta, offset, first, length }) => {
    const pair = pairs.findIndex((p) => p.ket === ket && p.bra === bra);
    if (!part.pairs.includes(pair)) return [];
    return [{ pair, q: delta - offsets[pair].delta, base: offset - first, length }];
  });
  const numbers = classes.map(({ q }) => q);
  const [firstQ, lastQ] = [Math.min(...numbers), Math.max(...numbers)];
  const basesWidth = lastQ - firstQ + 1 + 2 * part.reach;
  const bases = new Int32Array(pairs.length * basesWidth).fill(ABSENT);
  for (const { pair, q, base } of classes) {
    bases[pair * basesWidth + q - firstQ + part.reach] = base;
  }
  const elements = classes.reduce((total, { length }) => total + length, 0);
  return { firstQ, endQ: lastQ + 1, bases, basesWidth, elements };
}

/** The tables, and what each one is beyond the one that it is written as. */
const tablesOf = (stencil: Stencil): Float32Array<ArrayBuffer> =>
  Float32Array.of(...stencil.tables, ...knownTables(stencil).flatMap(({ beyond }) => beyond));

/** The kernel of a part. */
export function stencilVariant(
  stencil: Stencil,
  part: Part,
  offsets: readonly Offset[],
  { width }: ThreadShape,
  elements: number,
  bases: number,
): ShaderVariant {
  return {
    generated: stencilCode(stencil, part, offsets, width),
    constants: {
      width,
      elements,
      levels: stencil.levels,
      tables_count: stencil.tables.length / (2 * stencil.levels),
      base_entries: bases,
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
  const { levels } = stencil;
  const { offsets, parts } = stencilParts(stencil);
  const tableSlice = await filled(device, 'tables', tablesOf(stencil));
  const runs: { kernel: Kernel; layout: Layout; part: Part; bases: Slice }[] = [];
  for (const part of parts) {
    const layout = layoutOf(space, stencil, part, offsets);
    const kernel = await device.kernel(
      'stencil',
      'apply',
      ['parameters', 'input', 'input', 'input', 'output'],
      stencilVariant(stencil, part, offsets, shape, space.size, layout.bases.length),
    );
    runs.push({ kernel, layout, part, bases: await filled(device, 'bases', layout.bases) });
  }

  return {
    apply: async (x, y) => {
      for (const { kernel, layout, part, bases } of runs) {
        const { firstQ, endQ, basesWidth, elements } = layout;
        const shifts = part.pairs.map((pair) => offsets[pair].level);
        const firstLevel = -Math.max(...shifts);
        const columns = Math.ceil((levels - Math.min(...shifts) - firstLevel) / shape.width);
        const traffic = 2 * BYTES_OF_ELEMENT * elements;
        const stretches = Math.ceil((endQ - firstQ) / shape.length);
        for (const run of shortRuns(stretches, traffic, device.rate)) {
          const from = firstQ + run.first * shape.length;
          const end = Math.min(endQ, from + run.count * shape.length);
          device.dispatch(
            kernel,
            [bases, tableSlice, x.parts[0], y.parts[0]],
            spread(Math.ceil((run.count * columns) / THREADS)),
            run.traffic,
            Int32Array.of(
              columns,
              firstLevel,
              from,
              end,
              shape.length,
              firstQ - part.reach,
              basesWidth,
            ),
          );
        }
      }
      if (y.length > space.size) vectors.clear(y, space.size);
    },
    release: () => {
      for (const { buffer } of [tableSlice, ...runs.map(({ bases }) => bases)]) {
        device.pool.release(buffer);
      }
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
