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

/** A saved state has not as many numbers as the evolution that is to go on from it. */
export class SavedStateError extends Error {
  override readonly name = 'SavedStateError';
  constructor(
    readonly found: number,
    readonly expected: number,
  ) {
    super(`a saved state of ${found} elements where ${expected} are needed`);
  }
}

/** @throws {SavedStateError} where a saved part has not the elements that it is to go on with */
export function checkSaved(elements: readonly number[] | undefined, length: number): void {
  const found = elements?.length ?? 0;
  if (found !== length) throw new SavedStateError(found, length);
}

export interface StepCounts {
  accepted: number;
  rejected: number;
}

/**
 * Called after every step; may throw to stop there, the evolver staying usable.
 * @param t the time reached (by parts that step on their own: as a share of all of their work)
 * @param populations whether the step was one of populations
 */
export type AfterStep = (t: number, populations: boolean) => Promise<void>;

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
  /** Largest error of a step relative to the largest element of the initial state. */
  readonly rtol: number;
  /** And in absolute terms: whichever allows more. */
  readonly atol: number;
}
