/** A short explanation of every quantity the page shows, with the number of its equation. */
import { parameterRecords } from '../../model/parameterRecords.js';

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
  Q1: {
    tex: '\\dot Q_1',
    name: 'heat flow from bath 1',
    equation: '(18), (29)',
    formula:
      '\\mathrm{Tr}[H_{S,0}\\mathcal L_1[\\rho]]\\ \\text{(local)},\\quad \\mathrm{Tr}[H_S\\mathcal L_1[\\rho]]\\ \\text{(global)}',
    text: 'Positive where bath 1 gives heat to the device.',
  },
  Q2: {
    tex: '\\dot Q_2',
    name: 'heat flow from bath 2',
    equation: '(18), (29)',
    formula:
      '\\mathrm{Tr}[H_{S,0}\\mathcal L_2[\\rho]]\\ \\text{(local)},\\quad \\mathrm{Tr}[H_S\\mathcal L_2[\\rho]]\\ \\text{(global)}',
    text: 'Positive where bath 2 gives heat to the device.',
  },
  Qr: {
    tex: '\\dot Q_r',
    name: 'heat flow from the load',
    equation: '(21)',
    formula: '\\mathrm{Tr}[H_{S,0}\\mathcal L_r[\\rho]]',
    text: 'Negative where the rotor delivers energy to the load.',
  },
  WQ: {
    tex: '\\dot W^{(Q)}',
    name: 'power of the local baths',
    equation: '(22)–(24)',
    formula: '\\mathrm{Tr}[H_{S,I}(\\mathcal L_1+\\mathcal L_2)[\\rho]]',
    text: 'Work that collisions with the baths do because they are local. Negative where the device delivers work. The global model has none.',
  },
  Wr: {
    tex: '\\dot W^{(r)}',
    name: 'power of the local load',
    equation: '(25)',
    formula: '\\mathrm{Tr}[H_{S,I}\\mathcal L_r[\\rho]]',
    text: 'The same for the load. The paper neglects it.',
  },
  WV: {
    tex: '\\dot W^{(V)}',
    name: 'power in the potential',
    equation: '',
    formula: '\\mathrm{Tr}[V\\cos\\varphi\\,(\\mathcal L_1+\\mathcal L_2+\\mathcal L_r)[\\rho]]',
    text: 'The same for the potential of the rotor. Not part of the paper.',
  },
  firstLaw: {
    tex: '',
    name: 'first law',
    equation: '(26), (28)',
    formula: '\\dot U_S = \\dot Q_1+\\dot Q_2+\\dot Q_r+\\dot W^{(Q)}+\\dot W^{(r)}',
    text: 'What is left over of the first law: rounding, where everything is right.',
  },
  validity: {
    tex: '',
    name: 'where the model holds',
    equation: '',
    formula: '',
    text: 'What the derivation of the master equation takes to be small. β_r/4I: quantum corrections to the load. γ/|λ|: the load acts locally. J/2B: the bath of a qubit against its splitting (J = g² in the local model). |λ|/2B: the local baths do not see the interaction. Γ/Δε: the global baths tell levels apart that are further from each other than the rates. Up to 0.1 a condition holds, up to 1 it is doubtful.',
  },
  operation: {
    tex: '',
    name: 'operation',
    equation: 'Table I',
    formula: '',
    text: 'Engine: heat from the hot bath to the cold one, work delivered. Refrigerator: heat from the cold bath to the hot one, work consumed. Accelerator: heat from the hot bath to the cold one, work consumed. Other: no row of the table fits, or the temperatures are equal.',
  },
  efficiency: {
    tex: '\\eta',
    name: 'efficiency',
    equation: '(36)',
    formula:
      '\\eta = -\\dot W^{(Q)}/\\dot Q_{\\mathrm{hot}} \\le 1-\\beta_{\\mathrm{hot}}/\\beta_{\\mathrm{cold}}',
    text: 'Of an engine, with the bound of Carnot for two baths. The load is a third one.',
  },
  cop: {
    tex: '\\mathrm{COP}',
    name: 'coefficient of performance',
    equation: '(37)',
    formula:
      '\\mathrm{COP} = \\dot Q_{\\mathrm{cold}}/\\dot W^{(Q)} \\le \\beta_{\\mathrm{hot}}/(\\beta_{\\mathrm{cold}}-\\beta_{\\mathrm{hot}})',
    text: 'Of a refrigerator, with the bound of Carnot for two baths. The paper gives that of a heat pump, which is larger by 1.',
  },
  kinetic: {
    tex: '\\dot W_{\\mathrm{kin}}',
    name: 'kinetic power',
    equation: '(30), (31)',
    formula: '\\mathrm{Tr}[\\dot\\rho\\,L_z^2]/2I = \\dot W_{\\mathrm{int}}+\\dot Q_{BA}',
    text: "Rate of change of the rotor's kinetic energy; zero in a steady state.",
  },
  intrinsic: {
    tex: '\\dot W_{\\mathrm{int}}',
    name: 'intrinsic power',
    equation: '(32)',
    formula: '-\\tfrac{i}{2I}\\mathrm{Tr}\\big[[H_S,\\rho]L_z^2\\big]',
    text: 'The part that the qubits exert on the rotor as a force.',
  },
  backAction: {
    tex: '\\dot Q_{BA}',
    name: 'back-action heat',
    equation: '(33)',
    formula:
      '\\tfrac{1}{2I}\\mathrm{Tr}\\big[(\\mathcal L_1+\\mathcal L_2+\\mathcal L_r)[\\rho]L_z^2\\big]',
    text: 'The part of the dissipators: diffusion of the angular momentum, and the load.',
  },
  net: {
    tex: '\\dot W_{\\mathrm{net}}',
    name: 'net power',
    equation: '(34)',
    formula: '\\tfrac{1}{I}\\langle L_z\\rangle\\,\\mathrm{Tr}[\\dot\\rho\\,L_z]',
    text: 'Rate of change of the energy of directed rotation; zero in a steady state.',
  },
  ergotropy: {
    tex: '\\mathcal W_{\\mathrm{erg}}',
    name: 'ergotropy of the device',
    equation: '(35)',
    formula: '\\max_U\\mathrm{Tr}[H_S(\\rho-U\\rho U^\\dagger)]',
    text: 'The most work that a unitary can extract from the whole device.',
  },
  ergotropyQubits: {
    tex: '\\mathcal W_{\\mathrm{erg}}^{(12)}',
    name: 'ergotropy of both qubits',
    equation: '(35)',
    formula: '\\max_U\\mathrm{Tr}[H_{12}(\\rho_{12}-U\\rho_{12}U^\\dagger)]',
    text: 'The same of the two qubits together, with their own Hamiltonian.',
  },
  ergotropyRotor: {
    tex: '\\mathcal W_{\\mathrm{erg}}^{(r)}',
    name: 'ergotropy of the rotor',
    equation: '(35)',
    formula: '\\max_U\\mathrm{Tr}[H_r(\\rho_r-U\\rho_rU^\\dagger)]',
    text: 'The same of the rotor, with its own Hamiltonian.',
  },
  Lz: {
    tex: '\\langle L_z\\rangle',
    name: 'mean angular momentum',
    equation: '(2)',
    formula: '\\mathrm{Tr}[L_z\\rho]',
    text: 'Positive where the rotor turns forward, in units of ħ.',
  },
  Lz2: {
    tex: '\\langle L_z^2\\rangle',
    name: 'mean square of it',
    equation: '(30)',
    formula: '\\mathrm{Tr}[L_z^2\\rho]',
    text: "2I times the rotor's kinetic energy.",
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
