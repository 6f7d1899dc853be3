/** The sums of generatorSlopes.ts as WebAssembly. One code serves all sectors: a record for each run is data. */
import { f64, f64x2, func, i32, importMemory, type Local, local, Module, v128 } from 'wasmati';
import type { TableSlopes, TapeSlopes } from '../machine/tapeSlopes.js';
import { WrittenCode } from '../writtenCode.js';
import { addNext, alongRuns, byTwos, overRuns, setNext, WALK } from './alongRuns.js';
import { putRecords, RECORD, SIGN } from './runRecords.js';
import type { BoundSector } from './sectorProgram.js';
import { ROUNDING, type Solution } from './solution.js';

const NUMBER = 8;
const PAGE = 1 << 16;

/**
 * add(begin, end, step, vector, table, factor): of each run, whose table is that of the slopes, `from` of x and `to` of z:
 * vectors and tables stand in threes, what rounding may take and what corrections change after the numbers themselves.
 */
const add = func(
  {
    in: [i32, i32, i32, i32, i32, f64],
    locals: [f64, f64, f64, f64, f64, i32, i32, i32, ...WALK],
    out: [],
  },
  (
    [begin, end, step, vector, room, factor],
    [left, right, weight, size, part, x, z, place, ...walk],
  ) => {
    const beyond = (from: Local<'i32'>, address: Local<'i32'>, distance: Local<'i32'>) => {
      local.set(address, i32.add(from, distance));
      return address;
    };
    local.set(size, f64.abs(factor));
    alongRuns(walk, [begin, end, step], ({ table, from, to, sign, value }) => {
      local.set(left, f64.load({}, to));
      local.set(right, f64.load({}, from));
      local.set(weight, f64.mul(factor, sign));
      f64.store({}, table, f64.add(value, f64.mul(f64.mul(weight, left), right)));

      beyond(from, x, vector);
      beyond(to, z, vector);
      beyond(table, place, room);
      local.set(part, f64.add(f64.load({}, x), f64.mul(ROUNDING, f64.abs(right))));
      local.set(part, f64.mul(f64.abs(left), part));
      local.set(part, f64.add(part, f64.mul(f64.load({}, z), f64.abs(right))));
      local.set(part, f64.mul(size, part));
      f64.store({}, place, f64.add(f64.load({}, place), part));

      beyond(x, x, vector);
      beyond(z, z, vector);
      beyond(place, place, room);
      local.set(part, f64.mul(f64.load({}, z), right));
      local.set(part, f64.add(part, f64.mul(left, f64.load({}, x))));
      local.set(part, f64.mul(weight, part));
      f64.store({}, place, f64.add(f64.load({}, place), part));
    });
  },
);

/** The same by twos, where a table's numbers stand side by side. */
const addTwos = func(
  {
    in: [i32, i32, i32, i32, i32, f64],
    locals: [i32, i32, i32, i32, i32, i32, i32, i32, v128, v128, v128, v128, v128, v128],
    out: [],
  },
  (
    [begin, end, step, vector, room, factor],
    [run, table, from, to, left, place, at, twoSteps, weight, size, z, x, part, other],
  ) => {
    local.set(twoSteps, i32.mul(step, 2));
    local.set(size, f64x2.splat(f64.abs(factor)));
    overRuns([begin, end], { run, table, left, from, to }, () => {
      local.set(weight, f64x2.mul(f64x2.splat(factor), v128.load64_splat({ offset: SIGN }, run)));
      const set = (isTwo: boolean) => {
        setNext(z, to, step, isTwo);
        setNext(x, from, step, isTwo);
      };
      const onward = [
        [table, 2 * NUMBER],
        [from, twoSteps],
        [to, twoSteps],
      ] as const;
      byTwos(left, set, onward, (isTwo) => {
        const takeBeyond = (two: Local<'v128'>, first: Local<'i32'>, parts: 1 | 2) => {
          local.set(at, i32.add(first, i32.mul(vector, parts)));
          setNext(two, at, step, isTwo);
        };
        const add = () => {
          addNext(place, part, isTwo);
          local.set(place, i32.add(place, room));
        };
        local.set(place, table);
        local.set(part, f64x2.mul(f64x2.mul(weight, z), x));
        add();
        takeBeyond(part, from, 1);
        local.set(part, f64x2.add(part, f64x2.mul(f64x2.splat(ROUNDING), f64x2.abs(x))));
        local.set(part, f64x2.mul(f64x2.abs(z), part));
        takeBeyond(other, to, 1);
        local.set(part, f64x2.add(part, f64x2.mul(other, f64x2.abs(x))));
        local.set(part, f64x2.mul(size, part));
        add();
        takeBeyond(part, to, 2);
        local.set(part, f64x2.mul(part, x));
        takeBeyond(other, from, 2);
        local.set(part, f64x2.add(part, f64x2.mul(z, other)));
        local.set(part, f64x2.mul(weight, part));
        add();
      });
    });
  },
);

