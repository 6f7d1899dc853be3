/** The sums of countedElements.ts as WebAssembly. One code serves all elements: where they are is data. */
import { f64, f64x2, func, i32, if_, importMemory, type Local, local, Module, v128 } from 'wasmati';
import type { Numbers } from '../machine/tape.js';
import { type Address, nothing, whileLess } from '../whileLess.js';
import { WrittenCode } from '../writtenCode.js';
import { copied } from '../zeros.js';
import { addNext, byTwos, loadNext, overRuns } from './alongRuns.js';
import { BroughtTables } from './broughtTables.js';
import type { CountedSums, Driven, Elements } from './countedElements.js';
import { putRecords, RECORD, type RunRecord, SIGN } from './runRecords.js';
import type { BoundSector } from './sectorProgram.js';

const NUMBER = 8;
const ADDRESS = 4;
const PAGE = 1 << 16;

/** products(begin, end): to ← to + sign · value · from, of runs whose numbers all stand side by side. */
const products = func(
  { in: [i32, i32], locals: [i32, i32, i32, i32, i32, v128, v128], out: [] },
  ([begin, end], [run, table, from, to, left, sign, product]) => {
    overRuns([begin, end], { run, table, left, from, to }, () => {
      local.set(sign, v128.load64_splat({ offset: SIGN }, run));
      const set = (isTwo: boolean) => {
        local.set(product, f64x2.mul(sign, loadNext(table, isTwo)));
        local.set(product, f64x2.mul(product, loadNext(from, isTwo)));
      };
      const onward = [table, from, to].map((at) => [at, 2 * NUMBER] as const);
      byTwos(left, set, onward, (isTwo) => addNext(to, product, isTwo));
    });
  },
);

/** sums(from, end, values, weights, out): CountedSums of the elements whose sources' addresses end there, by twos. */
const sums = func(
  {
    in: [i32, i32, i32, i32, i32],
    locals: [i32, v128, v128, v128, v128, v128, v128],
    out: [],
  },
  ([from, end, values, weights, out], [last, weight, term, mean, size, shot, shotSize]) => {
    const add = (sum: Local<'v128'>, value: Local<'v128'>) => local.set(sum, f64x2.add(sum, value));
    const addTerms = (isTwo: boolean) => {
      const load = isTwo ? v128.load : v128.load64_zero;
      local.set(weight, load({}, weights));
      local.set(term, v128.load64_zero({}, i32.load({}, from)));
      if (isTwo) {
        local.set(term, v128.load64_lane({}, 1, i32.load({ offset: ADDRESS }, from), term));
      }
      local.set(term, f64x2.mul(f64x2.mul(weight, load({}, values)), term));
      add(mean, term);
      local.set(weight, f64x2.mul(weight, term));
      add(shot, weight);
      local.set(term, f64x2.abs(term));
      local.set(weight, f64x2.abs(weight));
      add(size, term);
      add(shotSize, weight);
    };
    local.set(last, i32.sub(end, ADDRESS));
    whileLess(from, last, 2 * ADDRESS, () => {
      addTerms(true);
      local.set(values, i32.add(values, 2 * NUMBER));
      local.set(weights, i32.add(weights, 2 * NUMBER));
    });
    i32.lt_u(from, end);
    if_(nothing, () => addTerms(false));
    [mean, size, shot, shotSize].forEach((sum, k) => {
      const total = f64.add(f64x2.extract_lane(0, sum), f64x2.extract_lane(1, sum));
      f64.store({ offset: NUMBER * k }, out, total);
    });
  },
);

/**
 * driven(from, arriving, end, toFrom, values, weights, beyond, mean): the change of the state, which begins at 0, its
 * sizes and the row, each so many bytes beyond the one before. The addresses of sources end at `arriving` and `end`, those of what they lead to
 * stand `toFrom` bytes from them.
 */
const driven = func(
  { in: [i32, i32, i32, i32, i32, i32, i32, f64], locals: [i32, i32, f64, f64], out: [] },
  (
    [from, arriving, end, toFrom, values, weights, beyond, mean],
    [source, target, counted, term],
  ) => {
    const addTo = (place: Address, value: () => void) => {
      local.get(place);
      f64.load({}, place);
      value();
      f64.add();
      f64.store({});
    };
    const all = (last: Address, isArriving: boolean) =>
      whileLess(from, last, ADDRESS, () => {
        local.set(source, i32.load({}, from));
        local.set(target, i32.load({}, i32.add(from, toFrom)));
        local.set(counted, f64.mul(f64.load({}, weights), f64.load({}, values)));
        local.set(term, f64.mul(counted, f64.load({}, source)));
        local.set(target, i32.add(target, beyond));
        addTo(target, () => local.get(term));
        local.set(target, i32.add(target, beyond));
        addTo(target, () => f64.abs(term));
        if (isArriving) {
          local.set(source, i32.add(source, i32.mul(beyond, 3)));
          addTo(source, () => local.get(counted));
        }
        local.set(values, i32.add(values, NUMBER));
        local.set(weights, i32.add(weights, NUMBER));
      });
    all(arriving, true);
    all(end, false);
    local.set(source, i32.const(0));
    whileLess(source, beyond, NUMBER, () => {
      local.set(target, i32.add(source, beyond));
      local.set(term, f64.mul(mean, f64.load({}, source)));
      f64.store({}, target, f64.sub(f64.load({}, target), term));
    });
  },
);

