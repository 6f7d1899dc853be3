/** Operators with expressions in them, as numbers on a window. */
import type { Listed } from '../listed.js';
import {
  type Complex,
  ONE,
  type Operator,
  type Table,
  type Transition,
} from '../operators/operator.js';
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
  readonly names: readonly Name[];
  readonly operators: Listed<PlacedOperator>;
}

export function placedOperators<Name extends string>(
  forms: Readonly<Record<Name, OperatorForm>>,
): PlacedOperators<Name> {
  const tape = new Tape();
  const names = Object.keys(forms) as Name[];
  const operators = names.map((name) => placedOperator(tape, forms[name]));
  return { steps: tape.steps, names, operators };
}

/** Operators that share one tape. */
export class OperatorSet<Name extends string> {
  readonly #tape: Tape;
  readonly #names: readonly Name[];
  readonly #placed: PlacedOperators<Name>['operators'];
  /** Those of two windows in turn: a few levels tell what a device conserves. */
  #last: OperatorsOnWindow | null = null;
  #other: OperatorsOnWindow | null = null;

  constructor({ steps, names, operators }: PlacedOperators<Name>) {
    this.#tape = new Tape(steps);
    this.#names = names;
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
    const operators = this.#on(window);
    return (name) => {
      const placed = this.#placed.at(this.#names.indexOf(name)) as PlacedOperator;
      return operators.operator(placed, values);
    };
  }

  #on(window: Window): OperatorsOnWindow {
    let operators = this.#last;
    if (operators?.isOn(window) === true) return operators;
    operators = this.#other;
    if (operators?.isOn(window) !== true) operators = new OperatorsOnWindow(window, this.#tape);
    this.#other = this.#last;
    this.#last = operators;
    return operators;
  }
}

const isNothing = ({ re, im }: Complex): boolean => re === 0 && im === 0;

/** A term on a window, where it acts on the levels from `first` to before `end`. */
interface BoundTerm extends PlacedTerm {
  readonly first: number;
  readonly end: number;
}

/** The operators of a set that were last made on a window. */
class OperatorsOnWindow {
  readonly #known = new Map<PlacedOperator, { values: Values; operator: Operator }>();
  readonly #bound = new Map<PlacedOperator, readonly (readonly BoundTerm[])[]>();
  readonly #numbers: Numbers;
  #values: Values | null = null;
  /** Those that are made for these values, by the keys of their terms. */
  readonly #tables = new Map<string, Table>();

  constructor(
    private readonly window: Window,
    tape: Tape,
  ) {
    this.#numbers = tape.numbers(window.lmin, window.size);
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
      this.#tables.clear();
      this.#values = values;
    }
    const operator = { window, transitions: lasting(() => this.#transitions(placed)) };
    this.#known.set(placed, { values, operator });
    return operator;
  }

  /** Its terms that the window has levels for. */
  #groupsOf(placed: PlacedOperator): readonly (readonly BoundTerm[])[] {
    let known = this.#bound.get(placed);
    if (known === undefined) {
      const { size } = this.window;
      known = placed.groups
        .map((terms) =>
          terms.flatMap((term) => {
            const [first, end] = bounds(term.range, size);
            return first < end ? [{ ...term, first, end }] : [];
          }),
        )
        .filter((terms) => terms.length > 0);
      this.#bound.set(placed, known);
    }
    return known;
  }

  #transitions(placed: PlacedOperator): Transition[] {
    const transitions: Transition[] = [];
    for (const terms of this.#groupsOf(placed)) {
      const transition = terms.length === 1 ? this.#one(terms[0]) : this.#several(terms);
      const { coefficient, table } = transition;
      const isZero =
        table === null
          ? isNothing(coefficient)
          : isAllZero(table.re) && (table.im === null || isAllZero(table.im));
      if (!isZero) transitions.push(transition);
    }
    return transitions;
  }

  #one(term: BoundTerm): Transition {
    const { to, from, shift, re, im, isDirect } = term;
    if (isDirect && re?.kind !== 'table' && im?.kind !== 'table') {
      const coefficient = { re: this.#scalar(re), im: this.#scalar(im) };
      return { to, from, shift, coefficient, table: null };
    }
    let table = this.#tables.get(term.key);
    if (table === undefined) {
      table = this.#sum([term]);
      this.#tables.set(term.key, table);
    }
    return { to, from, shift, coefficient: ONE, table };
  }

  #several(terms: readonly BoundTerm[]): Transition {
    const { to, from, shift } = terms[0];
    const { re, im } = this.#sum(terms);
    const table = { re, im: im === null || isAllZero(im) ? null : im };
    return { to, from, shift, coefficient: ONE, table };
  }

  #scalar(place: Place | null): number {
    return place === null ? 0 : this.#numbers.scalar(place.at);
  }

  #sum(terms: readonly BoundTerm[]): Table {
    const re = this.#part(terms, 're');
    const im = terms.some((term) => term.im !== null) ? this.#part(terms, 'im') : null;
    return { re, im };
  }

  #part(terms: readonly BoundTerm[], part: 're' | 'im'): Float64Array {
    const out = zeros(this.window.size);
    const [{ first, end }] = terms;
    // Numbers without a level that come first are added up once, and not at every level.
    let number = 0;
    let k = 0;
    for (; k < terms.length; k++) {
      const term = terms[k];
      const place = term[part];
      if (place?.kind === 'table' || term.first !== first || term.end !== end) break;
      number += this.#scalar(place);
    }
    if (number !== 0) out.fill(number, first, end);
    for (; k < terms.length; k++) this.#add(terms[k][part], out, terms[k]);
    return out;
  }

  #add(place: Place | null, out: Float64Array, { first, end }: BoundTerm): void {
    if (place === null) return;
    if (place.kind === 'scalar') {
      const number = this.#numbers.scalar(place.at);
      for (let i = first; i < end; i++) out[i] += number;
    } else {
      const table = this.#numbers.table(place.at);
      for (let i = first; i < end; i++) out[i] += table[i];
    }
  }
}

function isSameFor({ parameters }: PlacedOperator, a: Values, b: Values): boolean {
  if (a === b) return true;
  for (const name of parameters) if (!Object.is(a[name], b[name])) return false;
  return true;
}

function isAllZero(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false;
  return true;
}
