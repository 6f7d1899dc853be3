/** By which sums of means flows are read off a state: the same for all devices with the same terms. */
import type { Expression } from '../machine/expression.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import type { Tape } from '../machine/tape.js';
import type { FlowForms, Quantity } from './flowForms.js';
import type { Functional, Representation } from './functional.js';

/** What a channel does to a quantity, where that is known. */
export interface Action {
  readonly representation: Representation;
  readonly isNothing: boolean;
  /** Where its mean is kept, the same for equal ones. */
  readonly place: number;
  readonly functional: Functional;
}

/** That a channel changes X by a number of the device times what it changes another quantity by, and a remainder. */
export interface Proportion {
  /** The flow of the other quantity by the same channel. */
  readonly carried: FlowNode;
  /** Its place among the numbers of a device. */
  readonly at: number;
  readonly remainder: Action;
}

/** Where a current is read off, and the place of what the flow that goes with it is by what is read. */
export interface End {
  readonly action: Action | null;
  readonly at: number;
}

/** The flow of a quantity by a channel. */
export interface FlowNode {
  /** Where it is kept. */
  readonly place: number;
  readonly action: Action | null;
  /** The flows by the other channels that change the quantity. */
  readonly others: readonly FlowNode[];
  /** Those in which the fewest other channels take part come first; charges before parts of the energy. */
  readonly proportions: readonly Proportion[];
  /** Of the current that goes with it: of what one channel gives and one other alone takes. */
  readonly ends: readonly End[];
}

/** The ways to the mean of a quantity. */
export interface MeanNode {
  readonly direct: Action | null;
  /** Channels that change it by rate · ⟨quantity⟩ and a remainder. */
  readonly damped: readonly {
    readonly channel: string;
    /** The place of 1/rate among the numbers of a device. */
    readonly inverse: number;
    readonly remainder: Action;
  }[];
}

/** A mean that is read off the state, times a number of the device. */
export interface WayPart {
  readonly functional: Functional;
  readonly representation: Representation;
  readonly factor: Expression;
}

/** The sum of which is a flow. */
export type Way = readonly WayPart[];

/** Quantities go by their names. */
export interface FlowPlan {
  readonly channels: readonly string[];
  /** How many flows and means there are places for so far. */
  readonly counts: { readonly flows: number; readonly means: number };
  flow(quantity: string, channel: string): FlowNode;
  mean(quantity: string): MeanNode;
  /**
   * Ways to the flow of a quantity by one channel as sums of means, each times a number of the device: itself; where a
   * current that goes with it is read off; and what all other channels take. No two are the same.
   */
  ways(quantity: string, channel: string): readonly Way[];
  /** What reads the mean of a quantity off a state by its elements; null where it is not known as an operator. */
  meanWay(quantity: string): Way | null;
  /** What it was made of. */
  derived(): Derivation;
}

/** What a plan was made of. */
export interface Derivation extends Pick<FlowPlan, 'channels' | 'flow'> {
  readonly tape: Tape;
  readonly forms: FlowForms;
  /** What a channel changes a quantity by, whether it has flows or not; null where that is not known. */
  actionOf(quantity: Quantity, channel: string): (Action & { readonly form: OperatorForm }) | null;
}
