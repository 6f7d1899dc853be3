/** A graph's code in a loop over levels, and modules that are run at once. */
import { br_if, i32, importMemory, type Local, local, loop, Module } from 'wasmati';
import type { GraphCode } from './graph.js';

/** Two numbers side by side. */
export const VECTOR = 16;
export const PAGE = 1 << 16;

/** Writes what is the same for all offsets, and then the rest from offset 0 to before `bytes`. */
export function writeLoop(
  code: GraphCode,
  own: readonly Local<'v128'>[],
  offset: Local<'i32'>,
  bytes: Local<'i32'>,
): void {
  code.write('steady', own, offset);
  local.set(offset, i32.const(0));
  loop({ in: [], out: [] }, (again) => {
    code.write('running', own, offset);
    local.set(offset, i32.add(offset, VECTOR));
    i32.lt_u(offset, bytes);
    br_if(again);
  });
}

/** The same at offset 0 and at the last one alone, if that is another. */
export function writeEnds(
  code: GraphCode,
  own: readonly Local<'v128'>[],
  offset: Local<'i32'>,
  last: Local<'i32'>,
): void {
  if (code.isEmpty) return;
  code.write('steady', own, offset);
  local.set(offset, i32.const(0));
  loop({ in: [], out: [] }, (again) => {
    code.write('running', own, offset);
    i32.ne(offset, last);
    local.set(offset, last);
    br_if(again);
  });
}

type Written = Parameters<typeof Module>[0]['exports'][string];

/** A function on a memory, compiled. */
export function compiledOn<Run>(run: Written, memory: WebAssembly.Memory): Run {
  const module = Module({ exports: { run }, memory: importMemory({ min: 1 }, memory) });
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(Uint8Array.from(module.toBytes())),
    module.importMap,
  );
  return (exports as { run: Run }).run;
}
