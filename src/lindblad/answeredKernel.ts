/** The sums of answered.ts as WebAssembly, by twos. */
import { f64, f64x2, func, i32, importMemory, type Local, local, Module, v128 } from 'wasmati';
import { WrittenCode } from '../writtenCode.js';
import { byTwos, loadNext } from './alongRuns.js';
import { type Answered, ROUNDING } from './answered.js';
import type { Estimate } from './estimate.js';

const NUMBER = 8;
const PAGE = 1 << 16;
const SUMS = 3;

/**
 * sums(row, beyond, count, relative, meanError, out): vectors of so many numbers stand so many bytes beyond each other,
 * as `Answered` has them, from the row on. The value, the magnitudes of its terms, and how far it may be off.
 */
const sums = func(
  {
    in: [i32, i32, i32, f64, f64, i32],
    locals: [i32, v128, v128, v128, v128, v128, v128],
    out: [],
  },
  ([row, beyond, count, relative, meanError, out], [at, value, size, lost, term, off, other]) => {
    const add = (sum: Local<'v128'>, more: Local<'v128'>) => local.set(sum, f64x2.add(sum, more));
    byTwos(
      count,
      () => undefined,
      [[row, 2 * NUMBER]],
      (isTwo) => {
        local.set(at, row);
        const load = () => loadNext(at, isTwo);
        const next = () => {
          local.set(at, i32.add(at, beyond));
          return load();
        };
        // The row, and the response to what counts on the right.
        local.set(term, load());
        local.set(term, f64x2.mul(term, next()));
        add(value, term);
        local.set(term, f64x2.abs(term));
        add(size, term);
        // The adjoint, and what is left of the equation of the response.
        local.set(term, next());
        local.set(off, next());
        local.set(other, f64x2.sub(off, next()));
        local.set(other, f64x2.mul(term, other));
        add(value, other);
        local.set(off, f64x2.abs(off));
        local.set(off, f64x2.mul(f64x2.splat(f64.const(ROUNDING)), f64x2.add(next(), off)));
        local.set(other, f64x2.mul(f64x2.splat(relative), next()));
        add(off, other);
        local.set(other, f64x2.abs(next()));
        local.set(other, f64x2.mul(f64x2.splat(meanError), other));
        add(off, other);
        local.set(off, f64x2.mul(f64x2.abs(term), off));
        add(lost, off);
      },
    );
    [value, size, lost].forEach((sum, k) => {
      const total = f64.add(f64x2.extract_lane(0, sum), f64x2.extract_lane(1, sum));
      f64.store({ offset: NUMBER * k }, out, total);
    });
  },
);

interface Code {
  readonly sums: (
    ...of: readonly [
      row: number,
      beyond: number,
      count: number,
      relative: number,
      meanError: number,
      out: number,
    ]
  ) => void;
}

const written = new WrittenCode<Code>('answered', () =>
  Module({ exports: { sums }, memory: importMemory({ min: 1 }) }),
);

/** Vectors of `Answered`. */
const VECTORS = 8;

/** Memory for vectors of so many numbers. */
export class AnsweredKernel {
  readonly #code: Code;
  readonly #vectors: readonly Float64Array[];
  readonly #sums: Float64Array;

  constructor(private readonly length: number) {
    const bytes = NUMBER * (VECTORS * length + SUMS);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const at = (k: number, count: number) =>
      new Float64Array(memory.buffer, NUMBER * k * length, count);
    this.#vectors = Array.from({ length: VECTORS }, (_, k) => at(k, length));
    this.#sums = at(VECTORS, SUMS);
    this.#code = written.on(memory);
  }

  /** As `answered` has it. */
  answered(of: Answered, relative: number, meanError: number): Estimate {
    const { row, response, adjoint, change, product, magnitudes, sizes, rho } = of;
    const all = [row, response, adjoint, change, product, magnitudes, sizes, rho];
    for (let k = 0; k < VECTORS; k++) this.#vectors[k].set(all[k]);
    const out = this.#sums.byteOffset;
    this.#code.sums(0, NUMBER * this.length, this.length, relative, meanError, out);
    const [value, size, lost] = this.#sums;
    return { value, error: ROUNDING * size + lost };
  }
}
