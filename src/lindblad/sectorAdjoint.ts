/** The equations of adjoint solutions in the memory of WebAssembly: to the same bits as adjointEquations.ts has them. */
import type { Numbers } from '../machine/tape.js';
import { disturbances } from '../solve/disturbance.js';
import type { EliminationShape } from '../solve/eliminationShape.js';
import { copied } from '../zeros.js';
import type { AdjointEquations, Remainder } from './adjointEquations.js';
import type { BroughtTables } from './broughtTables.js';
import { arrivals, type Run } from './run.js';
import { putRecords, RECORD, type RunCode, type RunRecord } from './runRecords.js';

const NUMBER = 8;
/** A vector as it is given or taken, and others that stand unknown by unknown. */
const VECTORS = 8;

/** A sector that there is memory for. */
export interface AdjointRuns {
  readonly shape: EliminationShape;
  readonly sites: number;
  readonly runs: readonly Run[];
  /** Those from pairs to populations. */
  readonly fromPairs: readonly Run[];
}

type Records = readonly [begin: number, end: number];

const sharesIn = (fromPairs: readonly Run[]): number =>
  fromPairs.reduce((sum, { count }) => sum + count, 0);

export class SectorAdjoint {
  /** Memory that they take, in bytes. */
  static bytes = ({ shape, sites, runs, fromPairs }: AdjointRuns): number =>
    NUMBER * (VECTORS * sites * shape.width + sharesIn(fromPairs)) +
    RECORD * (runs.length + 2 * fromPairs.length);

  readonly #given: Float64Array;
  readonly #z: Float64Array;
  /** Its populations, and where they count as nothing. */
  readonly #populations: Float64Array;
  readonly #commonPopulations: Float64Array;
  /** What the equations give, its magnitudes and what counts as nothing of z, one behind another. */
  readonly #sums: Float64Array;
  readonly #row: Float64Array;
  readonly #sizes: Float64Array;
  /** By what rounding is taken in one case. */
  readonly #case: Float64Array;
  readonly #shares: Float64Array;
  /** From each number's row to its column: those to pairs, and those to populations. */
  readonly #toPairs: Records;
  readonly #toPopulations: Records;
  /** From a pair to each number's share, and from populations by the shares to pairs. */
  readonly #bringing: Records;
  readonly #sharing: Records;
  readonly #vector: number;
  /** Unknowns in pairs. */
  readonly #paired: number;
  /** Whether the case is the one that meets nothing that is known. */
  #isUsual = false;

  /**
   * @param at where its memory begins
   * @param recordOf a run's record, from one address to another
   */
  constructor(
    memory: DataView,
    at: number,
    private readonly sector: AdjointRuns,
    recordOf: (run: Run, from: number, to: number) => RunRecord,
    private readonly tables: BroughtTables,
    private readonly code: RunCode,
  ) {
    const { shape, sites, runs, fromPairs } = sector;
    const length = sites * shape.width;
    this.#vector = NUMBER * length;
    this.#paired = sites * shape.paired;
    let free = at;
    const take = (count: number): Float64Array => {
      const array = new Float64Array(memory.buffer, free, count);
      free += NUMBER * count;
      return array;
    };
    this.#given = take(length);
    this.#z = take(length);
    this.#sums = take(3 * length);
    this.#populations = this.#z.subarray(this.#paired);
    this.#commonPopulations = this.#sums.subarray(2 * length + this.#paired);
    this.#row = take(length);
    this.#sizes = take(length);
    this.#case = take(length);
    this.#shares = take(sharesIn(fromPairs));
    const put = (of: readonly RunRecord[]): Records => {
      const begin = free;
      free = putRecords(memory, begin, of);
      return [begin, free];
    };
    const placeOf = (site: number, unknown: number) => NUMBER * (unknown * sites + site);
    const { byteOffset: z } = this.#z;
    const { byteOffset: sums } = this.#sums;
    const common = sums + 2 * this.#vector;
    const fromRows = (some: readonly Run[]) =>
      put(
        some.map((run) =>
          recordOf(run, z + placeOf(run.target, run.to), sums + placeOf(run.source, run.from)),
        ),
      );
    const { toPairs, toPopulations } = arrivals(runs, shape.paired);
    [this.#toPairs, this.#toPopulations] = [fromRows(toPairs), fromRows(toPopulations)];
    let share = this.#shares.byteOffset;
    const withShares = fromPairs.map((run) => {
      const own = { run, share };
      share += NUMBER * run.count;
      return own;
    });
    this.#bringing = put(
      withShares.map(({ run, share }) =>
        recordOf(run, sums + placeOf(run.source, run.from), share),
      ),
    );
    this.#sharing = put(
      withShares.map(({ run, share }) => ({
        ...recordOf(run, z + placeOf(run.target, run.to), common + placeOf(run.source, run.from)),
        table: share,
        stride: NUMBER,
      })),
    );
  }

  /** As `sharesFromPairs` has them. */
  shares(numbers: Numbers): Float64Array {
    this.tables.bring(numbers);
    this.#sums.fill(0);
    this.code.shares(...this.#bringing);
    return copied(this.#shares);
  }

  /** As `remainderOf` has it. */
  remainder(
    numbers: Numbers,
    z: Float64Array,
    shares: Float64Array,
    { row, mean, sizes, met }: AdjointEquations,
  ): Remainder {
    const { code } = this;
    this.tables.bring(numbers);
    this.#put(z, this.#z);
    this.#shares.set(shares);
    this.#sums.fill(0);
    this.#commonPopulations.set(this.#populations);
    code.addShares(...this.#sharing);
    code.apply(...this.#toPairs, this.#vector);
    code.applyApart(...this.#toPopulations, this.#vector);
    this.#put(row, this.#row);
    if (sizes !== row) this.#put(sizes, this.#sizes);
    this.#takeCase(met);
    const magnitudes = sizes === row ? this.#row : this.#sizes;
    const remain = (first: number, count: number, mean: number) => {
      const [at, row, sizes, shares] = [this.#sums, this.#row, magnitudes, this.#case].map(
        ({ byteOffset }) => byteOffset + NUMBER * first,
      );
      code.remain(at, row, sizes, shares, count, this.#vector, mean);
    };
    remain(0, this.#paired, 0);
    remain(this.#paired, z.length - this.#paired, mean);
    return { left: this.#taken(0), rounded: this.#taken(1) };
  }

  #takeCase(met: Float64Array | undefined): void {
    if (met === undefined && this.#isUsual) return;
    const atRandom = disturbances(this.#given.length);
    const given = this.#given;
    for (let i = 0; i < given.length; i++) {
      given[i] = met === undefined ? atRandom[i] : atRandom[i] + Math.sign(met[i]);
    }
    this.#turn(this.#case);
    this.#isUsual = met === undefined;
  }

  #put(x: Float64Array, to: Float64Array): void {
    this.#given.set(x);
    this.#turn(to);
  }

  /** What is given, unknown by unknown. */
  #turn(to: Float64Array): void {
    const { byteOffset: from } = this.#given;
    const site = NUMBER * this.sector.shape.width;
    this.code.turn(from, to.byteOffset, from + this.#vector, site, site, 0);
  }

  /** One of the sums, site by site. */
  #taken(k: 0 | 1): Float64Array {
    const from = this.#sums.byteOffset + k * this.#vector;
    const unknown = NUMBER * this.sector.sites;
    this.code.turn(from, this.#given.byteOffset, from + this.#vector, unknown, unknown, 0);
    return copied(this.#given);
  }
}