type Add = (
  begin: number,
  end: number,
  step: number,
  vector: number,
  table: number,
  factor: number,
) => void;

const written = new WrittenCode<{ add: Add; addTwos: Add }>('derivatives of 𝓛', () =>
  Module({ exports: { add, addTwos }, memory: importMemory({ min: 1 }) }),
);

/** Memory for the derivatives by all numbers of a sector's 𝓛. */
export class GeneratorKernel {
  readonly #step: number;
  /** z and x, each in three parts, and the tables: first all of one part. */
  readonly #vectors: readonly Float64Array[];
  readonly #tables: Float64Array;
  /** Of runs along tables whose numbers stand side by side, and where those of others end, which follow. */
  readonly #records: readonly [begin: number, beside: number, end: number];
  readonly #code: { readonly add: Add; readonly addTwos: Add };
  readonly #views: readonly (readonly [at: number, views: TableSlopes])[];
  /** Whose derivatives the tables have, of which tables they are these, and of which they have others. */
  #of: TapeSlopes | null = null;
  readonly #given: number[] = [];
  readonly #apart: (readonly [at: number, views: TableSlopes])[] = [];

  constructor({ runs, sites, siteWidth, window }: BoundSector) {
    const { size } = window;
    const length = sites * siteWidth;
    this.#step = NUMBER * siteWidth;
    const tables = [...new Set(runs.map(({ table }) => table))];
    const part = tables.length * size;
    const begin = NUMBER * (6 * length + 3 * part);
    const bytes = begin + RECORD * runs.length;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    this.#vectors = Array.from(
      { length: 6 },
      (_, k) => new Float64Array(memory.buffer, NUMBER * k * length, length),
    );
    this.#tables = new Float64Array(memory.buffer, NUMBER * 6 * length, 3 * part);
    const places = new Map(tables.map((at, k) => [at, k]));
    const whole = this.#tables;
    this.#views = tables.map((at, k) => {
      const [slope, error, correction] = [0, 1, 2].map((n) =>
        whole.subarray(n * part + k * size, n * part + (k + 1) * size),
      );
      return [at, { slope, error, correction }];
    });
    const put = (at: number, isBeside: boolean) =>
      putRecords(
        new DataView(memory.buffer),
        at,
        runs
          .filter(({ stride }) => (stride === 1) === isBeside)
          .map(({ table, first, stride, count, source, target, from, to, sign }) => ({
            table: this.#tables.byteOffset + NUMBER * (size * (places.get(table) ?? 0) + first),
            stride: NUMBER * stride,
            count,
            from: NUMBER * (3 * length + source * siteWidth + from),
            to: NUMBER * (target * siteWidth + to),
            sign,
          })),
      );
    const beside = put(begin, true);
    this.#records = [begin, beside, put(beside, false)];
    this.#code = written.on(memory);
  }

  /** Adds the derivatives of factor · z𝓛x. */
  add(z: Solution, x: Solution, factor: number, slopes: TapeSlopes): void {
    [z.x, z.lost, z.correction, x.x, x.lost, x.correction].forEach((values, k) => {
      this.#vectors[k].set(values);
    });
    this.#take(slopes);
    const vector = this.#vectors[1].byteOffset;
    const part = this.#tables.byteLength / 3;
    const [begin, beside, end] = this.#records;
    this.#code.addTwos(begin, beside, this.#step, vector, part, factor);
    this.#code.add(beside, end, this.#step, vector, part, factor);
    // Tables that are not read here are added to those that are.
    for (const [at, own] of this.#apart) {
      slopes.addTable(at, own);
      for (const values of [own.slope, own.error, own.correction]) values.fill(0);
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
