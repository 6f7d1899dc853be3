/** A steady state, whatever the way to it. */

import type { FluctuatingState } from '../fluctuations/fluctuatingState.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { ElementReader } from '../lindblad/functional.js';
import type { Device } from '../model/device.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import type { ChannelRates } from '../thermo/rates.js';
import type { Relaxation } from './relaxation.js';

export interface SteadyState {
  readonly device: Device;
  readonly rho: DensityMatrix;
  readonly rates: ChannelRates;
  /** ‖𝓛ρ‖ (Frobenius norm). */
  readonly residual: number;
  /** ‖|𝓛| |ρ|‖, what the residual is judged against. */
  readonly magnitude: number;
  /** Where the solver knows it by the way that loses least: d⟨quantity⟩/dt by channels together, and its error. */
  readonly flow?: (quantity: string, ...channels: string[]) => Estimate;
  /** The mean of a quantity, likewise. */
  readonly mean?: (quantity: string) => Estimate;
  /** Elements of ρ between bare states, each with its error. */
  readonly elements?: ElementReader;
  /** What may be lost of each population, relative to itself, where that is the same for all. */
  readonly populationError?: number | null;
  /** What fluctuates, where it has been computed with it: in a potential that takes more than a look at the state. */
  readonly fluctuating?: FluctuatingState;
  /** How it is reached, likewise. */
  readonly relaxing?: Relaxation;
  /** Populations below this are not known to all digits; 0 by default. */
  readonly faintest?: number | undefined;
}
