/**
 * How fast each channel changes the mean of each quantity in a steady state, by the way that loses least.
 *
 * A flow is often a small difference of large ones. The same flow can be had in several ways: as ⟨𝓛_c†X⟩ itself; as
 * what all other channels together take, because ⟨X⟩ is constant; and, where the channel changes another quantity in
 * proportion, from the flow of that one. Each way has an error of its own, estimated from the magnitudes of its terms:
 * ways are tried until one has its digits, and else the one with the smallest error is taken.
 */

import {
  type Expression,
  isLevelFree,
  isZero,
  negative,
  ONE,
  powerOfMonomial,
  productOf,
  sumOf,
} from '../machine/expression.js';
import { type OperatorForm, scale, sum } from '../machine/operatorForm.js';
import { bounds, keyOf, type Range } from '../machine/range.js';
import type { Numbers, Place, Tape } from '../machine/tape.js';
import { add, type DoubleDouble, multiply } from '../numbers/doubleDouble.js';
import type { Window } from '../operators/window.js';
import { adjointAction, joined } from './adjointAction.js';
import { channelNames, type EquationForm } from './equation.js';

/** A number and about how far it may be off. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** The same with a number of about 30 digits, as far as it has them; in float64 without its lower part. */
export interface ExactEstimate extends DoubleDouble {
  readonly error: number;
  /** What it was made of, where its reader asks for that. */
  readonly made?: Combination;
}

/** A linear combination of means. */
export type Combination =
  | {
      readonly kind: 'mean';
      readonly functional: Functional;
      readonly representation: Representation;
    }
  | { readonly kind: 'sum'; readonly of: readonly [Combination, Combination] }
  | { readonly kind: 'product'; readonly factor: number; readonly of: Combination };

export const roundedEstimate = ({ high, error }: ExactEstimate): Estimate => ({
  value: high,
  error: error + 2 * Number.EPSILON * Math.abs(high),
});

/** Elements of a state with their errors, by the level of the ket less the window's lowest. */
export interface ElementReader {
  readonly window: Window;
  /**
   * ⟨ket, l|ρ|bra, l + apart⟩.
   * @returns null where the state has no such elements
   */
  read(ket: number, bra: number, apart: number): ElementTable | null;
}

export interface ElementTable {
  readonly re: Float64Array;
  /** Null where they are real. */
  readonly im: Float64Array | null;
  /** How far each real part may be off. */
  readonly error: Float64Array;
  /** The same of imaginary parts, which may be much smaller or larger; null where they are real. */
  readonly imError: Float64Array | null;
}

/** A Hermitian operator, ready for its mean to be read off states. */
export type Functional = readonly {
  readonly ket: number;
  readonly bra: number;
  readonly apart: number;
  readonly range: Range;
  readonly re: Place | null;
  readonly im: Place | null;
}[];

export const functionalOf = (tape: Tape, form: OperatorForm): Functional =>
  form.map(({ to, from, shift, range, f }) => ({
    ket: from,
    bra: to,
    apart: shift,
    range,
    re: isZero(f.re) ? null : tape.place(f.re),
    im: isZero(f.im) ? null : tape.place(f.im),
  }));

/** What rounding takes from a term of a sum, relative to its magnitude, where its coefficient has no exponentials. */
export const ROUNDING = 4 * Number.EPSILON;

