/** Conditions that more than one master equation has to meet, in the order in which they are printed. */
import type { DeviceNumbers } from '../deviceNumbers.js';

/** Eq. (17) is the first order in β_r/4I of a load that is thermal. */
export const LOAD = {
  name: 'load',
  symbol: 'β_r/4I',
  description: 'quantum corrections that the load of Eq. (17) leaves out',
  value: ({ gamma, betaR, I }: DeviceNumbers) => (gamma === 0 ? null : betaR / (4 * I)),
} as const;

export const LOCAL_LOAD = {
  name: 'localLoad',
  symbol: 'γ/|λ|',
  description: 'load, which acts locally, against the coupling of qubits and rotor',
  // Without interaction the rotor has no part in what is global.
  value: ({ gamma, lambda }: DeviceNumbers) =>
    gamma === 0 || lambda === 0 ? null : gamma / Math.abs(lambda),
} as const;

/** Its value depends on the spectral density. */
export const WEAK_COUPLING = {
  name: 'weakCoupling',
  symbol: 'J/2B',
  description: 'rate at which a cold bath would damp its qubit, against its splitting 2B',
} as const;

export const SHARED_CONDITIONS = [LOAD, LOCAL_LOAD, WEAK_COUPLING] as const;
