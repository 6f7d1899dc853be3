/**
 * The elements of a sector on a window in the memory of WebAssembly: what fills, applies and judges its matrix there,
 * to the same bits as BoundSector does it without.
 */
import type { Numbers } from '../machine/tape.js';
import { EliminationKernel, type EliminationShape } from '../solve/eliminationKernel.js';
import { zeros } from '../zeros.js';
import type { Applied, Run } from './run.js';
import { putRecords, RECORD, type RunCode, type RunRecord, runCode } from './runKernel.js';

export { isWritten } from '../solve/eliminationKernel.js';

const NUMBER = 8;

/** A sector that there is memory for. */
export interface KernelSector {
  readonly shape: EliminationShape;
  readonly sites: number;
  /** Levels of a table. */
  readonly size: number;
  /** All of them, those from a pair to another, those within a pair, and those that a matrix is filled with. */
  readonly runs: readonly Run[];
  readonly amongPairs: readonly Run[];
  readonly withinPairs: readonly Run[];
  readonly filling: readonly Run[];
}

/** Records from one address to another. */
type Records = readonly [begin: number, end: number];

export class SectorKernel {
  readonly elimination: EliminationKernel;
  readonly #code: RunCode;
  readonly #memory: DataView;
  /** Bytes from one site to the next in a vector, and what a vector takes. */
  readonly #step: number;
  readonly #vector: number;
  /** Tables by their places on the tape. */
  readonly #tables = new Map<number, Float64Array>();
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #magnitudes: Float64Array;
  readonly #blocks: Float64Array;
  readonly #all: Records;
  readonly #judged: Records;
  readonly #brought: Records;
  readonly #within: Records;
  /** Where the records of a matrix begin, and those that are there. */
  readonly #fillingAt: number;
  #filling: Records = [0, 0];
  #centre = -1;
  #device = -1;

  constructor(private readonly sector: KernelSector) {
    const { shape, sites, size, runs, amongPairs, withinPairs, filling } = sector;
    const places = [...new Set(runs.map(({ table }) => table))];
    const length = sites * shape.width;
    const table = NUMBER * size;
    const vectors = 5 * NUMBER * length;
    // Of a matrix each run has two parts: up to the centre, and beyond it.
    const records = runs.length + 2 * amongPairs.length + withinPairs.length + 2 * filling.length;
    const bytes = vectors + places.length * table + RECORD * records;
    this.elimination = new EliminationKernel(shape, sites, bytes);
    const { memory, room } = this.elimination;
    this.#memory = new DataView(memory.buffer);
    this.#code = runCode(memory);
    this.#step = NUMBER * shape.width;
    this.#vector = NUMBER * length;
    let at = room;
    const take = (count: number): Float64Array => {
      const array = new Float64Array(memory.buffer, at, count);
      at += NUMBER * count;
      return array;
    };
    this.#x = take(length);
    this.#y = take(length);
    this.#magnitudes = take(length);
    this.#blocks = take(2 * length);
    for (const place of places) this.#tables.set(place, take(size));
    const put = (of: readonly RunRecord[]): Records => {
      const begin = at;
      at = putRecords(this.#memory, begin, of);
      return [begin, at];
    };
    const { byteOffset: x } = this.#x;
    const { byteOffset: y } = this.#y;
    this.#all = put(runs.map((run) => this.#between(run, x, y)));
    this.#brought = put(amongPairs.map((run) => this.#between(run, x, y)));
    this.#judged = put(amongPairs.map((run) => this.#betweenBlocks(run)));
    this.#within = put(withinPairs.map((run) => this.#inBlock(run)));
    this.#fillingAt = at;
  }

  #record({ table, first, stride, count, sign }: Run, from: number, to: number): RunRecord {
    const values = this.#tables.get(table) as Float64Array;
    return {
      table: values.byteOffset + NUMBER * first,
      stride: NUMBER * stride,
      count,
      from,
      to,
      sign,
    };
  }

