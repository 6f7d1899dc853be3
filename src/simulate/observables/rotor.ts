/** Means of the rotor, and its powers. */
import { angularMomentum, angularMomentumSquared } from '../../model/hamiltonian.js';
import { cosine, sine } from '../../model/potential.js';
import { isSecondMomentInfinite } from '../rotorTails.js';
import { energyFlow, inSection, ofFlows, ofSolution } from './definitions.js';

export const rotorRecords = inSection('Rotor', {
  'rotor.Lz': {
    is: { kind: 'expectation', operator: angularMomentum },
    name: 'mean angular momentum',
    symbol: '⟨L_z⟩',
    tex: '\\langle L_z\\rangle',
    unit: 'hbar',
    equation: '(2)',
    formula: '\\mathrm{Tr}[L_z\\rho]',
    text: 'Positive where the rotor turns forward, in units of ħ.',
    map: 'diverging',
  },
  'rotor.Lz2': {
    is: {
      kind: 'expectation',
      operator: angularMomentumSquared,
      isInfinite: isSecondMomentInfinite,
    },
    name: 'mean square of the angular momentum',
    symbol: '⟨L_z²⟩',
    tex: '\\langle L_z^2\\rangle',
    unit: 'hbar^2',
    equation: '(30)',
    formula: '\\mathrm{Tr}[L_z^2\\rho]',
    text: "2I times the rotor's kinetic energy.",
    absent: 'where it is infinite: under a load with betaR ≥ 16 I',
  },
  'rotor.cos': {
    is: { kind: 'expectation', operator: cosine },
    name: 'mean cosine of the angle',
    symbol: '⟨cos φ⟩',
    tex: '\\langle\\cos\\varphi\\rangle',
    unit: '1',
    formula: '\\mathrm{Tr}[\\cos\\varphi\\,\\rho]',
    text: 'Without a potential every angle is as likely as any other in a steady state.',
    isOfPotential: true,
  },
  'rotor.sin': {
    is: { kind: 'expectation', operator: sine },
    name: 'mean sine of the angle',
    symbol: '⟨sin φ⟩',
    tex: '\\langle\\sin\\varphi\\rangle',
    unit: '1',
    formula: '\\mathrm{Tr}[\\sin\\varphi\\,\\rho]',
    text: 'Without a potential every angle is as likely as any other in a steady state.',
    isOfPotential: true,
  },
});

export const powerRecords = inSection('Rotor', {
  'power.kinetic': {
    is: ofSolution(({ power }) => power.kinetic),
    name: 'kinetic power',
    symbol: 'Ẇ_kin',
    tex: '\\dot W_{\\mathrm{kin}}',
    unit: energyFlow,
    equation: '(30), (31)',
    formula: '\\mathrm{Tr}[\\dot\\rho\\,L_z^2]/2I = \\dot W_{\\mathrm{int}}+\\dot Q_{BA}',
    text: "Rate of change of the rotor's kinetic energy; zero in a steady state.",
  },
  'power.intrinsic': {
    is: ofFlows(({ intrinsicPower }) => intrinsicPower),
    name: 'intrinsic power',
    symbol: 'Ẇ_int',
    tex: '\\dot W_{\\mathrm{int}}',
    unit: energyFlow,
    equation: '(32)',
    formula: '-\\tfrac{i}{2I}\\mathrm{Tr}\\big[[H_S,\\rho]L_z^2\\big]',
    text: 'The part that the qubits exert on the rotor as a force.',
  },
  'power.backAction': {
    is: ofSolution(({ power }) => power.backAction),
    name: 'back-action heat',
    symbol: 'Q̇_BA',
    tex: '\\dot Q_{BA}',
    unit: energyFlow,
    equation: '(33)',
    formula:
      '\\tfrac{1}{2I}\\mathrm{Tr}\\big[(\\mathcal L_1+\\mathcal L_2+\\mathcal L_r)[\\rho]L_z^2\\big]',
    text: 'The part of the dissipators: diffusion of the angular momentum, and the load.',
  },
  'power.net': {
    is: ofSolution(({ power }) => power.net),
    name: 'net power',
    symbol: 'Ẇ_net',
    tex: '\\dot W_{\\mathrm{net}}',
    unit: energyFlow,
    equation: '(34)',
    formula: '\\tfrac{1}{I}\\langle L_z\\rangle\\,\\mathrm{Tr}[\\dot\\rho\\,L_z]',
    text: 'Rate of change of the energy of directed rotation; zero in a steady state.',
  },
});
