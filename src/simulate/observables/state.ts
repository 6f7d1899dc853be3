/** Populations of the qubits, and functions of the whole state. */
import { population } from '../../model/qubits.js';
import { concurrence } from '../../state/concurrence.js';
import { purity } from '../../state/densityMatrix.js';
import { inSection } from './definitions.js';

const qubitPopulation = (state: number) => {
  const bits = state.toString(2).padStart(2, '0');
  return {
    is: { kind: 'expectation', operator: population(state) },
    name: `population of |${bits}⟩`,
    symbol: `p${bits.replaceAll('0', '₀').replaceAll('1', '₁')}`,
    tex: `p_{${bits}}`,
    unit: '1',
    equation: '(2)',
    formula: `\\mathrm{Tr}[|${bits}\\rangle\\langle ${bits}|\\,\\rho]`,
    text: 'Of the two qubits, qubit 1 first; 1 is the upper level.',
    leftOutOf: ['page'],
  } as const;
};

export const stateRecords = inSection('State', {
  'qubits.p00': qubitPopulation(0),
  'qubits.p01': qubitPopulation(1),
  'qubits.p10': qubitPopulation(2),
  'qubits.p11': qubitPopulation(3),
  purity: {
    is: { kind: 'state', read: purity },
    name: 'purity of the device',
    symbol: 'Tr ρ²',
    tex: '\\mathrm{Tr}[\\rho^2]',
    unit: '1',
    formula: '\\sum_{ij}|\\rho_{ij}|^2',
    text: '1 of a pure state; one over the number of states where all are as likely.',
  },
  concurrence: {
    is: { kind: 'qubits', read: concurrence },
    name: 'concurrence of the two qubits',
    symbol: 'C',
    tex: 'C',
    unit: '1',
    formula:
      'C = \\max(0, \\lambda_1-\\lambda_2-\\lambda_3-\\lambda_4),\\quad \\lambda_i^2 \\in \\sigma\\big(\\sqrt{\\rho_{12}}\\tilde\\rho_{12}\\sqrt{\\rho_{12}}\\big)',
    text: 'How entangled the two qubits are with each other: 1 in a Bell state, 0 where they are not. In a steady state without potential it is 0: every coherence between them goes with a level of the rotor.',
  },
});
