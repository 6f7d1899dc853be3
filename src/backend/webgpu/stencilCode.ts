/** The WGSL of a part of a stencil: what shaders/stencil.wgsl imports as package::generated. */
import type { Stencil, StencilTerm, TableUse } from './stencil.js';
import { type Offset, type Part, relative } from './stencilParts.js';
import { type Kind, knownTables } from './stencilTables.js';

const signed = (n: number): string => (n < 0 ? `- ${-n}` : `+ ${n}`);
const named = (n: number): string => (n < 0 ? `m${-n}` : `${n}`);

/** A number in WGSL; of one that is real or imaginary, the part that is not 0. */
interface Value {
  readonly kind: Kind;
  readonly text: string;
}

const partOf = (kind: Kind): string => (kind === 'real' ? '.x' : kind === 'imaginary' ? '.y' : '');

function complexText({ kind, text }: Value): string {
  if (kind === 'real') return `vec2f(${text}, 0.0)`;
  return kind === 'imaginary' ? `vec2f(0.0, ${text})` : text;
}

function sum(a: Value, b: Value): Value {
  if (a.kind === b.kind) return { kind: a.kind, text: `(${a.text} + ${b.text})` };
  return { kind: 'complex', text: `(${complexText(a)} + ${complexText(b)})` };
}

function product(a: Value, b: Value): Value {
  if (a.kind === 'real' && b.kind === 'real') {
    return { kind: 'real', text: `(${a.text} * ${b.text})` };
  }
  return { kind: 'complex', text: `times(${complexText(a)}, ${complexText(b)})` };
}

function scaled({ kind, text }: Value, x: string): string {
  if (kind === 'real') return `${text} * ${x}`;
  return kind === 'imaginary' ? `rotated(${text} * ${x})` : `times(${text}, ${x})`;
}

/**
 * A thread goes along the diagonals at `width` levels side by side. Of each diagonal it loads the elements
 * once: those that it has seen, and the tables' entries, stay with it from one diagonal to the next.
 */
