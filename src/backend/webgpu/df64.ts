/** float64 numbers as pairs of float32, the storage of shaders/df64.wgsl. */

/**
 * Each number as (high, low): about 48 bits, and only while |low| stays in f32's normal range, that is
 * for magnitudes between about 1e-30 and 1e38.
 */
export function packDf64(values: Float64Array): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(2 * values.length);
  for (let i = 0; i < values.length; i++) {
    const high = Math.fround(values[i]);
    packed[2 * i] = high;
    packed[2 * i + 1] = values[i] - high;
  }
  return packed;
}

export function unpackDf64(packed: Float32Array): Float64Array {
  const values = new Float64Array(packed.length / 2);
  for (let i = 0; i < values.length; i++) values[i] = packed[2 * i] + packed[2 * i + 1];
  return values;
}
