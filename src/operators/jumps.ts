/** Jump operators, alone or one for each rotor level. */
import type { Operator } from './operator.js';

/**
 * A part of each operator of a level-resolved set: Σ_k amplitude(k) |to, k + arrival⟩⟨from, k + departure|.
 */
export interface ResolvedPart {
  readonly to: number;
  readonly from: number;
  readonly departure: number;
  readonly arrival: number;
  readonly sign: 1 | -1;
  /**
   * Magnitudes, real, one table for each operator of a level; each indexed by k − lmin and 0 where
   * there is no operator. Shared between parts where they are the same.
   */
  readonly amplitudes: readonly Float64Array[];
}

/**
 * Jump operators A_{k,s}, each with its own dissipator: k runs over rotor levels and s over the places of
 * `amplitudes`, which every part has in the same number. (A sum over k of operators would interfere.)
 */
export interface ResolvedJumps {
  readonly parts: readonly ResolvedPart[];
}

/** The jump operators of one bath. */
export interface Jumps {
  readonly operators: readonly Operator[];
  readonly resolved: readonly ResolvedJumps[];
}
