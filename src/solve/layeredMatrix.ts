/**
 * A Hermitian matrix's generator that a charge almost separates, as layers by how far they are from the populations: the
 * nearest are one block and inverted together, each layer beyond is a block of its own. What leads outwards is solved
 * with them, block after block; what leads back is left to an iteration.
 */
import { type OnProgress, StoppedError } from '../backend/backend.js';
import { BandMemory } from '../backend/cpu/bandMemory.js';
import { type Range, type VectorContents, VectorMemory } from '../backend/cpu/vectorMemory.js';
import type { HermitianMatrix, Stretch } from '../generator/hermitianMatrix.js';
import { rowsWithin } from './layeredRows.js';

/** Sites of a block, its unknowns, and which stretches lead there from blocks further in. */
interface Block {
  readonly sites: Range;
  readonly unknowns: Range;
  readonly inwards: Range;
}

/** Stretches that lead from a block to one further in, all of the matrix, and those of its sizes. */
interface Parts {
  readonly back: Range;
  readonly all: Range;
  readonly sizes: Range;
}

/** Vectors that have a name, by their numbers; from `basis` on they are the solver's. */
export const VECTORS = { work: 0, right: 1, solution: 2, state: 3, image: 4, basis: 5 } as const;

export class LayeredMatrix {
  readonly #blocks: readonly Block[];
  readonly #memory: BandMemory;
  readonly #parts: Parts;
  /** By unknown of the matrix its place among those that are solved for, or −1. */
  readonly #position: Int32Array;

  private constructor(
    readonly matrix: HermitianMatrix,
    readonly pinned: number,
    blocks: readonly Block[],
    parts: Parts,
    position: Int32Array,
    memory: BandMemory,
    /** Vectors of the matrix's unknowns. */
    readonly vectors: VectorMemory,
  ) {
    this.#blocks = blocks;
    this.#memory = memory;
    this.#parts = parts;
    this.#position = position;
  }

  /**
   * @param blockOf by class the block, from 0 on; −1 for those that are left out
   * @param pinned the unknown, a population, whose equation is given up
   * @param room for how many vectors a solver wants room
   * @throws {SingularMatrixError | StoppedError}
   */
  static async of(
    matrix: HermitianMatrix,
    blockOf: Int32Array,
    pinned: number,
    room: number,
    onProgress?: OnProgress,
  ): Promise<LayeredMatrix> {
    const { classes } = matrix.space;
    const count = blockOf.reduce((most, b) => Math.max(most, b + 1), 0);
    const within: Stretch[] = [];
    const inwards: Stretch[][] = Array.from({ length: count }, () => []);
    const back: Stretch[] = [];
    const outside: Stretch[] = [];
    const reach = new Int32Array(count).fill(1);
    for (const stretch of matrix.stretches) {
      const [to, from] = [blockOf[stretch.target], blockOf[stretch.source]];
      if (to < 0 || from < 0) outside.push(stretch);
      else if (to > from) inwards[to].push(stretch);
      else if (to < from) back.push(stretch);
      else {
        within.push(stretch);
        const moved =
          ((stretch.row - matrix.begin[stretch.target]) % classes[stretch.target].length) -
          ((stretch.column - matrix.begin[stretch.source]) % classes[stretch.source].length);
        reach[to] = Math.max(reach[to], Math.abs(moved));
      }
    }

    // Unknowns, block by block and site by site.
    const { size } = matrix;
    const position = new Int32Array(size).fill(-1);
    const unknowns = new Int32Array(size);
    const start: number[] = [0];
    const blocks: Block[] = [];
    const stretches: Stretch[] = [];
    const added = (list: readonly Stretch[]): Range => {
      const from = stretches.length;
      for (const stretch of list) stretches.push(stretch);
      return { from, to: stretches.length };
    };
    let length = 0;
    for (let b = 0; b < count; b++) {
      const own = [...classes.keys()].filter((c) => blockOf[c] === b && matrix.isKept[c]);
      const levels = own.reduce((most, c) => Math.max(most, classes[c].length), 0);
      const [first, begun] = [start.length - 1, length];
      for (let level = 0; level < levels; level += reach[b]) {
        for (let p = level; p < Math.min(level + reach[b], levels); p++) {
          for (const c of own) {
            const { length: size } = classes[c];
            if (p >= size) continue;
            const begin = matrix.begin[c] + p;
            for (let i = begin; i < begin + matrix.partsOf(c) * size; i += size) {
              position[i] = length;
              unknowns[length++] = i;
            }
          }
        }
        start.push(length);
      }
      blocks.push({
        sites: { from: first, to: start.length - 1 },
        unknowns: { from: begun, to: length },
        inwards: added(inwards[b]),
      });
    }
    const backwards = added(back);
    added(within);
    added(outside);
    const all = { from: 0, to: stretches.length };
    const sizes = added(matrix.sizes);

    const begins = Int32Array.from(start);
    const places = new Int32Array(length);
    const contents: VectorContents = {
      length: size,
      count: VECTORS.basis + room,
      stretches,
      values: matrix.values,
      elements: unknowns.subarray(0, length),
      places,
    };
    const rows = rowsWithin(within, matrix.values, position, length, pinned);
    const memory = await BandMemory.of({ start: begins, ...rows }, VectorMemory.bytes(contents));
    for (let s = 0; s < memory.levels; s++) {
      for (let i = start[s]; i < start[s + 1]; i++) places[i] = memory.begin[s] + i - start[s];
    }
    const layered = new LayeredMatrix(
      matrix,
      pinned,
      blocks,
      { back: backwards, all, sizes },
      position,
      memory,
      await VectorMemory.of(memory.memory, memory.more, contents),
    );
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
    for (const { sites } of this.#blocks) {
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
    return this.#position[unknown] >= 0;
  }

  /** y = M⁻¹ x; where nothing is solved for, 0. */
  solve(x: number, y: number): void {
    const { vectors } = this;
    const memory = this.#memory;
    const { work } = VECTORS;
    vectors.setMultiple(1, x, work);
    vectors.of(y).fill(0);
    for (const { sites, unknowns, inwards } of this.#blocks) {
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
    this.vectors.addProduct(this.#parts.back, z, y);
    elements[this.pinned] = 0;
  }

  /** y = L x, of every row: of the one that was given up, and of what is left out. */
  product(x: number, y: number): void {
    this.vectors.of(y).fill(0);
    this.vectors.addProduct(this.#parts.all, x, y);
  }

  /** ‖|L| |x|‖, what ‖L x‖ is a small remainder of: by the rules one by one. The right side is lost. */
  magnitude(x: number): number {
    const { matrix, vectors } = this;
    const { work, right } = VECTORS;
    matrix.sizesOf(vectors.of(x), vectors.of(work));
    const sums = vectors.of(right);
    sums.fill(0);
    vectors.addProduct(this.#parts.sizes, work, right);
    return matrix.norm(sums);
  }
}
