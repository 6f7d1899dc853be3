/**
 * The charges that an open system conserves, found from its terms.
 *
 * A charge is an operator Σ q(s, l) |s, l⟩⟨s, l| with q(s, l) = c_s + m·l. It is conserved weakly where H
 * commutes with it and every jump operator changes it by one number of its own: then elements of ρ between
 * states of different charge differences evolve apart from one another. Each term of the Hamiltonian, and each pair
 * of transitions of one jump operator, is a linear equation with integer coefficients for (c, m).
 */

import type { Jumps } from '../operators/jumps.js';
import type { OpenSystem } from '../operators/openSystem.js';
import type { Operator, Transition } from '../operators/operator.js';
import type { Rule } from './rules.js';

/** q(s, l) = offsets[s] + perLevel · l, in integers without a common divisor. */
export interface Charge {
  readonly offsets: readonly number[];
  readonly perLevel: number;
}

export interface Symmetry {
  /** Independent charges that `hamiltonian` and the jumps conserve, beside the trivial one, which is 1. */
  readonly charges: readonly Charge[];
  /** Whether one of them counts levels: then no class far from the diagonal is coupled to the populations. */
  readonly countsLevels: boolean;
  /** A charge that counts levels and that few terms break: where one is conserved by all jumps, that one. */
  readonly counting: Charge;
  /** The terms of the Hamiltonian that conserve the charges; all of them where nothing counts levels. */
  readonly hamiltonian: Operator;
  /** The others, which break the symmetry. */
  readonly breaking: Operator;
}

/** Whether a Hamiltonian has terms that break the symmetry. */
export const isBroken = ({ breaking }: Symmetry): boolean => breaking.transitions.length > 0;

/** Whether populations are coupled to no class far from the diagonal. */
export const hasSector = (symmetry: Symmetry): boolean =>
  symmetry.countsLevels && !isBroken(symmetry);

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));

/** Divides a row of integers by their common divisor. */
function reduced(row: number[]): number[] {
  const divisor = row.reduce((d, x) => gcd(d, x), 0);
  return divisor > 1 ? row.map((x) => x / divisor) : row;
}

/** Linear equations for (c_0, …, c_{n−1}, m), in echelon form: m is the last of them. */
class Equations {
  /** By the place of its first coefficient that is not 0. */
  private readonly rows = new Map<number, number[]>();

  constructor(private readonly states: number) {}

  clone(): Equations {
    const copy = new Equations(this.states);
    for (const [pivot, row] of this.rows) copy.rows.set(pivot, row);
    return copy;
  }

  add(equation: readonly number[]): void {
    let row = [...equation];
    for (let at = 0; at <= this.states; at++) {
      if (row[at] === 0) continue;
      const known = this.rows.get(at);
      if (known === undefined) {
        this.rows.set(at, reduced(row));
        return;
      }
      const [a, b] = [known[at], row[at]];
      row = reduced(row.map((x, i) => a * x - b * known[i]));
    }
  }

  /** Whether a solution has m ≠ 0. */
  get countsLevels(): boolean {
    return !this.rows.has(this.states);
  }

  /** Independent solutions with c_0 = 0, which leaves out c = 1, m = 0. */
  charges(): Charge[] {
    const { states } = this;
    const fixed = this.clone();
    fixed.add(Array.from({ length: states + 1 }, (_, at) => (at === 0 ? 1 : 0)));
    const { rows } = fixed;
    const free = Array.from({ length: states + 1 }, (_, at) => at).filter((at) => !rows.has(at));
    return free.map((one) => {
      // Numerators over one common denominator, from the last place to the first.
      let values = Array.from({ length: states + 1 }, (_, at): number => (at === one ? 1 : 0));
      for (let at = states; at >= 0; at--) {
        const row = rows.get(at);
        if (row === undefined) continue;
        let sum = 0;
        for (let i = at + 1; i <= states; i++) sum += row[i] * values[i];
        if (sum === 0) continue;
        const factor = row[at] / gcd(row[at], sum);
        values = values.map((x) => x * factor);
        values[at] = (-sum * factor) / row[at];
      }
      // No zero is negative.
      const integers = reduced(values).map((x) => x + 0);
      return { offsets: integers.slice(0, states), perLevel: integers[states] };
    });
  }
}

/** How the charge (c, m) changes, as coefficients of c and m. */
function change(states: number, to: number, from: number, shift: number): number[] {
  const row = new Array<number>(states + 1).fill(0);
  row[to] += 1;
  row[from] -= 1;
  row[states] = shift;
  return row;
}

const isEmpty = (numbers: Float64Array | null): boolean => numbers?.every((x) => x === 0) ?? true;

export const isNothing = ({ coefficient, table }: Transition): boolean =>
  (coefficient.re === 0 && coefficient.im === 0) ||
  (table !== null && isEmpty(table.re) && isEmpty(table.im));

/** What each operator of a bath does: the changes of its transitions. */
function changesOf(states: number, { operators, resolved }: Jumps): number[][][] {
  return [
    ...operators.map(({ transitions }) =>
      transitions
        .filter((t) => !isNothing(t))
        .map(({ to, from, shift }) => change(states, to, from, shift)),
    ),
    ...resolved.map(({ parts }) =>
      parts
        .filter(({ amplitudes }) => !amplitudes.every(isEmpty))
        .map(({ to, from, departure, arrival }) => change(states, to, from, arrival - departure)),
    ),
  ];
}

/** Whether a rule leaves the difference of a charge between ket and bra as it is. */
export function conserves({ offsets, perLevel }: Charge, { ket, bra }: Rule): boolean {
  const gained = (t: Transition | null) =>
    t === null ? 0 : offsets[t.to] - offsets[t.from] + perLevel * t.shift;
  return gained(ket) === gained(bra);
}

/**
 * The charges of a system, and the terms of its Hamiltonian that conserve them: these are taken in one by one, in
 * their order, as long as a charge that counts levels is left.
 */
export function symmetryOf({ states, window, hamiltonian, jumps }: OpenSystem): Symmetry {
  let equations = new Equations(states);
  let counting = new Equations(states);
  const count = (equation: readonly number[]) => {
    const tried = counting.clone();
    tried.add(equation);
    if (tried.countsLevels) counting = tried;
  };
  for (const bath of Object.values(jumps)) {
    for (const [first, ...others] of changesOf(states, bath)) {
      for (const other of others) {
        const difference = other.map((x, i) => x - first[i]);
        equations.add(difference);
        count(difference);
      }
    }
  }
  const { countsLevels } = equations;
  const kept: Transition[] = [];
  const left: Transition[] = [];
  for (const t of hamiltonian.transitions) {
    const tried = equations.clone();
    if (!isNothing(t)) {
      const changed = change(states, t.to, t.from, t.shift);
      tried.add(changed);
      count(changed);
    }
    if (countsLevels && !tried.countsLevels) {
      left.push(t);
      continue;
    }
    equations = tried;
    kept.push(t);
  }
  return {
    charges: equations.charges(),
    countsLevels,
    // There is one: no equation is taken in that leaves none.
    counting: counting.charges().find(({ perLevel }) => perLevel !== 0) as Charge,
    hamiltonian: { window, transitions: kept },
    breaking: { window, transitions: left },
  };
}