/** Tr[Xρ], and its error. @param rounding what it takes from a term, relative to its magnitude */
export function meanOf(
  functional: Functional,
  numbers: Numbers,
  state: ElementReader,
  rounding: number,
): ExactEstimate {
  let high = 0;
  let error = 0;
  for (const { ket, bra, apart, range, re, im } of functional) {
    const elements = state.read(ket, bra, apart);
    if (elements === null) continue;
    const [begin, end] = bounds(range, state.window.size);
    for (let k = 0; k < 2; k++) {
      const place = k === 0 ? re : im;
      const part = k === 0 ? elements.re : elements.im;
      if (place === null) continue;
      const x = part ?? elements.re;
      const dx = (k === 1 ? elements.imError : null) ?? elements.error;
      const weight = part === null ? 0 : k === 0 ? 1 : -1;
      let sum = 0;
      let magnitude = 0;
      let lost = 0;
      if (place.kind === 'scalar') {
        for (let i = begin; i < end; i++) {
          sum += x[i];
          magnitude += Math.abs(x[i]);
          lost += dx[i];
        }
        const u = numbers.scalar(place.at);
        sum *= u;
        magnitude *= Math.abs(u);
        lost *= Math.abs(u);
      } else {
        const table = numbers.table(place.at);
        for (let i = begin; i < end; i++) {
          const term = table[i] * x[i];
          sum += term;
          magnitude += Math.abs(term);
          lost += Math.abs(table[i]) * dx[i];
        }
      }
      high += weight * sum;
      error += rounding * Math.abs(weight) * magnitude + lost;
    }
  }
  return { high, low: 0, error };
}

/** Bare states, or the eigenstates that the sector was solved in. */
export type Representation = 'bare' | 'eigen';

/** A quantity as an operator; null where it is not known in a representation. */
export interface Quantity {
  readonly key: string;
  readonly bare: OperatorForm | null;
  readonly eigen: OperatorForm | null;
  /** Whether H conserves it. */
  readonly isCharge: boolean;
}

export interface FlowForms {
  /** Between bare states: of channels that are not local there it says nothing. */
  readonly bare: EquationForm;
  /** Between eigenstates, where the sector is solved in these. */
  readonly eigen: EquationForm | null;
  /** The channels that are known between eigenstates alone. */
  readonly thermal: ReadonlySet<string>;
  /**
   * Quantities of which a channel may change another one in proportion: charges, of which few channels change any,
   * and parts of the energy.
   */
  readonly balances: readonly Quantity[];
}

/** What a channel does to a quantity, where that is known. */
interface Action {
  readonly form: OperatorForm;
  readonly representation: Representation;
  /** Where its mean is kept; the same for equal forms. */
  readonly place: number;
  /** Made when it is first read off a state. */
  functional?: Functional;
}

/** The same for equal forms. */
const actionKey = (form: OperatorForm, representation: Representation): string => {
  const terms = form.map(
    ({ to, from, shift, range, f }) =>
      `${to} ${from} ${shift} ${keyOf(range)} ${f.re.key} ${f.im.key}`,
  );
  return `${representation} ${terms.sort().join(' | ')}`;
};

/** That a channel changes X by a number of the device times what it changes another quantity by, and a remainder. */
interface Proportion {
  readonly balance: Quantity;
  readonly quantum: Expression;
  readonly remainder: Action;
}

/** The flow of a quantity by a channel, as far as it is the same for all devices. */
interface Node {
  /** Where it is kept. */
  readonly place: number;
  readonly action: Action | null;
  readonly others: readonly string[];
  /** Found when they are first needed. */
  proportions?: readonly Proportion[];
  ends?: readonly End[];
}

/** Where a current is read off, and what the flow that goes with it is by what is read. */
interface End {
  readonly carried: Quantity;
  readonly channel: string;
  readonly factor: Expression;
}

/** A mean that is read off the state, times a number of the device. */
export interface WayPart {
  readonly functional: Functional;
  readonly representation: Representation;
  readonly factor: Expression;
}

/** The sum of which is a flow. */
export type Way = readonly WayPart[];

/** The ways to the mean of a quantity. */
interface Mean {
  readonly direct: Action | null;
  /** Channels that change it by rate · ⟨quantity⟩ and a remainder. */
  readonly damped: readonly {
    readonly channel: string;
    readonly rate: Expression;
    readonly remainder: Action;
  }[];
}

