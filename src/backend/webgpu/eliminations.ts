/**
 * Null vectors of many chains at once on a WebGPU device, of any machine's: its tables by shaders/tape.wgsl, then the
 * conserving elimination, shaders/elimination.wgsl, one chain for each thread.
 */
import type { Precision } from '../backend.js';
import type {
  ChainBatch,
  ChainForm,
  ChainSolutions,
  Chains,
  CountedOnChain,
  Verdict,
} from '../batches.js';
import { type CountedBatch, DeviceCounting } from './counting.js';
import type { Device } from './device.js';
import { packDf64 } from './df64.js';
import { withoutDoubleFloat } from './errors.js';
import type { Df64Variant, ProbeRecord } from './probe.js';
import type { Kernel, Slice } from './recorder.js';
import {
  DeviceTape,
  filled,
  numberAt,
  numberBytes,
  numberConditions,
  packedNumbers,
  strideOf,
} from './tapes.js';

/** As the kernel numbers them. */
const VERDICTS: readonly Verdict[] = ['solved', 'closed', 'off-centre'];
/** How often the elimination may be moved to the peak that the last one found. */
const MOST_MOVES = 6;
/** Chains of a first dispatch: enough to be worth its cost, and few enough to take no tenth of a second. */
const FIRST_DISPATCH = 256;
const SHORT_DISPATCH_MS = 30;
const LONG_DISPATCH_MS = 100;
/** Dispatches submitted before the first one's numbers are read: the device never waits for the host. */
const IN_FLIGHT = 2;

/** What a dispatch leaves of its chains. */
interface Raw {
  readonly stride: number;
  readonly verdicts: Float32Array;
  readonly state: Float32Array;
  readonly counted: CountedBatch | null;
}

/** The most chains, at most so many, that whole groups of threads take. */
const wholeGroups = (count: number): number => count - (count % strideOf(1));

/** Chains of one shape on a device: compiled once, solved in batches. */
export class DeviceChains implements Chains {
  private constructor(
    private readonly device: Device,
    private readonly precision: Precision,
    readonly form: ChainForm,
    private readonly tape: DeviceTape,
    private readonly kernel: Kernel,
    private readonly words: Slice,
    private readonly given: Slice,
    private readonly counting: DeviceCounting | null,
  ) {}

  static async on(
    device: Device,
    precision: Precision,
    variant: Df64Variant | null,
    form: ChainForm,
  ): Promise<DeviceChains> {
    const bindings = ['parameters', 'input', 'input', 'output', 'output', 'output'] as const;
    const constants = { width: `${form.width}u`, paired: `${form.paired}u` };
    const [tape, kernel, words, given, counting] = await Promise.all([
      DeviceTape.on(device, precision, variant, form.tape),
      device.kernel('elimination', 'solve', bindings, {
        conditions: { ...numberConditions(precision, variant), kept: form.counting !== null },
        constants,
      }),
      filled(device, 'entries', form.words),
      filled(device, 'given tables', packDf64(form.given)),
      form.counting && DeviceCounting.on(device, precision, variant, form.counting, constants),
    ]);
    return new DeviceChains(device, precision, form, tape, kernel, words, given, counting);
  }

