/** Functions in WebAssembly that work on a memory which is given them. */
import { preparedCode } from './preparedCode.js';

/** A module as it is written. */
export interface Written {
  toBytes(): Iterable<number>;
}

export class WrittenCode<Functions extends object> {
  #module: WebAssembly.Module | undefined;

  /** @param key says all that the code depends on */
  constructor(
    readonly key: string,
    private readonly write: () => Written,
  ) {}

  /** Written now. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.write().toBytes());
  }

  /** Compiled when it is first wanted: from what is prepared, if it is. */
  on(memory: WebAssembly.Memory): Functions {
    this.#module ??= preparedModule(this.key) ?? new WebAssembly.Module(this.bytes);
    return instanceOn(this.#module, memory);
  }
}

const compiled = new Map<string, WebAssembly.Module | null>();

/** What is prepared for a key, compiled once; null where nothing is. */
export function preparedModule(key: string): WebAssembly.Module | null {
  let module = compiled.get(key);
  if (module === undefined) {
    const bytes = preparedCode(key);
    module = bytes && new WebAssembly.Module(bytes);
    compiled.set(key, module);
  }
  return module;
}

/** What a module exports that imports a memory alone. */
export function instanceOn<Functions extends object>(
  code: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Functions {
  const [{ module, name }] = WebAssembly.Module.imports(code);
  const { exports } = new WebAssembly.Instance(code, { [module]: { [name]: memory } });
  return exports as unknown as Functions;
}
