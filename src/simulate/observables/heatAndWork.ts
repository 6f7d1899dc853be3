/** Heat and work flows, and what is left over of the first law. */
import { energyFlow, inSection, ofFlows, ofSolution } from './definitions.js';

/** What is the same of the two baths' heats. */
const bathHeat = {
  unit: energyFlow,
  equation: '(18), (19), (29)',
  map: 'diverging',
} as const;

const bathHeatFormula = (bath: number) =>
  `\\mathrm{Tr}[H_{S,0}\\mathcal L_${bath}[\\rho]]\\ \\text{(local)},\\quad \\mathrm{Tr}[H_S\\mathcal L_${bath}[\\rho]]\\ \\text{(global)}`;

export const heatAndWorkRecords = inSection('Heat and work', {
  'heat.Q1': {
    is: ofFlows(({ heat }) => heat.Q1),
    ...bathHeat,
    name: 'heat flow from bath 1',
    symbol: 'Q̇₁',
    tex: '\\dot Q_1',
    formula: bathHeatFormula(1),
    text: 'Positive where bath 1 gives heat to the device.',
  },
  'heat.Q2': {
    is: ofFlows(({ heat }) => heat.Q2),
    ...bathHeat,
    name: 'heat flow from bath 2',
    symbol: 'Q̇₂',
    tex: '\\dot Q_2',
    formula: bathHeatFormula(2),
    text: 'Positive where bath 2 gives heat to the device.',
  },
  'heat.Qr': {
    is: ofFlows(({ heat }) => heat.Qr),
    name: 'heat flow from the load',
    symbol: 'Q̇ᵣ',
    tex: '\\dot Q_r',
    unit: energyFlow,
    equation: '(21)',
    formula: '\\mathrm{Tr}[H_{S,0}\\mathcal L_r[\\rho]]',
    text: 'Negative where the rotor delivers energy to the load.',
    map: 'diverging',
  },
  'work.WQ': {
    is: ofFlows(({ work }) => work.WQ),
    name: 'power of the local baths',
    symbol: 'Ẇ^(Q)',
    tex: '\\dot W^{(Q)}',
    unit: energyFlow,
    equation: '(22)–(24)',
    formula: '\\mathrm{Tr}[H_{S,I}(\\mathcal L_1+\\mathcal L_2)[\\rho]]',
    text: 'Work that collisions with the baths do because they are local. Negative where the device delivers work. The global model has none: it is 0 there.',
    map: 'diverging',
  },
  'work.Wr': {
    is: ofFlows(({ work }) => work.Wr),
    name: 'power of the local load',
    symbol: 'Ẇ^(r)',
    tex: '\\dot W^{(r)}',
    unit: energyFlow,
    equation: '(25)',
    formula: '\\mathrm{Tr}[H_{S,I}\\mathcal L_r[\\rho]]',
    text: 'The same for the load. The paper neglects it.',
  },
  'work.V': {
    is: ofFlows(({ work }) => work.V),
    name: 'power in the potential',
    symbol: 'Ẇ^(V)',
    tex: '\\dot W^{(V)}',
    unit: energyFlow,
    formula: '\\mathrm{Tr}[V\\cos\\varphi\\,(\\mathcal L_1+\\mathcal L_2+\\mathcal L_r)[\\rho]]',
    text: 'The same for the potential of the rotor; of the load alone in the global model. Not part of the paper.',
    isOfPotential: true,
  },
  'work.interaction': {
    is: ofFlows(({ work }) => work.interaction),
    name: 'what the baths do to the interaction',
    symbol: 'Ẇ^(12)',
    tex: '\\mathrm{Tr}[H_{S,I}\\dot\\rho_{12}]',
    unit: energyFlow,
    equation: '(23), (29)',
    formula: '\\mathrm{Tr}[H_{S,I}(\\mathcal L_1+\\mathcal L_2)[\\rho]]',
    text: 'The power of the baths in the local model, a part of their heat in the global one.',
    leftOutOf: ['text', 'page'],
  },
  firstLaw: {
    is: ofSolution(({ laws }) => laws.residual),
    name: 'first law',
    unit: energyFlow,
    equation: '(26), (28)',
    formula: '\\dot U_S = \\dot Q_1+\\dot Q_2+\\dot Q_r+\\dot W^{(Q)}+\\dot W^{(r)}',
    text: 'What is left over of the first law: rounding, where everything is right.',
    leftOutOf: ['table'],
  },
  firstLawWithoutWr: {
    is: ofSolution(({ laws }) => laws.withoutWr),
    name: 'first law without the power of the load',
    unit: energyFlow,
    equation: '(26)',
    formula: '\\dot U_S = \\dot Q_1+\\dot Q_2+\\dot Q_r+\\dot W^{(Q)}',
    text: 'What is left over of it without the power of the local load, which the paper neglects.',
    leftOutOf: ['table', 'page'],
  },
});
