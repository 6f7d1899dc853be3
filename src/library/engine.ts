/** What computes, opened once and used for any number of runs. */
import type { Backend, Precision } from '../backend/backend.js';
import { openers } from '../backend/openers.js';
import { type BackendRecord, type Opened, once } from '../backend/record.js';
import { type BackendName, backends } from '../backend/registry.js';
import type { Device } from '../backend/webgpu/device.js';
import { ParameterError } from '../model/parameters.js';
import type { SectorSolver } from '../simulate/sectorSolver.js';
import type { OpenBackend } from './openBackend.js';

/** Something to be done on whichever backend there is. */
export type OnBackend<T> = <V>(backend: Backend<V>) => Promise<T>;

export class Engine implements OpenBackend {
  readonly adapter: string | null;
  readonly record: BackendRecord;
  readonly #sectors: Readonly<Record<Precision, () => Promise<SectorSolver>>>;

  private constructor(
    readonly name: BackendName,
    readonly threads: number,
    private readonly opened: Opened,
  ) {
    this.adapter = opened.adapter;
    this.record = backends[name];
    const sectors = (precision: Precision) =>
      once(async () => {
        const { sectorSolver } = await import('../simulate/sectorSolver.js');
        return sectorSolver(this.device, precision);
      });
    this.#sectors = { f32: sectors('f32'), f64: sectors('f64') };
  }

  /**
   * @param threads of the CPU
   * @throws {NoAdapterError} where WebGPU finds none
   * @throws {MissingPackageError} where the backend's package is not installed
   */
  static async open(name: BackendName, threads: number): Promise<Engine> {
    return new Engine(name, threads, await openers[name](threads));
  }

  /** @throws {RangeError} where it is no GPU */
  get device(): Device {
    const { kernels } = this.opened;
    if (kernels === null) throw new RangeError(`${this.name} runs no kernels`);
    return kernels;
  }

  /**
   * Runs something on the backend.
   * @param asked precision of the answer
   * @param onDevice precision of a GPU's own arithmetic
   * @throws {ParameterError} for a precision that it does not have
   * @throws {PrecisionError} where float64 is asked of a GPU on which no double-float variant is right
   */
  async on<T>(asked: Precision, onDevice: Precision, run: OnBackend<T>): Promise<T> {
    const { arithmetic } = this.record;
    if (arithmetic === 'f32' && onDevice !== 'f32') {
      throw new ParameterError('precision', asked, `'f32' with backend = ${this.name} here`);
    }
    if (arithmetic === 'f64' && asked !== 'f64') {
      const allowed = `'f64' with backend = ${this.name}, which has no other`;
      throw new ParameterError('precision', asked, allowed);
    }
    return run(await this.opened.on(onDevice));
  }

  /** Many devices of the zero-charge sector at once, on a GPU. @throws {PrecisionError} */
  sectorSolver(precision: Precision): Promise<SectorSolver> {
    return this.#sectors[precision]();
  }

  close(): void {
    this.opened.close();
  }
}
