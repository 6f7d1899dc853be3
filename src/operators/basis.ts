/** What density matrices and operators are taken between. */
import type { Window } from './window.js';

/** Products |s, l⟩ of a state s of the few-level subsystems, 0 ≤ s < states, and a level l of the window. */
export interface Basis {
  /** How many states the subsystems have together: the product of their levels. */
  readonly states: number;
  readonly window: Window;
}
