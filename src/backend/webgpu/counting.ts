/** Noise in the null vectors of many chains at once, shaders/counting.wgsl: one thread for each noise of each chain. */
import type { Precision } from '../backend.js';
import type { CountedOnChain, CountingForm } from '../batches.js';
import type { Device } from './device.js';
import type { Df64Variant } from './probe.js';
import type { Kernel, Slice } from './recorder.js';
import { filled, numberAt, numberBytes, numberConditions, type TapeBatch } from './tapes.js';

/** Vectors that a solution takes, and numbers that it leaves. */
const VECTORS = 3;
const NUMBERS = 5;

/** What was counted in a chain, by its place in the dispatch. */
export type CountedBatch = (chain: number) => readonly CountedOnChain[];

/** What an elimination has left on the device. */
interface Factors {
  readonly words: Slice;
  readonly tables: Slice;
  readonly factors: Slice;
  readonly state: Slice;
}

export class DeviceCounting {
  private constructor(
    private readonly device: Device,
    private readonly precision: Precision,
    private readonly form: CountingForm,
    private readonly kernel: Kernel,
    private readonly words: Slice,
  ) {}

  static async on(
    device: Device,
    precision: Precision,
    variant: Df64Variant | null,
    form: CountingForm,
    constants: Readonly<Record<string, string>>,
  ): Promise<DeviceCounting> {
    const inputs = ['input', 'input', 'input', 'input', 'input', 'input'] as const;
    const bindings = ['parameters', ...inputs, 'output', 'output'] as const;
    const conditions = numberConditions(precision, variant);
    const [kernel, words] = await Promise.all([
      device.kernel('counting', 'count', bindings, { conditions, constants }),
      filled(device, 'counted elements', form.words),
    ]);
    return new DeviceCounting(device, precision, form, kernel, words);
  }

  /** Vectors of a chain. */
  get vectors(): number {
    return VECTORS * this.form.solutions;
  }

  /**
   * Records what is counted after an elimination.
   * @param room acquires a buffer that is given back once all is read
   * @param about the site that each chain was eliminated towards, and how far its numbers may be off
   * @returns reads it
   */
  async record(
    shape: TapeBatch & { readonly unknowns: number },
    sites: number,
    { words, tables, factors, state }: Factors,
    room: (label: string, size: number) => Promise<Slice>,
    about: (chain: number) => readonly [centre: number, unit: number],
  ): Promise<() => Promise<CountedBatch>> {
    const { device, precision } = this;
    const { solutions } = this.form;
    const { count, stride, levels, unknowns } = shape;
    const chains = new Float32Array(2 * stride);
    for (let k = 0; k < count; k++) chains.set(about(k), 2 * k);
    const bytes = numberBytes(precision) * stride;
    const given = await room('counted chains', chains.byteLength);
    const vectors = await room('counted vectors', bytes * this.vectors * unknowns);
    const found = await room('counted', bytes * NUMBERS * solutions);
    device.write(given.buffer, chains);
    device.dispatch(
      this.kernel,
      [words, this.words, tables, factors, state, given, vectors, found],
      [stride / 64, solutions, 1],
      tables.size + 6 * solutions * factors.size + 8 * vectors.size,
      Uint32Array.of(count, stride, levels, sites),
    );
    return async () => {
      const numbers = new Float32Array(await device.read(found.buffer, found.size));
      return (chain) =>
        Array.from({ length: solutions }, (_, s) => {
          const at = (n: number) => numberAt(numbers, precision, stride, NUMBERS * s + n, chain);
          return {
            counter: at(0),
            mean: at(1),
            meanError: at(2),
            noise: at(3),
            noiseError: at(4),
          };
        });
    };
  }

  release(): void {
    this.device.pool.release(this.words.buffer);
  }
}
