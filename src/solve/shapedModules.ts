/** Code for shapes of matrices, written and compiled once for each. */
import { type Written, WrittenCode } from '../writtenCode.js';
import type { EliminationShape } from './eliminationShape.js';

/** What code of a name depends on for a shape. */
export const shapeKey = (name: string, { width, paired, reach }: EliminationShape): string =>
  `${name} ${width} ${paired} ${reach.below.join()} ${reach.above.join()}`;

export class ShapedModules<Functions extends object> {
  readonly #known = new Map<string, WrittenCode<Functions>>();

  /**
   * @param name no other ones have
   * @param write a shape's functions, on memory that is imported
   */
  constructor(
    private readonly name: string,
    private readonly write: (shape: EliminationShape) => Written,
  ) {}

  of(shape: EliminationShape): WrittenCode<Functions> {
    const key = shapeKey(this.name, shape);
    let known = this.#known.get(key);
    if (known === undefined) {
      known = new WrittenCode<Functions>(key, () => this.write(shape));
      this.#known.set(key, known);
    }
    return known;
  }
}
