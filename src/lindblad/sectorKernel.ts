/**
 * The elements of a sector on a window in the memory of WebAssembly: what fills, applies and judges its matrix there,
 * to the same bits as BoundSector does it without.
 */
import type { Numbers } from '../machine/tape.js';
import type { TapeKernel } from '../machine/tapeKernel.js';
import { isInRange } from '../norm.js';
import { EliminationKernel, ownPlace, type Place } from '../solve/eliminationKernel.js';
import type { EliminationShape } from '../solve/eliminationShape.js';
import { copied } from '../zeros.js';
import { type BroughtTable, BroughtTables } from './broughtTables.js';
import type { Representation } from './functional.js';
import type { Judged } from './judged.js';
import type { Applied, Run } from './run.js';
import { putRecords, RECORD, type RunRecord } from './runRecords.js';
import { SectorAdjoint } from './sectorAdjoint.js';
import { SectorCuts } from './sectorCuts.js';
import { SectorFluxes } from './sectorFluxes.js';
import { judgeBytes, type Records, SectorJudge } from './sectorJudge.js';
import { SectorMeans, type StateVectors } from './sectorMeans.js';
import { type SectorCode, sectorModule } from './sectorModule.js';
import { SectorTurns } from './sectorTurns.js';
import { type Stretch, stretchesOf } from './stretches.js';

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
  /** Those from pairs to populations. */
  readonly fromPairs: readonly Run[];
  readonly filling: readonly Run[];
  norm(x: Float64Array): number;
}

export class SectorKernel {
  readonly elimination: EliminationKernel;
  readonly #code: SectorCode;
  readonly #memory: DataView;
  /** Bytes from one site to the next in a vector, and what a vector takes. */
  readonly #step: number;
  readonly #vector: number;
  readonly #tables: BroughtTables;
  readonly #x: Float64Array;
  /** The same unknown by unknown. */
  readonly #columns: Float64Array;
  readonly #y: Float64Array;
  readonly #magnitudes: Float64Array;
  /** What runs lead to, unknown by unknown, and then the magnitudes of that. */
  readonly #sums: Float64Array;
  readonly #blocks: Float64Array;
  readonly #map: Records;
  readonly #judged: Records;
  readonly #within: Records;
  readonly #fromPairs: Records;
  /** What is found of each of these. */
  readonly #sizes: Float64Array;
  /** Where the records of a matrix begin, and those that are there. */
  readonly #fillingAt: number;
  #filling: Records = [0, 0];
  #centre = -1;
  readonly #errors: Float64Array;
  readonly #judge: SectorJudge;
  readonly means: Readonly<Record<Representation, SectorMeans>>;
  readonly cuts: SectorCuts;
  readonly turns: SectorTurns;
  readonly fluxes: SectorFluxes;
  readonly adjoint: SectorAdjoint;

