/**
 * The arithmetic of doubleDouble.ts on many numbers side by side: the same operations on each, without an object for
 * any of them.
 */
import { type DoubleDouble, LARGEST_SPLIT, SPLITTER } from './doubleDouble.js';
import { type ExactTable, exactTable } from './exactTable.js';

/** out ← a + sign · b; it may be one of them. */
export function addLanes(out: ExactTable, a: ExactTable, b: ExactTable, sign: 1 | -1): void {
  const { high, low } = out;
  for (let i = 0; i < high.length; i++) {
    const x = a.high[i];
    const y = sign * b.high[i];
    const sum = x + y;
    const part = sum - x;
    const lost = Number.isFinite(sum) ? x - (sum - part) + (y - part) : 0;
    const u = a.low[i];
    const v = sign * b.low[i];
    const rest = u + v;
    const restPart = rest - u;
    const restLost = Number.isFinite(rest) ? u - (rest - restPart) + (v - restPart) : 0;
    const more = lost + rest;
    const first = sum + more;
    const last = (Number.isFinite(first) ? more - (first - sum) : 0) + restLost;
    const total = first + last;
    high[i] = total;
    low[i] = Number.isFinite(total) ? last - (total - first) : 0;
  }
}

/** out ← a b; it may be one of them. */
export function multiplyLanes(out: ExactTable, a: ExactTable, b: ExactTable): void {
  const { high, low } = out;
  for (let i = 0; i < high.length; i++) {
    const x = a.high[i];
    const y = b.high[i];
    const product = x * y;
    if (!Number.isFinite(product)) {
      high[i] = product;
      low[i] = 0;
      continue;
    }
    let lost = 0;
    if (Math.abs(x) < LARGEST_SPLIT && Math.abs(y) < LARGEST_SPLIT) {
      const splitX = SPLITTER * x;
      const xHigh = splitX - (splitX - x);
      const xLow = x - xHigh;
      const splitY = SPLITTER * y;
      const yHigh = splitY - (splitY - y);
      const yLow = y - yHigh;
      lost = xHigh * yHigh - product + xHigh * yLow + xLow * yHigh + xLow * yLow;
    }
    const rest = lost + (x * b.low[i] + a.low[i] * y);
    const sum = product + rest;
    high[i] = sum;
    low[i] = Number.isFinite(sum) ? rest - (sum - product) : 0;
  }
}

/** start + sign · Σ of a part of a table. */
export function addSum(
  start: DoubleDouble,
  table: ExactTable,
  [begin, end]: readonly [number, number],
  sign: 1 | -1,
): DoubleDouble {
  let { high, low } = start;
  for (let i = begin; i < end; i++) {
    const x = sign * table.high[i];
    const sum = high + x;
    const part = sum - high;
    const lost = Number.isFinite(sum) ? high - (sum - part) + (x - part) : 0;
    const y = sign * table.low[i];
    const rest = low + y;
    const restPart = rest - low;
    const restLost = Number.isFinite(rest) ? low - (rest - restPart) + (y - restPart) : 0;
    const more = lost + rest;
    const first = sum + more;
    const last = (Number.isFinite(first) ? more - (first - sum) : 0) + restLost;
    high = first + last;
    low = Number.isFinite(high) ? last - (high - first) : 0;
  }
  return { high, low };
}

const ONE: DoubleDouble = { high: 1, low: 0 };

/** The exponents of all powers of two in float64's range. */
const [LEAST, MOST] = [-1074, 1023];
/** Those that have been asked for, else 0. */
let powers: Float64Array | undefined;

/** 2ⁿ */
function powerOfTwo(n: number): number {
  if (!(n >= LEAST && n <= MOST)) return 2 ** n;
  powers ??= new Float64Array(MOST - LEAST + 1);
  if (powers[n - LEAST] === 0) powers[n - LEAST] = 2 ** n;
  return powers[n - LEAST];
}

interface Kept<Tables> {
  readonly name: string;
  readonly of: readonly ExactTable[];
  readonly tables: Tables;
}

/** Numbers of one size. What operations return is overwritten after the outermost `within` of theirs. */
export class ExactLanes {
  readonly #pool: ExactTable[] = [];
  #used = 0;
  readonly #constants = new Map<DoubleDouble, ExactTable>();
  #kept: Kept<Readonly<Record<string, ExactTable>>>[] = [];

  constructor(readonly size: number) {}

  /** Puts a result where it stays, and takes back all that it was made with. */
  within(out: ExactTable, compute: () => ExactTable): void {
    const before = this.#used;
    const { high, low } = compute();
    out.high.set(high);
    out.low.set(low);
    this.#used = before;
  }

  /** The number that there is in one lane, without what it was made with. */
  one(compute: () => ExactTable): DoubleDouble {
    const before = this.#used;
    const { high, low } = compute();
    this.#used = before;
    return { high: high[0], low: low[0] };
  }

  #take(): ExactTable {
    if (this.#used === this.#pool.length) this.#pool.push(exactTable(this.size));
    return this.#pool[this.#used++];
  }

