/** What each channel changes quantities by, and in proportion to what: derived when it is first needed. */
import {
  type Expression,
  negative,
  ONE,
  powerOfMonomial,
  productOf,
} from '../machine/expression.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import type { Tape } from '../machine/tape.js';
import { adjointAction } from './adjointAction.js';
import { channelNames, type EquationForm } from './equation.js';
import { actionKey, type FlowForms, type Quantity, quantumOf, remainderOf } from './flowForms.js';
import { FlowNodes } from './flowNodes.js';
import type {
  Action,
  Derivation,
  End,
  FlowNode,
  FlowPlan,
  MeanNode,
  Proportion,
  Way,
  WayPart,
} from './flowPlan.js';
import { type Functional, functionalOf, type Representation } from './functional.js';

/** The means that are read, those of equal operators at one place. */
class Means {
  readonly #places = new Map<string, number>();
  readonly #functionals: Functional[] = [];

  constructor(private readonly tape: Tape) {}

  get count(): number {
    return this.#places.size;
  }

  placeOf(form: OperatorForm, representation: Representation): number {
    const key = actionKey(form, representation);
    const place = this.#places.get(key) ?? this.#places.size;
    this.#places.set(key, place);
    return place;
  }

  functional(place: number, form: OperatorForm): Functional {
    this.#functionals[place] ??= functionalOf(this.tape, form);
    return this.#functionals[place];
  }
}

class DerivedAction implements Action {
  #place: number | undefined;

  constructor(
    private readonly means: Means,
    readonly form: OperatorForm,
    readonly representation: Representation,
  ) {}

  get isNothing(): boolean {
    return this.form.length === 0;
  }

  get place(): number {
    this.#place ??= this.means.placeOf(this.form, this.representation);
    return this.#place;
  }

  get functional(): Functional {
    return this.means.functional(this.place, this.form);
  }
}

interface DerivedProportion extends Proportion {
  readonly carried: DerivedNode;
  readonly quantum: Expression;
}

interface DerivedEnd extends End {
  readonly factor: Expression;
}

class DerivedNode implements FlowNode {
  /** Those that were looked for so far; null where there is none. */
  readonly toEach = new Map<Quantity, DerivedProportion | null>();
  #others: readonly DerivedNode[] | undefined;
  #proportions: readonly DerivedProportion[] | undefined;
  #ends: readonly DerivedEnd[] | undefined;

  constructor(
    private readonly flows: DerivedFlows,
    readonly quantity: Quantity,
    readonly channel: string,
    readonly place: number,
    readonly action: DerivedAction | null,
  ) {}

  get others(): readonly DerivedNode[] {
    this.#others ??= this.flows.othersOf(this);
    return this.#others;
  }

  get proportions(): readonly DerivedProportion[] {
    this.#proportions ??= this.flows.proportionsOf(this);
    return this.#proportions;
  }

  get ends(): readonly DerivedEnd[] {
    this.#ends ??= this.flows.endsOf(this);
    return this.#ends;
  }
}

