/**
 * Operators on two qubits and a rotor, as sums of  c |a⟩⟨b| ⊗ e^{ikφ} f(L_z).
 *
 * A qubit state is the index 2·n1 + n2 (n = 1 is "up"), so 0…3 stand for |00⟩, |01⟩, |10⟩, |11⟩.
 * e^{iφ}|l⟩ = |l+1⟩, and e^{ikφ} drops what leaves the window. Tables are indexed by the level
 * the operator acts on: f is evaluated first, the shift comes second. Where no table is given f = 1.
 */
import { getOrInsert } from '../maps.js';
import { zeros } from '../zeros.js';
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
  /** Null where f = 1. Shared between transitions: never written to after it is made. */
  readonly table: Table | null;
}

/** A sum of transitions, no two of which share `to`, `from` and `shift`. */
export interface Operator {
  readonly window: Window;
  readonly transitions: readonly Transition[];
}

/** An operator on whatever window. */
export type OperatorOf = (window: Window) => Operator;

/** A 4×4 operator on the two qubits, by its non-zero entries. */
export type QubitOperator = readonly {
  readonly to: number;
  readonly from: number;
  readonly value: Complex;
}[];

/** e^{i·shift·φ} f(L_z); without f, e^{i·shift·φ}. */
export interface RotorOperator {
  readonly shift: number;
  readonly f?: (l: number) => number | Complex;
}

export const ONE: Complex = { re: 1, im: 0 };

export const times = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});

export const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });

export const sizeOf = ({ re, im }: Complex): number => Math.hypot(re, im);

export const distance = (a: Complex, b: Complex): number => Math.hypot(a.re - b.re, a.im - b.im);

export const conjugate = (a: Complex): Complex => (a.im === 0 ? a : { re: a.re, im: -a.im });

/** The table of complex conjugates. */
export function conjugateTable(table: Table): Table;
export function conjugateTable(table: Table | null): Table | null;
export function conjugateTable(table: Table | null): Table | null {
  if (table === null || table.im === null) return table;
  return { re: table.re, im: table.im.map((x) => -x) };
}

