/**
 * A generator as a stencil: what it does to a class depends on the class's qubit states, and not on its
 * delta, but for a few deltas. A kernel can then be written out for it, in which one thread computes
 * every pair of qubit states, and reads what they share once.
 */
import type { Coupling, Generator } from '../../generator/generator.js';
import { ONE, type Table } from '../../operators/operator.js';
import { grouped, TableStore } from '../gather.js';

/** Deltas of target classes: low ≤ delta ≤ high. */
export interface DeltaRange {
  readonly low: number;
  readonly high: number;
}

/** A table by its number, and where it is read: at the target's level plus `shift`. */
export interface TableUse {
  readonly table: number;
  readonly shift: number;
}

/**
 * y of pair `target` at (delta, level of the ket) gets x of pair `source` at (delta + deltaShift, level +
 * levelShift), times the sum or the product of a table over the ket's level and one over the bra's.
 */
export interface StencilTerm {
  readonly target: number;
  readonly source: number;
  readonly deltaShift: number;
  readonly levelShift: number;
  readonly ket: TableUse | null;
  readonly bra: TableUse | null;
  readonly isProduct: boolean;
  /** Where the term acts; null for everywhere. */
  readonly ranges: readonly DeltaRange[] | null;
}

export interface Stencil {
  readonly levels: number;
  /** Qubit states of ket and bra: pair numbers index this list. */
  readonly pairs: readonly { readonly ket: number; readonly bra: number }[];
  readonly terms: readonly StencilTerm[];
  /** Complex numbers, interleaved: tables of one for each level. */
  readonly tables: Float64Array;
}

/** More would cost a kernel more than it saves. */
const MOST_RANGES = 3;

interface Found {
  readonly term: StencilTerm;
  readonly deltas: Set<number>;
}

/** The stencil of a generator, or null where it has none. */
export function stencilOf({ space, couplings }: Generator): Stencil | null {
  const levels = space.window.size;
  const store = new TableStore(levels);
  const pairs: { ket: number; bra: number }[] = [];
  const pairOf = (at: number): number => {
    const { ket, bra } = space.classes[at];
    const known = pairs.findIndex((p) => p.ket === ket && p.bra === bra);
    return known >= 0 ? known : pairs.push({ ket, bra }) - 1;
  };
  const pairNumbers = space.classes.map((_, at) => pairOf(at));

  const byTarget: Coupling[][] = space.classes.map(() => []);
  for (const coupling of couplings) byTarget[coupling.targetClass].push(coupling);
  const found = new Map<string, Found>();
  space.classes.forEach((to, at) => {
    for (const item of grouped(byTarget[at])) {
      const c = 'shape' in item ? item.shape : item;
      const from = space.classes[c.sourceClass];
      const level = to.first + c.target - to.offset;
      const use = (parts: readonly Coupling[], side: 'ket' | 'bra', start: number): TableUse => ({
        table:
          store.place(parts.map((p) => ({ coefficient: p.coefficient, table: p[side] }))) / levels,
        shift: start - (side === 'ket' ? level : level - to.delta),
      });
      const second = (table: Table | null): TableUse => ({
        table: store.place([{ coefficient: ONE, table }]) / levels,
        shift: c.braStart - level + to.delta,
      });
      const isProduct = !('shape' in item);
      const term: StencilTerm = {
        target: pairNumbers[at],
        source: pairNumbers[c.sourceClass],
        deltaShift: from.delta - to.delta,
        levelShift: from.first + c.source - from.offset - level,
        ket: isProduct
          ? use([item], 'ket', c.ketStart)
          : item.ket.length > 0
            ? use(item.ket, 'ket', c.ketStart)
            : null,
        bra: isProduct
          ? second(item.bra)
          : item.bra.length > 0
            ? use(item.bra, 'bra', c.braStart)
            : null,
        isProduct,
        ranges: null,
      };
      const key = JSON.stringify(term);
      const same = found.get(key);
      if (same === undefined) found.set(key, { term, deltas: new Set([to.delta]) });
      else same.deltas.add(to.delta);
    }
  });
  const tables = Float64Array.from(store.values);
  const entries = [...found.values()];
  absorbPopulations(entries, tables, levels);

  const terms: StencilTerm[] = [];
  for (const { term, deltas } of entries) {
    if (deltas.size === 0) continue;
    const possible = space.classes
      .filter(({ delta }, at) => {
        if (pairNumbers[at] !== term.target) return false;
        const source = pairs[term.source];
        const there = space.find(source.ket, source.bra, delta + term.deltaShift);
        return there >= 0 && overlap(levels, delta, term) > 0;
      })
      .map(({ delta }) => delta)
      .sort((a, b) => a - b);
    const ranges = rangesOf(possible, deltas);
    if (ranges !== null && ranges.length > MOST_RANGES) return null;
    terms.push({ ...term, ranges });
  }
  return { levels, pairs, terms, tables };
}

/** How many elements of the class of `delta` have their source in the window. */
function overlap(levels: number, delta: number, { deltaShift, levelShift }: StencilTerm): number {
  const from = delta + deltaShift;
  const low = Math.max(0, delta, Math.max(0, from) - levelShift);
  const high = Math.min(levels + Math.min(0, delta), levels + Math.min(0, from) - levelShift);
  return high - low;
}

/**
 * Between populations the coefficients of ket and bra have become one where they were alike. That is the
 * sum that the other deltas have, which takes the special case in.
 */
function absorbPopulations(entries: readonly Found[], tables: Float64Array, levels: number): void {
  const value = (use: TableUse | null, level: number, part: number): number => {
    if (use === null) return 0;
    const at = level + use.shift;
    return at < 0 || at >= levels ? 0 : tables[2 * (use.table * levels + at) + part];
  };
  for (const special of entries) {
    if (special.deltas.size !== 1 || !special.deltas.has(0) || special.term.isProduct) continue;
    const general = entries.find(
      ({ term, deltas }) =>
        !term.isProduct &&
        !deltas.has(0) &&
        term.target === special.term.target &&
        term.source === special.term.source &&
        term.deltaShift === special.term.deltaShift &&
        term.levelShift === special.term.levelShift &&
        sameSum(term, special.term),
    );
    if (general === undefined) continue;
    general.deltas.add(0);
    special.deltas.clear();
  }
  function sameSum(a: StencilTerm, b: StencilTerm): boolean {
    for (let level = 0; level < levels; level++) {
      for (const part of [0, 1]) {
        const u = value(a.ket, level, part);
        const v = value(a.bra, level, part);
        const w = value(b.ket, level, part) + value(b.bra, level, part);
        // Rounded differently, at most.
        if (Math.abs(u + v - w) > 1e-15 * (Math.abs(u) + Math.abs(v))) return false;
      }
    }
    return true;
  }
}

/** The deltas among the possible ones as ranges; null for all of them. */
function rangesOf(possible: readonly number[], deltas: ReadonlySet<number>): DeltaRange[] | null {
  if (possible.every((delta) => deltas.has(delta))) return null;
  const ranges: { low: number; high: number }[] = [];
  let open = false;
  for (const delta of possible) {
    if (!deltas.has(delta)) {
      open = false;
    } else if (open) {
      ranges[ranges.length - 1].high = delta;
    } else {
      ranges.push({ low: delta, high: delta });
      open = true;
    }
  }
  return ranges;
}
