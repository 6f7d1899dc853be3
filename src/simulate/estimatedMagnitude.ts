/** About ‖|𝓛| |ρ|‖ from a few numbers of a steady state, where ρ itself stays on a device. */
import { bathCoupling } from '../model/local.js';
import type { ThermalRates } from '../model/masterEquations/masterEquation.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { DeviceParameters } from '../model/parameters.js';
import type { Qubit } from '../model/qubits.js';
import type { Window } from '../operators/window.js';

interface Means {
  readonly Lz: number;
  readonly Lz2: number;
  /** [p00, p01, p10, p11] */
  readonly qubitPopulations: readonly number[];
}

function ratesOf(qubit: Qubit, parameters: DeviceParameters, window: Window): ThermalRates {
  const { beta1, beta2, B1, B2, g, chi } = parameters;
  const [beta, field] = qubit === 1 ? [beta1, B1] : [beta2, B2];
  const { cutoff, ratesAlone } = masterEquationOf(parameters);
  const omega = cutoff?.(window, parameters) ?? Number.NaN;
  return ratesAlone(field, beta, bathCoupling(qubit, g, chi), omega);
}

/**
 * What leaves the populations by the jumps, and comes back, spread over as many elements as a distribution
 * of that variance has (of all of them Epanechnikov's has the smallest Σp², 0.268/σ). Right to a small factor.
 */
export function estimatedMagnitude(
  parameters: DeviceParameters,
  { Lz, Lz2, qubitPopulations: [p00, p01, p10, p11] }: Means,
  window: Window,
): number {
  const { betaR, gamma, I } = parameters;
  const first = ratesOf(1, parameters, window);
  const second = ratesOf(2, parameters, window);
  const leaving =
    first.emission * (p10 + p11) +
    first.absorption * (p00 + p01) +
    second.emission * (p01 + p11) +
    second.absorption * (p00 + p10) +
    ((2 * I * gamma) / betaR) * (1 + (betaR / (4 * I)) ** 2 * Lz2);
  const spread = Math.sqrt(Math.max(0, Lz2 - Lz * Lz));
  const purity = (p00 ** 2 + p01 ** 2 + p10 ** 2 + p11 ** 2) / (1 + spread / 0.268);
  return 2 * leaving * Math.sqrt(purity);
}
