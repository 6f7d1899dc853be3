/** Random batches of block-tridiagonal chains. */
import type { Chains } from '../../src/generator/chains.js';
import { randomElements } from './vectors.js';

/** Chains of random blocks, heavy on the diagonal, that hold every element but the last, half of it mirrored. */
export function randomChains(elements: number, singular = false): Chains {
  const width = 3;
  const lengths = [1, 40, 7];
  const first = [0];
  while (first[first.length - 1] * width * 2 < elements - 1) {
    const left = Math.floor((elements - 1) / (2 * width)) - first[first.length - 1];
    if (left <= 0) break;
    first.push(first[first.length - 1] + Math.min(left, lengths[first.length % 3]));
  }
  const sites = first[first.length - 1];
  const entries = randomElements(sites * width * 3 * width, 4);
  for (let k = 0; k + 1 < first.length; k++) {
    for (let s = first[k]; s < first[k + 1]; s++) {
      for (let r = 0; r < width; r++) {
        const row = 2 * (s * width + r) * 3 * width;
        if (s === first[k]) entries.fill(0, row, row + 2 * width);
        if (s === first[k + 1] - 1) entries.fill(0, row + 4 * width, row + 6 * width);
        if (singular && k === 5) entries.fill(0, row, row + 6 * width);
        else entries[row + 2 * width + 2 * r] += 12;
      }
    }
  }
  return {
    width,
    first: Uint32Array.from(first),
    places: Int32Array.from({ length: sites * width }, (_, i) => 2 * i),
    mirrors: Int32Array.from({ length: sites * width }, (_, i) => (i % 2 === 0 ? 2 * i + 1 : -1)),
    entries,
  };
}
