/** Work that the locality of the dissipators injects, Eqs. (22)–(25), and the first law, Eq. (26). */
import type { Device } from '../model/device.js';
import type { HeatFlows } from './heat.js';
import type { ChannelRates } from './rates.js';

export interface WorkFlows {
  /** Ẇ^(Q) = Tr[H_{S,I}(𝓛_1 + 𝓛_2)[ρ]], Eqs. (23) and (24). */
  readonly WQ: number;
  /** Ẇ^(r) = Tr[H_{S,I} 𝓛_r[ρ]], Eq. (25). */
  readonly Wr: number;
  /** Tr[V cos φ (𝓛_1 + 𝓛_2 + 𝓛_r)[ρ]], the same for the rotor's potential. */
  readonly V: number;
}

export function localWork({ energies }: Device, { rate }: ChannelRates): WorkFlows {
  return {
    WQ: rate(energies.interaction, 'bath1', 'bath2'),
    Wr: rate(energies.interaction, 'load'),
    V: rate(energies.potential, 'bath1', 'bath2', 'load'),
  };
}

/** U̇_S = Tr[H_S ρ̇]. */
export const energyRate = ({ system }: Device, { rate }: ChannelRates): number =>
  rate(system.hamiltonian);

/** U̇_S minus all heat and work, which Eq. (26) says is 0. */
export const firstLawResidual = (dU: number, heat: HeatFlows, work: WorkFlows): number =>
  dU - (heat.Q1 + heat.Q2 + heat.Qr + work.WQ + work.Wr + work.V);
