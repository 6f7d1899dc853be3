/** The sums of generatorSlopes.ts as WebAssembly. One code serves all sectors: a record for each run is data. */
import { f64, f64x2, func, i32, importMemory, type Local, local, Module, v128 } from 'wasmati';
import { SAFETY } from '../machine/scalarSlopes.js';
import { extentOf, type TableSlopes } from '../machine/tableSlopes.js';
import type { TapeSlopes } from '../machine/tapeSlopes.js';
import { WrittenCode } from '../writtenCode.js';
import { addShares } from './adjointKernel.js';
import { addNext, alongRuns, byTwos, loadNext, overRuns, WALK } from './alongRuns.js';
import { arrivals, levelsOf, type Run } from './run.js';
import { turn } from './runKernel.js';
import { putRecords, RECORD, type RunCode, type RunRecord, SIGN } from './runRecords.js';
import type { BoundSector } from './sectorProgram.js';
import { type AdjointSolution, ROUNDING, type Solution } from './solution.js';

const NUMBER = 8;
const PAGE = 1 << 16;

/**
 * Vectors of z: it, and what it is off by; and of x: it, what is lost of it, and what counts as nothing of those of z.
 * All stand unknown by unknown.
 */
const OF_Z = 3;
const OF_X = 5;
/** The first of those that count as nothing. */
const COMMON = 5;

/**
 * add(begin, end, vector, table, factor): of each run, whose table is that of the slopes, `from` of x and `to` of
 * z. Vectors stand so many bytes apart, and errors so many after the slopes.
 * @param isApart whether anything counts as nothing
 */
const adding = (isApart: boolean) =>
  func(
    {
      in: [i32, i32, i32, i32, f64],
      locals: [f64, f64, f64, f64, i32, i32, ...WALK],
      out: [],
    },
    ([begin, end, vector, room, factor], [left, right, off, size, place, step, ...walk]) => {
      local.set(size, f64.abs(factor));
      local.set(step, i32.const(NUMBER));
      alongRuns(walk, [begin, end, step], ({ table, from, to, sign, value }) => {
        const load = (at: Local<'i32'>, n: number) => {
          local.set(place, i32.add(at, i32.mul(vector, n)));
          return f64.load({}, place);
        };
        const apart = (n: number) => {
          const whole = load(to, n);
          return isApart ? f64.sub(whole, load(from, 2 + n)) : whole;
        };
        local.set(right, f64.load({}, from));
        local.set(left, apart(0));
        local.set(off, f64.abs(apart(1)));
        local.set(off, f64.add(off, f64.abs(apart(2))));
        local.set(off, f64.mul(f64.mul(SAFETY, off), f64.abs(right)));
        local.set(off, f64.add(f64.mul(f64.abs(left), load(from, 1)), off));
        local.set(right, f64.mul(f64.mul(f64.mul(factor, sign), left), right));
        f64.store({}, table, f64.add(value, right));
        local.set(place, i32.add(table, room));
        f64.store({}, place, f64.add(f64.load({}, place), f64.mul(size, off)));
      });
    },
  );

/** The same by twos, where a table's numbers stand side by side. */
const addingTwos = (isApart: boolean) =>
  func(
    {
      in: [i32, i32, i32, i32, f64],
      locals: [i32, i32, i32, i32, i32, i32, v128, v128, v128, v128, v128, v128, v128],
      out: [],
    },
    (
      [begin, end, vector, room, factor],
      [run, table, from, to, left, at, weight, size, z, off, x, part, other],
    ) => {
      local.set(size, f64x2.splat(f64.abs(factor)));
      overRuns([begin, end], { run, table, left, from, to }, () => {
        local.set(weight, f64x2.mul(f64x2.splat(factor), v128.load64_splat({ offset: SIGN }, run)));
        const set = (isTwo: boolean) => {
          const take = (two: Local<'v128'>, first: Local<'i32'>, n: number) => {
            local.set(at, i32.add(first, i32.mul(vector, n)));
            local.set(two, loadNext(at, isTwo));
          };
          const apart = (two: Local<'v128'>, n: number) => {
            take(two, to, n);
            if (!isApart) return;
            take(other, from, 2 + n);
            local.set(two, f64x2.sub(two, other));
          };
          local.set(x, loadNext(from, isTwo));
          apart(z, 0);
          apart(off, 1);
          apart(part, 2);
          local.set(off, f64x2.add(f64x2.abs(off), f64x2.abs(part)));
          local.set(off, f64x2.mul(f64x2.mul(f64x2.splat(SAFETY), off), f64x2.abs(x)));
          take(part, from, 1);
          local.set(off, f64x2.add(f64x2.mul(f64x2.abs(z), part), off));
        };
        const onward = [table, from, to].map((place) => [place, 2 * NUMBER] as const);
        byTwos(left, set, onward, (isTwo) => {
          local.set(part, f64x2.mul(f64x2.mul(weight, z), x));
          addNext(table, part, isTwo);
          local.set(at, i32.add(table, room));
          local.set(part, f64x2.mul(size, off));
          addNext(at, part, isTwo);
        });
      });
    },
  );