  #between(run: Run, x: number, y: number): RunRecord {
    const { source, target, from, to } = run;
    const { width } = this.sector.shape;
    const from0 = x + NUMBER * (source * width + from);
    return this.#record(run, from0, y + NUMBER * (target * width + to));
  }

  /** From the 2×2 block of a pair to that of another. */
  #betweenBlocks(run: Run): RunRecord {
    const { source, target, from, to } = run;
    const { width } = this.sector.shape;
    const block = (site: number, unknown: number) =>
      this.#blocks.byteOffset + 2 * NUMBER * (site * width + unknown - (unknown % 2));
    return this.#record(run, block(source, from), block(target, to));
  }

  #inBlock(run: Run): RunRecord {
    const { target, from, to } = run;
    const at = 2 * (target * this.sector.shape.width + to) + (from % 2);
    return this.#record(run, 0, this.#blocks.byteOffset + NUMBER * at);
  }

  /** Beyond the centre the blocks of a row stand the other way round. */
  #fillAbout(centre: number): void {
    if (centre === this.#centre) return;
    this.#centre = centre;
    const { width } = this.sector.shape;
    const row = 3 * width;
    const parts = this.sector.filling.flatMap((run) => {
      const { source, target, from, to, first, stride, count } = run;
      const side = source - target;
      const inside = Math.min(count, Math.max(0, centre + 1 - target));
      const part = (begin: number, end: number, block: number) => {
        const at = ((target + begin) * width + to) * row + block * width + from;
        const some = { ...run, first: first + begin * stride, count: end - begin };
        return begin < end ? [this.#record(some, 0, NUMBER * at)] : [];
      };
      return [...part(0, inside, 1 + side), ...part(inside, count, 1 - side)];
    });
    this.#filling = [this.#fillingAt, putRecords(this.#memory, this.#fillingAt, parts)];
  }

  /** Brings in the numbers of the device that they have now. */
  #bring(numbers: Numbers): void {
    if (this.#device === numbers.device) return;
    for (const [at, table] of this.#tables) table.set(numbers.table(at));
    this.#device = numbers.device;
  }

  /** The entries of a matrix about a centre but for its gaps. */
  filled(numbers: Numbers, centre: number): Float64Array {
    this.#bring(numbers);
    this.#fillAbout(centre);
    const { width } = this.sector.shape;
    const entries = this.elimination.entries.fill(0);
    this.#code.add(...this.#filling, NUMBER * 3 * width * width);
    return entries;
  }

  /** 𝓛x, and the same sum of magnitudes. */
  applied(numbers: Numbers, x: Float64Array): Applied {
    this.#bring(numbers);
    this.#x.set(x);
    this.#y.fill(0);
    this.#magnitudes.fill(0);
    this.#code.apply(...this.#all, this.#step, this.#vector);
    return { y: copied(this.#y), magnitudes: copied(this.#magnitudes) };
  }

  /** As BoundSector has it. */
  pairBlocks(numbers: Numbers): Float64Array {
    this.#bring(numbers);
    this.#blocks.fill(0);
    this.#code.add(...this.#within, 2 * this.#step);
    return copied(this.#blocks);
  }

  /** As BoundSector has it. */
  resonance(numbers: Numbers, blocks: Float64Array): number {
    this.#bring(numbers);
    this.#blocks.set(blocks);
    return this.#code.resonance(...this.#judged, 2 * this.#step);
  }

  /** Σ of the magnitudes of what other pairs bring to each. */
  byPairs(numbers: Numbers, x: Float64Array): Float64Array {
    this.#bring(numbers);
    this.#x.set(x);
    this.#y.fill(0);
    this.#code.addMagnitudes(...this.#brought, this.#step);
    return copied(this.#y);
  }
}

function copied(values: Float64Array): Float64Array {
  const copy = zeros(values.length);
  copy.set(values);
  return copy;
}
