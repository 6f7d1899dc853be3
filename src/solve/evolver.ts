/** What carries a state through time, whatever the method. */

/** Where an evolution is: enough to go on from, number for number. */
export interface Progressed {
  /** Per part that steps on its own: its time, the step length it would try next, and its elements. */
  readonly parts: readonly {
    readonly t: number;
    readonly h: number;
    readonly elements: readonly number[];
  }[];
}

export interface StepCounts {
  accepted: number;
  rejected: number;
}

/** Called after every step with the time reached; may throw to stop there, the evolver staying usable. */
export type AfterStep = (t: number) => Promise<void>;

export interface Evolver {
  readonly counts: StepCounts;
  /** Evolves to time t, which is not before the present one. */
  advanceTo(t: number, afterStep: AfterStep): Promise<void>;
  /** The state, as a vector of the generator's space. */
  elements(): Promise<Float64Array>;
  save(): Promise<Progressed>;
  close(): void;
}

export interface Tolerances {
  /** Largest error of a step relative to the largest element of the state. */
  readonly rtol: number;
  /** And in absolute terms: whichever allows more. */
  readonly atol: number;
}

/** No step is short enough: the tolerances are below rounding. */
export class StepSizeError extends Error {
  override readonly name = 'StepSizeError';
}