/** round(x, lost, count): adds to so many numbers what rounding takes from terms with x. */
const round = func(
  { in: [i32, i32, i32], locals: [v128], out: [] },
  ([x, lost, count], [taken]) => {
    const set = (isTwo: boolean) => {
      local.set(taken, f64x2.abs(loadNext(x, isTwo)));
      local.set(taken, f64x2.mul(f64x2.splat(f64.const(ROUNDING)), taken));
    };
    const onward = [x, lost].map((place) => [place, 2 * NUMBER] as const);
    byTwos(count, set, onward, (isTwo) => addNext(lost, taken, isTwo));
  },
);

type Add = (begin: number, end: number, vector: number, table: number, factor: number) => void;

const ADDING = {
  add: adding(false),
  addTwos: addingTwos(false),
  addApart: adding(true),
  addTwosApart: addingTwos(true),
};

interface Code
  extends Readonly<Record<keyof typeof ADDING, Add>>,
    Pick<RunCode, 'turn' | 'addShares'> {
  readonly round: (x: number, lost: number, count: number) => void;
}

const written = new WrittenCode<Code>('derivatives of 𝓛', () =>
  Module({
    exports: { ...ADDING, turn, addShares, round },
    memory: importMemory({ min: 1 }),
  }),
);

/** Memory for the derivatives by all numbers of a sector's 𝓛. */
export class GeneratorKernel {
  readonly #code: Code;
  /** Bytes of a site in a vector as it is given, and unknowns in pairs. */
  readonly #site: number;
  readonly #paired: number;
  /** A vector as it is given. */
  readonly #put: Float64Array;
  readonly #shares: Float64Array;
  /** From populations by shares to what counts as nothing of pairs, of each vector of z. */
  readonly #sharing: readonly [begin: number, end: number];
  /** Those of z, then those of x; and the tables: first all of one part. */
  readonly #vectors: readonly Float64Array[];
  readonly #tables: Float64Array;
  /** Runs to pairs and to populations: of each along tables whose numbers stand side by side, then the others. */
  readonly #records: readonly (readonly [begin: number, end: number, add: Add])[];
  readonly #views: readonly (readonly [at: number, views: TableSlopes])[];
  /** Whose derivatives the tables have, of which tables they are these, and of which they have others. */
  #of: TapeSlopes | null = null;
  readonly #given: number[] = [];
  readonly #apart: (readonly [at: number, views: TableSlopes])[] = [];

