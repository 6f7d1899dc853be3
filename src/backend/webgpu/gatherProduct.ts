/** y = L x on a device. */
import type { Generator } from '../../generator/generator.js';
import type { LinearMap } from '../backend.js';
import { gatherLayout } from '../gather.js';
import { shortRuns, spread } from './dispatches.js';
import type { Slice } from './recorder.js';
import type { ShaderVariant } from './shaders.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

const THREADS = 64;

/** What leads from one buffer of x to one of y. */
interface Pass {
  readonly target: number;
  readonly source: number;
  /** Whether an earlier pass wrote to the same buffer of y. */
  readonly accumulate: boolean;
  readonly elements: number;
  readonly tiles: number;
  readonly slices: readonly Slice[];
}

/**
 * The coupling by coupling product, for any generator and precision. Where vectors of its space need
 * more than one buffer, there is a pass for each pair of them.
 * @param variant the arithmetic's conditions
 */
export async function prepareGather(
  vectors: DeviceVectors,
  generator: Generator,
  variant: ShaderVariant,
): Promise<LinearMap<DeviceVector>> {
  const { device, capacity } = vectors;
  const { size } = generator.space;
  const kernel = await device.kernel(
    'apply',
    'apply',
    ['parameters', 'input', 'input', 'input', 'input', 'input', 'output'],
    variant,
  );
  const buffers: GPUBuffer[] = [];
  const filled = async (label: string, data: ArrayBufferView<ArrayBuffer>): Promise<Slice> => {
    // A binding is never empty.
    const bytes = Math.max(32, data.byteLength);
    const buffer = await device.storage(label, bytes);
    buffers.push(buffer);
    if (data.byteLength > 0) device.write(buffer, data);
    return { buffer, size: bytes };
  };
  const release = () => {
    for (const buffer of buffers) device.pool.release(buffer);
  };

  const passes: Pass[] = [];
  const range = (part: number) => ({
    begin: part * capacity,
    end: Math.min(size, (part + 1) * capacity),
  });
  const parts = Math.ceil(size / capacity);
  try {
    for (let target = 0; target < parts; target++) {
      for (let source = 0; source < parts; source++) {
        const layout = gatherLayout(generator, THREADS, range(target), range(source));
        if (source > 0 && layout.couplings.length === 0) continue;
        const slices = [
          await filled('classes', layout.classes),
          await filled('tiles', layout.tiles),
          await filled('couplings', layout.couplings),
          await filled('tables', vectors.encode(layout.tables)),
        ];
        const elements = range(target).end - range(target).begin;
        const tiles = layout.tiles.length;
        passes.push({ target, source, accumulate: source > 0, elements, tiles, slices });
      }
    }
  } catch (error) {
    release();
    throw error;
  }

  return {
    apply: async (x, y) => {
      for (const { target, source, accumulate, elements, tiles, slices } of passes) {
        const all = [...slices, x.parts[source], y.parts[target]];
        const traffic = (accumulate ? 3 : 2) * y.parts[target].size;
        for (const run of shortRuns(tiles, traffic, device.rate)) {
          device.dispatch(
            kernel,
            all,
            spread(run.count),
            run.traffic,
            Uint32Array.of(run.first, run.count, accumulate ? 1 : 0, elements),
          );
        }
      }
      if (y.length > size) vectors.clear(y, size);
    },
    release,
  };
}
