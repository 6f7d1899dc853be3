/** Kernels that work on a memory which is given them. */
import type { Module } from 'wasmati';

type AnyModule = Pick<ReturnType<typeof Module>, 'toBytes'>;

/** Compiles a module that imports a memory when its kernels are wanted first; on each memory they are made once. */
export function kernelsOn<Kernels extends object>(
  module: () => AnyModule,
): (memory: WebAssembly.Memory) => Kernels {
  const known = new WeakMap<WebAssembly.Memory, Kernels>();
  let compiled: WebAssembly.Module | undefined;
  return (memory) => {
    let kernels = known.get(memory);
    if (kernels === undefined) {
      compiled ??= new WebAssembly.Module(Uint8Array.from(module().toBytes()));
      const [{ module: from, name }] = WebAssembly.Module.imports(compiled);
      const { exports } = new WebAssembly.Instance(compiled, { [from]: { [name]: memory } });
      kernels = exports as unknown as Kernels;
      known.set(memory, kernels);
    }
    return kernels;
  };
}
