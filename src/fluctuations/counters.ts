/**
 * What is counted at each bath of a machine, whatever the machine: the quanta of conserved charges that its jumps bring,
 * and the heat.
 *
 * A sector has weakly conserved charges, which each jump operator changes by one amount in all of its terms
 * (lindblad/charges.ts). Where all jumps of a bath change them by multiples of one amount, these multiples are the
 * bath's quanta: excitations of a qubit by its bath, units of angular momentum by the load.
 */
import type { Charge } from '../lindblad/charges.js';
import {
  constant,
  difference,
  type Expression,
  shifted,
  sumOf,
  ZERO,
} from '../machine/expression.js';
import type { OperatorForm, Term } from '../machine/operatorForm.js';
import type { CounterForm } from './jumpElements.js';

const EPSILON = 1e-9;

/** How much a term changes each charge by. */
export const chargeChange = (
  charges: readonly Charge[],
  states: number,
  { to, from, shift }: Pick<Term, 'to' | 'from' | 'shift'>,
): number[] => charges.map((q) => q[to] - q[from] + q[states] * shift);

/** A bath's quanta: what one of them is in charges. */
export interface Quantum {
  readonly charges: readonly number[];
}

const isNothing = (change: readonly number[]): boolean =>
  change.every((x) => Math.abs(x) < EPSILON);

/** By how many quanta a change is; null where it is no multiple of one. */
export function multipleOf(change: readonly number[], { charges }: Quantum): number | null {
  const norm = charges.reduce((sum, x) => sum + x * x, 0);
  const times = change.reduce((sum, x, k) => sum + x * charges[k], 0) / norm;
  const isMultiple = change.every((x, k) => Math.abs(x - times * charges[k]) < EPSILON);
  return isMultiple ? times : null;
}

/** Whether a term goes up: the ladder, or, where it stays, the numbering of the states. */
const isUpwards = ({ to, from, shift }: Term): boolean => (shift === 0 ? to > from : shift > 0);

/**
 * The quanta of a bath; null where it changes no charge, or by amounts that are no multiples of one.
 * @param jumps between bare states: their direction says which sign a quantum has
 */
export function quantumOf(
  charges: readonly Charge[],
  states: number,
  jumps: readonly OperatorForm[],
): Quantum | null {
  let quantum: Quantum | null = null;
  let smallest = Number.POSITIVE_INFINITY;
  const changes: number[][] = [];
  for (const form of jumps) {
    if (form.length === 0) continue;
    const change = chargeChange(charges, states, form[0]);
    if (isNothing(change)) continue;
    changes.push(change);
    const size = Math.max(...change.map(Math.abs));
    if (size >= smallest) continue;
    smallest = size;
    quantum = { charges: isUpwards(form[0]) ? change : change.map((x) => -x) };
  }
  if (quantum === null) return null;
  const found = quantum;
  return changes.every((change) => multipleOf(change, found) !== null) ? found : null;
}

/** Counts a bath's quanta, positive into the machine. */
export const quantaCounter = (
  charges: readonly Charge[],
  states: number,
  quantum: Quantum,
): CounterForm => ({
  name: 'quanta',
  gain: (term) => constant(multipleOf(chargeChange(charges, states, term), quantum) ?? 0),
});

/** Counts jumps, whichever they are. */
export const jumpCounter: CounterForm = { name: 'jumps', gain: () => constant(1) };

/** A quantity's value in each state; null where it is not diagonal. */
export function diagonalOf(form: OperatorForm, states: number): Expression[] | null {
  const values = Array.from({ length: states }, () => ZERO);
  for (const { to, from, shift, range, f } of form) {
    const isEverywhere = bounded(range) === '0 0';
    if (to !== from || shift !== 0 || !isEverywhere) return null;
    values[to] = sumOf(values[to], f.re);
  }
  return values;
}

const bounded = ({ begin, end, head, tail }: Term['range']): string =>
  head === Number.POSITIVE_INFINITY && tail === Number.POSITIVE_INFINITY ? `${begin} ${end}` : '';

/** Counts what a diagonal quantity gains. */
export const gainCounter = (name: string, values: readonly Expression[]): CounterForm => ({
  name,
  gain: ({ to, from, shift }) => difference(shifted(values[to], shift), values[from]),
});
