/** What a device can do at best, measured on it in the same study: the yardstick of every share. */
import { measure } from './measure.js';

/**
 * Of a GPU, `copy command` is what its driver's own copy of a buffer does (on a software adapter the
 * processor's memcpy), `copy kernel` the fastest that a kernel copies, by reading and writing like any other.
 */
export type CeilingName = 'copy' | 'copy command' | 'copy kernel' | 'arithmetic';

export interface Ceiling {
  /** The label that rows of this device have as their solver. */
  readonly device: string;
  readonly of: CeilingName;
  readonly precision: 'f32' | 'f64';
  /** Bytes (read and written) or floating-point operations a second. */
  readonly perSecond: number;
}

const MULTIPLY_ADDS = 1 << 24;

/** Of one core of the CPU, as JavaScript reaches it. */
export async function hostArithmetic(): Promise<Ceiling> {
  let kept = 0;
  const { fastest } = await measure(
    () => {
      kept += multiplyAdds(MULTIPLY_ADDS);
    },
    { seconds: 0.1, repetitions: 5 },
  );
  if (!Number.isFinite(kept)) throw new Error('the arithmetic of the ceiling overflowed');
  const perSecond = (2 * MULTIPLY_ADDS) / fastest;
  return { device: 'cpu', of: 'arithmetic', precision: 'f64', perSecond };
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
