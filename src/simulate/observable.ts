/** What one observable of a steady state is: what people and programs read of it, and how it is found. */

import type { Asked, FluctuatingState } from '../fluctuations/fluctuatingState.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { OperatorOf } from '../operators/operator.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import type { KnownFlows } from './knownFlows.js';
import type { MillInformation } from './millInformation.js';
import type { Relaxation } from './relaxation.js';
import type { SteadyReading } from './steadyReading.js';

/** Null where it is undefined; a word of a few; or yes and no. */
export type Value = number | null | string | boolean;

/** Tr[Xρ]. */
export interface Expectation {
  readonly kind: 'expectation';
  /** One function for each operator: what has its mean already knows it by that. */
  readonly operator: OperatorOf;
  /** Where the mean is infinite, and the window's alone would be shown. */
  readonly isInfinite?: (parameters: DeviceParameters) => boolean;
}

/** A flow of energy through a channel, or what follows from such flows. */
export interface OfFlows {
  readonly kind: 'flows';
  readonly read: (flows: KnownFlows) => Value;
}

/** A function of other observables, each a number. */
export interface OfOthers {
  readonly kind: 'others';
  readonly of: readonly string[];
  readonly read: (...values: number[]) => Value;
}

/** A function of ρ, of whatever state. */
export interface OfState {
  readonly kind: 'state';
  readonly read: (rho: DensityMatrix) => Value;
}

/** A function of the state of both qubits alone, whatever the rotor does. */
export interface OfQubits {
  readonly kind: 'qubits';
  readonly read: (qubits: DensityMatrix) => Value;
}

/** What needs more than that: rates of the channels, or spectra that may be too large. */
export interface OfSolution {
  readonly kind: 'solution';
  readonly read: (reading: SteadyReading) => Value;
}

/** What fluctuates: computed where it is asked for by name alone. */
export interface OfFluctuations {
  readonly kind: 'fluctuation';
  readonly read: (found: FluctuatingState) => Value;
  /** What has to be known of it. */
  readonly takes: readonly Asked[];
}

/** How the state is reached: computed where it is asked for by name alone. */
export interface OfRelaxation {
  readonly kind: 'relaxation';
  readonly read: (found: Relaxation) => Value;
}

/** What the parts of a state know of each other: computed where it is asked for by name alone. */
export interface OfInformation {
  readonly kind: 'information';
  readonly read: (found: MillInformation) => Value;
}

export type Definition =
  | Expectation
  | OfFlows
  | OfOthers
  | OfState
  | OfQubits
  | OfSolution
  | OfFluctuations
  | OfRelaxation
  | OfInformation;

/** Where observables stand together, in this order. */
export const SECTIONS = ['Heat and work', 'Rotor', 'State', 'Performance'] as const;
/** Of what is asked for by name alone. */
export const ASKED_SECTIONS = ['Fluctuations', 'Relaxation', 'Information'] as const;
export type Section = (typeof SECTIONS)[number] | (typeof ASKED_SECTIONS)[number];

export interface ObservableRecord {
  readonly is: Definition;
  /** A short name. */
  readonly name: string;
  /** In plain text, for figures and lists; ^(…) is raised. Empty where it has none. */
  readonly symbol: string;
  readonly tex: string;
  /** `1` of a pure number. */
  readonly unit: string;
  /** Its equation in the paper; empty where it has none. */
  readonly equation: string;
  readonly formula: string;
  readonly text: string;
  readonly section: Section;
  /** What it may say, where it is a word. */
  readonly words?: readonly string[];
  /** It is yes or no. */
  readonly isFlag?: true;
  /** Where it has no value, which is null then. */
  readonly absent?: string;
  /** Where it is left out, being NaN then: it takes too long. */
  readonly notComputed?: string;
  /** What people read that leaves it out, saying it in other words or nothing: `table` is of rows in time. */
  readonly leftOutOf?: readonly ('text' | 'table' | 'page')[];
  /** Shown to people only where the rotor has a potential: without one it is 0. */
  readonly isOfPotential?: true;
  /** Whether the page draws it over two parameters, and whether the sign is what matters there. */
  readonly map?: 'rising' | 'diverging' | 'words';
}
