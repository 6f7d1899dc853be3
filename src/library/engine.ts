/** What computes, opened once and used for any number of runs. */
import type { Backend, Precision } from '../backend/backend.js';
import type { OpenChains, OpenTrajectories } from '../backend/batches.js';
import { openers } from '../backend/openers.js';
import type { BackendRecord, DescribedGpu, Opened } from '../backend/record.js';
import { type BackendName, backends } from '../backend/registry.js';
import { requirePrecision } from '../simulate/route.js';
import type { OpenBackend } from './openBackend.js';

/** Something to be done on whichever backend there is. */
export type OnBackend<T> = <V>(backend: Backend<V>) => Promise<T>;

export class Engine implements OpenBackend {
  readonly adapter: string | null;
  readonly record: BackendRecord;
  private constructor(
    readonly name: BackendName,
    readonly threads: number,
    private readonly opened: Opened,
  ) {
    this.adapter = opened.adapter;
    this.record = backends[name];
  }

  /**
   * @param threads of the CPU
   * @throws {NoAdapterError} where WebGPU finds none
   * @throws {MissingPackageError} where the backend's package is not installed
   */
  static async open(name: BackendName, threads: number): Promise<Engine> {
    return new Engine(name, threads, await openers[name](threads));
  }

  /** Trajectories of many at once. @throws {RangeError} where it has none */
  get trajectories(): OpenTrajectories {
    return this.#has(this.opened.trajectories, 'trajectories');
  }

  /** Null vectors of any machine's chains. @throws {RangeError} where it has none */
  get openChains(): OpenChains {
    return this.#has(this.opened.chains, 'chains');
  }

  /** Null vectors of any machine's chains in float64, many at once; null where it has none, or too few digits. */
  async chains(): Promise<OpenChains | null> {
    const { chains } = this.opened;
    if (chains === null) return null;
    return (await this.described())?.df64 === null ? null : chains;
  }

  /** What a result says of the GPU; null on the CPU. */
  described(): Promise<DescribedGpu | null> {
    return this.opened.described();
  }

  #has<T>(part: T | null, what: string): T {
    if (part === null) throw new RangeError(`${this.name} has no ${what}`);
    return part;
  }

  /**
   * Runs something on the backend.
   * @param asked precision of the answer
   * @param onDevice precision of a GPU's own arithmetic
   * @throws {ParameterError} for a precision that it does not have
   * @throws {PrecisionError} where float64 is asked of a GPU on which no double-float variant is right
   */
  async on<T>(asked: Precision, onDevice: Precision, run: OnBackend<T>): Promise<T> {
    requirePrecision(this.name, asked, onDevice);
    return run(await this.opened.on(onDevice));
  }

  /** What it has for batches. */
  get batches(): Pick<Opened, 'adapter' | 'chains' | 'probe'> {
    return this.opened;
  }

  close(): void {
    this.opened.close();
  }
}
