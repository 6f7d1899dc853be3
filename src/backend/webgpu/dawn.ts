import { create, globals } from 'webgpu';
import { paceDawn } from './pacing.js';

const instances = new Map<string, GPU>();

/**
 * Kernels clear the memory of a workgroup by a loop: where Vulkan is asked to, SwiftShader writes the clearing out,
 * number by number, and takes up to ten times as long to compile a kernel.
 */
const CLEARED_BY_LOOPS =
  'disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension';

/**
 * Dawn's entry point to WebGPU in Node, in place of a browser's `navigator.gpu`, and the constants
 * (`GPUBufferUsage` and its like) that a browser has as globals.
 *
 * An instance is made once for each set of options and kept until the process ends: Dawn aborts the
 * process when the object that `create` returns is collected before the devices that came from it.
 *
 * @param options Dawn's own switches, such as `backend=null`, which compiles and validates without
 * an adapter of the machine and computes nothing.
 */
export function dawn(options: readonly string[] = []): GPU {
  Object.assign(globalThis, globals);
  const key = options.join(' ');
  let instance = instances.get(key);
  if (instance === undefined) {
    if (instances.size === 0) paceDawn();
    instance = create([CLEARED_BY_LOOPS, ...options]);
    instances.set(key, instance);
  }
  return instance;
}
