/** Flows with more digits than ρ may give. */
import type { HeatFlows } from '../thermo/heat.js';
import type { Performance } from '../thermo/operation.js';
import type { WorkFlows } from '../thermo/work.js';

/** Flows of energy, which a solver may know to more digits than the elements of ρ. */
export interface KnownFlows {
  readonly heat: HeatFlows;
  readonly work: WorkFlows;
  /** Ẇ_int, Eq. (32). */
  readonly intrinsicPower: number;
  readonly performance: Performance;
}
