/**
 * Operators on two qubits and a rotor, as sums of  c |a⟩⟨b| ⊗ e^{ikφ} f(L_z).
 *
 * A qubit state is the index 2·n1 + n2 (n = 1 is "up"), so 0…3 stand for |00⟩, |01⟩, |10⟩, |11⟩.
 * e^{iφ}|l⟩ = |l+1⟩, and e^{ikφ} drops what leaves the window. Tables are indexed by the level
 * the operator acts on: f is evaluated first, the shift comes second.
 */
import type { Window } from './window.js';

export const QUBIT_STATES = 4;

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** One complex number per rotor level l = lmin … lmax; `im` is null where every number is real. */
export interface Table {
  readonly re: Float64Array;
  readonly im: Float64Array | null;
}

/** coefficient · |to⟩⟨from| ⊗ e^{i·shift·φ} f(L_z), with f given by its values on the window. */
export interface Transition {
  readonly to: number;
  readonly from: number;
  readonly shift: number;
  readonly coefficient: Complex;
  /** Shared between transitions wherever it can be: never written to after it is made. */
  readonly table: Table;
}

/** A sum of transitions, no two of which share `to`, `from` and `shift`. */
export interface Operator {
  readonly window: Window;
  readonly transitions: readonly Transition[];
}

/** A 4×4 operator on the two qubits, by its non-zero entries. */
export type QubitOperator = readonly {
  readonly to: number;
  readonly from: number;
  readonly value: Complex;
}[];

/** e^{i·shift·φ} f(L_z). */
export interface RotorOperator {
  readonly shift: number;
  readonly f: (l: number) => number | Complex;
}

export const ONE: Complex = { re: 1, im: 0 };

export const times = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});

export const conjugate = (a: Complex): Complex => ({ re: a.re, im: -a.im });

/** The table of complex conjugates. */
export const conjugateTable = (table: Table): Table =>
  table.im === null ? table : { re: table.re, im: table.im.map((x) => -x) };

function tabulate(window: Window, rotor: RotorOperator): Table {
  const re = new Float64Array(window.size);
  let im: Float64Array | null = null;
  // Levels that the shift carries out of the window keep coefficient 0.
  const first = Math.max(0, -rotor.shift);
  const last = Math.min(window.size, window.size - rotor.shift);
  for (let i = first; i < last; i++) {
    const value = rotor.f(window.lmin + i);
    if (typeof value === 'number') {
      re[i] = value;
    } else {
      re[i] = value.re;
      if (value.im !== 0) {
        im ??= new Float64Array(window.size);
        im[i] = value.im;
      }
    }
  }
  return { re, im };
}

/** The operator  qubits ⊗ Σ rotor  on the given window. */
export function operator(
  window: Window,
  qubits: QubitOperator,
  ...rotor: readonly RotorOperator[]
): Operator {
  const transitions: Transition[] = [];
  for (const part of rotor) {
    const table = tabulate(window, part);
    for (const { to, from, value } of qubits) {
      transitions.push({ to, from, shift: part.shift, coefficient: value, table });
    }
  }
  return collect(window, transitions);
}

/** a·x + b·y. */
function combineTables(a: Complex, x: Table, b: Complex, y: Table): Table {
  const n = x.re.length;
  const re = new Float64Array(n);
  if (a.im === 0 && b.im === 0 && x.im === null && y.im === null) {
    for (let i = 0; i < n; i++) re[i] = a.re * x.re[i] + b.re * y.re[i];
    return { re, im: null };
  }
  const im = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const xi = x.im === null ? 0 : x.im[i];
    const yi = y.im === null ? 0 : y.im[i];
    re[i] = a.re * x.re[i] - a.im * xi + b.re * y.re[i] - b.im * yi;
    im[i] = a.re * xi + a.im * x.re[i] + b.re * yi + b.im * y.re[i];
  }
  return { re, im };
}

const sameNumber = (a: Complex, b: Complex): boolean => a.re === b.re && a.im === b.im;

