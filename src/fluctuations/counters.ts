/**
 * What is counted at each bath of a machine, whatever the machine: the quanta of conserved charges that its jumps bring,
 * and the heat.
 *
 * A sector has weakly conserved charges, which each jump operator changes by one amount in all of its terms
 * (lindblad/charges.ts). Where all jumps of a bath change them by multiples of one amount, these multiples are the
 * bath's quanta: excitations of a qubit by its bath, units of angular momentum by the load.
 */
import type { Charge, Move } from '../lindblad/charges.js';
import { constant, difference, negative, shifted, ZERO } from '../machine/expression.js';
import type { OperatorForm, Term } from '../machine/operatorForm.js';
import { before, both, EVERYWHERE } from '../machine/range.js';
import type { CounterForm, GainPart } from './jumpElements.js';

const EPSILON = 1e-9;

/** How much a term changes each charge by. */
const chargeChange = (
  charges: readonly Charge[],
  states: number,
  { to, from, shift }: Move,
): number[] => charges.map((q) => q[to] - q[from] + q[states] * shift);

/** A bath's quanta: what one of them is in charges. */
export interface Quantum {
  readonly charges: readonly number[];
}

const isNothing = (change: readonly number[]): boolean =>
  change.every((x) => Math.abs(x) < EPSILON);

/** By how many quanta a change is; null where it is no multiple of one. */
function multipleOf(change: readonly number[], { charges }: Quantum): number | null {
  const norm = charges.reduce((sum, x) => sum + x * x, 0);
  const times = change.reduce((sum, x, k) => sum + x * charges[k], 0) / norm;
  const isMultiple = change.every((x, k) => Math.abs(x - times * charges[k]) < EPSILON);
  return isMultiple ? times : null;
}

/** Whether a term goes up: the ladder, or, where it stays, the numbering of the states. */
const isUpwards = ({ to, from, shift }: Move): boolean => (shift === 0 ? to > from : shift > 0);

/**
 * The quanta of a bath; null where it changes no charge, or by amounts that are no multiples of one.
 * @param jumps between bare states: their direction says which sign a quantum has
 */
export function quantumOf(
  charges: readonly Charge[],
  states: number,
  jumps: readonly (readonly Move[])[],
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

/** Whether any jump changes any charge. */
export const changesCharges = (
  charges: readonly Charge[],
  states: number,
  jumps: readonly OperatorForm[],
): boolean =>
  jumps.some((form) => form.length > 0 && !isNothing(chargeChange(charges, states, form[0])));

/** Counts a bath's quanta, positive into the machine. */
export const quantaCounter =
  (charges: readonly Charge[], states: number, quantum: Quantum): CounterForm =>
  (term) => {
    const gain = constant(multipleOf(chargeChange(charges, states, term), quantum) ?? 0);
    return [{ kind: 'add', range: EVERYWHERE, gain }];
  };

/** A diagonal operator's terms by state; null where it is not diagonal. */
export function diagonalOf(form: OperatorForm, states: number): Term[][] | null {
  const terms = Array.from({ length: states }, (): Term[] => []);
  for (const term of form) {
    if (term.to !== term.from || term.shift !== 0) return null;
    terms[term.to].push(term);
  }
  return terms;
}

const isInner = ({ range: { head, tail } }: Term): boolean =>
  head === Number.POSITIVE_INFINITY && tail === Number.POSITIVE_INFINITY;

/** Counts what a diagonal quantity gains: where it is one formula on both sides, without what cancels in it. */
export const gainCounter =
  (terms: readonly (readonly Term[])[]): CounterForm =>
  ({ to, from, shift }) => {
    const sideOf = (state: number, by: number) =>
      terms[state].map((term) => ({
        ...{ kind: 'add' as const, range: before(term.range, by) },
        ...{ gain: shifted(term.f.re, by), isInner: isInner(term) },
      }));
    const [after, earlier] = [sideOf(to, shift), sideOf(from, 0)];
    const parts: GainPart[] = [
      ...after,
      ...earlier.map((part) => ({ ...part, gain: negative(part.gain) })),
    ];
    const [inner, former] = [after, earlier].map((all) => all.filter((one) => one.isInner));
    if (inner.length > 1 || former.length > 1) return parts;
    const range = [...inner, ...former].map((one) => one.range).reduce(both, EVERYWHERE);
    const gain = difference(inner[0]?.gain ?? ZERO, former[0]?.gain ?? ZERO);
    return [...parts, { kind: 'set', range, gain }];
  };
