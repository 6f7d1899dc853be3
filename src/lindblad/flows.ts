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
  negative,
  ONE,
  powerOfMonomial,
  productOf,
} from '../machine/expression.js';
import type { Tape } from '../machine/tape.js';
import { adjointAction } from './adjointAction.js';
import { channelNames } from './equation.js';
import type { Estimate, ExactEstimate } from './estimate.js';
import {
  type Action,
  actionKey,
  actionOf,
  type End,
  type FlowForms,
  type Mean,
  type Node,
  type Proportion,
  type Quantity,
  quantumOf,
  remainderOf,
  type Way,
  type WayPart,
} from './flowForms.js';
import { type Functional, functionalOf } from './functional.js';
import {
  best,
  better,
  type FoundNumbers,
  isEnough,
  isGood,
  minus,
  NOTHING,
  plus,
  product,
  type Reader,
  RoomForNumbers,
  type StateReader,
  times,
  withFloor,
} from './stateReader.js';

/** How many balances may lead from one flow to another. */
const DEPTH = 3;

/** The flows of one equation. */
export class FlowProgram {
  readonly channels: readonly string[];
  readonly #nodes = new Map<Quantity, Map<string, Node>>();
  readonly #places = new Map<string, number>();
  /** By the same places. */
  readonly #functionals: Functional[] = [];
  readonly #means = new Map<Quantity, Mean>();
  readonly #others = new Map<string, readonly string[]>();
  #count = 0;

  constructor(
    private readonly tape: Tape,
    private readonly forms: FlowForms,
  ) {
    this.channels = channelNames(forms.eigen ?? forms.bare);
  }