/** What is read off one state in one precision. */
export interface StateReader {
  /** A number of the device, by its place on the tape. */
  number(at: number): ExactEstimate;
  /** Tr[Xρ], and its error. */
  mean(functional: Functional, representation: Representation): ExactEstimate;
  /** The relative error that is good enough for no other way to be tried. */
  readonly good: number;
  /** The one that is good enough for no more digits to be asked for. */
  readonly enough: number;
  /** Whether its numbers have more digits than float64. */
  readonly isExact: boolean;
  /** What any flow may be off by because populations are, in units of energy by time. */
  readonly floor: number;
  /** What a number may be off by because the state is, where that is not part of errors of means. */
  readonly lostOf?: (made: Combination) => number;
  /** What was found for this state before: flows by their places and depths, and means of operators by theirs. */
  readonly known: (ExactEstimate | null | undefined)[];
  readonly read: (ExactEstimate | undefined)[];
}

/** Reads a state; null where it cannot be read so. */
export type Reader = () => StateReader | null;

/** How many balances may lead from one flow to another. */
const DEPTH = 3;

const isWithin = (estimate: ExactEstimate | null, relative: number): boolean =>
  estimate !== null && estimate.error <= relative * Math.abs(estimate.high);

const isGood = (estimate: ExactEstimate | null, { good }: StateReader): boolean =>
  isWithin(estimate, good);

/** A number by one reader after another, until it has its digits. */
function best(
  readers: readonly Reader[],
  read: (state: StateReader) => ExactEstimate | null,
): Estimate | null {
  let found: ExactEstimate | null = null;
  for (const reader of readers) {
    const state = reader();
    if (state === null) continue;
    const next = withLost(read(state), state);
    found = found === null ? next : refined(found, next);
    if (found === null || isWithin(found, state.enough)) break;
  }
  return found && roundedEstimate(found);
}

/** A number read once more: its error is no larger than that of the first with what they are apart. */
function refined(first: ExactEstimate, second: ExactEstimate | null): ExactEstimate {
  if (second === null) return first;
  const error = Math.min(second.error, first.error + Math.abs(second.high - first.high));
  return error <= 2 * first.error ? { ...second, error } : first;
}

const withLost = (a: ExactEstimate | null, { lostOf }: StateReader): ExactEstimate | null =>
  a?.made === undefined || lostOf === undefined ? a : { ...a, error: a.error + lostOf(a.made) };

/** The flows of one equation. */
export class FlowProgram {
  readonly channels: readonly string[];
  readonly #nodes = new Map<Quantity, Map<string, Node>>();
  readonly #places = new Map<string, number>();
  readonly #means = new Map<Quantity, Mean>();
  #count = 0;

  constructor(
    private readonly tape: Tape,
    private readonly forms: FlowForms,
  ) {
    this.channels = channelNames(forms.eigen ?? forms.bare);
  }

