/** Tables of the page as variables of netCDF. */
import { expect, test } from 'vitest';
import { netcdfContent } from '../../src/app/export/netcdf.js';
import type { Dataset } from '../../src/figures/dataset.js';

const column = (name: string, unit = '') => ({ name, unit, description: `the ${name}` });

/** A map of 3 columns and 2 rows, from below. */
const map: Dataset = {
  columns: [column('x', 'energy'), column('y'), column('z', 'energy/time'), column('operation')],
  rows: [0, 1].flatMap((y) =>
    [0, 1, 2].map((x) => ({
      x: 10 + x,
      y: 0.5 + y,
      z: x === 2 && y === 0 ? null : 100 * y + x,
      operation: x === 0 ? 'engine' : 'heat pump',
    })),
  ),
};

test('a map has both axes, the first of its columns fastest, and words as flags', () => {
  const origin = [
    ['program', 'quantum-mill'],
    ['computed by', 'cpu'],
  ] as const;
  const { attributes, dimensions, coordinates, variables } = netcdfContent(map, 2, origin);
  expect(attributes).toMatchObject({ program: 'quantum-mill', computed_by: 'cpu' });
  expect(dimensions).toEqual(['y', 'x']);
  expect(coordinates.map(({ name, values }) => [name, [...values]])).toEqual([
    ['y', [0.5, 1.5]],
    ['x', [10, 11, 12]],
  ]);
  const [z, operation] = variables;
  expect(z).toMatchObject({ dimensions: ['y', 'x'], shape: [2, 3] });
  expect(z.attributes).toEqual({ long_name: 'the z', units: 'energy/time' });
  expect([...z.values]).toEqual([0, 1, Number.NaN, 100, 101, 102]);
  expect([...operation.values]).toEqual([0, 1, 1, 0, 1, 1]);
  expect(operation.attributes).toMatchObject({
    flag_values: [0, 1],
    flag_meanings: 'engine heat_pump',
  });
});

test('a map that is not whole, and a curve that comes back, are rows that are counted', () => {
  const part = netcdfContent({ ...map, rows: map.rows.slice(0, 5) }, 2, []);
  expect(part.dimensions).toEqual(['row']);
  expect(part.variables.map(({ name }) => name)).toEqual(['x', 'y', 'z', 'operation']);
  expect(part.variables[2].shape).toEqual([5]);
  const curve = netcdfContent(map, 1, []);
  expect(curve.dimensions).toEqual(['row']);
  const once = netcdfContent({ ...map, rows: map.rows.slice(0, 3) }, 1, []);
  expect(once.dimensions).toEqual(['x']);
});
