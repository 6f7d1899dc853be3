/** Heat flows into the system, Eqs. (18), (19), (21), (29). */
import type { HermitianLayout } from '../generator/hermitian.js';
import type { Bath, Device } from '../model/device.js';
import { loadFactor } from '../model/load.js';
import { bathCoupling, thermalOccupation } from '../model/local.js';
import { type Operator, sum } from '../model/operator.js';
import type { DeviceParameters } from '../model/parameters.js';
import { zeros } from '../zeros.js';
import type { ChannelRates } from './rates.js';

export interface HeatFlows {
  readonly Q1: number;
  readonly Q2: number;
  readonly Qr: number;
}

/** Q̇_i = Tr[H_{S,0} 𝓛_i[ρ]], Eqs. (18) and (21), of any state of the local model. */
export function localHeat({ system, energies }: Device, { rate }: ChannelRates): HeatFlows {
  const free = sum(system.window, energies.qubit1, energies.qubit2, energies.kinetic);
  return {
    Q1: rate(free, 'bath1'),
    Q2: rate(free, 'bath2'),
    Qr: rate(energies.kinetic, 'load'),
  };
}

/**
 * The same of a steady state. Besides its bath only the Hamiltonian changes a qubit's energy, so that
 * Q̇_i = −Tr[B_iσ_i^z (−i)[H_S, ρ]]: a sum of coherences, free of the cancellation between populations
 * that costs Eq. (19) its digits when the current is small.
 */
export function localSteadyHeat({ energies }: Device, { rate }: ChannelRates): HeatFlows {
  return {
    Q1: -rate(energies.qubit1, 'hamiltonian'),
    Q2: -rate(energies.qubit2, 'hamiltonian'),
    Qr: rate(energies.kinetic, 'load'),
  };
}

/**
 * The same in the zero-charge sector, where only the interaction and the load move the rotor between two
 * levels k and k + 1: what the load moves up, J_k, comes down by the interaction, 2λ Im⟨10, k+1|ρ|01, k⟩. n_1 + n_2
 * and n_2 + l are conserved by all but the baths and the load, so that Q̇_1 = 2B_1ΣJ_k and Q̇_2 = −2B_2ΣJ_k,
 * and the load gives Q̇_r = Σ(2k + 1)J_k/2I. Either way J_k is a difference of two flows: of the load's up and
 * down, or of those by which the coherence follows the populations of 10 and 01. The one whose flows are
 * smaller cancels least.
 * @param unknowns those of a steady state's ρ
 */
export function localSectorHeat(
  { space, column, conjugation }: HermitianLayout,
  unknowns: Float64Array,
  parameters: DeviceParameters,
): HeatFlows {
  const { window } = space;
  const { size, lmin } = window;
  const { beta1, beta2, betaR, B1, B2, g, chi, lambda, gamma, I } = parameters;
  const table = (at: number) => unknowns.subarray(at * size, (at + 1) * size);
  const [p00, p01, p10, p11] = [0, 1, 2, 3].map((s) => table(column[space.find(s, s, 0)]));
  // Without interaction the sector has no coherences, and nothing flows.
  const coherence = space.find(2, 1, 1);
  const im = coherence < 0 ? zeros(size) : table(column[coherence] + 1);
  const sign = coherence < 0 ? 1 : conjugation[coherence];
  const decay =
    (bathCoupling(1, g, chi) ** 2 * (2 * thermalOccupation(beta1, B1) + 1) +
      bathCoupling(2, g, chi) ** 2 * (2 * thermalOccupation(beta2, B2) + 1)) /
    2;
  const load = (I * gamma) / betaR;
  const factor = loadFactor({ betaR, I });
  let current = 0;
  let kinetic = 0;
  for (let i = 0; i < size - 1; i++) {
    const l = lmin + i;
    const detuning = 2 * (B1 - B2) + (2 * l + 1) / (2 * I);
    const exchange = (2 * lambda * lambda * decay) / (decay * decay + detuning * detuning);
    const below = p00[i] + p01[i] + p10[i] + p11[i];
    const above = p00[i + 1] + p01[i + 1] + p10[i + 1] + p11[i + 1];
    const rise = load * factor(l) ** 2 * below;
    const fall = load * factor(-l - 1) ** 2 * above;
    const flow =
      rise + fall < exchange * (p01[i] + p10[i + 1]) ? rise - fall : 2 * lambda * sign * im[i];
    current += flow;
    kinetic += (2 * l + 1) * flow;
  }
  return { Q1: 2 * B1 * current, Q2: -2 * B2 * current, Qr: kinetic / (2 * I) };
}

/** Q̇_i = Tr[H_S 𝓛_i[ρ]], Eq. (29), of any state of the global model; the load's heat is Eq. (21)'s. */
export function globalHeat({ system, energies }: Device, { rate }: ChannelRates): HeatFlows {
  return {
    Q1: rate(system.hamiltonian, 'bath1'),
    Q2: rate(system.hamiltonian, 'bath2'),
    Qr: rate(energies.kinetic, 'load'),
  };
}

/**
 * The energy whose gain from a bath is its heat: H_{S,0}, Eqs. (18) and (21), and H_S of the baths of the
 * global model, Eq. (29).
 */
export function heatEnergies({ system, energies, parameters }: Device): Record<Bath, Operator> {
  const { window, hamiltonian } = system;
  const free = sum(window, energies.qubit1, energies.qubit2, energies.kinetic);
  const ofBaths = parameters.model === 'local' ? free : hamiltonian;
  return { bath1: ofBaths, bath2: ofBaths, load: free };
}
