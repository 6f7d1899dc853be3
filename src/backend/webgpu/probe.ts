/**
 * Which variant of the double-float arithmetic is right on this device. WGSL lets compilers undo it, so
 * that no variant is trusted before its real operations were held against exact results here.
 */

import type { Device } from './device.js';
import { packDf64, unpackDf64 } from './df64.js';

/** A variant of shaders/df64.wgsl, by the conditions that select it. */
export interface Df64Variant {
  readonly name: string;
  readonly conditions: Readonly<Record<string, boolean>>;
}

/** The conditions of kernels that do without. */
export const NO_DF64 = { df64_fma: false, df64_integer: false } as const;

/** The fastest first. */
export const DF64_VARIANTS: readonly Df64Variant[] = [
  { name: 'dekker', conditions: NO_DF64 },
  { name: 'fma', conditions: { ...NO_DF64, df64_fma: true } },
  { name: 'integer', conditions: { ...NO_DF64, df64_integer: true } },
];

export interface ProbeRecord {
  /** The first variant that is right, or null where none is. */
  readonly variant: Df64Variant | null;
  readonly candidates: readonly { readonly name: string; readonly maxRelativeError: number }[];
}

/** Largest error accepted, relative to |a| + |b| for sums and |a||b| for products. */
const TOLERANCE = 1e-13;
const CASES = 1024;

/** 48-bit operands (what a pair of f32 holds), over twelve decades, by a fixed generator. */
function operands(): Float64Array {
  let state = 0x9e3779b9;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const values = new Float64Array(2 * 3 * CASES);
  for (let i = 0; i < values.length; i++) {
    const mantissa = (random() + random() * 2 ** -24 - 0.5) * 2;
    values[i] = mantissa * 10 ** (12 * random() - 6);
  }
  return unpackDf64(packDf64(values));
}

/**
 * a·b + c·d to far better than f64: each product as its rounding and its exact error (Veltkamp's and
 * Dekker's splitting, exact in IEEE f64), the rest by compensated summation.
 */
function exactDot(pairs: readonly (readonly [number, number])[]): number {
  let sum = 0;
  let error = 0;
  for (const [a, b] of pairs) {
    const product = a * b;
    const split = (x: number): [number, number] => {
      const scaled = 134217729 * x;
      const high = scaled - (scaled - x);
      return [high, x - high];
    };
    const [ah, al] = split(a);
    const [bh, bl] = split(b);
    const productError = al * bl - (product - ah * bh - al * bh - ah * bl);
    const next = sum + product;
    const part = next - sum;
    error += sum - (next - part) + (product - part) + productError;
    sum = next;
  }
  return sum + error;
}

async function run(device: Device, variant: Df64Variant, inputs: Float64Array) {
  const kernel = await device.kernel('probe', 'operations', ['input', 'output'], {
    conditions: { ...variant.conditions, df64: true },
    constants: { chain_length: '1u' },
  });
  const sourceBytes = 8 * inputs.length;
  const resultBytes = 6 * 16 * CASES;
  const source = await device.storage('probe operands', sourceBytes);
  const target = await device.storage('probe results', resultBytes);
  device.write(source, packDf64(inputs));
  device.dispatch(
    kernel,
    [
      { buffer: source, size: sourceBytes },
      { buffer: target, size: resultBytes },
    ],
    [Math.ceil(CASES / 64), 1, 1],
    sourceBytes + resultBytes,
  );
  const packed = new Float32Array(await device.read(target, resultBytes));
  device.pool.release(source);
  device.pool.release(target);
  return packed;
}

/** The largest relative error of a variant; infinite where its low parts are all zero. */
async function maxRelativeError(device: Device, variant: Df64Variant): Promise<number> {
  const inputs = operands();
  const packed = await run(device, variant, inputs);
  const results = unpackDf64(packed);
  let worst = 0;
  let lowParts = 0;
  const check = (found: number, exact: number, scale: number) => {
    worst = Math.max(worst, scale === 0 ? Math.abs(found) : Math.abs(found - exact) / scale);
  };
  for (let i = 0; i < CASES; i++) {
    const [ar, ai, br, bi, cr, ci] = inputs.subarray(6 * i, 6 * i + 6);
    const out = results.subarray(12 * i, 12 * i + 12);
    check(out[0], ar + br, Math.abs(ar) + Math.abs(br));
    check(out[1], ar - br, Math.abs(ar) + Math.abs(br));
    check(out[2], ar * br, Math.abs(ar * br));
    check(out[4], ar / br, Math.abs(ar / br));
    check(out[5], Math.sqrt(Math.abs(ar)), Math.sqrt(Math.abs(ar)));
    const size = Math.hypot(ar, ai) * Math.hypot(br, bi);
    const re = exactDot([
      [ar, br],
      [-ai, bi],
    ]);
    const im = exactDot([
      [ar, bi],
      [ai, br],
    ]);
    check(out[6], re, size);
    check(out[7], im, size);
    check(
      out[8],
      exactDot([
        [ar, br],
        [-ai, bi],
        [cr, 1],
      ]),
      size + Math.hypot(cr, ci),
    );
    check(
      out[9],
      exactDot([
        [ar, bi],
        [ai, br],
        [ci, 1],
      ]),
      size + Math.hypot(cr, ci),
    );
    check(out[10], cr * ar, Math.abs(cr * ar));
    check(out[11], ci * ar, Math.abs(ci * ar));
    if (packed[24 * i + 5] !== 0) lowParts++;
  }
  if (!Number.isFinite(worst)) return Number.POSITIVE_INFINITY;
  return lowParts > CASES / 2 ? worst : Number.POSITIVE_INFINITY;
}

/**
 * Tries each variant until one is right to 1e-13 with low parts that are not zero.
 * @param variants for tests, which must be able to see every one fail
 */
export async function probeDf64(
  device: Device,
  variants: readonly Df64Variant[] = DF64_VARIANTS,
): Promise<ProbeRecord> {
  const candidates: { name: string; maxRelativeError: number }[] = [];
  for (const variant of variants) {
    const error = await maxRelativeError(device, variant);
    candidates.push({ name: variant.name, maxRelativeError: error });
    if (error <= TOLERANCE) return { variant, candidates };
  }
  return { variant: null, candidates };
}
