/** Which GPUs there are, in Node (Dawn), Deno or a browser. */
import { loadOptional, MissingPackageError } from '../../optionalPackage.js';
import { NoAdapterError } from './errors.js';

export interface AdapterDescription {
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly features: readonly string[];
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxComputeWorkgroupStorageSize: number;
}

const inNode = (): boolean => typeof process !== 'undefined' && 'node' in process.versions;

/**
 * Null in a browser without WebGPU, or on a page that it does not trust.
 * @param dawnOptions Dawn's own switches, in Node
 * @throws {MissingPackageError} in Node without Dawn
 * @throws {NoAdapterError} where Dawn does not load
 */
async function entryPoint(dawnOptions: readonly string[]): Promise<GPU | null> {
  // Browsers, and Deno, which could load Dawn as well but has an engine of its own.
  if (typeof navigator !== 'undefined' && 'gpu' in navigator) return navigator.gpu;
  if (!inNode()) return null;
  return (await loadDawn()).dawn(dawnOptions);
}

/** Dawn is compiled for some systems only, such as Linux with glibc 2.34 or newer. */
async function loadDawn(): Promise<typeof import('./dawn.js')> {
  try {
    return await loadOptional('WebGPU in Node', ['webgpu'], () => import('./dawn.js'));
  } catch (error) {
    if (error instanceof MissingPackageError) throw error;
    const [why] = (error as Error).message.split('\n');
    throw new NoAdapterError(
      `no WebGPU on this system: the package webgpu does not load (${why}); use --backend cpu`,
    );
  }
}

/** Firefox tells nothing of its adapters: then the browser is all that can be named. */
function nameOf({ description, device, vendor, architecture }: GPUAdapterInfo): string {
  const known = description || device || `${vendor} ${architecture}`.trim();
  if (known !== '') return known;
  const browser =
    typeof navigator === 'undefined' ? undefined : navigator.userAgent.split(' ').pop();
  return browser ? `unnamed adapter in ${browser}` : 'unnamed adapter';
}

export function describe(adapter: GPUAdapter): AdapterDescription {
  const { info, limits, features } = adapter;
  return {
    name: nameOf(info),
    vendor: info.vendor,
    architecture: info.architecture,
    features: [...features].sort(),
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
  };
}

/**
 * The different adapters that WebGPU offers, the fastest first.
 * @param dawnOptions Dawn's own switches, in Node
 * @throws {NoAdapterError} where Dawn does not load
 */
export async function requestAdapters(dawnOptions: readonly string[] = []): Promise<GPUAdapter[]> {
  const gpu = await entryPoint(dawnOptions);
  if (gpu === null) return [];
  const found: GPUAdapter[] = [];
  for (const powerPreference of ['high-performance', 'low-power'] as const) {
    const adapter = await gpu.requestAdapter({ powerPreference });
    if (adapter === null) continue;
    const same = JSON.stringify(describe(adapter));
    if (!found.some((other) => JSON.stringify(describe(other)) === same)) found.push(adapter);
  }
  return found;
}

/** What WGSL may say here beyond its first version. @param dawnOptions as `requestAdapters` has them */
export async function wgslFeatures(
  dawnOptions: readonly string[] = [],
): Promise<ReadonlySet<string>> {
  // WebGPU of before 2024 tells none.
  return (await entryPoint(dawnOptions))?.wgslLanguageFeatures ?? new Set();
}

/** What is known of the adapters, the fastest first. @throws {NoAdapterError} where Dawn does not load */
export async function listAdapters(): Promise<AdapterDescription[]> {
  return (await requestAdapters()).map(describe);
}
