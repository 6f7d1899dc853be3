/** The system Hamiltonian H_S = H_{S,0} + H_{S,I}, Eqs. (1)–(3). */
import { adjoint, type Operator, operator, scale, sum } from './operator.js';
import { exchange, identity, type Qubit, sigmaZ } from './qubits.js';
import { perWindow, type Window } from './window.js';

/** B_i σ_i^z, the i-th qubit's part of Eq. (2). */
export function qubitEnergy(window: Window, qubit: Qubit, field: number): Operator {
  const weighted = sigmaZ(qubit).map((e) => ({ ...e, value: { re: field * e.value.re, im: 0 } }));
  return operator(window, weighted, { shift: 0 });
}

/** L_z². */
export const angularMomentumSquared: (window: Window) => Operator = perWindow((window) =>
  operator(window, identity, { shift: 0, f: (l) => l * l }),
);

/** L_z. */
export const angularMomentum: (window: Window) => Operator = perWindow((window) =>
  operator(window, identity, { shift: 0, f: (l) => l }),
);

/** L_z²/2I, the rotor's kinetic energy in Eq. (2). */
export const kineticEnergy = (window: Window, inertia: number): Operator =>
  scale(angularMomentumSquared(window), 1 / (2 * inertia));

/** λ(σ1⁺σ2⁻e^{iφ} + h.c.), the quantum mill, Eq. (3). */
export function millInteraction(window: Window, lambda: number): Operator {
  const forward = scale(operator(window, exchange, { shift: 1 }), lambda);
  return sum(window, forward, adjoint(forward));
}
