/** Heat, work and power of a steady state with their errors. */
import type { Estimate } from '../lindblad/estimate.js';

export interface FlowEstimates {
  readonly heat: Readonly<Record<'Q1' | 'Q2' | 'Qr', Estimate>>;
  readonly work: Readonly<Record<'interaction' | 'Wr' | 'V', Estimate>>;
  /** Ẇ_int, Eq. (32). */
  readonly intrinsic: Estimate;
}

const BATHS = ['bath1', 'bath2', 'load'];

/** d⟨quantity⟩/dt by channels together. */
type Flow = (quantity: string, ...channels: string[]) => Estimate;

class WorkEstimates {
  #interaction: Estimate | undefined;
  #load: Estimate | undefined;
  #potential: Estimate | undefined;

  constructor(private readonly flow: Flow) {}

  get interaction(): Estimate {
    this.#interaction ??= this.flow('interaction', 'bath1', 'bath2');
    return this.#interaction;
  }

  get Wr(): Estimate {
    this.#load ??= this.flow('interaction', 'load');
    return this.#load;
  }

  get V(): Estimate {
    this.#potential ??= this.flow('potential', ...BATHS);
    return this.#potential;
  }
}

/** Eqs. (18), (21), (23), (25), (29), (32), each computed when it is first asked for. */
export class SteadyFlowEstimates implements FlowEstimates {
  readonly work: WorkEstimates;
  #heat: FlowEstimates['heat'] | undefined;
  #intrinsic: Estimate | undefined;

  /**
   * @param heatQuantity what the qubits' baths bring in as heat: the free energy in the local model, all of it in
   * the global one
   */
  constructor(
    private readonly heatQuantity: 'free' | 'total',
    private readonly flow: Flow,
  ) {
    this.work = new WorkEstimates(flow);
  }

  get heat(): FlowEstimates['heat'] {
    this.#heat ??= {
      Q1: this.flow(this.heatQuantity, 'bath1'),
      Q2: this.flow(this.heatQuantity, 'bath2'),
      // All of the free energy that the load changes.
      Qr: this.flow('kinetic', 'load'),
    };
    return this.#heat;
  }

  get intrinsic(): Estimate {
    this.#intrinsic ??= this.flow('kinetic', 'hamiltonian');
    return this.#intrinsic;
  }
}

/** The errors alone. */
export function errorsOf<K extends string>(
  estimates: Readonly<Record<K, Estimate>>,
): Record<K, number> {
  const errors = {} as Record<K, number>;
  for (const name of Object.keys(estimates) as K[]) errors[name] = estimates[name].error;
  return errors;
}

/** A number, 0 where not even its sign is known. */
export const known = ({ value, error }: Estimate): number => (Math.abs(value) > error ? value : 0);
