/** Where a function of one variable changes sign or is largest: found by search, not read off a grid. */

/**
 * The point in [a, b] where `holds` changes its value, to the last bits.
 * @throws {RangeError} when `holds` is the same at both ends.
 */
export function boundary(holds: (x: number) => boolean, a: number, b: number): number {
  const before = holds(a);
  if (holds(b) === before) throw new RangeError(`nothing changes between ${a} and ${b}`);
  let low = a;
  let high = b;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (holds(middle) === before) low = middle;
    else high = middle;
  }
}

/** The point in [a, b] where a unimodal function is largest, by golden-section search. */
export function maximum(f: (x: number) => number, a: number, b: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = a;
  let high = b;
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let atLeft = f(left);
  let atRight = f(right);
  // A maximum is flat: beyond half the digits its place is rounding.
  while (high - low > 1e-8 * (Math.abs(low) + Math.abs(high))) {
    if (atLeft >= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - ratio * (high - low);
      atLeft = f(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + ratio * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
}

/** Indices of the inner points of a sampled function that lie above both neighbours. */
export function localMaxima(values: readonly number[]): number[] {
  const found: number[] = [];
  for (let i = 1; i < values.length - 1; i++) {
    if (values[i] > values[i - 1] && values[i] >= values[i + 1]) found.push(i);
  }
  return found;
}
