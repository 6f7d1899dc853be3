/**
 * Null vectors of many chains at once on a WebGPU device, of any machine's: its tables by shaders/tape.wgsl, then the
 * conserving elimination, shaders/elimination.wgsl, one chain for each thread.
 */
import type { Precision } from '../backend.js';
import type { Verdict } from '../batches.js';
import type { Device } from './device.js';
import { packDf64 } from './df64.js';
import type { Df64Variant } from './probe.js';
import type { Kernel, Slice } from './recorder.js';
import {
  DeviceTape,
  filled,
  numberBytes,
  numberConditions,
  packedNumbers,
  strideOf,
  type TapeCode,
} from './tapes.js';

/** As the kernel numbers them. */
const VERDICTS: readonly Verdict[] = ['solved', 'closed', 'off-centre'];
/** How often the elimination may be moved to the peak that the last one found. */
const MOST_MOVES = 6;

/** Chains of one shape. */
export interface ChainForm {
  readonly tape: TapeCode;
  /** Tables that are the same for all of them. */
  readonly given: Float64Array;
  /** Which entries there are, as src/lindblad/sectorWords.ts writes it down. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly levels: number;
  readonly sites: number;
  /** Unknowns of a site, and how many of them are in pairs. */
  readonly width: number;
  readonly paired: number;
}

export interface ChainBatch {
  readonly count: number;
  /** By chain, the site that is eliminated last at first. */
  readonly centres: readonly number[];
  /** The nearest site that may be so. */
  nearest(site: number): number;
  /** Puts down the numbers of a chain, its lowest level first. */
  pack(chain: number, out: Float64Array): void;
}

export interface ChainSolutions {
  readonly verdicts: readonly Verdict[];
  /** Unknown u of site s of chain p at (p·sites + s)·width + u, not normalised. */
  readonly unknowns: Float64Array;
}

/** Chains of one shape on a device: compiled once, solved in batches. */
export class DeviceChains {
  private constructor(
    private readonly device: Device,
    private readonly precision: Precision,
    readonly form: ChainForm,
    private readonly tape: DeviceTape,
    private readonly kernel: Kernel,
    private readonly words: Slice,
    private readonly given: Slice,
  ) {}

  static async on(
    device: Device,
    precision: Precision,
    variant: Df64Variant | null,
    form: ChainForm,
  ): Promise<DeviceChains> {
    const bindings = [
      'parameters',
      'input',
      'input',
      'input',
      'output',
      'output',
      'output',
    ] as const;
    const [tape, kernel, words, given] = await Promise.all([
      DeviceTape.on(device, precision, variant, form.tape),
      device.kernel('elimination', 'solve', bindings, {
        conditions: numberConditions(precision, variant),
        constants: { width: `${form.width}u`, paired: `${form.paired}u` },
      }),
      filled(device, 'entries', form.words),
      filled(device, 'given tables', packDf64(form.given)),
    ]);
    return new DeviceChains(device, precision, form, tape, kernel, words, given);
  }

  async solve(batch: ChainBatch): Promise<ChainSolutions> {
    const { sites, width } = this.form;
    const unknowns = new Float64Array(batch.count * sites * width);
    const verdicts = new Array<Verdict>(batch.count);
    const centres = [...batch.centres];
    let chains = centres.map((_, p) => p);
    for (let move = 0; move <= MOST_MOVES && chains.length > 0; move++) {
      const found = await this.#run(batch, chains, centres);
      chains.forEach((p, k) => {
        const verdict = VERDICTS[found.verdicts[2 * k]];
        verdicts[p] = verdict;
        if (verdict === 'off-centre') centres[p] = batch.nearest(found.verdicts[2 * k + 1]);
        for (let u = 0; u < sites * width; u++) {
          const at = u * found.stride + k;
          unknowns[p * sites * width + u] =
            this.precision === 'f64'
              ? found.state[2 * at] + found.state[2 * at + 1]
              : found.state[at];
        }
      });
      chains = chains.filter((p) => verdicts[p] === 'off-centre');
    }
    return { verdicts, unknowns };
  }

  async #run(batch: ChainBatch, chains: readonly number[], centres: readonly number[]) {
    const { device, form } = this;
    const { levels, sites, width, paired } = form;
    const stride = strideOf(chains.length);
    const shape = { count: chains.length, stride, levels };
    const packed = packedNumbers(shape, form.tape.count, (k, out) => batch.pack(chains[k], out));
    chains.forEach((p, k) => {
      packed[2 * k + 1] = centres[p];
    });
    const bytes = numberBytes(this.precision) * stride;
    // Of the columns after each unknown; those of a pair are the same.
    const factors = (width * (3 * width - 1)) / 2 - paired / 2;
    const acquired: GPUBuffer[] = [];
    const room = async (label: string, size: number): Promise<Slice> => {
      const buffer = await device.storage(label, size);
      acquired.push(buffer);
      return { buffer, size };
    };
    try {
      const numbers = await room('numbers', packed.byteLength);
      const tables = await room('tables', this.tape.bytes(shape));
      const eliminated = await room('factors', bytes * factors * sites);
      const state = await room('state', bytes * width * sites);
      const verdicts = await room('verdicts', 8 * stride);
      device.write(numbers.buffer, packed);
      this.tape.run(shape, numbers, this.given, tables);
      device.dispatch(
        this.kernel,
        [this.words, numbers, tables, eliminated, state, verdicts],
        [stride / 64, 1, 1],
        tables.size + 2 * eliminated.size + state.size,
        Uint32Array.of(chains.length, stride, levels, sites),
      );
      const [found, states] = await Promise.all([
        device.read(verdicts.buffer, verdicts.size),
        device.read(state.buffer, state.size),
      ]);
      return { stride, verdicts: new Float32Array(found), state: new Float32Array(states) };
    } finally {
      for (const buffer of acquired) device.pool.release(buffer);
    }
  }

  release(): void {
    this.tape.release();
    for (const { buffer } of [this.words, this.given]) this.device.pool.release(buffer);
  }
}
