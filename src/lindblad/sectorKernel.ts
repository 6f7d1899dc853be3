/**
 * The elements of a sector on a window in the memory of WebAssembly: what fills, applies and judges its matrix there,
 * to the same bits as BoundSector does it without.
 */
import type { Numbers, Place } from '../machine/tape.js';
import { isInRange } from '../norm.js';
import { EliminationKernel } from '../solve/eliminationKernel.js';
import type { EliminationShape } from '../solve/eliminationShape.js';
import { zeros } from '../zeros.js';
import type { ExactEstimate } from './estimate.js';
import type { Judged } from './judged.js';
import type { Applied, Run } from './run.js';

import { putRecords, putTerm, RECORD, type RunCode, type RunRecord, runCode } from './runKernel.js';
import { judgeBytes, SectorJudge } from './sectorJudge.js';

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
  norm(x: Float64Array): number;
}

/** A state that means are read off. */
export interface HeldState {
  readonly x: Float64Array;
  readonly errors: Float64Array;
  /** What rounding takes from a term of a mean, relative to its magnitude. */
  readonly rounding: number;
}

/** Room for what means are read with, which is not known beforehand. */
const MOST_TERMS = 256;
const MORE_TABLES = 32;

/** Elements of a state from one on, site after site, each times the numbers of a place on the tape. */
export interface MeanTerm {
  readonly place: Place;
  /** Of the place's table. */
  readonly first: number;
  readonly count: number;
  /** The first element and its error, by their indices in vectors. */
  readonly element: number;
  readonly error: number;
  /** 0 where of the elements only the errors count. */
  readonly weight: 1 | -1 | 0;
}

/** A table in memory, and the device that it has the numbers of. */
interface BroughtTable {
  readonly at: number;
  readonly values: Float64Array;
  device: number;
}

/** A number without a level in memory, likewise. */
interface BroughtScalar {
  readonly at: number;
  readonly slot: number;
  device: number;
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
  readonly #tables = new Map<number, BroughtTable>();
  /** Those that runs need. */
  readonly #ofRuns: readonly BroughtTable[];
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #magnitudes: Float64Array;
  readonly #blocks: Float64Array;
  readonly #all: Records;
  /** From each number's row to its column. */
  readonly #transposed: Records;
  readonly #judged: Records;
  readonly #coupled: Records;
  readonly #brought: Records;
  readonly #within: Records;
  /** Where the records of a matrix begin, and those that are there. */
  readonly #fillingAt: number;
  #filling: Records = [0, 0];
  #centre = -1;
  readonly #errors: Float64Array;
  readonly #judge: SectorJudge;
  /** The state that is there, in the vectors of unknowns and errors; null while these are used otherwise. */
  #held: HeldState | null = null;
  /** Which of the means each is; null where there is no room for its terms. */
  readonly #means = new Map<unknown, number | null>();
  /** The records of each mean, and what they need of each device. */
  readonly #records: Records[] = [];
  readonly #meanTables: BroughtTable[] = [];
  readonly #scalars: Float64Array;
  readonly #broughtScalars = new Map<number, BroughtScalar>();
  /** Each mean with its error, and how many of them are there for the state. */
  readonly #results: Float64Array;
  #there = 0;
  readonly #moreTables: Float64Array;
  readonly #termsAt: number;
  #terms = 0;