function tabulate(window: Window, { shift, f }: RotorOperator): Table | null {
  if (f === undefined) return null;
  const re = zeros(window.size);
  let im: Float64Array | null = null;
  // Levels that the shift carries out of the window keep coefficient 0.
  const first = Math.max(0, -shift);
  const last = Math.min(window.size, window.size - shift);
  for (let i = first; i < last; i++) {
    const value = f(window.lmin + i);
    if (typeof value === 'number') {
      re[i] = value;
    } else {
      re[i] = value.re;
      if (value.im !== 0) {
        im ??= zeros(window.size);
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

/** a·x + b·y on the levels that the shift keeps in the window. */
function combineTables(
  { size }: Window,
  shift: number,
  a: Complex,
  x: Table | null,
  b: Complex,
  y: Table | null,
): Table {
  const begin = Math.max(0, -shift);
  const end = Math.min(size, size - shift);
  const re = zeros(size);
  const xr = x === null ? null : x.re;
  const yr = y === null ? null : y.re;
  const xi = x === null ? null : x.im;
  const yi = y === null ? null : y.im;
  const real = a.im === 0 && b.im === 0 && xi === null && yi === null;
  const im = real ? null : zeros(size);
  for (let i = begin; i < end; i++) {
    const u = xr === null ? 1 : xr[i];
    const v = yr === null ? 1 : yr[i];
    re[i] = a.re * u + b.re * v;
    if (im === null) continue;
    const s = xi === null ? 0 : xi[i];
    const t = yi === null ? 0 : yi[i];
    re[i] -= a.im * s + b.im * t;
    im[i] = a.re * s + a.im * u + b.re * t + b.im * v;
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
    // Nothing of a shift as wide as the window stays in it.
    if (Math.abs(t.shift) >= window.size) continue;
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
    const { to, from, shift } = t;
    if (m.table === t.table) {
      const coefficient = plus(m.coefficient, t.coefficient);
      merged[at] = { to, from, shift, coefficient, table: t.table };
      continue;
    }
    const repeats: boolean =
      last !== null &&
      last.a.table === m.table &&
      last.b.table === t.table &&
      last.b.shift === shift &&
      sameNumber(last.a.coefficient, m.coefficient) &&
      sameNumber(last.b.coefficient, t.coefficient);
    const table: Table =
      repeats && last !== null
        ? last.table
        : combineTables(window, shift, m.coefficient, m.table, t.coefficient, t.table);
    last = { a: m, b: t, table };
    merged[at] = { to, from, shift, coefficient: ONE, table };
  }
  return { window, transitions: merged };
}

/** The sum of operators on one window. */
export function sum(window: Window, ...operators: readonly Operator[]): Operator {
  const transitions: Transition[] = [];
  for (const operator of operators) for (const t of operator.transitions) transitions.push(t);
  return collect(window, transitions);
}

/** factor · A. */
export function scale({ window, transitions }: Operator, factor: number | Complex): Operator {
  const c = typeof factor === 'number' ? { re: factor, im: 0 } : factor;
  return {
    window,
    transitions: transitions.map(({ to, from, shift, coefficient, table }) => ({
      to,
      from,
      shift,
      coefficient: times(c, coefficient),
      table,
    })),
  };
}

function shifted(values: Float64Array, shift: number, sign: number): Float64Array {
  const result = zeros(values.length);
  const first = Math.max(0, -shift);
  const last = Math.min(values.length, values.length - shift);
  for (let i = first; i < last; i++) result[i + shift] = sign * values[i];
  return result;
}

/** A†: the table of the reversed transition is indexed by the level the original arrives at. */
export function adjoint(a: Operator): Operator {
  // By shift and table: computed once, however many transitions share a table.
  const reversed = new Map<number, Map<Table, Table>>();
  const reverse = (shift: number, table: Table | null): Table | null => {
    if (shift === 0 || table === null) return conjugateTable(table);
    const known = getOrInsert(reversed, shift, () => new Map<Table, Table>());
    return getOrInsert(known, table, () => ({
      re: shifted(table.re, shift, 1),
      im: table.im && shifted(table.im, shift, -1),
    }));
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

/** The table of a's adjoint after b; null where it is 1 on every level that both keep. */
function adjointProductTable({ size }: Window, a: Transition, b: Transition): Table | null {
  const x = a.table;
  const y = b.table;
  // A step out of the window and back loses what one step alone does not.
  if (x === null && y === null && a.shift * b.shift <= 0) return null;
  const re = zeros(size);
  const xi = x === null ? null : x.im;
  const yi = y === null ? null : y.im;
  const im = xi === null && yi === null ? null : zeros(size);
  const back = b.shift - a.shift;
  const begin = Math.max(0, -b.shift, -back);
  const end = Math.min(size, size - b.shift, size - back);
  for (let i = begin; i < end; i++) {
    const j = i + back;
    const u = x === null ? 1 : x.re[j];
    const v = y === null ? 1 : y.re[i];
    const s = xi === null ? 0 : -xi[j];
    const t = yi === null ? 0 : yi[i];
    re[i] = u * v - s * t;
    if (im !== null) im[i] = u * t + s * v;
  }
  return { re, im };
}

/** A†B, on the truncated space: what B carries out of the window is lost before A† acts. */
export function adjointProduct(a: Operator, b: Operator): Operator {
  const { window } = b;
  const transitions: Transition[] = [];
  // Operators that leave the qubits alone repeat one product for each qubit state.
  let last: { x: Transition; y: Transition; table: Table | null } | null = null;
  for (const y of b.transitions) {
    for (const x of a.transitions) {
      if (x.to !== y.to) continue;
      const repeats: boolean =
        last !== null &&
        last.x.table === x.table &&
        last.y.table === y.table &&
        last.x.shift === x.shift &&
        last.y.shift === y.shift;
      const table: Table | null =
        repeats && last !== null ? last.table : adjointProductTable(window, x, y);
      if (!repeats) last = { x, y, table };
      transitions.push({
        to: x.from,
        from: y.from,
        shift: y.shift - x.shift,
        coefficient: times(conjugate(x.coefficient), y.coefficient),
        table,
      });
    }
  }
  return collect(window, transitions);
}

/** The largest |c f(l)| of a transition. */
export function strengthOf({ coefficient, table }: Transition): number {
  let inTable = table === null ? 1 : 0;
  table?.re.forEach((x, i) => {
    inTable = Math.max(inTable, Math.hypot(x, table.im === null ? 0 : table.im[i]));
  });
  return Math.hypot(coefficient.re, coefficient.im) * inTable;
}

/** The largest number of an operator, by magnitude. */
export const largestOf = ({ transitions }: Operator): number =>
  transitions.reduce((most, transition) => Math.max(most, strengthOf(transition)), 0);

/** Visits the elements of an operator that are not 0, each with its transition and the level that this leads from. */
export function eachElement(
  { window: { size }, transitions }: Operator,
  visit: (transition: Transition, level: number, re: number, im: number) => void,
): void {
  for (const transition of transitions) {
    const { shift, coefficient, table } = transition;
    for (let l = Math.max(0, -shift); l < Math.min(size, size - shift); l++) {
      const u = table === null ? 1 : table.re[l];
      const v = table?.im?.[l] ?? 0;
      const re = coefficient.re * u - coefficient.im * v;
      const im = coefficient.re * v + coefficient.im * u;
      if (re !== 0 || im !== 0) visit(transition, l, re, im);
    }
  }
}
