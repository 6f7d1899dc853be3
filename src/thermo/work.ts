/** Work that the locality of the dissipators injects, Eqs. (22)–(25), and the first law, Eq. (26). */
import { BATHS, type Bath, type Device } from '../model/device.js';
import type { MasterEquation } from '../model/masterEquations/masterEquation.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { HeatFlows } from './heat.js';
import type { ChannelRates } from './rates.js';

export interface WorkFlows {
  /** Ẇ^(Q) = Tr[H_{S,I}(𝓛_1 + 𝓛_2)[ρ]], Eqs. (23) and (24); 0 in the global model, which has no such work. */
  readonly WQ: number;
  /** Ẇ^(r) = Tr[H_{S,I} 𝓛_r[ρ]], Eq. (25). */
  readonly Wr: number;
  /**
   * Tr[V cos φ (𝓛_1 + 𝓛_2 + 𝓛_r)[ρ]], the same for the rotor's potential; in the global model Tr[V cos φ 𝓛_r[ρ]], what
   * its baths bring into it being heat.
   */
  readonly V: number;
  /** Tr[H_{S,I}(𝓛_1 + 𝓛_2)[ρ]] in either model: Ẇ^(Q) in the local one, a part of the heat, Eq. (29), in the global. */
  readonly interaction: number;
}

/** The work flows of a master equation of which those traces are known. */
export function workOf(
  { reach }: Pick<MasterEquation, 'reach'>,
  interaction: number,
  Wr: number,
  V: number,
): WorkFlows {
  return { WQ: reach === 'own' ? interaction : 0, Wr, V, interaction };
}

/** The channels by which energy that comes into the potential is work. */
const potentialWorkers = (parameters: Device['parameters']): readonly Bath[] =>
  masterEquationOf(parameters).reach === 'own' ? BATHS : ['load'];

export const workFlows = ({ energies, parameters }: Device, { rate }: ChannelRates): WorkFlows =>
  workOf(
    masterEquationOf(parameters),
    rate(energies.interaction, 'bath1', 'bath2'),
    rate(energies.interaction, 'load'),
    rate(energies.potential, ...potentialWorkers(parameters)),
  );

/** U̇_S = Tr[H_S ρ̇]. */
export const energyRate = ({ system }: Device, { rate }: ChannelRates): number =>
  rate(system.hamiltonian);

/** What the first law, Eqs. (26) and (28), says is 0. */
export interface FirstLaw {
  /** U̇_S minus all heat and work. */
  readonly residual: number;
  /** The same without Ẇ^(r), which the paper neglects. */
  readonly withoutWr: number;
}

export function firstLaw(
  dU: number,
  { Q1, Q2, Qr }: HeatFlows,
  { WQ, Wr, V }: WorkFlows,
): FirstLaw {
  const withoutWr = dU - (Q1 + Q2 + Qr + WQ + V);
  return { residual: withoutWr - Wr, withoutWr };
}
