/** Where a condition changes, found by search and not read off a grid. */

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

/** Indices of the inner points of a sampled function that lie above both neighbours. */
export function localMaxima(values: readonly number[]): number[] {
  const found: number[] = [];
  for (let i = 1; i < values.length - 1; i++) {
    if (values[i] > values[i - 1] && values[i] >= values[i + 1]) found.push(i);
  }
  return found;
}