  /** @param computes the code that computes the sector's numbers: their memory is the first choice */
  constructor(
    private readonly sector: KernelSector,
    private readonly computes: TapeKernel | null,
  ) {
    const { shape, sites, size, runs, amongPairs, withinPairs, fromPairs, filling } = sector;
    const places = [...new Set(runs.map(({ table }) => table))];
    const length = sites * shape.width;
    const fluxes = { length, paired: shape.paired, runs };
    const vectors = 15 * NUMBER * length + judgeBytes({ sites, ...shape });
    // Of a matrix each run has two parts: up to the centre, and beyond it.
    const stretches = stretchesOf(runs, sites, shape.width);
    const records =
      stretches.reduce((sum, { runs }) => sum + 1 + runs.length, 0) +
      3 * amongPairs.length +
      withinPairs.length +
      fromPairs.length +
      2 * filling.length;
    const tables = BroughtTables.room(places.length, size);
    const bytes =
      EliminationKernel.bytes(shape, sites) +
      vectors +
      NUMBER * (tables + fromPairs.length) +
      RECORD * records +
      2 * SectorMeans.bytes +
      SectorCuts.bytes(size) +
      SectorFluxes.bytes(fluxes) +
      SectorAdjoint.bytes(sector);
    const lent = lentBy(computes, bytes);
    this.elimination = new EliminationKernel(shape, sites, lent ?? ownPlace(bytes));
    const { memory, room } = this.elimination;
    this.#memory = new DataView(memory.buffer);
    this.#code = sectorModule.on(memory);
    this.#step = NUMBER * shape.width;
    this.#vector = NUMBER * length;
    let at = room;
    const take = (count: number): Float64Array => {
      const array = new Float64Array(memory.buffer, at, count);
      at += NUMBER * count;
      return array;
    };
    this.#x = take(length);
    this.#columns = take(length);
    this.#y = take(length);
    this.#magnitudes = take(length);
    this.#sums = take(2 * length);
    this.#blocks = take(2 * length);
    this.#errors = take(length);
    const stateIn = (x: Float64Array, errors: Float64Array): StateVectors => ({
      ...{ x, errors, step: this.#step },
      columns: take(2 * length),
    });
    const state = stateIn(this.#x, this.#errors);
    const bare = stateIn(take(length), take(length));
    this.#tables = new BroughtTables(take(tables), size, places, lent && computes);
    this.#sizes = take(fromPairs.length);
    const judgeAt = at;
    at += judgeBytes({ sites, ...shape });
    const put = (of: readonly RunRecord[]): Records => {
      const begin = at;
      at = putRecords(this.#memory, begin, of);
      return [begin, at];
    };
    const { byteOffset: x } = this.#x;
    const judgedVectors = {
      x,
      columns: this.#columns.byteOffset,
      magnitudes: this.#magnitudes.byteOffset,
      sums: this.#sums.byteOffset,
      blocks: this.#blocks.byteOffset,
      errors: this.#errors.byteOffset,
    };
    this.#map = put(stretches.flatMap((stretch) => this.#arriving(stretch)));
    this.#judge = new SectorJudge(memory, judgeAt, { sites, ...shape }, judgedVectors, this.#code);
    const couplings = amongPairs.map((run) => this.#judge.couplingOf(run));
    const coupled = put(amongPairs.map((run, k) => this.#record(run, 0, couplings[k].coupling)));
    const brought = put(
      amongPairs.map((run, k) =>
        this.#record(
          run,
          this.#errors.byteOffset + this.#at(run.source, run.from),
          couplings[k].among,
        ),
      ),
    );
    this.#judged = put(distinct(amongPairs.map((run) => this.#betweenBlocks(run))));
    this.#within = put(withinPairs.map((run) => this.#inBlock(run)));
    this.#fromPairs = put(
      fromPairs.map((run) => this.#record(run, x + this.#at(run.source, run.from), 0)),
    );
    this.#judge.plan({
      all: this.#map,
      within: this.#within,
      resonant: this.#judged,
      coupled,
      brought,
    });
    this.#fillingAt = at;
    const meansAt = at + 2 * RECORD * filling.length;
    const meansOf = (vectors: StateVectors, k: 0 | 1) => {
      const at = meansAt + k * SectorMeans.bytes;
      return new SectorMeans(this.#memory, at, vectors, this.#tables, this.#code);
    };
    this.means = { eigen: meansOf(state, 0), bare: meansOf(bare, 1) };
    this.turns = new SectorTurns(bare, this.#tables, this.#code, () => this.means.bare.forget());
    const cutsAt = meansAt + 2 * SectorMeans.bytes;
    this.cuts = new SectorCuts(
      ...([this.#memory, cutsAt, size] as const),
      ...([this.means, this.#tables, this.#code] as const),
    );
    const fluxesAt = cutsAt + SectorCuts.bytes(size);
    this.fluxes = new SectorFluxes(
      this.#memory,
      fluxesAt,
      fluxes,
      (run, from, to) =>
        this.#record(run, from + this.#at(run.source, run.from), to + this.#at(run.target, run.to)),
      this.#tables,
      this.#step,
      this.#code,
    );
    const adjointAt = fluxesAt + SectorFluxes.bytes(fluxes);
    const adjoined = (run: Run, from: number, to: number) => this.#record(run, from, to);
    this.adjoint = new SectorAdjoint(
      this.#memory,
      adjointAt,
      sector,
      adjoined,
      this.#tables,
      this.#code,
    );
  }

  /** Whether it is on the memory where numbers are computed now. */
  isBeside(numbers: Numbers): boolean {
    return numbers.kernel === this.computes;
  }

  #record({ table, first, stride, count, sign }: Run, from: number, to: number): RunRecord {
    const { values } = this.#tables.of(table) as BroughtTable;
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

  /** Of a stretch and the runs that arrive there, as deriveKernel.ts has them. */
  #arriving({ site, count, to, runs }: Stretch): RunRecord[] {
    const inColumn = (site: number, unknown: number) =>
      NUMBER * (unknown * this.sector.sites + site);
    const { byteOffset: columns } = this.#columns;
    const records = runs.map((run) =>
      this.#record(run, columns + inColumn(run.source, run.from), 0),
    );
    const [stride = NUMBER] = records.map((record) => record.stride);
    const sum = this.#sums.byteOffset + inColumn(site, to);
    const from = RECORD * records.length;
    return [{ table: 0, stride, count, from, to: sum, sign: 1 }, ...records];
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
    const { byteOffset: entries } = this.elimination.entries;
    const parts = this.sector.filling.flatMap((run) => {
      const { source, target, from, to, first, stride, count } = run;
      const side = source - target;
      const inside = Math.min(count, Math.max(0, centre + 1 - target));
      const part = (begin: number, end: number, block: number) => {
        const at = ((target + begin) * width + to) * row + block * width + from;
        const some = { ...run, first: first + begin * stride, count: end - begin };
        return begin < end ? [this.#record(some, 0, entries + NUMBER * at)] : [];
      };
      return [...part(0, inside, 1 + side), ...part(inside, count, 1 - side)];
    });
    this.#filling = [this.#fillingAt, putRecords(this.#memory, this.#fillingAt, parts)];
  }

  /** The entries of a matrix about a centre but for its gaps. */
  filled(numbers: Numbers, centre: number): Float64Array {
    this.#tables.bring(numbers);
    this.#fillAbout(centre);
    const { width } = this.sector.shape;
    const entries = this.elimination.emptied();
    const [begin, end] = this.#filling;
    this.#code.add(begin, end, NUMBER * 3 * width * width);
    return entries;
  }

  /** 𝓛x, and the same sum of magnitudes. */
  applied(numbers: Numbers, x: Float64Array): Applied {
    this.#begin(numbers, x);
    this.#code.derive(...this.#map, this.#vector);
    return { y: copied(this.#turned(0)), magnitudes: copied(this.#turned(1)) };
  }

  #begin(numbers: Numbers, x: Float64Array): void {
    this.#tables.bring(numbers);
    this.means.eigen.forget();
    this.#x.set(x);
    const { byteOffset: from, byteLength } = this.#x;
    const step = this.#step;
    this.#code.turn(from, this.#columns.byteOffset, from + byteLength, step, step, 0);
  }

  #blocksOf(numbers: Numbers): void {
    this.#tables.bring(numbers);
    this.#blocks.fill(0);
    this.#code.add(...this.#within, 2 * this.#step);
  }

  /** As BoundSector has it. */
  resonance(numbers: Numbers): number {
    this.#blocksOf(numbers);
    return this.#code.resonance(...this.#judged, 2 * this.#step);
  }

  /** Σ of the magnitudes of what each run from pairs to populations brings; until others are asked for. */
  sizesFromPairs(numbers: Numbers, x: Float64Array): Float64Array {
    this.#tables.bring(numbers);
    this.means.eigen.forget();
    this.#x.set(x);
    this.#code.sizes(...this.#fromPairs, this.#step, this.#sizes.byteOffset);
    return this.#sizes;
  }

  /** As BoundSector has it. */
  judged(numbers: Numbers, x: Float64Array, relative: number, isKnown: boolean): Judged {
    this.#tables.bring(numbers);
    this.means.eigen.forget();
    this.#x.set(x);
    const { squares, ofMagnitudes, resonance } = this.#judge.judged(relative, isKnown);
    return {
      residual: this.#norm(squares, 0),
      scale: this.#norm(ofMagnitudes, 1),
      errors: copied(this.#errors),
      resonance,
    };
  }

  /** @param sum of the squares of what runs lead to (0), or of the magnitudes (1) */
  #norm(sum: number, k: 0 | 1): number {
    return isInRange(sum) ? Math.sqrt(sum) : this.sector.norm(this.#turned(k));
  }

  /** What runs have led to, or its magnitudes, site by site. */
  #turned(k: 0 | 1): Float64Array {
    const vector = k === 0 ? this.#y : this.#magnitudes;
    const from = this.#sums.byteOffset + k * this.#vector;
    const ofUnknown = NUMBER * this.sector.sites;
    const end = from + this.#vector;
    this.#code.turn(from, vector.byteOffset, end, ofUnknown, ofUnknown, 0);
    return vector;
  }
}

/** Without those that are another one but for the sign: real and imaginary parts are often coupled alike. */
const distinct = (records: readonly RunRecord[]): readonly RunRecord[] =>
  records.filter((one, n) => !records.slice(0, n).some((other) => isSameBlock(one, other)));

const isSameBlock = (a: RunRecord, b: RunRecord): boolean =>
  (['table', 'stride', 'count', 'from', 'to'] as const).every((part) => a[part] === b[part]);

/** A place where code computes numbers; null where there is none left. */
function lentBy(computes: TapeKernel | null, bytes: number): Place | null {
  const at = computes?.lend(bytes) ?? null;
  return computes === null || at === null ? null : { memory: computes.memory, at };
}
