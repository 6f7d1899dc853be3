/** Bessel functions of integer order. */

/** J_0(x), J_1(x), … as far as they are above `smallest`, for x ≥ 0, by Miller's downward recurrence. */
export function besselJ(x: number, smallest: number): number[] {
  // J_1 is x/2 then, below what is asked for.
  if (x < 2 * smallest) return [1];
  // Beyond the turning point they fall faster than exponentially.
  const most = 2 * Math.ceil((x + 40 + 12 * Math.cbrt(x)) / 2);
  const values = new Float64Array(most + 2);
  values[most] = Number.MIN_VALUE * 1e20;
  let sum = 0;
  for (let k = most; k >= 1; k--) {
    values[k - 1] = ((2 * k) / x) * values[k] - values[k + 1];
    if (Math.abs(values[k - 1]) > 1e200) for (let j = k - 1; j <= most; j++) values[j] *= 1e-200;
  }
  // 1 = J_0 + 2 Σ J_{2k}
  for (let k = most; k >= 2; k -= 2) sum += 2 * values[k];
  sum += values[0];
  const result = Array.from(values.subarray(0, most + 1), (v) => v / sum);
  let count = result.length;
  while (count > 1 && Math.abs(result[count - 1]) < smallest) count--;
  return result.slice(0, count);
}
