/** What a device can do at best, measured on it in the same study: the yardstick of every share. */
import { measure } from './measure.js';

export interface Ceiling {
  readonly device: string;
  readonly of: 'copy bandwidth' | 'arithmetic';
  readonly precision: 'f32' | 'f64';
  /** Bytes (read and written) or floating-point operations a second. */
  readonly perSecond: number;
}

/** Larger than any cache, so that a copy of it is memory's own speed. */
const COPY_BYTES = 1 << 27;
const MULTIPLY_ADDS = 1 << 24;

/** Of one core of the CPU, as JavaScript reaches it. */
export async function hostCeilings(): Promise<Ceiling[]> {
  const effort = { seconds: 0.3, repetitions: 5 };
  const from = new Float64Array(COPY_BYTES / 8).fill(1);
  const to = new Float64Array(COPY_BYTES / 8);
  const copy = await measure(() => to.set(from), effort);
  let kept = 0;
  const arithmetic = await measure(() => {
    kept += multiplyAdds(MULTIPLY_ADDS);
  }, effort);
  if (!Number.isFinite(kept)) throw new Error('the arithmetic of the ceiling overflowed');
  return [
    {
      device: 'cpu',
      of: 'copy bandwidth',
      precision: 'f64',
      perSecond: (2 * COPY_BYTES) / copy.fastest,
    },
    {
      device: 'cpu',
      of: 'arithmetic',
      precision: 'f64',
      perSecond: (2 * MULTIPLY_ADDS) / arithmetic.fastest,
    },
  ];
}

/** Eight chains of their own, so that the latency of one does not hold up the others. */
function multiplyAdds(count: number): number {
  let a = 1;
  let b = 1.1;
  let c = 1.2;
  let d = 1.3;
  let e = 1.4;
  let f = 1.5;
  let g = 1.6;
  let h = 1.7;
  for (let i = 0; i < count; i += 8) {
    a = a * 0.999 + 0.001;
    b = b * 0.999 + 0.001;
    c = c * 0.999 + 0.001;
    d = d * 0.999 + 0.001;
    e = e * 0.999 + 0.001;
    f = f * 0.999 + 0.001;
    g = g * 0.999 + 0.001;
    h = h * 0.999 + 0.001;
  }
  return a + b + c + d + e + f + g + h;
}