  async solve(batch: ChainBatch): Promise<ChainSolutions> {
    const verdicts = new Array<Verdict>(batch.count);
    const counted: (readonly CountedOnChain[])[] = [];
    const centres = [...batch.centres];
    let chains = centres.map((_, p) => p);
    let most = Math.min(FIRST_DISPATCH, this.#fitting);
    const length = this.form.sites * this.form.width;
    const read = (part: readonly number[], raw: Raw) => {
      const unknowns = batch.read === undefined ? null : this.#unknowns(raw, part.length);
      part.forEach((p, k) => {
        verdicts[p] = VERDICTS[raw.verdicts[2 * k]];
        if (verdicts[p] === 'off-centre') centres[p] = batch.nearest(raw.verdicts[2 * k + 1]);
        if (raw.counted !== null) counted[p] = raw.counted(k);
        if (unknowns !== null && verdicts[p] === 'solved') {
          batch.read?.(p, unknowns.subarray(k * length, (k + 1) * length));
        }
      });
    };
    for (let move = 0; move <= MOST_MOVES && chains.length > 0; move++) {
      let next = 0;
      const stream = async () => {
        while (next < chains.length) {
          const part = chains.slice(next, next + most);
          next += part.length;
          const begin = performance.now();
          const raw = await this.#run(batch, part, centres).catch((error: unknown) => {
            // The others are awaited, and no further ones begun.
            next = chains.length;
            throw error;
          });
          // Another one may have been ahead of it.
          const milliseconds = (performance.now() - begin) / IN_FLIGHT;
          if (milliseconds > LONG_DISPATCH_MS)
            most = Math.max(strideOf(1), wholeGroups(part.length / 2));
          else if (milliseconds < SHORT_DISPATCH_MS)
            most = Math.min(Math.max(most, 2 * part.length), this.#fitting);
          read(part, raw);
        }
      };
      const outcomes = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, stream));
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      chains = chains.filter((p) => verdicts[p] === 'off-centre');
    }
    return { verdicts, counted };
  }

  /** The null vectors of a dispatch's chains, one after another. */
  #unknowns({ state, stride }: Raw, count: number): Float64Array {
    const length = this.form.sites * this.form.width;
    const unknowns = new Float64Array(count * length);
    for (let u = 0; u < length; u++) {
      for (let k = 0; k < count; k++) {
        unknowns[k * length + u] = numberAt(state, this.precision, stride, u, k);
      }
    }
    return unknowns;
  }

  /**
   * Numbers that the elimination of a site leaves: the columns after each unknown, those of a pair the same; and for
   * further solutions as many multipliers, and the inverse pivots.
   */
  get #factors(): number {
    const { width, paired, counting } = this.form;
    const columns = (width * (3 * width - 1)) / 2 - paired / 2;
    return counting === null ? columns : 2 * columns + width + paired;
  }

  /** Chains whose arrays fit, in whole groups of threads. */
  get #fitting(): number {
    const { tape, sites, levels, width } = this.form;
    const vectors = (this.counting?.vectors ?? 0) * width;
    const largest = Math.max(Math.max(this.#factors, vectors) * sites, tape.slots * levels);
    const fitting = this.device.bindingLimit / (numberBytes(this.precision) * largest);
    return Math.max(strideOf(1), wholeGroups(fitting));
  }

  async #run(
    batch: ChainBatch,
    chains: readonly number[],
    centres: readonly number[],
  ): Promise<Raw> {
    const { device, form } = this;
    const { levels, sites, width } = form;
    const stride = strideOf(chains.length);
    const shape = { count: chains.length, stride, levels };
    const packed = packedNumbers(this.precision, shape, form.tape.count, (k, out) =>
      batch.pack(chains[k], out),
    );
    const starts = new Float32Array(2 * stride);
    chains.forEach((p, k) => {
      starts[2 * k + 1] = centres[p];
    });
    const bytes = numberBytes(this.precision) * stride;
    const acquired: GPUBuffer[] = [];
    const room = async (label: string, size: number): Promise<Slice> => {
      const buffer = await device.storage(label, size);
      acquired.push(buffer);
      return { buffer, size };
    };
    try {
      const numbers = await room('numbers', packed.byteLength);
      const tables = await room('tables', this.tape.bytes(shape));
      const eliminated = await room('factors', bytes * this.#factors * sites);
      const state = await room('state', bytes * width * sites);
      const verdicts = await room('verdicts', starts.byteLength);
      device.write(numbers.buffer, packed);
      device.write(verdicts.buffer, starts);
      this.tape.run(shape, numbers, this.given, tables);
      device.dispatch(
        this.kernel,
        [this.words, tables, eliminated, state, verdicts],
        [stride / 64, 1, 1],
        tables.size + 2 * eliminated.size + state.size,
        Uint32Array.of(chains.length, stride, levels, sites),
      );
      const factors = { words: this.words, tables, factors: eliminated, state };
      const size = { ...shape, unknowns: sites * width };
      const counting = await this.counting?.record(size, sites, factors, room, (k) => [
        centres[chains[k]],
        batch.unit?.(chains[k]) ?? 0,
      ]);
      const [found, states, counted = null] = await Promise.all([
        device.read(verdicts.buffer, verdicts.size),
        batch.read === undefined ? new ArrayBuffer(0) : device.read(state.buffer, state.size),
        counting?.(),
      ]);
      return {
        stride,
        verdicts: new Float32Array(found),
        state: new Float32Array(states),
        counted,
      };
    } finally {
      for (const buffer of acquired) device.pool.release(buffer);
    }
  }

  release(): void {
    this.tape.release();
    this.counting?.release();
    for (const { buffer } of [this.words, this.given]) this.device.pool.release(buffer);
  }
}

/**
 * Chains of one shape, in either precision.
 * @param probe what the device's probe found; null for f32, which needs none
 * @throws {PrecisionError} when f64 is asked for and no double-float variant is right on the device.
 */
export async function webgpuChains(
  device: Device,
  precision: Precision,
  form: ChainForm,
  probe: ProbeRecord | null,
): Promise<Chains> {
  const variant = probe?.variant ?? null;
  if (precision === 'f64' && variant === null) throw withoutDoubleFloat(device.adapter.name);
  return DeviceChains.on(device, precision, variant, form);
}
