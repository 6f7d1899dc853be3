import { expect, test } from 'vitest';
import type { Atlas } from '../../src/app/map/atlas.js';
import { MAP_OBSERVABLES, MAP_WIDTH } from '../../src/app/map/grid.js';
import { regionLabels } from '../../src/app/map/regions.js';
import { OPERATIONS } from '../../src/thermo/operation.js';

/** A map with the operation that a function says; unknown where it says none. */
function mapOf(size: number, operationAt: (i: number, j: number) => number | null): Atlas {
  const values = new Float64Array(size * size * MAP_WIDTH).fill(Number.NaN);
  const strides = new Uint8Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const operation = operationAt(i, j);
      if (operation === null) continue;
      strides[j * size + i] = 1;
      values[(j * size + i) * MAP_WIDTH + MAP_OBSERVABLES.indexOf('operation')] = operation;
    }
  }
  return { request: { size } as Atlas['request'], values, strides };
}

test.each([33, 64, 400, 1024])('regions of a map of %i are named within themselves', (size) => {
  const at = (i: number, j: number) => (i > j ? 0 : 2 * j < size ? 1 : 2);
  const labels = regionLabels(mapOf(size, at));
  expect(labels.map(({ operation }) => operation).sort()).toEqual(
    [OPERATIONS[0], OPERATIONS[1], OPERATIONS[2]].sort(),
  );
  for (const { operation, x, y } of labels) {
    expect(OPERATIONS[at(Math.round(x * (size - 1)), Math.round(y * (size - 1)))]).toBe(operation);
  }
});

test('what is unknown, or too small, has no name', () => {
  expect(regionLabels(mapOf(64, () => null))).toEqual([]);
  const labels = regionLabels(mapOf(64, (i, j) => (i < 3 && j < 3 ? 1 : 0)));
  expect(labels.map(({ operation }) => operation)).toEqual([OPERATIONS[0]]);
});
