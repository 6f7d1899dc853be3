/** Which GPUs there are, in Node (Dawn) or a browser. */
import { loadOptional } from '../../optionalPackage.js';

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
 * @throws {MissingPackageError} in Node without Dawn
 */
async function entryPoint(): Promise<GPU | null> {
  if (!inNode()) return 'gpu' in navigator ? navigator.gpu : null;
  const { dawn } = await loadOptional('WebGPU in Node', ['webgpu'], () => import('./dawn.js'));
  return dawn();
}

export function describe(adapter: GPUAdapter): AdapterDescription {
  const { info, limits, features } = adapter;
  return {
    name: info.description || info.device || 'unnamed adapter',
    vendor: info.vendor,
    architecture: info.architecture,
    features: [...features].sort(),
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
  };
}

/** The different adapters that WebGPU offers, the fastest first. */
export async function requestAdapters(): Promise<GPUAdapter[]> {
  const gpu = await entryPoint();
  if (gpu === null) return [];
  const found: GPUAdapter[] = [];
  for (const powerPreference of ['high-performance', 'low-power'] as const) {
    const adapter = await gpu.requestAdapter({ powerPreference });
    if (adapter === null) continue;
    if (!found.some(({ info }) => info.description === adapter.info.description))
      found.push(adapter);
  }
  return found;
}

/** What is known of the adapters, the fastest first. */
export async function listAdapters(): Promise<AdapterDescription[]> {
  return (await requestAdapters()).map(describe);
}
