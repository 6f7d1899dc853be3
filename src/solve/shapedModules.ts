/** Code for shapes of matrices, written and compiled once for each. */
import { importMemory, Module } from 'wasmati';
import type { EliminationShape } from './eliminationShape.js';

const keyOf = ({ width, paired, reach }: EliminationShape): string =>
  `${width} ${paired} ${reach.below.join()} ${reach.above.join()}`;

export class ShapedModules {
  readonly #known = new Map<string, WebAssembly.Module>();

  /** @param exportsFor a shape's functions, on memory that is imported */
  constructor(
    private readonly exportsFor: (
      shape: EliminationShape,
    ) => Parameters<typeof Module>[0]['exports'],
  ) {}

  of(shape: EliminationShape): WebAssembly.Module {
    const key = keyOf(shape);
    let known = this.#known.get(key);
    if (known === undefined) {
      const code = Module({ exports: this.exportsFor(shape), memory: importMemory({ min: 1 }) });
      known = new WebAssembly.Module(Uint8Array.from(code.toBytes()));
      this.#known.set(key, known);
    }
    return known;
  }
}
