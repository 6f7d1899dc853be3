/** What is known of a stencil's tables before any kernel runs, and need not be read by one. */
import type { Stencil } from './stencil.js';

/** Which numbers of a table are not all 0. */
export type Kind = 'real' | 'imaginary' | 'complex';

export interface KnownTable {
  readonly kind: Kind;
  /** All of its numbers are the same. */
  readonly isConstant: boolean;
  /** The table that it equals but for a constant that is added; itself where there is none before it. */
  readonly base: number;
  /** That constant. */
  readonly beyond: readonly [re: number, im: number];
  /** Of constants: one before it, or itself, that it is `sign` times. */
  readonly positive: number;
  readonly sign: 1 | -1;
}

/** Differences of the sums of two tables beyond this share are not rounding. */
const ROUNDING = 1e-14;

export function knownTables({ levels, tables }: Stencil): KnownTable[] {
  const numbers = (t: number) => tables.subarray(2 * t * levels, 2 * (t + 1) * levels);
  const found: KnownTable[] = [];
  for (let t = 0; t < tables.length / (2 * levels); t++) {
    const own = numbers(t);
    const isReal = own.every((value, i) => i % 2 === 0 || value === 0);
    const isImaginary = own.every((value, i) => i % 2 === 1 || value === 0);
    const isConstant = own.every((value, i) => value === own[i % 2]);
    const base = isConstant
      ? -1
      : found.findIndex(
          (known, u) => !known.isConstant && known.base === u && isShifted(own, numbers(u)),
        );
    const opposite = isConstant
      ? found.findIndex(
          (known, u) => known.isConstant && numbers(u)[0] === -own[0] && numbers(u)[1] === -own[1],
        )
      : -1;
    const first = base < 0 ? own : numbers(base);
    found.push({
      kind: isReal ? 'real' : isImaginary ? 'imaginary' : 'complex',
      isConstant,
      base: base < 0 ? t : base,
      beyond: [own[0] - first[0], own[1] - first[1]],
      positive: opposite < 0 ? t : opposite,
      sign: opposite < 0 ? 1 : -1,
    });
  }
  return found;
}

/** Whether two tables differ by a constant, as float64 has it. */
function isShifted(a: Float64Array, b: Float64Array): boolean {
  const size = a.reduce((most, value, i) => Math.max(most, Math.abs(value), Math.abs(b[i])), 0);
  return a.every((value, i) => Math.abs(value - b[i] - (a[i % 2] - b[i % 2])) <= ROUNDING * size);
}
