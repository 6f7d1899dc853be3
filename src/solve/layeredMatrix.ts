/**
 * A Hermitian matrix's generator that a charge almost separates, as layers by how far they are from the populations: the
 * nearest are one block and inverted together, each layer beyond is a block of its own. What leads outwards is solved
 * with them, block after block; what leads back is left to an iteration.
 */
import { type OnProgress, StoppedError } from '../backend/backend.js';
import { BandMemory } from '../backend/cpu/bandMemory.js';
import { type VectorContents, VectorMemory } from '../backend/cpu/vectorMemory.js';
import type { RealMatrix } from '../generator/hermitianMatrix.js';
import { type LayeredLayout, layeredLayout } from './layeredLayout.js';

/** Vectors that have a name, by their numbers; from `basis` on they are the solver's. */
export const VECTORS = { work: 0, right: 1, solution: 2, state: 3, image: 4, basis: 5 } as const;

export class LayeredMatrix {
  readonly #layout: LayeredLayout;
  readonly #memory: BandMemory;

  private constructor(
    readonly matrix: RealMatrix,
    readonly pinned: number,
    layout: LayeredLayout,
    memory: BandMemory,
    /** Vectors of the matrix's unknowns. */
    readonly vectors: VectorMemory,
  ) {
    this.#layout = layout;
    this.#memory = memory;
  }

  /**
   * @param blockOf by class the block, from 0 on; −1 for those that are left out
   * @param pinned the unknown, a population, whose equation is given up; −1 where the matrix has an inverse
   * @param room for how many vectors a solver wants room
   * @throws {SingularMatrixError | StoppedError}
   */
  static async of(
    matrix: RealMatrix,
    blockOf: Int32Array,
    pinned: number,
    room: number,
    onProgress?: OnProgress,
  ): Promise<LayeredMatrix> {
    const layout = layeredLayout(matrix, blockOf, pinned);
    const { rows, band, stretches, unknowns: elements, places } = layout;
    const { size: length, values } = matrix;
    const count = VECTORS.basis + room;
    const contents: VectorContents = { length, count, stretches, values, elements, places };
    const entries = new Float64Array(rows.columns.length);
    rows.fill(values, entries);
    const memory = await BandMemory.of(band, entries, VectorMemory.bytes(contents));
    const vectors = await VectorMemory.of(memory.memory, memory.more, contents);
    const layered = new LayeredMatrix(matrix, pinned, layout, memory, vectors);
    try {
      await layered.#factorise(onProgress);
    } catch (error) {
      layered.release();
      throw error;
    }
    return layered;
  }

  /** Its memory is given back: it solves no more. */
  release(): void {
    this.#memory.release();
  }

  async #factorise(onProgress?: OnProgress): Promise<void> {
    const memory = this.#memory;
    for (const { sites } of this.#layout.blocks) {
      for (let s = sites.from; s < sites.to; s++) {
        if (s > sites.from) memory.subtract(s, s - 1);
        memory.invert(s);
        if (onProgress === undefined) continue;
        const going = (await onProgress((s + 1) / memory.levels)) ?? true;
        if (!going) throw new StoppedError('stopped while layers were factorised');
      }
    }
  }

  /** Whether an unknown is one that is solved for. */
  solves(unknown: number): boolean {
    return this.#layout.position[unknown] >= 0;
  }

  /** Whether a class is left out. */
  leavesOut(c: number): boolean {
    return this.#layout.blockOf[c] < 0;
  }

  /** y = M⁻¹ x; where nothing is solved for, 0. */
  solve(x: number, y: number): void {
    const { vectors } = this;
    const memory = this.#memory;
    const { work } = VECTORS;
    vectors.setMultiple(1, x, work);
    vectors.of(y).fill(0);
    for (const { sites, unknowns, inwards } of this.#layout.blocks) {
      vectors.addProduct(inwards, y, work, -1);
      vectors.gather(unknowns, work, memory.zAddress);
      memory.solve(sites.from, sites.to);
      vectors.scatter(unknowns, memory.zAddress, y);
    }
  }

  /** y = (L M⁻¹ − 1) x where M⁻¹x is z, but for the equation that is given up. */
  remainder(z: number, y: number): void {
    const elements = this.vectors.of(y);
    elements.fill(0);
    this.vectors.addProduct(this.#layout.back, z, y);
    if (this.pinned >= 0) elements[this.pinned] = 0;
  }

  /** y = L x, of every row: of the one that was given up, and of what is left out. */
  product(x: number, y: number): void {
    this.vectors.of(y).fill(0);
    this.vectors.addProduct(this.#layout.all, x, y);
  }

  /** ‖|L| |x|‖, what ‖L x‖ is a small remainder of: by the rules one by one. The right side is lost. */
  magnitude(x: number): number {
    return this.matrix.norm(this.magnitudes(x));
  }

  /** |L| |x|, at the first number of each element, until the right side is written again. */
  magnitudes(x: number): Float64Array {
    const { matrix, vectors } = this;
    const { work, right } = VECTORS;
    matrix.sizesOf(vectors.of(x), vectors.of(work));
    const sums = vectors.of(right);
    sums.fill(0);
    vectors.addProduct(this.#layout.sizes, work, right);
    return sums;
  }
}
