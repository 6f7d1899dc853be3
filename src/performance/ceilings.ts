/** What a device can do at best, measured on it in the same study: the yardstick of every share. */
import type { Local } from 'wasmati';
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
/** Chains of their own, two numbers in each, so that the latency of one does not hold up the others. */
const CHAINS = 12;

/** Of one core of the CPU, as WebAssembly's vectors of two float64 reach it, in which L·ρ is computed. */
export async function hostArithmetic(): Promise<Ceiling> {
  const run = await multiplyAdds();
  let kept = 0;
  const { fastest } = await measure(
    () => {
      kept += run(Math.ceil(MULTIPLY_ADDS / (2 * CHAINS)));
    },
    { seconds: 0.1, repetitions: 5 },
  );
  if (!Number.isFinite(kept)) throw new Error('the arithmetic of the ceiling overflowed');
  const perSecond = (2 * MULTIPLY_ADDS) / fastest;
  return { device: 'cpu', of: 'arithmetic', precision: 'f64', perSecond };
}

/** A function that does so many rounds of a multiplication and an addition in each chain. */
async function multiplyAdds(): Promise<(rounds: number) => number> {
  const { br_if, f64, f64x2, func, i32, local, loop, Module, v128 } = await import('wasmati');
  const others = new Array<typeof v128>(CHAINS - 1).fill(v128);
  const run = func({ in: [i32], locals: [v128, ...others], out: [f64] }, ([rounds], locals) => {
    const chains = locals as Local<'v128'>[];
    chains.forEach((chain, k) => {
      local.set(chain, v128.const('f64x2', [1 + k / 10, 1.05 + k / 10]));
    });
    loop({ in: [], out: [] }, (again) => {
      for (const chain of chains) {
        const product = f64x2.mul(chain, v128.const('f64x2', [0.999, 0.999]));
        local.set(chain, f64x2.add(product, v128.const('f64x2', [0.001, 0.001])));
      }
      local.set(rounds, i32.sub(rounds, i32.const(1)));
      i32.ne(rounds, i32.const(0));
      br_if(again);
    });
    for (const chain of chains.slice(1)) {
      local.set(chains[0], f64x2.add(chains[0], chain));
    }
    f64x2.extract_lane(0, chains[0]);
  });
  const { instance } = await Module({ exports: { run } }).instantiate();
  return instance.exports.run as (rounds: number) => number;
}
