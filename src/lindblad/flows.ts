/**
 * How fast each channel changes the mean of each quantity in a steady state, by the way that loses least.
 *
 * A flow is often a small difference of large ones. The same flow can be had in several ways: as ⟨𝓛_c†X⟩ itself; as
 * what all other channels together take, because ⟨X⟩ is constant; and, where the channel changes another quantity in
 * proportion, from the flow of that one. Each way has an error of its own, estimated from the magnitudes of its terms:
 * ways are tried until one has its digits, and else the one with the smallest error is taken.
 */
import type { Estimate, ExactEstimate } from './estimate.js';
import type { Action, Derivation, FlowNode, FlowPlan, Way } from './flowPlan.js';
import { byKnownWays, type ReadNumber } from './knownWays.js';
import {
  best,
  better,
  isEnough,
  isGood,
  isSurer,
  minus,
  NOTHING,
  plus,
  product,
  type Readers,
  type Room,
  type StateReader,
  withFloor,
} from './stateReader.js';

/** How many balances may lead from one flow to another. */
const DEPTH = 3;

/** A quantity and channels whose flows have been asked for, and these flows. */
interface AskedFlow {
  readonly quantity: string;
  readonly channels: readonly string[];
  readonly nodes: readonly FlowNode[];
  readonly read: ReadNumber;
  others?: readonly FlowNode[];
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** The flows of one equation. */
export class FlowProgram {
  readonly #known: AskedFlow[] = [];
  readonly #means = new Map<string, ReadNumber>();

  constructor(private readonly plan: FlowPlan) {}

  /** Room for what will be found for a state: as much as states so far have needed. */
  get room(): Room {
    const { flows, means } = this.plan.counts;
    return { flows: flows * DEPTH, means };
  }

  /**
   * d⟨quantity⟩/dt by some channels together; null where it is not known.
   */
  flow(quantity: string, channels: readonly string[], readers: Readers): Estimate | null {
    return best(readers, this.#asked(quantity, channels).read);
  }

  /**
   * ⟨quantity⟩ by the way that loses least: by its elements; or, where a channel damps it in proportion, from the flow
   * by that channel. So Q2 = 2B2γ⟨L_z⟩ gives ⟨L_z⟩ its digits where the populations of ±l nearly cancel.
   */
  mean(quantity: string, readers: Readers): Estimate | null {
    let read = this.#means.get(quantity);
    if (read === undefined) {
      read = byKnownWays((state) => this.#mean(quantity, state));
      this.#means.set(quantity, read);
    }
    return best(readers, read);
  }

  #mean(quantity: string, state: StateReader): ExactEstimate | null {
    const { direct, damped } = this.plan.mean(quantity);
    let best = direct && this.#read(direct, state);
    for (const { channel, inverse, remainder } of damped) {
      if (isEnough(best, state)) break;
      const flow = withFloor(this.#flow(this.#asked(quantity, [channel]), state), state);
      const rest = this.#read(remainder, state);
      const found = plus(flow, minus(rest, state), state);
      if (found !== null) best = product(inverse, found, state, best);
    }
    return best;
  }

  #flow(asked: AskedFlow, state: StateReader): ExactEstimate | null {
    const { nodes } = asked;
    const isOne = nodes.length === 1;
    let best = isOne ? this.#current(nodes[0], state) : null;
    for (let depth = 0; depth <= DEPTH && !isEnough(best, state); depth++) {
      best = better(best, this.#sum(nodes, depth, state, best), state);
      if (isOne || isEnough(best, state)) continue;
      best = better(
        best,
        minus(this.#sum(this.#othersOf(asked), depth, state, best), state),
        state,
      );
    }
    return best;
  }

  /** What is asked for again and again, by a few names. */
  #asked(quantity: string, channels: readonly string[]): AskedFlow {
    for (const one of this.#known) {
      if (one.quantity === quantity && isSame(one.channels, channels)) return one;
    }
    const asked: AskedFlow = {
      quantity,
      channels: [...channels],
      nodes: this.#nodesOf(quantity, channels),
      read: byKnownWays((state) => withFloor(this.#flow(asked, state), state)),
    };
    this.#known.push(asked);
    return asked;
  }

  #nodesOf(quantity: string, channels: readonly string[]): readonly FlowNode[] {
    return channels.map((channel) => this.plan.flow(quantity, channel));
  }

  /** Flows by all the other channels. */
  #othersOf(asked: AskedFlow): readonly FlowNode[] {
    const { quantity, channels } = asked;
    asked.others ??= this.#nodesOf(
      quantity,
      this.plan.channels.filter((c) => !channels.includes(c)),
    );
    return asked.others;
  }

  /**
   * A flow that goes with a current: of what one channel gives and one other alone takes. As that is one number, it is
   * read off where it loses least, whichever flow it is asked for. Null where there is no such current.
   */
  #current(node: FlowNode, state: StateReader): ExactEstimate | null {
    let best: ExactEstimate | null = null;
    for (const { action, at } of node.ends) {
      if (action !== null) best = product(at, this.#read(action, state), state, best);
    }
    return best;
  }

  /** What its plan was made of. */
  derived(): Derivation {
    return this.plan.derived();
  }

  /** As a plan has them. */
  ways(quantity: string, channel: string): readonly Way[] {
    return this.plan.ways(quantity, channel);
  }

  /** As a plan has it. */
  meanWay(quantity: string): Way | null {
    return this.plan.meanWay(quantity);
  }

  /** Null where a flow is not known, or where they lose no less together than what is known. */
  #sum(
    nodes: readonly FlowNode[],
    depth: number,
    state: StateReader,
    known: ExactEstimate | null,
  ): ExactEstimate | null {
    let sum: ExactEstimate | null = NOTHING;
    for (const node of nodes) {
      const one = this.#one(node, depth, state);
      if (one === NOTHING) continue;
      sum = sum === NOTHING ? one : plus(sum, one, state);
      if (sum === null || (known !== null && !isSurer(sum, known, state))) return null;
    }
    return sum;
  }

  /** The best way to the flow by one channel, over at most `depth` balances. */
  #one(node: FlowNode, depth: number, state: StateReader): ExactEstimate | null {
    const { action } = node;
    if (action?.isNothing === true) return NOTHING;
    if (depth === 0) return action && this.#read(action, state);
    const at = node.place * DEPTH + depth - 1;
    const known = state.known[at];
    if (known !== undefined) return known;
    let best: ExactEstimate | null = action === null ? null : this.#read(action, state);
    if (!isGood(best, state)) {
      for (const { carried, at, remainder } of node.proportions) {
        const rest = this.#read(remainder, state);
        if (best !== null && !isSurer(rest, best, state)) continue;
        const flow = this.#one(carried, depth - 1, state);
        if (flow !== null) best = product(at, flow, state, best, rest);
        if (isGood(best, state)) break;
      }
      if (!isGood(best, state)) {
        best = better(best, minus(this.#sum(node.others, depth - 1, state, best), state), state);
      }
    }
    state.known[at] = best;
    return best;
  }

  #read(action: Action, state: StateReader): ExactEstimate {
    if (action.isNothing) return NOTHING;
    const { place } = action;
    let known = state.read[place];
    if (known === undefined) {
      // By cuts no more is lost than by the mean.
      known = state.acrossCuts?.(place) ?? state.mean(action.functional, action.representation);
      state.read[place] = known;
    }
    return known;
  }
}
