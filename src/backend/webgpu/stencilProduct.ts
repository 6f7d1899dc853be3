/** y = L x by a kernel that is written out for the generator's stencil. */
import type { Space } from '../../generator/classes.js';
import type { LinearMap } from '../backend.js';
import type { Stencil } from './stencil.js';
import { stencilCode } from './stencilCode.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

const THREADS = 64;
const MOST_GROUPS = 65535;
/** Time that one dispatch may take. */
const SECONDS_PER_DISPATCH = 0.1;
/** As in shaders/stencil.wgsl: no class is there. */
const ABSENT = -0x40000000;

/** In float32, for vectors of one buffer. */
export async function prepareStencil(
  vectors: DeviceVectors,
  space: Space,
  stencil: Stencil,
): Promise<LinearMap<DeviceVector>> {
  const { device } = vectors;
  const { source, offsets, reach } = stencilCode(stencil);
  const { pairs, levels, tables } = stencil;
  const kernel = await device.kernel(
    'stencil',
    'apply',
    ['parameters', 'input', 'input', 'input', 'output'],
    { generated: source },
  );

  // A pair's class of delta belongs to the diagonal delta − offset.
  const diagonals = space.classes.map(({ ket, bra, delta }) => {
    const pair = pairs.findIndex((p) => p.ket === ket && p.bra === bra);
    return { pair, q: delta - offsets[pair].delta };
  });
  const numbers = diagonals.map(({ q }) => q);
  const [firstQ, lastQ] = [Math.min(...numbers), Math.max(...numbers)];
  const width = lastQ - firstQ + 1 + 2 * reach;
  const bases = new Int32Array(pairs.length * width).fill(ABSENT);
  space.classes.forEach(({ offset, first }, at) => {
    const { pair, q } = diagonals[at];
    bases[pair * width + q - firstQ + reach] = offset - first;
  });
  const shifts = offsets.map(({ level }) => level);
  const firstLevel = -Math.max(...shifts);
  const columns = levels - Math.min(...shifts) - firstLevel;

  const baseBuffer = await device.storage('bases', bases.byteLength);
  device.write(baseBuffer, bases);
  const numbersOfTables = Float32Array.from(tables);
  const tableBuffer = await device.storage('tables', numbersOfTables.byteLength);
  device.write(tableBuffer, numbersOfTables);
  const slices = [
    { buffer: baseBuffer, size: bases.byteLength },
    { buffer: tableBuffer, size: numbersOfTables.byteLength },
  ];

  return {
    apply: async (x, y) => {
      const traffic = 2 * y.parts[0].size;
      const rows = lastQ - firstQ + 1;
      const pieces = Math.ceil(traffic / (device.rate * SECONDS_PER_DISPATCH));
      const most = Math.ceil(rows / pieces);
      for (let row = 0; row < rows; row += most) {
        const count = Math.min(most, rows - row);
        const groups = Math.ceil((count * columns) / THREADS);
        const across = Math.min(groups, MOST_GROUPS);
        device.dispatch(
          kernel,
          [...slices, x.parts[0], y.parts[0]],
          [across, Math.ceil(groups / across), 1],
          (traffic * count) / rows,
          Int32Array.of(levels, columns, firstLevel, firstQ + row, count, firstQ - reach, width),
        );
      }
      if (y.length > space.size) vectors.clear(y, space.size);
    },
    release: () => {
      for (const { buffer } of slices) device.pool.release(buffer);
    },
  };
}
