/**
 * The gpu.js backend: L·ρ in float32 on whatever gpu.js finds, for browsers without WebGPU and as a
 * baseline. Vectors stay on the host, where gpu.js leaves the result of each kernel; vector operations and
 * factorisations are the host's. A solver refines its answers against residuals in float64, as for any
 * float32 backend.
 */
import type { GPU as GpuJs } from 'gpu.js';
import { chainsOf } from '../../generator/chains.js';
import type { Generator } from '../../generator/generator.js';
import type { Complex } from '../../operators/operator.js';
import { loadOptional } from '../../optionalPackage.js';
import type { Backend, LinearMap } from '../backend.js';
import { factoriseBand } from '../cpu/bandFactors.js';
import { factoriseChains } from '../cpu/chains.js';
import { flatten } from './flatten.js';

/** What gpu.js may compute with, the fastest first; `webgpu` only where it is named. */
export const GPUJS_MODES = ['webgl2', 'webasm', 'cpu', 'webgpu'] as const;
export type GpuJsMode = (typeof GPUJS_MODES)[number];

/** What is missing where a mode is not to be had. */
const NEEDS: Readonly<Record<GpuJsMode, string>> = {
  webgl2: 'WebGL 2 is only in browsers',
  webasm: 'there is no WebAssembly',
  webgpu: 'gpu.js finds no WebGPU adapter',
  cpu: 'there is no JavaScript',
};

/** gpu.js cannot compute in the mode asked for on this machine. */
export class GpuJsModeError extends Error {
  override readonly name = 'GpuJsModeError';
}

/** As text: gpu.js translates the source, which a bundler would otherwise rewrite. */
const KERNEL = `function (x, owner, classes, couplings, coefficients) {
  const element = Math.floor(this.thread.x / 2);
  const isImaginary = this.thread.x - 2 * element;
  const at = owner[element];
  const p = element - classes[3 * at];
  const first = classes[3 * at + 1];
  const count = classes[3 * at + 2];
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const c = 4 * (first + i);
    if (p >= couplings[c] && p < couplings[c + 1]) {
      const from = 2 * (couplings[c + 2] + p);
      const factor = 2 * (couplings[c + 3] + p);
      if (isImaginary === 0) {
        sum += coefficients[factor] * x[from] - coefficients[factor + 1] * x[from + 1];
      } else {
        sum += coefficients[factor] * x[from + 1] + coefficients[factor + 1] * x[from];
      }
    }
  }
  return sum;
}`;

type Apply = (
  x: Float32Array,
  owner: Float32Array,
  classes: Float32Array,
  couplings: Float32Array,
  coefficients: Float32Array,
) => Promise<Float32Array>;

async function load(): Promise<typeof GpuJs> {
  // A CommonJS package: its exports are named or under `default`, as the loader has it.
  const loaded: { GPU?: typeof GpuJs; default?: { GPU: typeof GpuJs } } = await loadOptional(
    'the backend gpujs',
    ['gpu.js'],
    () => import('gpu.js'),
  );
  const found = loaded.GPU ?? loaded.default?.GPU;
  if (found === undefined) throw new GpuJsModeError('gpu.js could not be loaded');
  return found;
}

const supported = async (GPU: typeof GpuJs, mode: GpuJsMode): Promise<boolean> => {
  if (mode === 'webgl2') return GPU.isWebGL2Supported;
  if (mode === 'webasm') return GPU.isWebAssemblySupported;
  if (mode === 'webgpu') return GPU.isWebGPUAvailable();
  return true;
};

async function firstSupported(GPU: typeof GpuJs): Promise<GpuJsMode> {
  for (const mode of GPUJS_MODES) if (await supported(GPU, mode)) return mode;
  return 'cpu';
}

function axpy({ re, im }: Complex, x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i += 2) {
    y[i] += re * x[i] - im * x[i + 1];
    y[i + 1] += re * x[i + 1] + im * x[i];
  }
}

function dot(x: Float32Array, y: Float32Array): Complex {
  let re = 0;
  let im = 0;
  for (let i = 0; i < x.length; i += 2) {
    re += x[i] * y[i] + x[i + 1] * y[i + 1];
    im += x[i] * y[i + 1] - x[i + 1] * y[i];
  }
  return { re, im };
}

/** y = M⁻¹ x by factors in float64. */
const solvedOnHost = (factors: {
  solve(x: Float64Array, y: Float64Array): void;
}): LinearMap<Float32Array> => ({
  apply: async (x, y) => {
    const solution = Float64Array.from(y);
    factors.solve(Float64Array.from(x), solution);
    y.set(solution);
  },
  release: () => {},
  onHost: true,
});

/**
 * @param wanted the mode; without it the first of webgl2, webasm and cpu that this machine has
 * @throws {GpuJsModeError} when the named mode is not to be had: never another in its place.
 * @throws {MissingPackageError} where gpu.js is not installed
 */
export async function gpujsBackend(wanted?: GpuJsMode): Promise<Backend<Float32Array>> {
  const GPU = await load();
  const mode = wanted ?? (await firstSupported(GPU));
  if (!(await supported(GPU, mode))) {
    throw new GpuJsModeError(`gpu.js cannot compute in mode ${mode} here: ${NEEDS[mode]}`);
  }
  const gpu = new GPU({ mode });

  const prepare = async (generator: Generator): Promise<LinearMap<Float32Array>> => {
    const flat = flatten(generator);
    const most = generator.space.classes.reduce(
      (largest, _, at) => Math.max(largest, flat.classes[3 * at + 2]),
      1,
    );
    const kernel = gpu.createKernel(KERNEL, {
      output: [2 * generator.space.size],
      precision: 'single',
      asyncMode: true,
    });
    kernel.setLoopMaxIterations(most);
    const run = kernel as unknown as Apply;
    return {
      apply: async (x, y) => {
        const { owner, classes, couplings, coefficients } = flat;
        y.set(await run(x, owner, classes, couplings, coefficients));
        // gpu.js falls back to plain JavaScript, with a warning, on what it cannot translate.
        const { fallbackReason } = kernel.kernel;
        if (fallbackReason) throw new GpuJsModeError(`gpu.js left mode ${mode}: ${fallbackReason}`);
      },
      release: () => kernel.destroy(),
    };
  };

  return {
    name: 'gpujs',
    adapter: `gpu.js ${mode}`,
    precision: 'f32',
    allocate: async (length) => new Float32Array(2 * length),
    upload: async (elements) => Float32Array.from(elements),
    write: async (elements, vector) => vector.set(elements),
    download: async (vector, count) =>
      Float64Array.from(count === undefined ? vector : vector.subarray(0, 2 * count)),
    release: () => {},
    prepare,
    factorise: async (generator, sectors) =>
      solvedOnHost(factoriseChains(chainsOf(generator, sectors))),
    factoriseBand: async (band, onProgress) => solvedOnHost(await factoriseBand(band, onProgress)),
    copy: async (x, y) => y.set(x),
    scale: async ({ re, im }, x) => {
      for (let i = 0; i < x.length; i += 2) {
        const u = x[i];
        x[i] = re * u - im * x[i + 1];
        x[i + 1] = re * x[i + 1] + im * u;
      }
    },
    axpy: async (a, x, y) => axpy(a, x, y),
    addMultiples: async (coefficients, xs, y) => {
      for (let k = 0; k < xs.length; k++) axpy(coefficients[k], xs[k], y);
    },
    dot: async (x, y) => dot(x, y),
    dots: async (xs, y) => xs.map((x) => dot(x, y)),
    close: () => void gpu.destroy(),
  };
}