  constructor(private readonly sector: KernelSector) {
    const { shape, sites, size, runs, amongPairs, withinPairs, filling } = sector;
    const places = [...new Set(runs.map(({ table }) => table))];
    const length = sites * shape.width;
    const table = NUMBER * size;
    const vectors = 6 * NUMBER * length + judgeBytes({ sites, ...shape });
    // Of a matrix each run has two parts: up to the centre, and beyond it.
    const records =
      2 * runs.length + 3 * amongPairs.length + withinPairs.length + 2 * filling.length;
    const more = RECORD * MOST_TERMS + 3 * NUMBER * MOST_TERMS + MORE_TABLES * table;
    const bytes = vectors + places.length * table + RECORD * records + more;
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
    this.#errors = take(length);
    this.#results = take(2 * MOST_TERMS);
    this.#scalars = take(MOST_TERMS);
    this.#moreTables = take(MORE_TABLES * size);
    for (const at of places) this.#tables.set(at, { at, values: take(size), device: -1 });
    this.#ofRuns = [...this.#tables.values()];
    const judgeAt = at;
    at += judgeBytes({ sites, ...shape });
    const put = (of: readonly RunRecord[]): Records => {
      const begin = at;
      at = putRecords(this.#memory, begin, of);
      return [begin, at];
    };
    const { byteOffset: x } = this.#x;
    const { byteOffset: y } = this.#y;
    const judgedVectors = {
      x,
      magnitudes: this.#magnitudes.byteOffset,
      blocks: this.#blocks.byteOffset,
      errors: this.#errors.byteOffset,
    };
    this.#all = put(runs.map((run) => this.#between(run, x, y)));
    this.#transposed = put(
      runs.map((run) => {
        const { from, to, ...same } = this.#between(run, x, y);
        return { ...same, from: to - y + x, to: from - x + y };
      }),
    );
    this.#judge = new SectorJudge(memory, judgeAt, { sites, ...shape }, judgedVectors, this.#code);
    const couplings = amongPairs.map((run) => this.#judge.couplingOf(run));
    this.#coupled = put(amongPairs.map((run, k) => this.#record(run, 0, couplings[k].coupling)));
    this.#brought = put(
      amongPairs.map((run, k) =>
        this.#record(
          run,
          this.#errors.byteOffset + this.#at(run.source, run.from),
          couplings[k].among,
        ),
      ),
    );
    this.#judged = put(amongPairs.map((run) => this.#betweenBlocks(run)));
    this.#within = put(withinPairs.map((run) => this.#inBlock(run)));
    this.#fillingAt = at;
    this.#termsAt = at + 2 * RECORD * filling.length;
  }

  #record({ table, first, stride, count, sign }: Run, from: number, to: number): RunRecord {
    const { values } = this.#tables.get(table) as BroughtTable;
    return {
      table: values.byteOffset + NUMBER * first,
      stride: NUMBER * stride,
      count,
      from,
      to,
      sign,
    };
  }

  /** Where an unknown of a site is in a vector, in bytes. */
  #at(site: number, unknown: number): number {
    return NUMBER * (site * this.sector.shape.width + unknown);
  }

  #between(run: Run, x: number, y: number): RunRecord {
    const { source, target, from, to } = run;
    return this.#record(run, x + this.#at(source, from), y + this.#at(target, to));
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
  #bring(numbers: Numbers, tables: readonly BroughtTable[] = this.#ofRuns): void {
    const { device } = numbers;
    for (const table of tables) {
      if (table.device === device) continue;
      table.values.set(numbers.table(table.at));
      table.device = device;
    }
  }

  /** The entries of a matrix about a centre but for its gaps. */
  filled(numbers: Numbers, centre: number): Float64Array {
    this.#bring(numbers);
    this.#fillAbout(centre);
    const { width } = this.sector.shape;
    const entries = this.elimination.entries.fill(0);
    const [begin, end] = this.#filling;
    this.#code.add(begin, end, NUMBER * 3 * width * width);
    return entries;
  }

  /** 𝓛x, and the same sum of magnitudes. */
  applied(numbers: Numbers, x: Float64Array): Applied {
    return this.#applied(this.#all, numbers, x);
  }

  /** z𝓛, and the same sum of magnitudes. */
  transposed(numbers: Numbers, z: Float64Array): Applied {
    return this.#applied(this.#transposed, numbers, z);
  }

  #applied(records: Records, numbers: Numbers, x: Float64Array): Applied {
    this.#apply(records, numbers, x);
    return { y: copied(this.#y), magnitudes: copied(this.#magnitudes) };
  }

  #apply(records: Records, numbers: Numbers, x: Float64Array): void {
    this.#bring(numbers);
    this.#held = null;
    this.#x.set(x);
    this.#y.fill(0);
    this.#magnitudes.fill(0);
    this.#code.apply(...records, this.#step, this.#vector);
  }

  #blocksOf(numbers: Numbers): void {
    this.#bring(numbers);
    this.#blocks.fill(0);
    this.#code.add(...this.#within, 2 * this.#step);
  }

  /** As BoundSector has it. */
  resonance(numbers: Numbers): number {
    this.#blocksOf(numbers);
    return this.#code.resonance(...this.#judged, 2 * this.#step);
  }

  /** As BoundSector has it. */
  judged(numbers: Numbers, x: Float64Array, relative: number, isKnown: boolean): Judged {
    this.#apply(this.#all, numbers, x);
    const resonance = this.resonance(numbers);
    this.#judge.errors(this.#coupled, this.#brought, relative, isKnown);
    this.#held = null;
    return {
      residual: this.#norm(this.#y),
      scale: this.#norm(this.#magnitudes),
      errors: copied(this.#errors),
      resonance,
    };
  }

  #norm(x: Float64Array): number {
    const sum = this.#judge.squares(x.byteOffset);
    return isInRange(sum) ? Math.sqrt(sum) : this.sector.norm(x);
  }

  /**
   * A mean of a state, and its error. With the first of them all are found that other states were asked for.
   * @param key stands for the mean
   * @param termsOf gives its terms where it is read for the first time
   * @returns null where there is no room for the terms
   */
  mean(
    numbers: Numbers,
    state: HeldState,
    key: unknown,
    termsOf: () => readonly MeanTerm[],
  ): ExactEstimate | null {
    let place = this.#means.get(key);
    if (place === undefined) {
      place = this.#placed(termsOf());
      this.#means.set(key, place);
    }
    if (place === null) return null;
    if (state !== this.#held) {
      this.#x.set(state.x);
      this.#errors.set(state.errors);
      this.#held = state;
      this.#there = 0;
    }
    if (place >= this.#there) this.#findMeans(numbers, state.rounding);
    return { high: this.#results[2 * place], low: 0, error: this.#results[2 * place + 1] };
  }

  /** Those that are not there yet. */
  #findMeans(numbers: Numbers, rounding: number): void {
    this.#bring(numbers, this.#meanTables);
    for (const scalar of this.#broughtScalars.values()) {
      if (scalar.device === numbers.device) continue;
      this.#scalars[scalar.slot] = numbers.scalar(scalar.at);
      scalar.device = numbers.device;
    }
    for (; this.#there < this.#records.length; this.#there++) {
      const [begin, end] = this.#records[this.#there];
      const out = this.#results.byteOffset + 2 * NUMBER * this.#there;
      this.#code.mean(begin, end, this.#step, rounding, out);
    }
  }

  #placed(terms: readonly MeanTerm[]): number | null {
    if (this.#terms + terms.length > MOST_TERMS || this.#records.length === MOST_TERMS) return null;
    const begin = this.#termsAt + RECORD * this.#terms;
    for (const { place, first, count, element, error, weight } of terms) {
      const slot = this.#terms++;
      const table = place.kind === 'table' ? this.#table(place.at) : null;
      const scalar = place.kind === 'scalar' ? this.#scalar(place.at) : null;
      if (scalar === null && table === null) return null;
      if (table !== null && !this.#meanTables.includes(table)) this.#meanTables.push(table);
      putTerm(this.#memory, this.#termsAt + RECORD * slot, {
        coefficient:
          table === null
            ? this.#scalars.byteOffset + NUMBER * (scalar?.slot ?? 0)
            : table.values.byteOffset + NUMBER * first,
        isTable: table !== null,
        count,
        elements: this.#x.byteOffset + NUMBER * element,
        errors: this.#errors.byteOffset + NUMBER * error,
        weight,
      });
    }
    return this.#records.push([begin, this.#termsAt + RECORD * this.#terms]) - 1;
  }

  /** Where a number without a level is: no more of them than terms. */
  #scalar(at: number): BroughtScalar {
    let known = this.#broughtScalars.get(at);
    if (known === undefined) {
      known = { at, slot: this.#broughtScalars.size, device: -1 };
      this.#broughtScalars.set(at, known);
    }
    return known;
  }

  /** Where a table is; null where there is no room left. */
  #table(at: number): BroughtTable | null {
    const known = this.#tables.get(at);
    if (known !== undefined) return known;
    const { size } = this.sector;
    const begin = size * (this.#tables.size - this.#ofRuns.length);
    if (begin + size > this.#moreTables.length) return null;
    const table = { at, values: this.#moreTables.subarray(begin, begin + size), device: -1 };
    this.#tables.set(at, table);
    return table;
  }
}

function copied(values: Float64Array): Float64Array {
  const copy = zeros(values.length);
  copy.set(values);
  return copy;
}
