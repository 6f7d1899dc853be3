/** Where the unknowns of layers are, and what leads between them: of every matrix with the same stretches. */
import { BandLayout } from '../backend/cpu/bandMemory.js';
import type { Range } from '../backend/cpu/vectorMemory.js';
import type { RealMatrix, Stretch } from '../generator/hermitianMatrix.js';
import { LayeredRows } from './layeredRows.js';

/** Sites of a block, its unknowns, and which stretches lead there from blocks further in. */
interface Block {
  readonly sites: Range;
  readonly unknowns: Range;
  readonly inwards: Range;
}

export class LayeredLayout {
  readonly blocks: readonly Block[];
  readonly stretches: readonly Stretch[];
  /** Stretches that lead from a block to one further in, all of the matrix, and those of its sizes. */
  readonly back: Range;
  readonly all: Range;
  readonly sizes: Range;
  /** By unknown of the matrix its place among those that are solved for, or −1. */
  readonly position: Int32Array;
  /** By place the unknown, and where it is in vectors of the band. */
  readonly unknowns: Int32Array;
  readonly places: Int32Array;
  readonly rows: LayeredRows;
  readonly band: BandLayout;

  constructor(
    matrix: RealMatrix,
    readonly blockOf: Int32Array,
    readonly pinned: number,
  ) {
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
    this.back = added(back);
    added(within);
    added(outside);
    this.all = { from: 0, to: stretches.length };
    this.sizes = added(matrix.sizes);
    this.blocks = blocks;
    this.stretches = stretches;
    this.position = position;
    this.unknowns = unknowns.slice(0, length);

    this.rows = new LayeredRows(within, position, length, pinned);
    const { rowStart, columns } = this.rows;
    this.band = new BandLayout({ start: Int32Array.from(start), rowStart, columns });
    this.places = new Int32Array(length);
    for (let s = 0; s + 1 < start.length; s++) {
      for (let i = start[s]; i < start[s + 1]; i++) {
        this.places[i] = this.band.begin[s] + i - start[s];
      }
    }
  }

  /** Whether it is that of the same blocks and the same equation given up. */
  isOf(blockOf: Int32Array, pinned: number): boolean {
    return pinned === this.pinned && blockOf.every((block, c) => block === this.blockOf[c]);
  }
}

/** Layouts of matrices that are filled again. */
const known = new WeakMap<RealMatrix, LayeredLayout>();

export function layeredLayout(
  matrix: RealMatrix,
  blockOf: Int32Array,
  pinned: number,
): LayeredLayout {
  let layout = known.get(matrix);
  if (layout === undefined || !layout.isOf(blockOf, pinned)) {
    layout = new LayeredLayout(matrix, blockOf, pinned);
    known.set(matrix, layout);
  }
  return layout;
}
