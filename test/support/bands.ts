/** Random coupled bands, and their equations. */
import type { CoupledBand } from '../../src/generator/coupledBand.js';
import { norm, randomElements } from './vectors.js';

/**
 * Levels of so many unknowns, populations (the first of each level is one) and coherences in turn, with
 * random couplings to their own and to the neighbouring levels; the conjugates are the last elements. As a
 * Lindbladian's, it conserves the sum of the populations: these pass on to one another at random rates,
 * and what coherences give to one they take from another.
 * @param hops by how much slower populations go to the next level than to one another
 * @param pinned the level of the equation that is given up
 */
export function randomBand(
  orders: readonly number[],
  seed: number,
  { hops = 1, pinned = orders.length >> 1 } = {},
): CoupledBand {
  const start = [0];
  for (const order of orders) start.push(start[start.length - 1] + order);
  const places: number[] = [];
  const parts: number[] = [];
  const coherences: number[] = [];
  let elements = 0;
  let pairs = 0;
  for (let s = 0; s < orders.length; s++) {
    for (let within = 0; places.length < start[s + 1]; within++) {
      const coherent = within % 2 === 1 && places.length + 1 < start[s + 1];
      for (const part of coherent ? [0, 1] : [0]) {
        places.push(elements);
        parts.push(part);
        coherences.push(coherent ? pairs : -1);
      }
      if (coherent) pairs++;
      elements++;
    }
  }
  const unknowns = places.length;
  const isPopulation = (i: number) => coherences[i] < 0;
  const numbers = randomElements(8 * unknowns, seed);
  let next = 0;
  const random = () => numbers[next++ % numbers.length];
  const rows: [number, number][][] = places.map(() => []);
  const total = new Float64Array(unknowns);
  orders.forEach((_, s) => {
    for (let j = start[s]; j < start[s + 1]; j++) {
      for (let t = Math.max(0, s - 1); t <= Math.min(orders.length - 1, s + 1); t++) {
        // Always to a population of the level; and twice to any of its unknowns.
        const anywhere = () => start[t] + Math.floor(((random() + 1) / 2) * orders[t]);
        for (const i of [start[t], anywhere(), anywhere()]) {
          const both = isPopulation(i) && isPopulation(j);
          const value = both
            ? Math.abs(random()) * (s === t ? 1 : hops)
            : 0.3 * random() * (s === t ? 1 : hops);
          rows[i].push([j, value]);
          if (isPopulation(i)) total[j] += value;
        }
      }
      if (!isPopulation(j)) rows[j].push([j, -3]);
      // What else the populations get from it is taken from its own level.
      rows[isPopulation(j) ? j : start[s]].push([j, -total[j]]);
    }
  });
  rows[start[pinned]] = [[start[pinned], -2]];
  const rowStart = [0];
  for (const row of rows) rowStart.push(rowStart[rowStart.length - 1] + row.length);
  return {
    start: Int32Array.from(start),
    places: Int32Array.from(places),
    parts: Uint8Array.from(parts),
    mirrors: Int32Array.from(coherences, (k) => (k < 0 ? -1 : elements + k)),
    pinned: start[pinned],
    rowStart: Int32Array.from(rowStart),
    columns: Int32Array.from(rows.flat(), ([column]) => column),
    values: Float64Array.from(rows.flat(), ([, value]) => value),
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

/** |M| |x| + |b| by unknown: M x − b is a share of it by rounding x and b alone. */
export const bandMagnitudes = (band: CoupledBand, x: Float64Array, b: Float64Array): Float64Array =>
  bandResidual(
    { ...band, values: band.values.map(Math.abs) },
    x.map(Math.abs),
    b.map((value) => -Math.abs(value)),
  );

/** Its norm. */
export const bandMagnitude = (band: CoupledBand, x: Float64Array, b: Float64Array): number =>
  norm(bandMagnitudes(band, x, b));