  /** Room for what will be found for a state: as much as states so far have needed. */
  room(): FoundNumbers {
    return new RoomForNumbers(this.#count * (DEPTH + 1), this.#places.size);
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
    for (const { channel, inverse, remainder } of damped) {
      if (isEnough(best, state)) break;
      const flow = withFloor(this.#flow(quantity, [channel], state), state);
      const rest = this.#read(remainder, state);
      const found = plus(flow, minus(rest), state);
      if (found !== null) best = product(inverse, found, state, best);
    }
    return best;
  }

  #meanOf(quantity: Quantity): Mean {
    let known = this.#means.get(quantity);
    if (known === undefined) {
      const representation = quantity.bare === null ? 'eigen' : 'bare';
      const form = quantity[representation];
      known = {
        direct: form && actionOf(form, representation),
        damped: this.channels.flatMap((channel) => {
          const action = this.#action(quantity, channel);
          if (form === null || action?.representation !== representation) return [];
          const rate = quantumOf(action.form, form);
          if (rate === null || rate.monomials.length !== 1) return [];
          const rest = remainderOf(action.form, rate, form);
          const inverse = this.tape.scalar(powerOfMonomial(rate.monomials[0], -1));
          return [{ channel, inverse, remainder: actionOf(rest, representation) }];
        }),
      };
      this.#means.set(quantity, known);
    }
    return known;
  }

  #flow(quantity: Quantity, channels: readonly string[], state: StateReader): ExactEstimate | null {
    const nodes = this.#nodesOf(quantity, channels);
    const isOne = nodes.length === 1;
    let best = isOne ? this.#current(nodes[0], state) : null;
    let others: readonly Node[] | undefined;
    for (let depth = 0; depth <= DEPTH && !isEnough(best, state); depth++) {
      best = better(best, this.#sum(nodes, depth, state));
      if (isOne || isEnough(best, state)) continue;
      others ??= this.#nodesOf(quantity, this.#allBut(channels));
      best = better(best, minus(this.#sum(others, depth, state)));
    }
    return best;
  }

  #allBut(channels: readonly string[]): readonly string[] {
    const key = channels.join(' ');
    let others = this.#others.get(key);
    if (others === undefined) {
      others = this.channels.filter((c) => !channels.includes(c));
      this.#others.set(key, others);
    }
    return others;
  }

  /**
   * A flow that goes with a current: of what one channel gives and one other alone takes. As that is one number, it is
   * read off where it loses least, whichever flow it is asked for. Null where there is no such current.
   */
  #current(node: Node, state: StateReader): ExactEstimate | null {
    node.ends ??= this.#endsOf(node);
    let best: ExactEstimate | null = null;
    for (const { action, at } of node.ends) {
      if (action !== null) best = product(at, this.#read(action, state), state, best);
    }
    return best;
  }

  /**
   * Ways to the flow of a quantity by one channel as sums of means, each times a number of the device: itself; where a
   * current that goes with it is read off; and what all other channels take. No two are the same.
   */
  ways(quantity: Quantity, channel: string): readonly Way[] {
    const node = this.#node(quantity, channel);
    node.ways ??= this.#waysOf(node);
    return node.ways;
  }

  #waysOf(node: Node): readonly Way[] {
    const { quantity, channel } = node;
    node.ends ??= this.#endsOf(node);
    const part = (action: Action | null, factor: Expression): WayPart[] =>
      action === null
        ? []
        : [{ functional: this.#functional(action), representation: action.representation, factor }];
    const ways: Way[] = [
      part(node.action, ONE),
      ...node.ends.map(({ action, factor }) => part(action, factor)),
    ];
    const others = this.#allBut([channel]).map((other) => this.#action(quantity, other));
    if (!others.includes(null)) ways.push(others.flatMap((action) => part(action, negative(ONE))));
    const isSame = (a: Way, b: Way) =>
      a.length === b.length &&
      a.every(
        ({ functional, factor }, k) =>
          functional === b[k].functional && factor.key === b[k].factor.key,
      );
    return ways.filter(
      (way, n) => way.length > 0 && !ways.slice(0, n).some((other) => isSame(other, way)),
    );
  }

  /** What reads the mean of a quantity off a state by its elements; null where it is not known as an operator. */
  meanWay(quantity: Quantity): Way | null {
    const { direct } = this.#meanOf(quantity);
    if (direct === null) return null;
    const { representation } = direct;
    return [{ functional: this.#functional(direct), representation, factor: ONE }];
  }

  #endsOf({ quantity, channel }: Node): readonly End[] {
    const otherEnd = (carried: Quantity, end: string): string | null => {
      const [other, ...more] = this.channels.filter((c) => c !== end && this.#acts(carried, c));
      return other !== undefined && more.length === 0 && this.#acts(carried, end) ? other : null;
    };
    const found: End[] = [];
    const known = new Set<string>();
    const visit = (carried: Quantity, end: string, factor: Expression): void => {
      const key = `${carried.key} ${end}`;
      if (known.has(key)) return;
      known.add(key);
      const other = otherEnd(carried, end);
      if (other !== null) {
        const at = this.tape.scalar(factor);
        found.push({ action: this.#action(carried, end), factor, at });
        visit(carried, other, negative(factor));
      }
      for (const balance of this.forms.balances) {
        if (!balance.isCharge || known.has(`${balance.key} ${end}`)) continue;
        if (otherEnd(balance, end) === null) continue;
        const proportion = this.#proportion(this.#node(carried, end), balance);
        if (proportion === null || proportion.remainder.form.length > 0) continue;
        visit(balance, end, productOf(factor, proportion.quantum));
      }
    };
    visit(quantity, channel, ONE);
    return found;
  }

  #sum(nodes: readonly Node[], depth: number, state: StateReader): ExactEstimate | null {
    let sum: ExactEstimate | null = NOTHING;
    for (const node of nodes) {
      const one = this.#one(node, depth, state);
      if (one === NOTHING) continue;
      sum = sum === NOTHING ? one : plus(sum, one, state);
    }
    return sum;
  }

  /** The best way to the flow by one channel, over at most `depth` balances. */
  #one(node: Node, depth: number, state: StateReader): ExactEstimate | null {
    const { action } = node;
    if (action?.form.length === 0) return NOTHING;
    const at = node.place * (DEPTH + 1) + depth;
    const known = state.known[at];
    if (known !== undefined) return known;
    let best: ExactEstimate | null = action === null ? null : this.#read(action, state);
    if (depth > 0 && !isGood(best, state)) {
      node.proportions ??= this.#proportionsOf(node);
      for (const { carried, at, remainder } of node.proportions) {
        const rest = this.#read(remainder, state);
        if (best !== null && rest.error >= best.error) continue;
        const found = times(state.number(at), this.#one(carried, depth - 1, state), state);
        best = better(best, rest === NOTHING ? found : plus(found, rest, state));
        if (isGood(best, state)) break;
      }
      if (!isGood(best, state)) {
        node.others ??= this.#othersOf(node);
        best = better(best, minus(this.#sum(node.others, depth - 1, state)));
      }
    }
    state.known[at] = best;
    return best;
  }

  #read(action: Action, state: StateReader): ExactEstimate {
    if (action.form.length === 0) return NOTHING;
    const place = this.#placeOf(action);
    let known = state.read[place];
    if (known === undefined) {
      known = state.mean(this.#functional(action), action.representation);
      state.read[place] = known;
    }
    return known;
  }

  #functional(action: Action): Functional {
    const place = this.#placeOf(action);
    this.#functionals[place] ??= functionalOf(this.tape, action.form);
    return this.#functionals[place];
  }

  #nodesOf(quantity: Quantity, channels: readonly string[]): Node[] {
    return channels.map((channel) => this.#node(quantity, channel));
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
        quantity,
        channel,
        place: this.#count++,
        action: this.#actionOf(quantity, channel),
        others: undefined,
        proportions: undefined,
        toEach: new Map(),
        ends: undefined,
        ways: undefined,
      };
      nodes.set(channel, node);
    }
    return node;
  }

  /** Whether a channel changes a quantity, as far as that is known. */
  #acts(quantity: Quantity, channel: string): boolean {
    return this.#action(quantity, channel)?.form.length !== 0;
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
    return actionOf(adjointAction(equation, index, x), representation);
  }

  /** Equal actions have one place. */
  #placeOf(action: Action): number {
    if (action.place === undefined) {
      const key = actionKey(action);
      action.place = this.#places.get(key) ?? this.#places.size;
      this.#places.set(key, action.place);
    }
    return action.place;
  }

  #othersOf({ quantity, channel }: Node): Node[] {
    const acting = this.#allBut([channel]).filter((c) => this.#acts(quantity, c));
    return this.#nodesOf(quantity, acting);
  }

  /** Those in which the fewest other channels take part come first; charges before parts of the energy. */
  #proportionsOf(node: Node): readonly Proportion[] {
    const others = ({ carried }: Proportion): number =>
      this.channels.filter((c) => this.#acts(carried.quantity, c)).length;
    const all = this.forms.balances.flatMap((balance) => this.#proportion(node, balance) ?? []);
    return [true, false].flatMap((isCharge) =>
      all
        .filter(({ carried }) => carried.quantity.isCharge === isCharge)
        .toSorted((a, b) => others(a) - others(b)),
    );
  }

  #proportion(node: Node, balance: Quantity): Proportion | null {
    let known = node.toEach.get(balance);
    if (known === undefined) {
      known = this.#findProportion(node, balance);
      node.toEach.set(balance, known);
    }
    return known;
  }

  #findProportion(
    { quantity, channel, action: direct }: Node,
    balance: Quantity,
  ): Proportion | null {
    if (direct === null || balance.key === quantity.key) return null;
    const carried = this.#node(balance, channel);
    const { action } = carried;
    if (action?.representation !== direct.representation) return null;
    const quantum = quantumOf(direct.form, action.form);
    if (quantum === null) return null;
    // Parts of the energy serve where they are all that changes.
    if (!balance.isCharge && direct.form.length !== action.form.length) return null;
    const form = remainderOf(direct.form, quantum, action.form);
    if (form.length > 0 && !balance.isCharge) return null;
    const at = this.tape.scalar(quantum);
    const remainder = actionOf(form, direct.representation);
    return { carried, quantum, at, remainder };
  }
}
