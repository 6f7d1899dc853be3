/** A generator's couplings in the gather form of shaders/apply.wgsl. */
import type { Coupling, Generator } from '../../generator/generator.js';
import type { Complex, Table } from '../../model/operator.js';

export interface GatherLayout {
  /** Four words a class: offset, length, first coupling, number of couplings. */
  readonly classes: Uint32Array<ArrayBuffer>;
  /** Five words a coupling: begin, end, source, ket, bra. */
  readonly couplings: Int32Array<ArrayBuffer>;
  /** Complex numbers, interleaved. */
  readonly tables: Float64Array;
}

const NO_TABLE = -0x7fffffff;

/** coefficient · table; a null table stands for 1. */
interface Summand {
  readonly coefficient: Complex;
  readonly table: Table | null;
}

/** Every table that the kernel needs, each once, however many couplings share it. */
class TableStore {
  private readonly places = new Map<string, number>();
  private readonly names = new Map<Table, number>();
  readonly values: number[] = [];
  constructor(private readonly levels: number) {}

  /** Where the sum of the given tables starts, in complex numbers. */
  place(summands: readonly Summand[]): number {
    const key = summands
      .map(({ coefficient: c, table }) => `${c.re},${c.im},${this.nameOf(table)}`)
      .join(';');
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const start = this.values.length / 2;
    this.places.set(key, start);
    for (let i = 0; i < this.levels; i++) {
      let re = 0;
      let im = 0;
      for (const { coefficient: c, table } of summands) {
        const a = table === null ? 1 : table.re[i];
        const b = table === null || table.im === null ? 0 : table.im[i];
        re += c.re * a - c.im * b;
        im += c.re * b + c.im * a;
      }
      this.values.push(re, im);
    }
    return start;
  }

  private nameOf(table: Table | null): number {
    if (table === null) return -1;
    const known = this.names.get(table);
    if (known !== undefined) return known;
    this.names.set(table, this.names.size);
    return this.names.size - 1;
  }
}

/** Couplings with one table on the same side, and the same source and target, are one. */
function mergeKey(c: Coupling): string | null {
  if (c.ket !== null && c.bra !== null) return null;
  return `${c.source} ${c.target} ${c.count} ${c.bra === null ? 'ket' : 'bra'}`;
}

export function gatherLayout({ space, couplings }: Generator): GatherLayout {
  const store = new TableStore(space.window.size);
  const byTarget: { first: Coupling; parts: Coupling[] }[][] = space.classes.map(() => []);
  const groups = new Map<string, { first: Coupling; parts: Coupling[] }>();
  for (const coupling of couplings) {
    const key = mergeKey(coupling);
    const group = key === null ? undefined : groups.get(key);
    if (group !== undefined) {
      group.parts.push(coupling);
      continue;
    }
    const fresh = { first: coupling, parts: [coupling] };
    if (key !== null) groups.set(key, fresh);
    byTarget[coupling.targetClass].push(fresh);
  }

  const words: number[] = [];
  const classes = new Uint32Array(4 * space.classes.length);
  space.classes.forEach(({ offset, length }, at) => {
    classes.set([offset, length, words.length / 5, byTarget[at].length], 4 * at);
    for (const { first: c, parts } of byTarget[at]) {
      const begin = c.target - offset;
      const one = { re: 1, im: 0 };
      const ket =
        c.ket === null && c.bra !== null
          ? NO_TABLE
          : store.place(parts.map((p) => ({ coefficient: p.coefficient, table: p.ket }))) +
            c.ketStart -
            begin;
      const bra =
        c.bra === null
          ? NO_TABLE
          : c.ket === null
            ? store.place(parts.map((p) => ({ coefficient: p.coefficient, table: p.bra }))) +
              c.braStart -
              begin
            : store.place([{ coefficient: one, table: c.bra }]) + c.braStart - begin;
      words.push(begin, begin + c.count, c.source - begin, ket, bra);
    }
  });
  return {
    classes,
    couplings: Int32Array.from(words),
    tables: Float64Array.from(store.values),
  };
}
