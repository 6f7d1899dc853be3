import { groupBy } from '../maps.js';

/** Sets of things that are joined one pair after another. */
export class DisjointSets {
  readonly #parent: Int32Array;

  /** @param count of things, each in a set of its own at first */
  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, i) => i);
  }

  /** The one that stands for a thing's set. */
  readonly rootOf = (i: number): number => {
    const parent = this.#parent;
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };

  join(i: number, j: number): void {
    this.#parent[this.rootOf(i)] = this.rootOf(j);
  }

  /** The sets by what stands for them, in the order of their first things; each rising. */
  members(): Map<number, number[]> {
    return groupBy(this.#parent.keys(), this.rootOf);
  }
}
