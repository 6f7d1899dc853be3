/**
 * A generator's couplings in the form that backends compute with: for each class the couplings that end
 * in it, so that every element of the result is written once, and every table once.
 */
import type { Coupling, Generator } from '../generator/generator.js';
import { type Complex, ONE, type Table } from '../operators/operator.js';

/** Elements of a space's vector: begin ≤ index < end. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** What leads from one range of elements to another; indices are within the ranges. */
export interface GatherLayout {
  /** Three words a class that has elements in the target range: end, first coupling, number of couplings. */
  readonly classes: Uint32Array<ArrayBuffer>;
  /** For each tile of target elements, the class of its first one. */
  readonly tiles: Uint32Array<ArrayBuffer>;
  /** Six words a coupling: begin, end, and then, for target 0: source, kind, first table, second table. */
  readonly couplings: Int32Array<ArrayBuffer>;
  /** Complex numbers, interleaved: one after the other, tables of a number for each rotor level. */
  readonly tables: Float64Array;
}

/** How a coefficient comes from its tables; the numbers that shaders/apply.wgsl knows. */
export const ONE_TABLE = 0;
export const PRODUCT = 1;
export const SUM = 2;

/** coefficient · table; a null table stands for 1. */
interface Summand {
  readonly coefficient: Complex;
  readonly table: Table | null;
}

const same = (a: readonly Summand[], b: readonly Summand[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ coefficient: { re, im }, table }, i) =>
      table === b[i].table && re === b[i].coefficient.re && im === b[i].coefficient.im,
  );

/** Every table that the kernel needs, each once, however many couplings share it. */
export class TableStore {
  private readonly known = new Map<Table | null, { summands: Summand[]; start: number }[]>();
  readonly values: number[] = [];
  constructor(private readonly levels: number) {}

  /** Where the sum of the given tables starts, in complex numbers. */
  place(summands: Summand[]): number {
    const first = summands[0].table;
    let candidates = this.known.get(first);
    if (candidates === undefined) {
      candidates = [];
      this.known.set(first, candidates);
    }
    const found = candidates.find((c) => same(c.summands, summands));
    if (found !== undefined) return found.start;
    const start = this.values.length / 2;
    candidates.push({ summands, start });
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
}

/** Couplings with the same source and target. */
export interface Group {
  readonly shape: Coupling;
  /** Those with no table for the bra, and those with none for the ket alone. */
  readonly ket: Coupling[];
  readonly bra: Coupling[];
}

/** Of one target class: couplings with at most one table are added up, those with two stay as they are. */
export function grouped(couplings: readonly Coupling[]): (Group | Coupling)[] {
  const result: (Group | Coupling)[] = [];
  const groups: Group[] = [];
  for (const c of couplings) {
    if (c.ket !== null && c.bra !== null) {
      result.push(c);
      continue;
    }
    let group = groups.find(
      ({ shape: s }) => s.source === c.source && s.target === c.target && s.count === c.count,
    );
    if (group === undefined) {
      group = { shape: c, ket: [], bra: [] };
      groups.push(group);
      result.push(group);
    }
    (c.bra === null ? group.ket : group.bra).push(c);
  }
  return result;
}

/**
 * @param tile elements of one workgroup
 * @param targets where results are wanted
 * @param sources what they are made from; elements beyond count as 0
 */
export function gatherLayout(
  { space, couplings }: Generator,
  tile: number,
  targets: Range = { begin: 0, end: space.size },
  sources: Range = targets,
): GatherLayout {
  const store = new TableStore(space.window.size);
  const byTarget: Coupling[][] = space.classes.map(() => []);
  for (const coupling of couplings) byTarget[coupling.targetClass].push(coupling);

  const words: number[] = [];
  const classes: number[] = [];
  const tiles: number[] = [];
  space.classes.forEach(({ offset, length }, at) => {
    const begin = Math.max(0, offset - targets.begin);
    const end = Math.min(offset + length, targets.end) - targets.begin;
    if (end <= begin) return;
    while (tiles.length * tile < end) tiles.push(classes.length / 3);
    const first = words.length / 6;
    for (const item of grouped(byTarget[at])) {
      const { source, target, count, ketStart, braStart } = 'shape' in item ? item.shape : item;
      const start = target - targets.begin;
      const from = source - sources.begin - start;
      const low = Math.max(start, begin, -from);
      const high = Math.min(start + count, end, sources.end - sources.begin - from);
      if (high <= low) continue;
      const place = (parts: readonly Coupling[], side: 'ket' | 'bra') =>
        store.place(parts.map((c) => ({ coefficient: c.coefficient, table: c[side] }))) +
        (side === 'ket' ? ketStart : braStart) -
        start;
      if (!('shape' in item)) {
        const bra = store.place([{ coefficient: ONE, table: item.bra }]) + braStart - start;
        words.push(low, high, from, PRODUCT, place([item], 'ket'), bra);
      } else if (item.ket.length > 0 && item.bra.length > 0) {
        words.push(low, high, from, SUM, place(item.ket, 'ket'), place(item.bra, 'bra'));
      } else {
        const only = item.ket.length > 0 ? place(item.ket, 'ket') : place(item.bra, 'bra');
        words.push(low, high, from, ONE_TABLE, only, 0);
      }
    }
    classes.push(end, first, words.length / 6 - first);
  });
  return {
    classes: Uint32Array.from(classes),
    tiles: Uint32Array.from(tiles),
    couplings: Int32Array.from(words),
    tables: Float64Array.from(store.values),
  };
}
