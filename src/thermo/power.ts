/** Mechanical power of the rotor, Eqs. (30)–(34). */
import type { Device } from '../model/device.js';
import { angularMomentum } from '../model/hamiltonian.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { HeatFlows } from './heat.js';
import type { ChannelRates } from './rates.js';

export interface RotorPower {
  /** Ẇ_kin = d/dt ⟨L_z²⟩/2I, Eq. (30); the sum of the next two, Eq. (31). */
  readonly kinetic: number;
  /** Ẇ_int, what the Hamiltonian contributes, Eq. (32). */
  readonly intrinsic: number;
  /** Q̇_BA, what the dissipators contribute, Eq. (33). */
  readonly backAction: number;
  /** Ẇ_net = d/dt ⟨L_z⟩²/2I, Eq. (34). */
  readonly net: number;
}

/**
 * The power of any state.
 * @param meanLz ⟨L_z⟩
 */
export function rotorPower(
  { parameters, system, energies }: Device,
  { rate }: ChannelRates,
  meanLz: number,
): RotorPower {
  return {
    kinetic: rate(energies.kinetic),
    intrinsic: rate(energies.kinetic, 'hamiltonian'),
    backAction: rate(energies.kinetic, 'bath1', 'bath2', 'load'),
    net: (meanLz / parameters.I) * rate(angularMomentum(system.window)),
  };
}

/**
 * That of a steady state of the zero-charge sector. The kinetic energy is constant: what the dissipators
 * contribute is what the Hamiltonian takes, a sum of coherences, free of the cancellation between
 * populations that costs Eq. (33) its digits where currents are small. In the local model the load alone
 * moves the rotor, so that it is the heat Q̇_r.
 */
export function steadySectorPower(
  device: Device,
  rates: ChannelRates,
  meanLz: number,
  { Qr }: HeatFlows,
): RotorPower {
  const power = rotorPower(device, rates, meanLz);
  const intrinsic = masterEquationOf(device.parameters).reach === 'own' ? -Qr : power.intrinsic;
  return { ...power, intrinsic, backAction: -intrinsic };
}
