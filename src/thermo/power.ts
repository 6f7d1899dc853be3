/** Mechanical power of the rotor, Eqs. (30)–(34). */
import type { Device } from '../model/device.js';
import { angularMomentum } from '../model/hamiltonian.js';
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
