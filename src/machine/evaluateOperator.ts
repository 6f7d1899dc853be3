/** Operators with expressions in them, as numbers on a window. */
import type { Complex, Operator, Table, Transition } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { isZero } from './expression.js';
import type { OperatorForm, Term } from './operatorForm.js';
import { bounds, keyOf, staying } from './range.js';
import { type Numbers, type Place, Tape, type Values } from './tape.js';

interface PlacedTerm extends Omit<Term, 'f'> {
  readonly re: Place | null;
  readonly im: Place | null;
}

/** Operators whose expressions share one tape. */
export class OperatorSet<Name extends string> {
  readonly #tape = new Tape();
  readonly #placed: ReadonlyMap<Name, readonly PlacedTerm[]>;

  constructor(forms: Readonly<Record<Name, OperatorForm>>) {
    const entries = Object.entries(forms) as [Name, OperatorForm][];
    this.#placed = new Map(
      entries.map(([name, form]) => [
        name,
        form.map(({ f, ...term }) => ({
          ...term,
          re: isZero(f.re) ? null : this.#tape.place(f.re),
          im: isZero(f.im) ? null : this.#tape.place(f.im),
        })),
      ]),
    );
  }

  /** The operators on a window, each made when it is first asked for; those with the same numbers share tables. */
  evaluate(window: Window, values: Values): (name: Name) => Operator {
    const numbers = this.#tape.numbers(window.lmin, window.size);
    numbers.fill(values);
    const evaluate = evaluation(window, numbers);
    const known = new Map<Name, Operator>();
    return (name) => {
      let operator = known.get(name);
      if (operator === undefined) {
        operator = {
          window,
          transitions: evaluate(this.#placed.get(name) as readonly PlacedTerm[]),
        };
        known.set(name, operator);
      }
      return operator;
    };
  }
}

const isNothing = ({ re, im }: Complex): boolean => re === 0 && im === 0;

/** Whether a term is cut off by its shift alone. */
const isDirect = ({ shift, range }: PlacedTerm): boolean => keyOf(range) === keyOf(staying(shift));

function evaluation({ size }: Window, numbers: Numbers) {
  const known = new Map<string, Table>();

  const numberOf = ({ re, im }: PlacedTerm): Complex | null => {
    if (re?.kind === 'table' || im?.kind === 'table') return null;
    return {
      re: re === null ? 0 : numbers.scalar(re.at),
      im: im === null ? 0 : numbers.scalar(im.at),
    };
  };

  const fill = (place: Place | null, out: Float64Array, first: number, end: number) => {
    if (place === null) return;
    if (place.kind === 'scalar') out.fill(numbers.scalar(place.at), first, end);
    else out.set(numbers.table(place.at).subarray(first, end), first);
  };

  const tableOf = (term: PlacedTerm): Table => {
    const { re, im, range } = term;
    const key = `${re?.kind} ${re?.at} ${im?.kind} ${im?.at} ${keyOf(range)}`;
    let table = known.get(key);
    if (table === undefined) {
      const [first, end] = bounds(range, size);
      table = { re: new Float64Array(size), im: im === null ? null : new Float64Array(size) };
      fill(re, table.re, first, end);
      if (table.im !== null) fill(im, table.im, first, end);
      known.set(key, table);
    }
    return table;
  };

  const one = (term: PlacedTerm): Transition => {
    const { to, from, shift } = term;
    const number = isDirect(term) ? numberOf(term) : null;
    return number === null
      ? { to, from, shift, coefficient: { re: 1, im: 0 }, table: tableOf(term) }
      : { to, from, shift, coefficient: number, table: null };
  };

  const several = (terms: readonly PlacedTerm[]): Transition => {
    const { to, from, shift } = terms[0];
    const re = new Float64Array(size);
    const im = new Float64Array(size);
    for (const term of terms) {
      const table = tableOf(term);
      for (let i = 0; i < size; i++) {
        re[i] += table.re[i];
        if (table.im !== null) im[i] += table.im[i];
      }
    }
    const table = { re, im: im.every((x) => x === 0) ? null : im };
    return { to, from, shift, coefficient: { re: 1, im: 0 }, table };
  };

  return (terms: readonly PlacedTerm[]): Transition[] => {
    const groups = new Map<string, PlacedTerm[]>();
    for (const term of terms) {
      const [first, end] = bounds(term.range, size);
      if (first === end) continue;
      const key = `${term.to} ${term.from} ${term.shift}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [term]);
      else group.push(term);
    }
    return [...groups.values()]
      .map((group) => (group.length === 1 ? one(group[0]) : several(group)))
      .filter(({ coefficient, table }) => {
        if (table === null) return !isNothing(coefficient);
        return table.re.some((x) => x !== 0) || (table.im?.some((x) => x !== 0) ?? false);
      });
  };
}
