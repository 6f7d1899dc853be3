/** Random coupled bands, and their equations. */
import type { CoupledBand } from '../../src/generator/coupledBand.js';
import { randomElements } from './vectors.js';

/**
 * Levels of so many unknowns, with `perRow` random couplings of each row to its own and to each neighbouring
 * level (a column may occur twice), and a heavy diagonal. Populations and coherences take turns; the
 * conjugates are the last elements.
 */
export function randomBand(
  orders: readonly number[],
  seed: number,
  perRow = 3,
  heavy = 4,
): CoupledBand {
  const start = Int32Array.of(
    0,
    ...orders.map((_, s) => orders.slice(0, s + 1).reduce((a, b) => a + b)),
  );
  const unknowns = start[orders.length];
  const places: number[] = [];
  const parts: number[] = [];
  const owners: number[] = [];
  let elements = 0;
  let coherences = 0;
  while (places.length < unknowns) {
    const coherent = elements % 3 !== 0 && places.length + 1 < unknowns;
    for (const part of coherent ? [0, 1] : [0]) {
      places.push(elements);
      parts.push(part);
      owners.push(coherent ? coherences : -1);
    }
    if (coherent) coherences++;
    elements++;
  }
  const numbers = randomElements(unknowns * 3 * (perRow + 1), seed);
  let next = 0;
  const rowStart = [0];
  const columns: number[] = [];
  const values: number[] = [];
  orders.forEach((_, s) => {
    for (let i = start[s]; i < start[s + 1]; i++) {
      for (let t = Math.max(0, s - 1); t <= Math.min(orders.length - 1, s + 1); t++) {
        for (let k = 0; k < perRow; k++) {
          columns.push(start[t] + Math.floor((0.5 + numbers[next++] / 2) * orders[t]));
          values.push(numbers[next++]);
        }
      }
      columns.push(i);
      values.push(heavy * perRow);
      rowStart.push(columns.length);
    }
  });
  return {
    start,
    places: Int32Array.from(places),
    parts: Uint8Array.from(parts),
    mirrors: Int32Array.from(owners, (k) => (k < 0 ? -1 : elements + k)),
    rowStart: Int32Array.from(rowStart),
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
  };
}

/** M x − b of a band, for interleaved vectors x and b: one number an unknown. */
export function bandResidual(
  { places, parts, rowStart, columns, values }: CoupledBand,
  x: Float64Array,
  b: Float64Array,
): Float64Array {
  return Float64Array.from(places, (place, i) => {
    let sum = -b[2 * place + parts[i]];
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      const j = columns[k];
      sum += values[k] * x[2 * places[j] + parts[j]];
    }
    return sum;
  });
}