export function stencilCode(
  stencil: Stencil,
  { pairs, terms, reads }: Part,
  offsets: readonly Offset[],
  width: number,
): string {
  const tables = knownTables(stencil);
  const before: string[] = [];
  const known = new Set<string>();
  const define = (name: string, value: string): string => {
    if (!known.has(name)) before.push(`let ${name} = ${value};`);
    known.add(name);
    return name;
  };
  /** Of tables over the bra's level, the entries around `level - q` that some element needs. */
  const braEntries = new Map<number, { low: number; high: number }>();

  const element = (pair: number, diagonal: number, level: number): string =>
    `x${pair}_${named(diagonal)}_${named(level)}`;

  function entryOf(
    side: 'ket' | 'bra',
    { table, shift }: TableUse,
    pair: number,
    j: number,
  ): Value {
    const { kind, isConstant, base } = tables[table];
    if (isConstant) {
      return { kind, text: define(`c${table}`, `first_of_table(${table})`) + partOf(kind) };
    }
    const { delta, level } = offsets[pair];
    const at = level + shift + j - (side === 'bra' ? delta : 0);
    const part = partOf(tables[base].kind);
    let text: string;
    if (side === 'ket') {
      text = define(`ket${base}_${named(at)}`, `entry(${base}, level ${signed(at)})${part}`);
    } else {
      const entries = braEntries.get(base) ?? { low: at, high: at };
      entries.low = Math.min(entries.low, at);
      entries.high = Math.max(entries.high, at);
      braEntries.set(base, entries);
      text = `bra${base}_${named(at)}`;
    }
    const found = { kind: tables[base].kind, text };
    if (base === table) return found;
    const beyond = define(`d${table}`, `beyond(${table})`);
    return sum(found, { kind: 'complex', text: beyond });
  }

  /** The coefficient of a term for the j-th of the thread's levels; a sign that it shares with another's. */
  function coefficientOf(term: StencilTerm, j: number): { value: Value; sign: 1 | -1 } {
    const { target, ket, bra, isProduct, ranges } = term;
    let sign: 1 | -1 = 1;
    const uses = (['ket', 'bra'] as const).flatMap((side) => {
      const use = side === 'ket' ? ket : bra;
      return use === null ? [] : [{ side, use }];
    });
    const values = uses.map(({ side, use }) => {
      const { positive, sign: own } = tables[use.table];
      if (uses.length > 1) return entryOf(side, use, target, j);
      sign = own;
      return entryOf(side, { ...use, table: positive }, target, j);
    });
    const [first, second] = values;
    let value = first;
    if (second !== undefined) value = isProduct ? product(first, second) : sum(first, second);
    if (ranges === null) return { value, sign };
    const delta = `q ${signed(offsets[target].delta)}`;
    const where = ranges
      .map(({ low, high }) => `((${delta} >= ${low}) & (${delta} <= ${high}))`)
      .join(' | ');
    return {
      value: { kind: value.kind, text: `select(0.0, 1.0, ${where}) * ${value.text}` },
      sign,
    };
  }

  /** Elements with the same coefficient are added up before it multiplies them. */
  function sumOf(target: number, j: number): string {
    const groups = new Map<string, { value: Value; elements: string }>();
    for (const term of terms) {
      if (term.target !== target) continue;
      const { diagonal, level } = relative(term, offsets);
      const { value, sign } = coefficientOf(term, j);
      const key = `${value.kind} ${value.text}`;
      const before = groups.get(key)?.elements ?? '';
      const x = element(term.source, diagonal, level + j);
      const elements = `${before}${sign < 0 ? ' - ' : before === '' ? '' : ' + '}${x}`;
      groups.set(key, { value, elements });
    }
    const parts = [...groups.values()].map(({ value, elements }) => scaled(value, `(${elements})`));
    return parts.length > 0 ? parts.join(' + ') : 'vec2f()';
  }

  const stores = pairs.flatMap((pair) =>
    Array.from(
      { length: width },
      (_, j) => `store(row${pair}_0, level ${signed(offsets[pair].level + j)}, ${sumOf(pair, j)});`,
    ),
  );

  const variables: string[] = [];
  const loads: string[] = [];
  const moves: string[] = [];
  for (const [pair, { first, last, low, high }] of reads) {
    const { delta, level } = offsets[pair];
    const range = Array.from({ length: high + width - low }, (_, i) => low + i);
    // The last diagonal is new in every step; the others are kept from the one before.
    const load = (diagonal: number, q: string, by: 'var ' | 'let '): string[] => [
      `${by}row${pair}_${named(diagonal)} = row(${pair}, ${q} ${signed(diagonal + delta)}, ${q} ${signed(diagonal)});`,
      ...range.map(
        (at) =>
          `${by}${element(pair, diagonal, at)} = load(row${pair}_${named(diagonal)}, level ${signed(level + at)});`,
      ),
    ];
    for (let diagonal = first; diagonal < last; diagonal++) {
      variables.push(...load(diagonal, 'first_q', 'var '));
      const next = (name: (of: number) => string) => `${name(diagonal)} = ${name(diagonal + 1)};`;
      moves.push(
        next((of) => `row${pair}_${named(of)}`),
        ...range.map((at) => next((of) => element(pair, of, at))),
      );
    }
    loads.push(...load(last, 'q', 'let '));
  }
  for (const [table, { low, high }] of braEntries) {
    const part = partOf(tables[table].kind);
    const name = (at: number) => `bra${table}_${named(at)}`;
    const load = (at: number, q: string) =>
      `${name(at)} = entry(${table}, level - ${q} ${signed(at)})${part};`;
    for (let at = low + 1; at <= high; at++) variables.push(`var ${load(at, 'first_q')}`);
    loads.push(`let ${load(low, 'q')}`);
    for (let at = high; at > low; at--) moves.push(`${name(at)} = ${name(at - 1)};`);
  }

  const indented = (lines: readonly string[], by: string) => lines.map((line) => `${by}${line}`);
  return [
    'import package::stencil::{Row, beyond, entry, first_of_table, load, rotated, row, store, times};',
    '',
    'fn march(first_q: i32, end_q: i32, level: i32) {',
    ...indented([...before, ...variables], '  '),
    '  for (var q = first_q; q < end_q; q++) {',
    ...indented([...loads, ...stores, ...moves], '    '),
    '  }',
    '}',
    '',
  ].join('\n');
}
