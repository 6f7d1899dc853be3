/** Heat, work and power of a steady state with their errors. */
import type { Estimate } from '../lindblad/flows.js';

export interface FlowEstimates {
  readonly heat: Readonly<Record<'Q1' | 'Q2' | 'Qr', Estimate>>;
  readonly work: Readonly<Record<'interaction' | 'Wr' | 'V', Estimate>>;
  /** Ẇ_int, Eq. (32). */
  readonly intrinsic: Estimate;
}

const BATHS = ['bath1', 'bath2', 'load'];

/**
 * Eqs. (18), (21), (23), (25), (29), (32).
 * @param heatQuantity what the qubits' baths bring in as heat: the free energy in the local model, all of it in
 * the global one
 * @param flow d⟨quantity⟩/dt by channels together
 */
export const flowEstimates = (
  heatQuantity: 'free' | 'total',
  flow: (quantity: string, ...channels: string[]) => Estimate,
): FlowEstimates => {
  const found: { [Name in 'Q1' | 'Q2' | 'Qr' | 'interaction' | 'Wr' | 'V']?: Estimate } = {};
  return {
    heat: {
      get Q1() {
        found.Q1 ??= flow(heatQuantity, 'bath1');
        return found.Q1;
      },
      get Q2() {
        found.Q2 ??= flow(heatQuantity, 'bath2');
        return found.Q2;
      },
      // All of the free energy that the load changes.
      get Qr() {
        found.Qr ??= flow('kinetic', 'load');
        return found.Qr;
      },
    },
    work: {
      get interaction() {
        found.interaction ??= flow('interaction', 'bath1', 'bath2');
        return found.interaction;
      },
      get Wr() {
        found.Wr ??= flow('interaction', 'load');
        return found.Wr;
      },
      get V() {
        found.V ??= flow('potential', ...BATHS);
        return found.V;
      },
    },
    get intrinsic() {
      return flow('kinetic', 'hamiltonian');
    },
  };
};

const each =
  (read: (estimate: Estimate) => number) =>
  <K extends string>(estimates: Readonly<Record<K, Estimate>>): Record<K, number> => {
    const numbers = {} as Record<K, number>;
    for (const name of Object.keys(estimates) as K[]) numbers[name] = read(estimates[name]);
    return numbers;
  };

/** The numbers alone. */
export const valuesOf = each(({ value }) => value);

export const errorsOf = each(({ error }) => error);

/** A number, 0 where not even its sign is known. */
export const known = ({ value, error }: Estimate): number => (Math.abs(value) > error ? value : 0);
