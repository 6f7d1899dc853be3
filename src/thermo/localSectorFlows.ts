/** Heat and work of a steady state of the local model in the zero-charge sector. */
import type { HermitianLayout } from '../generator/hermitian.js';
import { detuning } from '../model/detuning.js';
import { loadFactor } from '../model/load.js';
import { bathCoupling, thermalOccupation } from '../model/local.js';
import type { DeviceParameters } from '../model/parameters.js';
import { zeros } from '../zeros.js';
import type { HeatFlows } from './heat.js';
import { type WorkFlows, workOf } from './work.js';

/**
 * The flows, Eqs. (18), (21), (23), (25).
 *
 * Only the load and the interaction move the rotor between two levels k and k + 1: what the load moves up,
 * J_k, comes down by the interaction, 2λ Im⟨10, k+1|ρ|01, k⟩. n_1 + n_2 and n_2 + l are conserved by all but the
 * baths and the load, so that Q̇_1 = 2B_1ΣJ_k and Q̇_2 = −2B_2ΣJ_k, and the load gives Q̇_r = Σ(2k + 1)J_k/2I.
 * The coherence does not change either, so that the work on it is −Σω_kJ_k, ω_k being the difference of the
 * energies of 10 and 01.
 *
 * J_k is a difference of two flows in any case: of the load's up and down, or of those by which the
 * coherence follows the populations of 10 and 01. The one whose flows are smaller cancels least.
 * @param unknowns those of ρ
 */
export function localSectorFlows(
  { space, column, conjugation }: HermitianLayout,
  unknowns: Float64Array,
  parameters: DeviceParameters,
): { readonly heat: HeatFlows; readonly work: WorkFlows } {
  const { size, lmin } = space.window;
  const { beta1, beta2, betaR, B1, B2, g, chi, lambda, gamma, I } = parameters;
  const table = (at: number) => unknowns.subarray(at * size, (at + 1) * size);
  const [p00, p01, p10, p11] = [0, 1, 2, 3].map((s) => table(column[space.find(s, s, 0)]));
  // Without interaction the sector has no coherences, and nothing flows.
  const coherence = space.find(2, 1, 1);
  const [re, im] =
    coherence < 0
      ? [zeros(size), zeros(size)]
      : [table(column[coherence]), table(column[coherence] + 1)];
  const sign = coherence < 0 ? 1 : conjugation[coherence];
  const decay =
    (bathCoupling(1, g, chi) ** 2 * (2 * thermalOccupation(beta1, B1) + 1) +
      bathCoupling(2, g, chi) ** 2 * (2 * thermalOccupation(beta2, B2) + 1)) /
    2;
  const load = (I * gamma) / betaR;
  const tilt2 = (betaR / (4 * I)) ** 2;
  const factor = loadFactor({ betaR, I });
  const detuned = detuning(parameters);
  let current = 0;
  let kinetic = 0;
  let interaction = 0;
  let Wr = 0;
  for (let i = 0; i < size - 1; i++) {
    const l = lmin + i;
    const up = factor(l) ** 2;
    const down = factor(-l - 1) ** 2;
    const omega = detuned(l);
    const exchange = (2 * lambda * lambda * decay) / (decay * decay + omega * omega);
    const rise = load * up * (p00[i] + p01[i] + p10[i] + p11[i]);
    const fall = load * down * (p00[i + 1] + p01[i + 1] + p10[i + 1] + p11[i + 1]);
    const flow =
      rise + fall < exchange * (p01[i] + p10[i + 1]) ? rise - fall : 2 * lambda * sign * im[i];
    current += flow;
    kinetic += (2 * l + 1) * flow;
    interaction += omega * flow;
    // The load's transport of the coherence less its decay.
    Wr -= lambda * load * re[i] * ((i < size - 2 ? tilt2 : up) + (i > 0 ? tilt2 : down));
  }
  return {
    heat: { Q1: 2 * B1 * current, Q2: -2 * B2 * current, Qr: kinetic / (2 * I) },
    work: workOf('local', -interaction - Wr, Wr, 0),
  };
}
