/** All that flows of a machine are read by, as data. */
import type { Listed } from '../listed.js';
import type { DerivedFlows } from './derivedFlows.js';
import { FlowNodes } from './flowNodes.js';
import type { Action, FlowNode, FlowPlan, MeanNode, Way } from './flowPlan.js';
import type { Functional, Representation } from './functional.js';

/** An action by its representation and its place; at none where it is nothing. */
type ActionRecord = readonly [representation: Representation, place: number | null];

/** An action by its number among those that are written down; null where it is not known. */
type Numbered = number | null;

interface NodeRecord {
  readonly place: number;
  readonly action: Numbered;
  readonly others: readonly string[];
  readonly proportions: readonly (readonly [balance: string, at: number, remainder: number])[];
  /** Null of charges, whose flows nobody asks for by themselves. */
  readonly ends: readonly (readonly [action: Numbered, at: number])[] | null;
}

interface MeanRecord {
  readonly quantity: string;
  readonly direct: Numbered;
  readonly damped: readonly (readonly [channel: string, inverse: number, remainder: number])[];
}

export interface FlowRecord {
  readonly channels: readonly string[];
  readonly quantities: readonly string[];
  readonly counts: FlowPlan['counts'];
  /** Of each quantity by each channel. */
  readonly nodes: Listed<NodeRecord>;
  readonly means: readonly MeanRecord[];
  readonly actions: readonly ActionRecord[];
  /** By their places. */
  readonly functionals: Listed<Functional>;
}

/** Has all flows and means derived, in one order, and writes them down. */
export function recordedFlows(flows: DerivedFlows): FlowRecord {
  const functionals: Functional[] = [];
  const actions: ActionRecord[] = [];
  const numbers = new Map<string, number>();
  const written = (action: Action): number => {
    const { representation, isNothing } = action;
    const place = isNothing ? null : action.place;
    if (place !== null) functionals[place] = action.functional;
    const key = `${representation} ${place}`;
    const number = numbers.get(key) ?? actions.push([representation, place]) - 1;
    numbers.set(key, number);
    return number;
  };
  const orNull = (action: Action | null): Numbered => action && written(action);
  const { channels, quantities } = flows;
  const nodes = quantities.flatMap(({ name: quantity, isCharge }) =>
    channels.map((channel): NodeRecord => {
      const node = flows.flow(quantity, channel);
      const { place, action, others, proportions } = node;
      const ends = isCharge ? null : node.ends;
      return {
        ...{ place, action: orNull(action) },
        others: others.map((other) => other.channel),
        proportions: proportions.map(({ carried, at, remainder }) => [
          carried.quantity.key,
          at,
          written(remainder),
        ]),
        ends: ends?.map((end) => [orNull(end.action), end.at] as const) ?? null,
      };
    }),
  );
  const means = quantities.flatMap(({ name: quantity, isCharge }): MeanRecord[] => {
    if (isCharge) return [];
    const mean = flows.mean(quantity);
    const direct = orNull(mean.direct);
    const damped = mean.damped.map(
      (each) => [each.channel, each.inverse, written(each.remainder)] as const,
    );
    return [{ quantity, direct, damped }];
  });
  const names = quantities.map(({ name }) => name);
  return {
    ...{ channels, quantities: names, counts: flows.counts },
    ...{ nodes, means, actions, functionals },
  };
}

/** A flow whose parts are made when they are first read: of most flows few are. */
class PreparedNode implements FlowNode {
  readonly place: number;
  readonly action: Action | null;
  #others: FlowNode['others'] | undefined;
  #proportions: FlowNode['proportions'] | undefined;
  #ends: FlowNode['ends'] | undefined;

  constructor(
    private readonly record: NodeRecord,
    private readonly quantity: string,
    private readonly channel: string,
    private readonly flows: PreparedFlows,
  ) {
    this.place = record.place;
    this.action = flows.orNull(record.action);
  }

  get others(): FlowNode['others'] {
    this.#others ??= this.record.others.map((channel) => this.flows.flow(this.quantity, channel));
    return this.#others;
  }

  get proportions(): FlowNode['proportions'] {
    this.#proportions ??= this.record.proportions.map(([balance, at, remainder]) => ({
      carried: this.flows.flow(balance, this.channel),
      at,
      remainder: this.flows.action(remainder),
    }));
    return this.#proportions;
  }

  get ends(): FlowNode['ends'] {
    this.#ends ??= this.#readEnds();
    return this.#ends;
  }

  #readEnds(): FlowNode['ends'] {
    const { ends } = this.record;
    if (ends === null) return this.flows.derived().flow(this.quantity, this.channel).ends;
    return ends.map(([action, at]) => ({ action: this.flows.orNull(action), at }));
  }
}

export class PreparedFlows implements FlowPlan {
  readonly channels: readonly string[];
  readonly counts: FlowPlan['counts'];
  readonly #nodes = new FlowNodes((quantity: string, channel: string) => {
    const { channels, quantities, nodes } = this.record;
    const at = quantities.indexOf(quantity) * channels.length + channels.indexOf(channel);
    return new PreparedNode(nodes.at(at) as NodeRecord, quantity, channel, this);
  });
  readonly #means = new Map<string, MeanNode>();
  readonly #actions: Action[] = [];

  /** @param derived what is no data: sums with expressions in them */
  constructor(
    private readonly record: FlowRecord,
    readonly derived: () => DerivedFlows,
  ) {
    this.channels = record.channels;
    this.counts = record.counts;
  }

  flow(quantity: string, channel: string): PreparedNode {
    return this.#nodes.get(quantity, channel);
  }

  mean(quantity: string): MeanNode {
    let known = this.#means.get(quantity);
    if (known === undefined) {
      const record = this.record.means.find((one) => one.quantity === quantity);
      known = record === undefined ? this.derived().mean(quantity) : this.#madeMean(record);
      this.#means.set(quantity, known);
    }
    return known;
  }

  ways(quantity: string, channel: string): readonly Way[] {
    return this.derived().ways(quantity, channel);
  }

  meanWay(quantity: string): Way | null {
    return this.derived().meanWay(quantity);
  }

  action(number: number): Action {
    this.#actions[number] ??= this.#made(this.record.actions[number]);
    return this.#actions[number];
  }

  orNull(number: Numbered): Action | null {
    return number === null ? null : this.action(number);
  }

  #madeMean({ direct, damped }: MeanRecord): MeanNode {
    return {
      direct: this.orNull(direct),
      damped: damped.map(([channel, inverse, remainder]) => ({
        ...{ channel, inverse, remainder: this.action(remainder) },
      })),
    };
  }

  #made([representation, place]: ActionRecord): Action {
    if (place === null) return { representation, isNothing: true, place: -1, functional: [] };
    const functional = this.record.functionals.at(place) as Functional;
    return { representation, isNothing: false, place, functional };
  }
}
