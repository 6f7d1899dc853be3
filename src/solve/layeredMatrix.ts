/**
 * A Hermitian matrix's generator that a charge almost separates, as layers by how far they are from the populations: the
 * nearest are one block and inverted together, each layer beyond is a block of its own. What leads outwards is solved
 * with them, block after block; what leads back is left to an iteration.
 */
import { type OnProgress, StoppedError } from '../backend/backend.js';
import { BandMemory } from '../backend/cpu/bandMemory.js';
import { addProduct, type HermitianMatrix, type Stretch } from '../generator/hermitianMatrix.js';

/** Sites of a block, from the first on to before the last, and what leads there from blocks further in. */
interface Block {
  readonly first: number;
  readonly last: number;
  readonly inwards: readonly Stretch[];
}

export class LayeredMatrix {
  /** What leads from a block to one further in. */
  readonly back: readonly Stretch[];
  readonly #blocks: readonly Block[];
  readonly #memory: BandMemory;
  /** Unknowns of the matrix site by site, and where each is in the memory's vector. */
  readonly #position: Int32Array;
  readonly #unknowns: Int32Array;
  readonly #at: Int32Array;
  readonly #work: Float64Array;

  private constructor(
    readonly matrix: HermitianMatrix,
    readonly pinned: number,
    blocks: readonly Block[],
    back: readonly Stretch[],
    position: Int32Array,
    unknowns: Int32Array,
    start: Int32Array,
    memory: BandMemory,
  ) {
    this.back = back;
    this.#blocks = blocks;
    this.#memory = memory;
    this.#position = position;
    this.#unknowns = unknowns;
    this.#at = new Int32Array(unknowns.length);
    for (let s = 0; s + 1 < start.length; s++) {
      for (let i = start[s]; i < start[s + 1]; i++) this.#at[i] = memory.begin[s] + i - start[s];
    }
    this.#work = new Float64Array(matrix.size);
  }

  /**
   * @param blockOf by class the block, from 0 on; −1 for those that are left out
   * @param pinned the unknown, a population, whose equation is given up
   * @throws {SingularMatrixError | StoppedError}
   */
  static async of(
    matrix: HermitianMatrix,
    blockOf: Int32Array,
    pinned: number,
    onProgress?: OnProgress,
  ): Promise<LayeredMatrix> {
    const { classes } = matrix.space;
    const count = blockOf.reduce((most, b) => Math.max(most, b + 1), 0);
    const within: Stretch[] = [];
    const inwards: Stretch[][] = Array.from({ length: count }, () => []);
    const back: Stretch[] = [];
    const reach = new Int32Array(count).fill(1);
    for (const stretch of matrix.stretches) {
      const [to, from] = [blockOf[stretch.target], blockOf[stretch.source]];
      if (to < 0 || from < 0) continue;
      if (to > from) inwards[to].push(stretch);
      else if (to < from) back.push(stretch);
      else {
        within.push(stretch);
        const moved =
          placeIn(matrix, stretch.target, stretch.row) -
          placeIn(matrix, stretch.source, stretch.column);
        reach[to] = Math.max(reach[to], Math.abs(moved));
      }
    }

    // Unknowns, block by block and site by site.
    const { size } = matrix;
    const position = new Int32Array(size).fill(-1);
    const unknowns = new Int32Array(size);
    const start: number[] = [0];
    const blocks: Block[] = [];
    let length = 0;
    for (let b = 0; b < count; b++) {
      const own = [...classes.keys()].filter((c) => blockOf[c] === b && matrix.isKept[c]);
      const levels = own.reduce((most, c) => Math.max(most, classes[c].length), 0);
      const first = start.length - 1;
      for (let level = 0; level < levels; level += reach[b]) {
        for (let p = level; p < Math.min(level + reach[b], levels); p++) {
          for (const c of own) {
            if (p >= classes[c].length) continue;
            const step = matrix.stepOf(c);
            for (let i = matrix.begin[c] + step * p, part = 0; part < step; part++, i++) {
              position[i] = length;
              unknowns[length++] = i;
            }
          }
        }
        start.push(length);
      }
      blocks.push({ first, last: start.length - 1, inwards: inwards[b] });
    }

    // Rows within the blocks, but for the pinned one, which holds its own rate.
    const rowStart = new Int32Array(length + 1);
    for (const { row, rowStep, count: entries } of within) {
      for (let k = 0, i = row; k < entries; k++, i += rowStep) {
        if (i !== pinned) rowStart[position[i] + 1]++;
      }
    }
    rowStart[position[pinned] + 1] = 1;
    for (let i = 0; i < length; i++) rowStart[i + 1] += rowStart[i];
    const next = rowStart.slice();
    const columns = new Int32Array(rowStart[length]);
    const values = new Float64Array(rowStart[length]);
    let [rate, largest] = [0, 0];
    for (const { row, rowStep, column, columnStep, count: entries, at, sign } of within) {
      for (let k = 0, i = row, j = column; k < entries; k++, i += rowStep, j += columnStep) {
        const value = sign * matrix.values[at + k];
        if (i === pinned) {
          if (j === pinned) rate += value;
          continue;
        }
        largest = Math.max(largest, Math.abs(value));
        const to = next[position[i]]++;
        columns[to] = position[j];
        values[to] = value;
      }
    }
    // A state that loses nothing has no rate, but what rounding leaves of one.
    if (!(Math.abs(rate) > ROUNDING * largest)) rate = largest > 0 ? -largest : -1;
    columns[rowStart[position[pinned]]] = position[pinned];
    values[rowStart[position[pinned]]] = rate;

    const begins = Int32Array.from(start);
    const memory = await BandMemory.of({ start: begins, rowStart, columns, values });
    for (const { first, last } of blocks) {
      for (let s = first; s < last; s++) {
        if (s > first) memory.subtract(s, s - 1);
        memory.invert(s);
        const going = (await onProgress?.((s + 1) / memory.levels)) ?? true;
        if (!going) throw new StoppedError('stopped while layers were factorised');
      }
    }
    return new LayeredMatrix(
      matrix,
      pinned,
      blocks,
      back,
      position,
      unknowns.slice(0, length),
      begins,
      memory,
    );
  }

  /** Whether an unknown is one that is solved for. */
  solves(unknown: number): boolean {
    return this.#position[unknown] >= 0;
  }

  /** y = M⁻¹ x; where nothing is solved for, 0. */
  solve(x: Float64Array, y: Float64Array): void {
    const { matrix } = this;
    const memory = this.#memory;
    const { z, begin } = memory;
    const [unknowns, at, work] = [this.#unknowns, this.#at, this.#work];
    work.set(x);
    y.fill(0);
    let i = 0;
    for (const { first, last, inwards } of this.#blocks) {
      if (inwards.length > 0) addProduct(inwards, matrix.values, y, work, -1);
      const from = i;
      for (; i < at.length && at[i] < begin[last]; i++) z[at[i]] = work[unknowns[i]];
      memory.solve(first, last);
      for (let j = from; j < i; j++) y[unknowns[j]] = z[at[j]];
    }
  }

  /** y = (L M⁻¹ − 1) x where M⁻¹x is z, but for the equation that is given up. */
  remainder(z: Float64Array, y: Float64Array): void {
    y.fill(0);
    addProduct(this.back, this.matrix.values, z, y);
    y[this.pinned] = 0;
  }
}

/** What rounding may leave of a rate of 0. */
const ROUNDING = 1e-14;

const placeIn = (matrix: HermitianMatrix, c: number, unknown: number): number =>
  Math.floor((unknown - matrix.begin[c]) / matrix.stepOf(c));
