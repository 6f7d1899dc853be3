import { describedMachine } from '../../src/machine/description/described.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';

/**
 * The paper's machine in the global model by what its baths couple to, on five levels.
 * @param parameters its values, among them V and the cutoff Omega
 * @param more a term of the Hamiltonian beside
 */
export const millByCouplings = (
  parameters: Readonly<Record<string, number>>,
  more = '',
): DescribedMachine =>
  describedMachine(
    'mill.yaml',
    `
name: quantum mill by its couplings
model: global
subsystems: {q1: 2, q2: 2}
ladder: {kind: rotor, window: [-2, 2]}
parameters: ${JSON.stringify(parameters)}
hamiltonian:
  qubit1: B1*sz(q1)
  qubit2: B2*sz(q2)
  kinetic: L^2/(2*I)
  interaction: lambda*(sp(q1)*sm(q2)*exp(i*phi) + hc)
  potential: V*cos(phi)
  ${more}
baths:
  bath1: {beta: beta1, coupling: sx(q1), spectrum: g^2*omega/(1 + (omega/Omega)^2)}
  bath2: {beta: beta2, coupling: sx(q2), spectrum: g^2*omega/(1 + (omega/Omega)^2)}
  load:
    beta: betaR
    jumps:
      - sqrt(I*gamma/betaR)*exp(i*phi)*(1 - betaR*L/(4*I))
      - sqrt(I*gamma/betaR)*exp(-i*phi)*(1 + betaR*L/(4*I))
`,
  );