  constructor({ runs, fromPairs, sites, siteWidth, sitePaired, window }: BoundSector) {
    const { size } = window;
    const length = sites * siteWidth;
    this.#site = NUMBER * siteWidth;
    this.#paired = sites * sitePaired;
    const { toPairs, toPopulations } = arrivals(runs, sitePaired);
    const tables = [...new Set([...toPairs, ...toPopulations].map(({ table }) => table))];
    const part = tables.length * size;
    const vectors = OF_Z + OF_X;
    const shares = fromPairs.reduce((sum, { count }) => sum + count, 0);
    const sharesAt = NUMBER * (vectors * length + 2 * part);
    const putAt = sharesAt + NUMBER * shares;
    const begin = putAt + NUMBER * length;
    const bytes = begin + RECORD * (runs.length + OF_Z * fromPairs.length);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    this.#shares = new Float64Array(memory.buffer, sharesAt, shares);
    this.#put = new Float64Array(memory.buffer, putAt, length);
    this.#vectors = Array.from(
      { length: vectors },
      (_, k) => new Float64Array(memory.buffer, NUMBER * k * length, length),
    );
    this.#tables = new Float64Array(memory.buffer, NUMBER * vectors * length, 2 * part);
    const places = new Map(tables.map((at, k) => [at, k]));
    const whole = this.#tables;
    this.#views = tables.map((at, k) => {
      const [slope, error] = [0, 1].map((n) =>
        whole.subarray(n * part + k * size, n * part + (k + 1) * size),
      );
      const own = runs.filter(({ table }) => table === at);
      return [at, { slope, error, extent: extentOf(own.flatMap(levelsOf), size) }];
    });
    const code = written.on(memory);
    this.#code = code;
    const isBeside = ({ stride }: Run) => stride === 1;
    const isElsewhere = (run: Run) => !isBeside(run);
    const placeOf = (vector: number, site: number, unknown: number) =>
      NUMBER * (vector * length + unknown * sites + site);
    let at = begin;
    const put = (records: readonly RunRecord[]): readonly [begin: number, end: number] => {
      const begin = at;
      at = putRecords(new DataView(memory.buffer), begin, records);
      return [begin, at];
    };
    this.#records = [
      [toPairs.filter(isBeside), code.addTwos] as const,
      [toPairs.filter(isElsewhere), code.add] as const,
      [toPopulations.filter(isBeside), code.addTwosApart] as const,
      [toPopulations.filter(isElsewhere), code.addApart] as const,
    ].map(([some, add]) => {
      const records = put(
        some.map(({ table, first, stride, count, source, target, from, to, sign }) => ({
          table: this.#tables.byteOffset + NUMBER * (size * (places.get(table) ?? 0) + first),
          stride: NUMBER * stride,
          count,
          from: placeOf(OF_Z, source, from),
          to: placeOf(0, target, to),
          sign,
        })),
      );
      return [...records, add];
    });
    const sharing = [0, 1, 2].flatMap((k) => {
      let table = sharesAt;
      return fromPairs.map(({ count, source, target, from, to }) => {
        const record: RunRecord = {
          ...{ table, stride: NUMBER, count, sign: 1 },
          from: placeOf(k, target, to),
          to: placeOf(COMMON + k, source, from),
        };
        table += NUMBER * count;
        return record;
      });
    });
    this.#sharing = put(sharing);
  }

  /** Adds the derivatives of factor · z𝓛x. @param shares as `sharesFromPairs` has them */
  add(
    shares: Float64Array,
    { x: z, left, rounded }: AdjointSolution,
    { x, lost }: Solution,
    factor: number,
    slopes: TapeSlopes,
  ): void {
    const code = this.#code;
    const vector = this.#vectors[1].byteOffset;
    [z, left, rounded, x, lost].forEach((values, k) => {
      this.#put.set(values);
      const { byteOffset: from, byteLength } = this.#put;
      code.turn(from, k * vector, from + byteLength, this.#site, this.#site, 0);
    });
    for (let k = 0; k < OF_Z; k++) {
      const common = this.#vectors[COMMON + k];
      common.set(this.#vectors[k]);
      common.fill(0, 0, this.#paired);
    }
    this.#shares.set(shares);
    code.addShares(...this.#sharing);
    code.round(OF_Z * vector, (OF_Z + 1) * vector, z.length);
    this.#take(slopes);
    const part = this.#tables.byteLength / 2;
    for (const [begin, end, add] of this.#records) add(begin, end, vector, part, factor);
    // Tables that are not read here are added to those that are.
    for (const [at, own] of this.#apart) {
      slopes.addTable(at, own);
      own.slope.fill(0);
      own.error.fill(0);
    }
  }

  /** Gives its tables to slopes that begin; those before, if they go on, keep copies. */
  #take(slopes: TapeSlopes): void {
    if (this.#of === slopes) return;
    if (this.#of?.isRead === false) for (const at of this.#given) this.#of.own(at);
    this.#of = slopes;
    this.#tables.fill(0);
    this.#apart.length = 0;
    this.#given.length = 0;
    for (const [at, views] of this.#views) {
      if (slopes.addTable(at, views)) this.#given.push(at);
      else this.#apart.push([at, views]);
    }
  }
}
