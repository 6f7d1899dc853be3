/**
 * A site's unknowns from those that are found already, as WebAssembly, in two sums each: to the bits of `substitute` in
 * eliminateSite.ts.
 */
import { f64, f64x2, type Local, local, v128 } from 'wasmati';
import type { Address } from '../whileLess.js';
import type { EliminationShape } from './eliminationShape.js';
import { afterOwn } from './sitePairs.js';

const NUMBER = 8;

/** What is substituted. */
interface Substituted {
  readonly shape: EliminationShape;
  /** How many of the site's unknowns are not yet found. */
  readonly count: number;
  /** How many of the inner site's one of them reaches: beyond there is nothing. */
  readonly met: (j: number) => number;
  /** Whether it is added to what is there. */
  readonly isAdded: boolean;
}

/** Where the rows of a site begin, its numbers, and the inner site's. */
interface Addresses {
  readonly rows: Address;
  readonly own: Address;
  readonly beyond: Address;
}

interface Registers {
  readonly sums: Local<'v128'>;
  /** Of each unknown. */
  readonly x: readonly Local<'f64'>[];
  readonly odd: readonly Local<'f64'>[];
}

/**
 * Writes it. Numbers are read in the pairs in which they were written: others would be waited for until they are in
 * memory.
 */
export function substituteSite(
  { shape: { width, paired }, count, met, isAdded }: Substituted,
  { rows, own, beyond }: Addresses,
  { sums, x, odd }: Registers,
): void {
  const row = 3 * width * NUMBER;
  const isPair = (k: number, end: number) => k + 1 < end;
  for (let j = 0; j < width; j++) {
    if (j >= count) {
      local.set(x[j], f64.load({ offset: NUMBER * j }, own));
      continue;
    }
    const before = { offset: NUMBER * j };
    local.set(sums, isAdded ? v128.load64_zero(before, own) : v128.const('f64x2', [0, 0]));
    const at = j * row + 2 * width * NUMBER;
    const end = met(j);
    for (let k = 0; k < end; k += 2) {
      const load = isPair(k, end) ? v128.load : v128.load64_zero;
      const elements = load({ offset: at + NUMBER * k }, rows);
      const products = f64x2.mul(elements, load({ offset: NUMBER * k }, beyond));
      local.set(sums, f64x2.add(sums, products));
    }
    local.set(x[j], f64x2.extract_lane(0, sums));
    local.set(odd[j], f64x2.extract_lane(1, sums));
  }
  for (let j = count - 1; j >= 0; j--) {
    const first = afterOwn(j, paired);
    for (let k = width - 1; k >= first; k--) {
      const element = f64.load({ offset: j * row + (width + k) * NUMBER }, rows);
      const sum = (k - first) % 2 === 0 ? x[j] : odd[j];
      local.set(sum, f64.add(sum, f64.mul(element, x[k])));
    }
    local.set(x[j], f64.add(x[j], odd[j]));
  }
  for (let j = 0; j < width; j += 2) {
    const place = { offset: NUMBER * j };
    if (isPair(j, width)) {
      local.set(sums, f64x2.replace_lane(1, f64x2.splat(x[j]), x[j + 1]));
      v128.store(place, own, sums);
    } else f64.store(place, own, x[j]);
  }
}
