/** float64 numbers in oracles of many digits. */
import type { Decimal } from 'decimal.js';

/**
 * A number as float64 has it. The constructor alone takes the shortest decimal that rounds to it, which is
 * another number: an oracle of that belongs to another device, off by as much as rounding is.
 */
export function exactDecimal(Precise: typeof Decimal, x: number): Decimal {
  if (!Number.isFinite(x)) throw new RangeError(`${x} has no decimals`);
  let numerator = x;
  let halvings = 0;
  for (; !Number.isInteger(numerator); halvings++) numerator *= 2;
  return new Precise(BigInt(numerator).toString()).div(new Precise(2).pow(halvings));
}
