/** Heat flows into the system, Eqs. (18), (19), (21), (29). */
import type { Bath, Device } from '../model/device.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { type Operator, sum } from '../operators/operator.js';
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

/** Q̇_i = Tr[H_S 𝓛_i[ρ]], Eq. (29), of any state of the global model; the load's heat is Eq. (21)'s. */
export function globalHeat({ system, energies }: Device, { rate }: ChannelRates): HeatFlows {
  return {
    Q1: rate(system.hamiltonian, 'bath1'),
    Q2: rate(system.hamiltonian, 'bath2'),
    Qr: rate(energies.kinetic, 'load'),
  };
}

/** The heat of any state, by what the baths of its master equation reach. */
export const heatFlows = (device: Device, rates: ChannelRates): HeatFlows =>
  isOwn(device) ? localHeat(device, rates) : globalHeat(device, rates);

/** That of a steady state. */
export const steadyHeat = (device: Device, rates: ChannelRates): HeatFlows =>
  isOwn(device) ? localSteadyHeat(device, rates) : globalHeat(device, rates);

const isOwn = ({ parameters }: Device): boolean => masterEquationOf(parameters).reach === 'own';

/**
 * The energy whose gain from a bath is its heat: H_{S,0}, Eqs. (18) and (21), and H_S of the baths of the
 * global model, Eq. (29).
 */
export function heatEnergies({ system, energies, parameters }: Device): Record<Bath, Operator> {
  const { window, hamiltonian } = system;
  const free = sum(window, energies.qubit1, energies.qubit2, energies.kinetic);
  const ofBaths = masterEquationOf(parameters).reach === 'own' ? free : hamiltonian;
  return { bath1: ofBaths, bath2: ofBaths, load: free };
}