  /** What is made of the same tables more than once, until `forget`. */
  kept<Name extends string>(
    name: string,
    of: readonly ExactTable[],
    make: () => Readonly<Record<Name, ExactTable>>,
  ): Readonly<Record<Name, ExactTable>> {
    const found = this.#kept.find((k) => k.name === name && k.of.every((x, i) => x === of[i]));
    if (found !== undefined) return found.tables as Readonly<Record<Name, ExactTable>>;
    const tables = Object.fromEntries(
      Object.entries<ExactTable>(make()).map(([key, { high, low }]) => [
        key,
        { high: high.slice(), low: low.slice() },
      ]),
    ) as Record<Name, ExactTable>;
    this.#kept.push({ name, of, tables });
    return tables;
  }

  /** The tables that something was kept for will have other numbers. */
  forget(): void {
    this.#kept = [];
  }

  /** The same number everywhere. @param number one that stays: a table of it is kept */
  constant(number: DoubleDouble): ExactTable {
    let known = this.#constants.get(number);
    if (known === undefined) {
      known = {
        high: new Float64Array(this.size).fill(number.high),
        low: new Float64Array(this.size).fill(number.low),
      };
      this.#constants.set(number, known);
    }
    return known;
  }

  /** Numbers that float64 has all digits of. */
  made(compute: (i: number) => number): ExactTable {
    const out = this.#take();
    for (let i = 0; i < this.size; i++) {
      out.high[i] = compute(i);
      out.low[i] = 0;
    }
    return out;
  }

  add(a: ExactTable, b: ExactTable): ExactTable {
    const out = this.#take();
    addLanes(out, a, b, 1);
    return out;
  }

  subtract(a: ExactTable, b: ExactTable): ExactTable {
    const out = this.#take();
    addLanes(out, a, b, -1);
    return out;
  }

  multiply(a: ExactTable, b: ExactTable): ExactTable {
    const out = this.#take();
    multiplyLanes(out, a, b);
    return out;
  }

  divide(a: ExactTable, b: ExactTable): ExactTable {
    const first = this.made((i) => a.high[i] / b.high[i]);
    const rest = this.subtract(a, this.multiply(b, first));
    const second = this.made((i) => rest.high[i] / b.high[i]);
    const last = this.subtract(rest, this.multiply(b, second));
    const third = this.made((i) => last.high[i] / b.high[i]);
    const sum = this.add(this.#quickSum(first, second), third);
    return this.where((i) => Number.isFinite(first.high[i]) && first.high[i] !== 0, sum, first);
  }

  /** √a for a ≥ 0. */
  squareRoot(a: ExactTable): ExactTable {
    const root = this.made((i) => Math.sqrt(a.high[i]));
    const rest = this.subtract(a, this.multiply(root, root));
    const more = this.made((i) => rest.high[i] / (2 * root.high[i]));
    const sum = this.#quickSum(root, more);
    return this.where((i) => Number.isFinite(root.high[i]) && root.high[i] !== 0, sum, root);
  }

  /** Of numbers without lower digits, |a| ≥ |b|. */
  #quickSum(a: ExactTable, b: ExactTable): ExactTable {
    const out = this.#take();
    for (let i = 0; i < this.size; i++) {
      const sum = a.high[i] + b.high[i];
      out.high[i] = sum;
      out.low[i] = Number.isFinite(sum) ? b.high[i] - (sum - a.high[i]) : 0;
    }
    return out;
  }

  /** 2ⁿ a by its own n each, exact short of the ends of float64's range. */
  scaled(a: ExactTable, exponent: (i: number) => number): ExactTable {
    const out = this.#take();
    for (let i = 0; i < this.size; i++) {
      const n = exponent(i);
      // In two steps, because 2ⁿ by itself may be out of range.
      const half = Math.trunc(n / 2);
      const first = powerOfTwo(half);
      const second = powerOfTwo(n - half);
      out.high[i] = a.high[i] * first * second;
      out.low[i] = a.low[i] * first * second;
    }
    return out;
  }

  /** c a, for powers of two and −1 that take no digits. */
  times(a: ExactTable, c: number): ExactTable {
    const out = this.#take();
    for (let i = 0; i < this.size; i++) {
      out.high[i] = c * a.high[i];
      out.low[i] = c * a.low[i];
    }
    return out;
  }

  absolute(a: ExactTable): ExactTable {
    return this.withSign((i) => a.high[i], a);
  }

  /** −a where another number is negative. */
  withSign(of: (i: number) => number, a: ExactTable): ExactTable {
    return this.where((i) => of(i) < 0, this.times(a, -1), a);
  }

  /** a where the condition holds, and else b. */
  where(condition: (i: number) => boolean, a: ExactTable, b: ExactTable): ExactTable {
    const out = this.#take();
    for (let i = 0; i < this.size; i++) {
      const from = condition(i) ? a : b;
      out.high[i] = from.high[i];
      out.low[i] = from.low[i];
    }
    return out;
  }

  /** aⁿ, n a whole number or a half. */
  power(a: ExactTable, exponent: number): ExactTable {
    if (!Number.isInteger(exponent)) return this.power(this.squareRoot(a), 2 * exponent);
    const one = this.constant(ONE);
    let result = one;
    for (let i = 0; i < Math.abs(exponent); i++) result = this.multiply(result, a);
    return exponent < 0 ? this.divide(one, result) : result;
  }
}
