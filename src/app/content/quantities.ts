/** A short explanation of every quantity the page shows, with the number of its equation. */
import { parameterRecords } from '../../model/parameterRecords.js';
import { observableRecords } from '../../simulate/observableRecords.js';

export interface Quantity {
  readonly tex: string;
  readonly name: string;
  /** In the paper; empty where it has none. */
  readonly equation: string;
  readonly formula: string;
  readonly text: string;
}

export const quantities = {
  ...parameterRecords,
  cutoff: {
    tex: '\\Omega',
    name: 'cutoff of the spectral densities',
    equation: '(A16), (A17)',
    formula: 'J_i(\\omega) = g_i^2\\,\\omega\\Omega^2/(\\omega^2+\\Omega^2)',
    text: 'Of the global model: the larger 2B, unless another is given. The paper takes the largest Bohr frequency, which depends on the window.',
  },
  ...observableRecords,
  validity: {
    tex: '',
    name: 'where the model holds',
    equation: '',
    formula: '',
    text: 'What the derivation of the master equation takes to be small. β_r/4I: quantum corrections to the load. γ/|λ|: the load acts locally. J/2B: the bath of a qubit against its splitting (J = g² in the local model). |λ|/2B: the local baths do not see the interaction. Γ/Δε: the global baths tell levels apart that are further from each other than the rates. Up to 0.1 a condition holds, up to 1 it is doubtful.',
  },
  'H.qubits': {
    tex: 'B_1\\sigma_1^z + B_2\\sigma_2^z',
    name: 'the two qubits',
    equation: '(2)',
    formula: '',
    text: 'The working medium: each qubit has two levels, 2B apart, and is in contact with its own heat bath.',
  },
  'H.rotor': {
    tex: '\\frac{L_z^2}{2I}',
    name: 'the rotor',
    equation: '(3)',
    formula: '',
    text: 'A wheel that turns freely: L_z has the eigenvalues l = …, −1, 0, 1, …, in units of ħ. A third bath, the load, brakes it.',
  },
  'H.coupling': {
    tex: '\\lambda(\\sigma_1^+\\sigma_2^- e^{i\\varphi} + \\mathrm{h.c.})',
    name: 'the mill',
    equation: '(2)',
    formula: '',
    text: 'Whenever an excitation goes from qubit 2 to qubit 1, the rotor is pushed by one quantum of angular momentum; back, it is pushed the other way.',
  },
  'H.potential': {
    tex: 'V\\cos\\varphi + V_2\\cos 2\\varphi',
    name: 'a potential of the rotor',
    equation: '',
    formula: '',
    text: 'Off unless V or V2 is turned: then the rotor is a pendulum, and its angle is no longer uniform.',
  },
  R: {
    tex: 'R',
    name: 'rectification of heat',
    equation: '(39)',
    formula:
      'R = \\left|\\frac{\\dot Q-\\dot Q^{(\\mathrm{swap})}}{\\dot Q+\\dot Q^{(\\mathrm{swap})}}\\right|',
    text: 'How different the heat that the hot bath gives is when the two temperatures are exchanged: 0 where it is the same.',
  },
  J: {
    tex: 'J',
    name: 'size of the heat flow',
    equation: '(40)',
    formula: 'J = \\max(|\\dot Q|, |\\dot Q^{(\\mathrm{swap})}|)/\\lambda g^2',
    text: 'The larger of the two flows, in units of λg².',
  },
  Gamma: {
    tex: '\\Gamma_\\alpha',
    name: 'figure of merit',
    equation: '(41), (44)',
    formula: '\\Gamma_\\alpha = \\alpha R + (1-\\alpha)J',
    text: 'Weighs rectification against the size of what is rectified.',
  },
  Rangular: {
    tex: 'R_{\\mathrm{angular}}',
    name: 'rectification of angular momentum',
    equation: '(42)',
    formula:
      '\\left|\\frac{\\langle L_z\\rangle-\\langle L_z^{(\\mathrm{swap})}\\rangle}{\\langle L_z\\rangle+\\langle L_z^{(\\mathrm{swap})}\\rangle}\\right|',
    text: 'As printed it exceeds 1 where ⟨L_z⟩ changes its sign on swapping, and has poles; of the magnitudes |⟨L_z⟩| it stays within [0, 1].',
  },
  Jangular: {
    tex: 'J_{\\mathrm{angular}}',
    name: 'size of the angular momentum',
    equation: '(43)',
    formula: '\\max(|\\langle L_z\\rangle|, |\\langle L_z^{(\\mathrm{swap})}\\rangle|)',
    text: 'The larger of the two.',
  },
  angle: {
    tex: 'P(\\varphi)',
    name: 'density of the angle',
    equation: '(3)',
    formula: "\\tfrac{1}{2\\pi}\\sum_{l,l'} e^{i(l-l')\\varphi}\\langle l|\\rho_r|l'\\rangle",
    text: 'Uniform for a state without coherences between levels of the rotor, as that which starts in one level.',
  },
  rotorPopulations: {
    tex: '\\langle l|\\rho_r|l\\rangle',
    name: 'populations of the rotor',
    equation: 'App. B',
    formula: '\\langle l|\\mathrm{Tr}_{12}[\\rho]|l\\rangle',
    text: 'The levels are cut to a window. The populations of its two edges must be negligible, or the numbers are those of the window and not of the device.',
  },
  qubitPopulations: {
    tex: '\\langle n_1n_2|\\rho_{12}|n_1n_2\\rangle',
    name: 'populations of the qubits',
    equation: '(2)',
    formula: '\\mathrm{Tr}[|n_1n_2\\rangle\\langle n_1n_2|\\,\\rho]',
    text: '1 is the upper level. Work can be extracted from the pair where 01 and 10 are inverted.',
  },
} as const satisfies Readonly<Record<string, Quantity>>;

export type QuantityName = keyof typeof quantities;
