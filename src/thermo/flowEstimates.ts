/** Heat, work and power of a steady state with their errors. */
import { lazily } from '../lazily.js';
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
  const heat = lazily({
    Q1: () => flow(heatQuantity, 'bath1'),
    Q2: () => flow(heatQuantity, 'bath2'),
    // All of the free energy that the load changes.
    Qr: () => flow('kinetic', 'load'),
  });
  const work = lazily({
    interaction: () => flow('interaction', 'bath1', 'bath2'),
    Wr: () => flow('interaction', 'load'),
    V: () => flow('potential', ...BATHS),
  });
  return {
    heat,
    work,
    get intrinsic() {
      return flow('kinetic', 'hamiltonian');
    },
  };
};

const each =
  (read: (estimate: Estimate) => number) =>
  <K extends string>(estimates: Readonly<Record<K, Estimate>>): Record<K, number> =>
    Object.fromEntries(
      Object.entries<Estimate>(estimates).map(([name, estimate]) => [name, read(estimate)]),
    ) as Record<K, number>;

/** The numbers alone. */
export const valuesOf = each(({ value }) => value);

export const errorsOf = each(({ error }) => error);

/** A number, 0 where not even its sign is known. */
export const known = ({ value, error }: Estimate): number => (Math.abs(value) > error ? value : 0);