  /** Room for what will be found for a state: as much as states so far have needed. */
  room(): Pick<StateReader, 'known' | 'read'> {
    return {
      known: new Array(this.#count * (DEPTH + 1)),
      read: new Array(this.#places.size),
    };
  }

  /**
   * d⟨quantity⟩/dt by some channels together; null where it is not known.
   * @param readers of one state, from the quickest on, of which the next is made where there are not enough digits
   */
  flow(
    quantity: Quantity,
    channels: readonly string[],
    readers: readonly Reader[],
  ): Estimate | null {
    return best(readers, (state) => withFloor(this.#flow(quantity, channels, state), state));
  }

  /**
   * ⟨quantity⟩ by the way that loses least: by its elements; or, where a channel damps it in proportion, from the flow
   * by that channel. So Q2 = 2B2γ⟨L_z⟩ gives ⟨L_z⟩ its digits where the populations of ±l nearly cancel.
   * @param readers as `flow` has them
   */
  mean(quantity: Quantity, readers: readonly Reader[]): Estimate | null {
    return best(readers, (state) => this.#mean(quantity, state));
  }

  #mean(quantity: Quantity, state: StateReader): ExactEstimate | null {
    const { direct, damped } = this.#meanOf(quantity);
    let best = direct && this.#read(direct, state);
    for (const { channel, rate, remainder } of damped) {
      if (isGood(best, state)) break;
      const flow = withFloor(this.#flow(quantity, [channel], state), state);
      const rest = this.#read(remainder, state);
      const weight = state.number(this.tape.scalar(powerOfMonomial(rate.monomials[0], -1)));
      best = better(best, times(weight, plus(flow, minus(rest), state), state));
    }
    return best;
  }

  #meanOf(quantity: Quantity): Mean {
    let known = this.#means.get(quantity);
    if (known === undefined) {
      const representation = quantity.bare === null ? 'eigen' : 'bare';
      const form = quantity[representation];
      known = {
        direct: form && this.#placed(form, representation),
        damped: this.channels.flatMap((channel) => {
          const action = this.#action(quantity, channel);
          if (form === null || action?.representation !== representation) return [];
          const rate = quantumOf(action.form, form);
          if (rate === null || rate.monomials.length !== 1) return [];
          const rest = joined(sum(action.form, scale(form, negative(rate))));
          return [{ channel, rate, remainder: this.#placed(rest, representation) }];
        }),
      };
      this.#means.set(quantity, known);
    }
    return known;
  }

  #flow(quantity: Quantity, channels: readonly string[], state: StateReader): ExactEstimate | null {
    const others = this.channels.filter((c) => !channels.includes(c));
    let best: ExactEstimate | null = null;
    if (channels.length === 1) best = this.#current(quantity, channels[0], state);
    for (let depth = 0; depth <= DEPTH && !isGood(best, state); depth++) {
      best = better(best, this.#sum(quantity, channels, depth, state));
      if (channels.length === 1 || isGood(best, state)) continue;
      best = better(best, minus(this.#sum(quantity, others, depth, state)));
    }
    return best;
  }

  /**
   * A flow that goes with a current: of what one channel gives and one other alone takes. As that is one number, it is
   * read off where it loses least, whichever flow it is asked for. Null where there is no such current.
   */
  #current(quantity: Quantity, channel: string, state: StateReader): ExactEstimate | null {
    const node = this.#node(quantity, channel);
    node.ends ??= this.#endsOf(quantity, channel);
    let best: ExactEstimate | null = null;
    for (const { carried, channel: end, factor } of node.ends) {
      const found = this.#one(carried, end, 0, state);
      best = better(best, times(state.number(this.tape.scalar(factor)), found, state));
    }
    return best;
  }

  /**
   * Ways to the flow of a quantity by one channel as sums of means, each times a number of the device: itself; where a
   * current that goes with it is read off; and what all other channels take.
   */
  ways(quantity: Quantity, channel: string): readonly Way[] {
    const node = this.#node(quantity, channel);
    node.ends ??= this.#endsOf(quantity, channel);
    const part = (action: Action | null, factor: Expression): WayPart[] =>
      action === null
        ? []
        : [{ functional: this.#functional(action), representation: action.representation, factor }];
    const ways: Way[] = [
      part(node.action, ONE),
      ...node.ends.map(({ carried, channel: end, factor }) =>
        part(this.#action(carried, end), factor),
      ),
    ];
    const others = node.others.map((other) => this.#action(quantity, other));
    if (!others.includes(null)) ways.push(others.flatMap((action) => part(action, negative(ONE))));
    return ways.filter((way) => way.length > 0);
  }

  /** What reads the mean of a quantity off a state by its elements; null where it is not known as an operator. */
  meanWay(quantity: Quantity): Way | null {
    const { direct } = this.#meanOf(quantity);
    if (direct === null) return null;
    const { representation } = direct;
    return [{ functional: this.#functional(direct), representation, factor: ONE }];
  }

  #endsOf(quantity: Quantity, channel: string): readonly End[] {
    const otherEnd = (carried: Quantity, end: string): string | null => {
      const acts = (c: string) => this.#action(carried, c)?.form.length !== 0;
      const [other, ...more] = this.channels.filter((c) => c !== end && acts(c));
      return other !== undefined && more.length === 0 && acts(end) ? other : null;
    };
    const found: End[] = [];
    const known = new Set<string>();
    const visit = (carried: Quantity, end: string, factor: Expression): void => {
      const key = `${carried.key} ${end}`;
      if (known.has(key)) return;
      known.add(key);
      const other = otherEnd(carried, end);
      if (other !== null) {
        found.push({ carried, channel: end, factor });
        visit(carried, other, negative(factor));
      }
      for (const { balance, quantum, remainder } of this.#proportionsOf(carried, end)) {
        if (!balance.isCharge || remainder.form.length > 0) continue;
        if (otherEnd(balance, end) !== null) visit(balance, end, productOf(factor, quantum));
      }
    };
    visit(quantity, channel, ONE);
    return found;
  }

  #sum(
    quantity: Quantity,
    channels: readonly string[],
    depth: number,
    state: StateReader,
  ): ExactEstimate | null {
    let sum: ExactEstimate | null = NOTHING;
    for (const channel of channels) {
      const one = this.#one(quantity, channel, depth, state);
      sum = sum === NOTHING ? one : plus(sum, one, state);
    }
    return sum;
  }

  /** The best way to the flow by one channel, over at most `depth` balances. */
  #one(
    quantity: Quantity,
    channel: string,
    depth: number,
    state: StateReader,
  ): ExactEstimate | null {
    const node = this.#node(quantity, channel);
    const at = node.place * (DEPTH + 1) + depth;
    const known = state.known[at];
    if (known !== undefined) return known;
    const { action, others } = node;
    let best: ExactEstimate | null = action === null ? null : this.#read(action, state);
    if (depth > 0 && (action === null || action.form.length > 0) && !isGood(best, state)) {
      for (const { balance, quantum, remainder } of this.#proportionsOf(quantity, channel)) {
        const rest = this.#read(remainder, state);
        if (best !== null && rest.error >= best.error) continue;
        const found = this.#one(balance, channel, depth - 1, state);
        const weight = state.number(this.tape.scalar(quantum));
        best = better(best, plus(times(weight, found, state), rest, state));
        if (isGood(best, state)) break;
      }
      if (!isGood(best, state)) {
        best = better(best, minus(this.#sum(quantity, others, depth - 1, state)));
      }
    }
    state.known[at] = best;
    return best;
  }

  #read(action: Action, state: StateReader): ExactEstimate {
    let known = state.read[action.place];
    if (known === undefined) {
      known = state.mean(this.#functional(action), action.representation);
      state.read[action.place] = known;
    }
    return known;
  }

  #functional(action: Action): Functional {
    action.functional ??= functionalOf(this.tape, action.form);
    return action.functional;
  }

  #node(quantity: Quantity, channel: string): Node {
    let nodes = this.#nodes.get(quantity);
    if (nodes === undefined) {
      nodes = new Map();
      this.#nodes.set(quantity, nodes);
    }
    let node = nodes.get(channel);
    if (node === undefined) {
      node = {
        place: this.#count++,
        action: this.#actionOf(quantity, channel),
        others: this.channels.filter((c) => c !== channel),
      };
      nodes.set(channel, node);
    }
    return node;
  }

  #action(quantity: Quantity, channel: string): Action | null {
    return this.#node(quantity, channel).action;
  }

  #actionOf(quantity: Quantity, channel: string): Action | null {
    const { bare, eigen, thermal } = this.forms;
    const representation = eigen !== null && thermal.has(channel) ? 'eigen' : 'bare';
    const equation = representation === 'eigen' ? eigen : bare;
    const x = quantity[representation];
    if (equation === null || x === null) return null;
    const index = channelNames(equation).indexOf(channel);
    return this.#placed(adjointAction(equation, index, x), representation);
  }

  /** An action; equal ones have one place. */
  #placed(form: OperatorForm, representation: Representation): Action {
    const key = actionKey(form, representation);
    const place = this.#places.get(key) ?? this.#places.size;
    this.#places.set(key, place);
    return { form, representation, place };
  }

  /** Those in which the fewest other channels take part come first. */
  #proportionsOf(quantity: Quantity, channel: string): readonly Proportion[] {
    const node = this.#node(quantity, channel);
    if (node.proportions === undefined) {
      const others = ({ balance }: Proportion): number =>
        this.channels.filter((c) => this.#action(balance, c)?.form.length !== 0).length;
      node.proportions = this.forms.balances
        .flatMap((balance) => this.#proportion(quantity, channel, balance))
        .sort((a, b) => others(a) - others(b));
    }
    return node.proportions;
  }

  #proportion(quantity: Quantity, channel: string, balance: Quantity): readonly Proportion[] {
    const direct = this.#action(quantity, channel);
    const carried = balance.key === quantity.key ? null : this.#action(balance, channel);
    if (direct === null || carried?.representation !== direct.representation) return [];
    const quantum = quantumOf(direct.form, carried.form);
    if (quantum === null) return [];
    const form = joined(sum(direct.form, scale(carried.form, negative(quantum))));
    // Parts of the energy serve where they are all that changes.
    if (form.length > 0 && !balance.isCharge) return [];
    return [{ balance, quantum, remainder: this.#placed(form, direct.representation) }];
  }
}

const NOTHING: ExactEstimate = { high: 0, low: 0, error: 0 };

const plus = (
  a: ExactEstimate | null,
  b: ExactEstimate | null,
  { isExact }: StateReader,
): ExactEstimate | null => {
  if (a === null || b === null) return null;
  if (isExact) return { ...add(a, b), error: a.error + b.error };
  // What rounding takes from the sum is less than what it took from each term.
  const sum = { high: a.high + b.high, low: 0, error: a.error + b.error };
  if (a.made === undefined) return b.made === undefined ? sum : { ...sum, made: b.made };
  return { ...sum, made: b.made === undefined ? a.made : { kind: 'sum', of: [a.made, b.made] } };
};

const times = (
  factor: ExactEstimate,
  a: ExactEstimate | null,
  { isExact }: StateReader,
): ExactEstimate | null => {
  if (a === null) return null;
  const error = Math.abs(factor.high) * a.error + factor.error * Math.abs(a.high);
  if (isExact) return { ...multiply(factor, a), error };
  const product = { high: factor.high * a.high, low: 0, error };
  return a.made === undefined ? product : { ...product, made: multiple(factor.high, a.made) };
};

const multiple = (factor: number, of: Combination): Combination => ({
  kind: 'product',
  factor,
  of,
});

const minus = (a: ExactEstimate | null): ExactEstimate | null => {
  if (a === null) return null;
  const negated = { high: -a.high, low: -a.low, error: a.error };
  return a.made === undefined ? negated : { ...negated, made: multiple(-1, a.made) };
};

/** A flow that is 0 whatever the state has no error. */
const withFloor = (a: ExactEstimate | null, { floor }: StateReader): ExactEstimate | null =>
  a && (a.error === 0 ? a : { ...a, error: a.error + floor });

const better = (a: ExactEstimate | null, b: ExactEstimate | null): ExactEstimate | null =>
  a === null || (b !== null && b.error < a.error) ? b : a;

/**
 * What a quantum of a quantity carries of X, as far as it is the same at every level: x/q of the first term of both
 * in which that is a number of the device.
 */
function quantumOf(x: OperatorForm, q: OperatorForm): Expression | null {
  for (const a of x) {
    for (const b of q) {
      if (a.to !== b.to || a.from !== b.from || a.shift !== b.shift) continue;
      const ratio = ratioOf(a.f.re, b.f.re);
      if (ratio !== null) return ratio;
    }
  }
  return null;
}

/** The level-free part of x/q where q is one monomial; null where there is none. */
function ratioOf(x: Expression, q: Expression): Expression | null {
  if (x.key === q.key) return isZero(x) ? null : ONE;
  const [m, ...others] = q.monomials;
  if (m === undefined || others.length > 0) return null;
  const ratio = productOf(x, powerOfMonomial(m, -1));
  const free = ratio.monomials.map((n) => powerOfMonomial(n, 1)).filter(isLevelFree);
  return free.length === 0 ? null : sumOf(...free);
}