/** Merges transitions that differ only in coefficient and table. */
function collect(window: Window, transitions: readonly Transition[]): Operator {
  const merged: Transition[] = [];
  // Operators that leave the qubits alone repeat one merger for each qubit state.
  let last: { a: Transition; b: Transition; table: Table } | null = null;
  for (const t of transitions) {
    let at = 0;
    while (
      at < merged.length &&
      (merged[at].to !== t.to || merged[at].from !== t.from || merged[at].shift !== t.shift)
    ) {
      at++;
    }
    if (at === merged.length) {
      merged.push(t);
      continue;
    }
    const m = merged[at];
    const repeats: boolean =
      last !== null &&
      last.a.table === m.table &&
      last.b.table === t.table &&
      sameNumber(last.a.coefficient, m.coefficient) &&
      sameNumber(last.b.coefficient, t.coefficient);
    const table: Table =
      repeats && last !== null
        ? last.table
        : combineTables(m.coefficient, m.table, t.coefficient, t.table);
    last = { a: m, b: t, table };
    merged[at] = { to: t.to, from: t.from, shift: t.shift, coefficient: ONE, table };
  }
  return { window, transitions: merged };
}

/** The sum of operators on one window. */
export function sum(window: Window, ...operators: readonly Operator[]): Operator {
  return collect(
    window,
    operators.flatMap((o) => o.transitions),
  );
}

/** factor · A. */
export function scale(a: Operator, factor: number | Complex): Operator {
  const c = typeof factor === 'number' ? { re: factor, im: 0 } : factor;
  return {
    window: a.window,
    transitions: a.transitions.map((t) => ({ ...t, coefficient: times(c, t.coefficient) })),
  };
}

function shifted(values: Float64Array, shift: number, sign: number): Float64Array {
  const result = new Float64Array(values.length);
  const first = Math.max(0, -shift);
  const last = Math.min(values.length, values.length - shift);
  for (let i = first; i < last; i++) result[i + shift] = sign * values[i];
  return result;
}

/** Computes a table from one or two others once, however many transitions share them. */
function remembered<K extends object>(compute: (key: K) => Table): (key: K) => Table {
  const known = new Map<K, Table>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const table = compute(key);
    known.set(key, table);
    return table;
  };
}

/** A†: the table of the reversed transition is indexed by the level the original arrives at. */
export function adjoint(a: Operator): Operator {
  const reversed: ((table: Table) => Table)[] = [];
  const reverse = (shift: number, table: Table): Table => {
    if (shift === 0) return conjugateTable(table);
    reversed[shift + a.window.size] ??= remembered(({ re, im }) => ({
      re: shifted(re, shift, 1),
      im: im && shifted(im, shift, -1),
    }));
    return reversed[shift + a.window.size](table);
  };
  return {
    window: a.window,
    transitions: a.transitions.map(({ to, from, shift, coefficient, table }) => ({
      to: from,
      from: to,
      shift: -shift,
      coefficient: conjugate(coefficient),
      table: reverse(shift, table),
    })),
  };
}

/** Tables of `second` after `first`, where `first` shifts the level by `shift`. */
function composeTables(second: Table, first: Table, shift: number): Table {
  const n = first.re.length;
  const { re: ar, im: ai } = second;
  const { re: br, im: bi } = first;
  const re = new Float64Array(n);
  const im = ai === null && bi === null ? null : new Float64Array(n);
  const begin = Math.max(0, -shift);
  const end = Math.min(n, n - shift);
  for (let i = begin; i < end; i++) {
    const j = i + shift;
    const x = ai === null ? 0 : ai[j];
    const y = bi === null ? 0 : bi[i];
    re[i] = ar[j] * br[i] - x * y;
    if (im !== null) im[i] = ar[j] * y + x * br[i];
  }
  return { re, im };
}

/** A·B, on the truncated space: what B carries out of the window is lost before A acts. */
export function multiply(a: Operator, b: Operator): Operator {
  const transitions: Transition[] = [];
  let last: { second: Table; first: Table; shift: number; table: Table } | null = null;
  for (const first of b.transitions) {
    for (const second of a.transitions) {
      if (second.from !== first.to) continue;
      const repeats: boolean =
        last !== null &&
        last.second === second.table &&
        last.first === first.table &&
        last.shift === first.shift;
      const table: Table =
        repeats && last !== null
          ? last.table
          : composeTables(second.table, first.table, first.shift);
      last = { second: second.table, first: first.table, shift: first.shift, table };
      transitions.push({
        to: second.to,
        from: first.from,
        shift: first.shift + second.shift,
        coefficient: times(second.coefficient, first.coefficient),
        table,
      });
    }
  }
  return collect(b.window, transitions);
}

/** The operator with no transitions. */
export function zero(window: Window): Operator {
  return { window, transitions: [] };
}
