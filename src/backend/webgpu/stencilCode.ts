/** The WGSL of a stencil: what shaders/stencil.wgsl imports as package::generated. */
import type { Stencil, StencilTerm, TableUse } from './stencil.js';

/** A kernel for a stencil, and how its threads lie over the classes. */
export interface StencilCode {
  readonly source: string;
  /** A thread's pair has the delta `q + delta` and the level `level + its own`. */
  readonly offsets: readonly { readonly delta: number; readonly level: number }[];
  /** Diagonals beyond a thread's own that it reads from, to either side. */
  readonly reach: number;
}

/** Which numbers of a table are not all 0. */
type Kind = 'real' | 'imaginary' | 'complex';

/**
 * Deltas and levels by which the pairs are moved against each other so that most terms connect what
 * belongs to the same thread: neighbours along terms between different pairs get relative shift 0.
 */
function alignment({ pairs, terms }: Stencil): { delta: number; level: number }[] {
  const offsets: ({ delta: number; level: number } | undefined)[] = pairs.map(() => undefined);
  for (let root = 0; root < pairs.length; root++) {
    if (offsets[root] !== undefined) continue;
    offsets[root] = { delta: 0, level: 0 };
    const queue = [root];
    for (const at of queue) {
      const here = offsets[at];
      if (here === undefined) continue;
      for (const { target, source, deltaShift, levelShift } of terms) {
        if (target === at && offsets[source] === undefined) {
          offsets[source] = { delta: here.delta + deltaShift, level: here.level + levelShift };
          queue.push(source);
        } else if (source === at && offsets[target] === undefined) {
          offsets[target] = { delta: here.delta - deltaShift, level: here.level - levelShift };
          queue.push(target);
        }
      }
    }
  }
  return offsets.map((o) => o ?? { delta: 0, level: 0 });
}

const signed = (n: number): string => (n < 0 ? `- ${-n}` : `+ ${n}`);
const named = (n: number): string => (n < 0 ? `m${-n}` : `${n}`);

/** Every element and every entry of a table that a thread needs is loaded once for all of its pairs. */
export function stencilCode(stencil: Stencil): StencilCode {
  const { levels, pairs, terms, tables } = stencil;
  const offsets = alignment(stencil);
  const kinds: Kind[] = [];
  const constant: boolean[] = [];
  for (let t = 0; t < tables.length / (2 * levels); t++) {
    const numbers = tables.subarray(2 * t * levels, 2 * (t + 1) * levels);
    const isReal = numbers.every((v, i) => i % 2 === 0 || v === 0);
    const isImaginary = numbers.every((v, i) => i % 2 === 1 || v === 0);
    kinds.push(isReal ? 'real' : isImaginary ? 'imaginary' : 'complex');
    constant.push(numbers.every((v, i) => v === numbers[i % 2]));
  }

  const before: string[] = [];
  const each: string[] = [];
  const known = new Set<string>();
  const define = (lines: string[], name: string, value: string): string => {
    if (!known.has(name)) lines.push(`let ${name} = ${value};`);
    known.add(name);
    return name;
  };
  const place = (pair: number, shift: number): string =>
    define(
      before,
      `s${pair}_${named(shift)}`,
      `place(${pair}, q ${signed(shift + offsets[pair].delta)}, q ${signed(shift)})`,
    );
  const elementName = (pair: number, shift: number, level: number): string =>
    `x${pair}_${named(shift)}_${named(level)}`;
  const entry = (side: 'ket' | 'bra', { table, shift }: TableUse, pair: number): string => {
    if (constant[table]) return define(before, `c${table}`, `first_of_table(${table})`);
    const { delta, level } = offsets[pair];
    const at = level + shift - (side === 'bra' ? delta : 0);
    const base = side === 'ket' ? 'level' : 'level - q';
    return define(each, `${side}${table}_${named(at)}`, `entry(${table}, ${base} ${signed(at)})`);
  };

  let reach = 0;
  const relative = ({ target, source, deltaShift, levelShift }: StencilTerm) => ({
    shift: deltaShift + offsets[target].delta - offsets[source].delta,
    level: levelShift + offsets[target].level - offsets[source].level,
  });
  // Of every pair and diagonal the levels that some term reads.
  const windows = new Map<string, { pair: number; shift: number; low: number; high: number }>();
  for (const term of terms) {
    const { shift, level } = relative(term);
    reach = Math.max(reach, Math.abs(shift));
    const key = `${term.source} ${shift}`;
    const known = windows.get(key) ?? { pair: term.source, shift, low: level, high: level };
    known.low = Math.min(known.low, level);
    known.high = Math.max(known.high, level);
    windows.set(key, known);
  }
  for (const { pair, shift, low, high } of windows.values()) {
    const at = place(pair, shift);
    const load = (level: number) => `load(${at}, level ${signed(level + offsets[pair].level)})`;
    for (let level = low; level <= high; level++) {
      each.push(`let ${elementName(pair, shift, level)} = ${load(level)};`);
    }
  }
  for (let target = 0; target < pairs.length; target++) {
    const parts = terms.filter((t) => t.target === target).map((t) => product(t));
    const sum = parts.length > 0 ? parts.join(' + ') : 'vec2f()';
    each.push(`store(${place(target, 0)}, level ${signed(offsets[target].level)}, ${sum});`);
  }

  function product(term: StencilTerm): string {
    const { source, target, ket, bra, isProduct, ranges } = term;
    const { shift, level } = relative(term);
    const x = elementName(source, shift, level);
    const uses = [
      ket === null ? null : { kind: kinds[ket.table], name: entry('ket', ket, target) },
      bra === null ? null : { kind: kinds[bra.table], name: entry('bra', bra, target) },
    ].filter((use) => use !== null);
    const kind = combined(
      uses.map((use) => use.kind),
      isProduct,
    );
    const part = kind === 'real' ? '.x' : kind === 'imaginary' ? '.y' : '';
    let coefficient: string;
    if (uses.length === 1) coefficient = `${uses[0].name}${part}`;
    else if (!isProduct) coefficient = `(${uses[0].name}${part} + ${uses[1].name}${part})`;
    else if (kind === 'real') coefficient = `(${uses[0].name}.x * ${uses[1].name}.x)`;
    else coefficient = `times(${uses[0].name}, ${uses[1].name})`;
    if (ranges !== null) coefficient = `where_delta(${condition(ranges, target)}) * ${coefficient}`;
    if (kind === 'real') return `${coefficient} * ${x}`;
    if (kind === 'imaginary') return `${coefficient} * rotated(${x})`;
    return `times(${coefficient}, ${x})`;
  }

  function condition(ranges: NonNullable<StencilTerm['ranges']>, target: number): string {
    const delta = `q ${signed(offsets[target].delta)}`;
    return ranges
      .map(({ low, high }) => `(${delta} >= ${low} && ${delta} <= ${high})`)
      .join(' || ');
  }

  const source = [
    'import package::stencil::{entry, first_of_table, load, place, rotated, store, times, where_delta};',
    '',
    'fn update(q: i32, level: i32) {',
    ...before.map((line) => `  ${line}`),
    ...each.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
  return { source, offsets, reach };
}

/** The kind of a sum, or of a product that is not complex. */
function combined(kinds: readonly Kind[], isProduct: boolean): Kind {
  if (kinds.length === 1 || (kinds[0] === kinds[1] && !(isProduct && kinds[0] === 'imaginary'))) {
    return kinds[0];
  }
  return 'complex';
}
