/** What computes, opened once and used for any number of runs. */
import type { Backend, Precision } from '../backend/backend.js';
import type { WebGpuBackend } from '../backend/webgpu/backend.js';
import type { Device } from '../backend/webgpu/device.js';
import { ParameterError } from '../model/parameters.js';
import type { SectorSolver } from '../simulate/sectorSolver.js';
import type { BackendName, OpenBackend } from './openBackend.js';

/** Something to be done on whichever backend there is. */
export type OnBackend<T> = <V>(backend: Backend<V>) => Promise<T>;

/** The CPU backend. More than one thread needs Node's. */
async function cpuOn(threads: number): Promise<Backend<Float64Array>> {
  if (threads === 1) return (await import('../backend/cpu/backend.js')).cpuBackend();
  return (await import('../backend/cpu/threaded.js')).threadedCpuBackend(threads);
}

/** A promise that is made when it is first asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

export class Engine implements OpenBackend {
  readonly adapter: string | null;
  readonly #cpu: () => Promise<Backend<Float64Array>>;
  readonly #webgpu = new Map<Precision, () => Promise<WebGpuBackend>>();
  readonly #sector = new Map<Precision, () => Promise<SectorSolver>>();
  #closing: (() => void)[] = [];

  private constructor(
    readonly name: BackendName,
    readonly threads: number,
    private readonly gpu: Device | null,
    private readonly gpujs: Backend<Float32Array> | null,
  ) {
    this.adapter = gpu?.adapter.name ?? gpujs?.adapter ?? null;
    // Threads are started by whoever needs them: what is solved directly does not.
    this.#cpu = once(async () => {
      const cpu = await cpuOn(threads);
      this.#closing.push(() => cpu.close());
      return cpu;
    });
    if (gpu !== null) this.#closing.push(() => gpu.close());
    if (gpujs !== null) this.#closing.push(() => gpujs.close());
    for (const precision of ['f32', 'f64'] as const) {
      this.#webgpu.set(
        precision,
        once(async () => {
          const { webgpuBackend } = await import('../backend/webgpu/backend.js');
          return webgpuBackend(this.device, precision);
        }),
      );
      this.#sector.set(
        precision,
        once(async () => {
          const { sectorSolver } = await import('../simulate/sectorSolver.js');
          return sectorSolver(this.device, precision);
        }),
      );
    }
  }

  /**
   * @param threads of the CPU
   * @throws {NoAdapterError} where WebGPU finds none
   * @throws {MissingPackageError} where the backend's package is not installed
   */
  static async open(name: BackendName, threads: number): Promise<Engine> {
    if (name === 'webgpu') {
      const { openDevice } = await import('../backend/webgpu/device.js');
      return new Engine(name, threads, await openDevice(), null);
    }
    if (name === 'gpujs') {
      const { gpujsBackend } = await import('../backend/gpujs/backend.js');
      return new Engine(name, threads, null, await gpujsBackend());
    }
    return new Engine(name, threads, null, null);
  }

  /** @throws {RangeError} where it is no GPU */
  get device(): Device {
    if (this.gpu === null) throw new RangeError(`${this.name} is no WebGPU device`);
    return this.gpu;
  }

  /**
   * Runs something on the backend.
   * @param asked precision of the answer
   * @param onDevice precision of a GPU's own arithmetic
   * @throws {ParameterError} for a precision that it does not have
   * @throws {PrecisionError} where float64 is asked of a GPU on which no double-float variant is right
   */
  async on<T>(asked: Precision, onDevice: Precision, run: OnBackend<T>): Promise<T> {
    if (this.gpu !== null) {
      const open = this.#webgpu.get(onDevice) as () => Promise<WebGpuBackend>;
      return run(await open());
    }
    if (this.gpujs !== null) {
      if (onDevice === 'f32') return run(this.gpujs);
      throw new ParameterError('precision', asked, "'f32' with backend = gpujs here");
    }
    if (asked === 'f64') return run(await this.#cpu());
    throw new ParameterError('precision', asked, "'f64' with backend = cpu, which has no other");
  }

  /** Many devices of the zero-charge sector at once, on a GPU. @throws {PrecisionError} */
  sectorSolver(precision: Precision): Promise<SectorSolver> {
    return (this.#sector.get(precision) as () => Promise<SectorSolver>)();
  }

  close(): void {
    for (const close of this.#closing) close();
    this.#closing = [];
  }
}