export class DerivedFlows implements FlowPlan, Derivation {
  readonly channels: readonly string[];
  readonly #nodes = new FlowNodes((quantity: Quantity, channel: string) => {
    const place = this.#count++;
    return new DerivedNode(this, quantity, channel, place, this.actionOf(quantity, channel));
  });
  readonly #means = new Map<string, MeanNode>();
  readonly #ways = new Map<DerivedNode, readonly Way[]>();
  readonly #read: Means;
  #count = 0;

  constructor(
    readonly tape: Tape,
    readonly forms: FlowForms,
  ) {
    this.#read = new Means(tape);
    this.channels = channelNames(forms.eigen ?? forms.bare);
  }

  derived(): DerivedFlows {
    return this;
  }

  get counts() {
    return { flows: this.#count, means: this.#read.count };
  }

  /** The names of what it has flows of; charges are there for the others. */
  get quantities(): { readonly name: string; readonly isCharge: boolean }[] {
    const all = Object.entries(this.forms.quantities);
    return all.map(([name, { isCharge }]) => ({ name, isCharge }));
  }

  flow(quantity: string, channel: string): DerivedNode {
    return this.#node(this.#quantity(quantity), channel);
  }

  mean(quantity: string): MeanNode {
    let known = this.#means.get(quantity);
    if (known === undefined) {
      known = this.#meanOf(this.#quantity(quantity));
      this.#means.set(quantity, known);
    }
    return known;
  }

  ways(quantity: string, channel: string): readonly Way[] {
    const node = this.flow(quantity, channel);
    let known = this.#ways.get(node);
    if (known === undefined) {
      known = this.#waysOf(node);
      this.#ways.set(node, known);
    }
    return known;
  }

  meanWay(quantity: string): Way | null {
    const { direct } = this.mean(quantity);
    return direct && [{ ...partOf(direct), factor: ONE }];
  }

  #equationOf(representation: Representation): EquationForm | null {
    return representation === 'eigen' ? this.forms.eigen : this.forms.bare;
  }

  othersOf({ quantity, channel }: DerivedNode): readonly DerivedNode[] {
    const acting = this.channels.filter((c) => c !== channel && this.#acts(quantity, c));
    return acting.map((other) => this.#node(quantity, other));
  }

  proportionsOf(node: DerivedNode): readonly DerivedProportion[] {
    const others = ({ carried }: DerivedProportion): number =>
      this.channels.filter((c) => this.#acts(carried.quantity, c)).length;
    const all = this.forms.balances.flatMap((balance) => this.#proportion(node, balance) ?? []);
    return [true, false].flatMap((isCharge) =>
      all
        .filter(({ carried }) => carried.quantity.isCharge === isCharge)
        .toSorted((a, b) => others(a) - others(b)),
    );
  }

  endsOf({ quantity, channel }: DerivedNode): readonly DerivedEnd[] {
    const otherEnd = (carried: Quantity, end: string): string | null => {
      const [other, ...more] = this.channels.filter((c) => c !== end && this.#acts(carried, c));
      return other !== undefined && more.length === 0 && this.#acts(carried, end) ? other : null;
    };
    const found: DerivedEnd[] = [];
    const known = new Set<string>();
    const visit = (carried: Quantity, end: string, factor: Expression): void => {
      const key = `${carried.key} ${end}`;
      if (known.has(key)) return;
      known.add(key);
      const other = otherEnd(carried, end);
      if (other !== null) {
        const action = this.#action(carried, end);
        const at = this.tape.scalar(factor);
        const isNew = !found.some((one) => one.at === at && isSameNumber(one.action, action));
        if (isNew) found.push({ action, factor, at });
        visit(carried, other, negative(factor));
      }
      for (const balance of this.forms.balances) {
        if (!balance.isCharge || known.has(`${balance.key} ${end}`)) continue;
        if (otherEnd(balance, end) === null) continue;
        const proportion = this.#proportion(this.#node(carried, end), balance);
        if (proportion === null || !proportion.remainder.isNothing) continue;
        visit(balance, end, productOf(factor, proportion.quantum));
      }
    };
    visit(quantity, channel, ONE);
    return found;
  }

  #waysOf({ quantity, channel, action, ends }: DerivedNode): readonly Way[] {
    const part = (of: Action | null, factor: Expression): WayPart[] =>
      of === null ? [] : [{ ...partOf(of), factor }];
    const ways: Way[] = [part(action, ONE), ...ends.map((end) => part(end.action, end.factor))];
    const others = this.channels
      .filter((other) => other !== channel)
      .map((other) => this.#action(quantity, other));
    if (!others.includes(null)) ways.push(others.flatMap((of) => part(of, negative(ONE))));
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

  #meanOf(quantity: Quantity): MeanNode {
    const representation = quantity.bare === null ? 'eigen' : 'bare';
    const form = quantity[representation];
    return {
      direct: form && this.#made(form, representation),
      damped: this.channels.flatMap((channel) => {
        const action = this.#action(quantity, channel);
        if (form === null || action?.representation !== representation) return [];
        const rate = quantumOf(action.form, form);
        if (rate === null || rate.monomials.length !== 1) return [];
        const rest = remainderOf(action.form, rate, form);
        const inverse = this.tape.scalar(powerOfMonomial(rate.monomials[0], -1));
        return [{ channel, inverse, remainder: this.#made(rest, representation) }];
      }),
    };
  }

  #quantity(name: string): Quantity {
    return this.forms.quantities[name];
  }

  #made(form: OperatorForm, representation: Representation): DerivedAction {
    return new DerivedAction(this.#read, form, representation);
  }

  #node(quantity: Quantity, channel: string): DerivedNode {
    return this.#nodes.get(quantity, channel);
  }

  /** Whether a channel changes a quantity, as far as that is known. */
  #acts(quantity: Quantity, channel: string): boolean {
    return this.#action(quantity, channel)?.isNothing !== true;
  }

  #action(quantity: Quantity, channel: string): DerivedAction | null {
    return this.#node(quantity, channel).action;
  }

  actionOf(quantity: Quantity, channel: string): DerivedAction | null {
    const { eigen, thermal } = this.forms;
    const representation = eigen !== null && thermal.has(channel) ? 'eigen' : 'bare';
    const equation = this.#equationOf(representation);
    const x = quantity[representation];
    if (equation === null || x === null) return null;
    const index = channelNames(equation).indexOf(channel);
    return this.#made(adjointAction(equation, index, x), representation);
  }

  #proportion(node: DerivedNode, balance: Quantity): DerivedProportion | null {
    let known = node.toEach.get(balance);
    if (known === undefined) {
      known = this.#findProportion(node, balance);
      node.toEach.set(balance, known);
    }
    return known;
  }

  #findProportion(
    { quantity, channel, action: direct }: DerivedNode,
    balance: Quantity,
  ): DerivedProportion | null {
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
    const remainder = this.#made(form, direct.representation);
    return { carried, quantum, at, remainder };
  }
}

/** Whether two actions have one mean: equal operators have a place in common. */
const isSameNumber = (a: Action | null, b: Action | null): boolean =>
  a === b || (a !== null && b !== null && !a.isNothing && !b.isNothing && a.place === b.place);

const partOf = ({ functional, representation }: Action) => ({ functional, representation });
