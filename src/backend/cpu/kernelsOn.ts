/** Kernels that work on a memory which is given them. */
import type { Module } from 'wasmati';
import { perObject } from '../../perObject.js';

type AnyModule = Pick<ReturnType<typeof Module>, 'toBytes'>;

/** Compiles a module that imports a memory when its kernels are wanted first; on each memory they are made once. */
export function kernelsOn<Kernels extends object>(
  module: () => AnyModule,
): (memory: WebAssembly.Memory) => Kernels {
  let compiled: WebAssembly.Module | undefined;
  return perObject((memory) => {
    compiled ??= new WebAssembly.Module(Uint8Array.from(module().toBytes()));
    const [{ module: from, name }] = WebAssembly.Module.imports(compiled);
    const { exports } = new WebAssembly.Instance(compiled, { [from]: { [name]: memory } });
    return exports as unknown as Kernels;
  });
}
