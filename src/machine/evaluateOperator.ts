/** Operators with expressions in them, as numbers on a window. */
import type { Complex, Operator, Table, Transition } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import { lasting, zeros } from '../zeros.js';
import { isZero, parametersOf } from './expression.js';
import type { OperatorForm, Term } from './operatorForm.js';
import { bounds, keyOf, staying } from './range.js';
import { type Numbers, type Place, Tape, type Values } from './tape.js';
import type { TapeSteps } from './tapeSteps.js';

/** A term, and what of it is the same on every window. */
interface PlacedTerm extends Omit<Term, 'f'> {
  readonly re: Place | null;
  readonly im: Place | null;
  /** Equal where its numbers are. */
  readonly key: string;
  /** Whether it is cut off by its shift alone. */
  readonly isDirect: boolean;
}

/** An operator with its terms between the same states put together, and the parameters in it. */
interface PlacedOperator {
  readonly groups: readonly (readonly PlacedTerm[])[];
  readonly parameters: readonly string[];
}

const placeKey = (place: Place | null): string => (place === null ? '' : place.kind + place.at);

function placedTerm(tape: Tape, { f, ...term }: Term): PlacedTerm {
  const [re, im] = [f.re, f.im].map((part) => (isZero(part) ? null : tape.place(part)));
  const { range, shift } = term;
  return {
    ...term,
    re,
    im,
    key: `${placeKey(re)} ${placeKey(im)} ${keyOf(range)}`,
    isDirect: keyOf(range) === keyOf(staying(shift)),
  };
}

function placedOperator(tape: Tape, form: OperatorForm): PlacedOperator {
  const groups = new Map<string, PlacedTerm[]>();
  const parameters = new Set<string>();
  for (const term of form) {
    const { to, from, shift, f } = term;
    const key = `${to} ${from} ${shift}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(placedTerm(tape, term));
    for (const part of [f.re, f.im]) parametersOf(part, parameters);
  }
  return { groups: [...groups.values()], parameters: [...parameters] };
}

/** Operators whose expressions share one tape, as data. */
export interface PlacedOperators<Name extends string> {
  readonly steps: TapeSteps;
  readonly operators: Readonly<Record<Name, PlacedOperator>>;
}

export function placedOperators<Name extends string>(
  forms: Readonly<Record<Name, OperatorForm>>,
): PlacedOperators<Name> {
  const tape = new Tape();
  const operators = {} as Record<Name, PlacedOperator>;
  for (const name of Object.keys(forms) as Name[]) {
    operators[name] = placedOperator(tape, forms[name]);
  }
  return { steps: tape.steps, operators };
}

/** Operators that share one tape. */
export class OperatorSet<Name extends string> {
  readonly #tape: Tape;
  readonly #placed: PlacedOperators<Name>['operators'];
  #last: OperatorsOnWindow | null = null;

  constructor({ steps, operators }: PlacedOperators<Name>) {
    this.#tape = new Tape(steps);
    this.#placed = operators;
  }

  /** Of operators with expressions in them. */
  static of<Name extends string>(forms: Readonly<Record<Name, OperatorForm>>): OperatorSet<Name> {
    return new OperatorSet(placedOperators(forms));
  }

  /**
   * The operators on a window, each made when it is first asked for; those with the same numbers share tables. While
   * the window stays, one of which no parameter has changed is the same object.
   */
  evaluate(window: Window, values: Values): (name: Name) => Operator {
    if (this.#last?.isOn(window) !== true) this.#last = new OperatorsOnWindow(window, this.#tape);
    const operators = this.#last;
    return (name) => operators.operator(this.#placed[name], values);
  }
}

const isNothing = ({ re, im }: Complex): boolean => re === 0 && im === 0;

/** The operators of a set that were last made on a window. */
class OperatorsOnWindow {
  readonly #known = new Map<PlacedOperator, { values: Values; operator: Operator }>();
  readonly #numbers: Numbers;
  #values: Values | null = null;
  #evaluate: ReturnType<typeof evaluation> = () => [];

  constructor(
    private readonly window: Window,
    tape: Tape,
  ) {
    this.#numbers = tape.numbers(window.lmin, window.size, false);
  }

  isOn({ lmin, lmax }: Window): boolean {
    return this.window.lmin === lmin && this.window.lmax === lmax;
  }

  operator(placed: PlacedOperator, values: Values): Operator {
    const known = this.#known.get(placed);
    if (known !== undefined && isSameFor(placed, known.values, values)) return known.operator;
    const { window } = this;
    if (this.#values !== values) {
      this.#numbers.fill(values);
      this.#evaluate = evaluation(window, this.#numbers);
      this.#values = values;
    }
    const operator = { window, transitions: lasting(() => this.#evaluate(placed.groups)) };
    this.#known.set(placed, { values, operator });
    return operator;
  }
}

function isSameFor({ parameters }: PlacedOperator, a: Values, b: Values): boolean {
  if (a === b) return true;
  for (const name of parameters) if (!Object.is(a[name], b[name])) return false;
  return true;
}

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
    const { re, im, range, key } = term;
    let table = known.get(key);
    if (table === undefined) {
      const [first, end] = bounds(range, size);
      table = { re: zeros(size), im: im === null ? null : zeros(size) };
      fill(re, table.re, first, end);
      if (table.im !== null) fill(im, table.im, first, end);
      known.set(key, table);
    }
    return table;
  };

  const one = (term: PlacedTerm): Transition => {
    const { to, from, shift } = term;
    const number = term.isDirect ? numberOf(term) : null;
    return number === null
      ? { to, from, shift, coefficient: { re: 1, im: 0 }, table: tableOf(term) }
      : { to, from, shift, coefficient: number, table: null };
  };

  const several = (terms: readonly PlacedTerm[]): Transition => {
    const { to, from, shift } = terms[0];
    const re = zeros(size);
    const im = zeros(size);
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

  const isThere = ({ range }: PlacedTerm): boolean => {
    const [first, end] = bounds(range, size);
    return first < end;
  };

  return (groups: PlacedOperator['groups']): Transition[] => {
    const transitions: Transition[] = [];
    for (const group of groups) {
      const terms = group.filter(isThere);
      if (terms.length === 0) continue;
      const transition = terms.length === 1 ? one(terms[0]) : several(terms);
      const { coefficient, table } = transition;
      const isZero =
        table === null
          ? isNothing(coefficient)
          : isAllZero(table.re) && (table.im === null || isAllZero(table.im));
      if (!isZero) transitions.push(transition);
    }
    return transitions;
  };
}

const isAllZero = (values: Float64Array): boolean => !values.some((x) => x !== 0);