interface Code {
  readonly products: (begin: number, end: number) => void;
  readonly sums: (
    ...of: readonly [from: number, end: number, values: number, weights: number, out: number]
  ) => void;
  readonly driven: (
    ...of: readonly [
      from: number,
      arriving: number,
      end: number,
      toFrom: number,
      values: number,
      weights: number,
      beyond: number,
      mean: number,
    ]
  ) => void;
}

const written = new WrittenCode<Code>('counted elements', () =>
  Module({ exports: { products, sums, driven }, memory: importMemory({ min: 1 }) }),
);

/** Memory for the elements of a bath, of one device at a time. */
export class CountedKernel {
  readonly #tables: BroughtTables;
  readonly #values: Float64Array;
  readonly #weights: Float64Array;
  /** A state, its change, the sizes of that, and the row. */
  readonly #vectors: readonly Float64Array[];
  readonly #sums: Float64Array;
  readonly #from: number;
  readonly #toFrom: number;
  readonly #records: readonly [begin: number, end: number];
  readonly #code: Code;
  #device = -1;
  #weight: Float64Array | null = null;
  #state: Float64Array | null = null;

  constructor(
    private readonly elements: Elements,
    { sites, siteWidth, window }: BoundSector,
  ) {
    const { runs, from, to } = elements;
    const { size } = window;
    const vector = sites * siteWidth;
    const count = from.length;
    const parts = runs.flatMap((run) => run.products.map((product) => ({ run, product })));
    const places = new Set(parts.flatMap(({ product: [left, right] }) => [left, right]));
    const tables = BroughtTables.room(places.size, size);
    const numbers = 4 * vector + 4 + tables + 2 * count;
    const bytes = NUMBER * numbers + RECORD * parts.length + 2 * ADDRESS * count;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    let end = 0;
    const take = (length: number): Float64Array => {
      const array = new Float64Array(memory.buffer, end, length);
      end += NUMBER * length;
      return array;
    };
    this.#vectors = [0, 1, 2, 3].map(() => take(vector));
    this.#sums = take(4);
    this.#tables = new BroughtTables(take(tables), size, [...places], null);
    this.#values = take(count);
    this.#weights = take(count);
    const addressOf = (table: number) => this.#tables.of(table)?.values.byteOffset ?? 0;
    const records = parts.map(
      ({ run: { apart, start, first, end: beyond }, product: [left, right, sign] }): RunRecord => ({
        table: addressOf(left) + NUMBER * first,
        stride: NUMBER,
        count: beyond - first,
        from: addressOf(right) + NUMBER * (first + apart),
        to: this.#values.byteOffset + NUMBER * start,
        sign: sign < 0 ? -1 : 1,
      }),
    );
    const begin = end;
    end = putRecords(new DataView(memory.buffer), begin, records);
    this.#records = [begin, end];
    this.#from = end;
    this.#toFrom = ADDRESS * count;
    for (const [k, at] of [from, to].entries()) {
      const addresses = new Int32Array(memory.buffer, end + k * this.#toFrom, count);
      for (let e = 0; e < at.length; e++) addresses[e] = NUMBER * at[e];
    }
    this.#code = written.on(memory);
  }

  /**
   * @param numbers filled with those of the device
   * @param weight of each element
   */
  #take(numbers: Numbers, weight: Float64Array, x: Float64Array): void {
    if (this.#device !== numbers.device) {
      this.#device = numbers.device;
      this.#tables.bring(numbers);
      this.#values.fill(0);
      this.#code.products(...this.#records);
    }
    if (this.#weight !== weight) this.#weights.set(weight);
    if (this.#state !== x) this.#vectors[0].set(x);
    this.#weight = weight;
    this.#state = x;
  }

  /** Of a state. */
  sums(numbers: Numbers, weight: Float64Array, x: Float64Array): CountedSums {
    this.#take(numbers, weight, x);
    const end = this.#from + ADDRESS * this.elements.arriving;
    const [values, weights] = [this.#values.byteOffset, this.#weights.byteOffset];
    this.#code.sums(this.#from, end, values, weights, this.#sums.byteOffset);
    const found = this.#sums;
    return { mean: found[0], size: found[1], shot: found[2], shotSize: found[3] };
  }

  /** Of a state. */
  driven(numbers: Numbers, weight: Float64Array, x: Float64Array, mean: number): Driven {
    this.#take(numbers, weight, x);
    const { arriving, from } = this.elements;
    const [, change, sizes, row] = this.#vectors;
    for (const vector of [change, sizes, row]) vector.fill(0);
    const ends = [arriving, from.length].map((count) => this.#from + ADDRESS * count) as [
      number,
      number,
    ];
    const [values, weights] = [this.#values.byteOffset, this.#weights.byteOffset];
    this.#code.driven(this.#from, ...ends, this.#toFrom, values, weights, change.byteOffset, mean);
    return { change: copied(change), sizes: copied(sizes), row: copied(row) };
  }
}
