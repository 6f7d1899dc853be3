/** What the parts of a steady state know of each other, as observables: computed where they are asked for by name. */
import type { MillInformation, Part } from './millInformation.js';
import type { ObservableRecord, Value } from './observable.js';

const PARTS = {
  qubit1: { what: 'qubit 1', mark: '₁', tex: '1' },
  qubit2: { what: 'qubit 2', mark: '₂', tex: '2' },
  rotor: { what: 'the rotor', mark: 'ᵣ', tex: 'r' },
} as const;

const TOO_LARGE = 'with a potential, where the spectrum of so large a matrix takes minutes';

const record = (
  read: (found: MillInformation) => Value,
  rest: Pick<ObservableRecord, 'name' | 'symbol' | 'tex' | 'formula' | 'text'> &
    Partial<Pick<ObservableRecord, 'unit' | 'absent'>>,
) =>
  ({
    is: { kind: 'information', read },
    unit: '1',
    equation: '',
    section: 'Information',
    leftOutOf: ['table', 'page'],
    ...rest,
  }) satisfies ObservableRecord;

const entropy = (parts: readonly string[] | undefined, what: string, mark: string, tex: string) =>
  record((found) => found.entropy(parts), {
    name: `entropy of ${what}`,
    symbol: `S${mark}`,
    tex: `S_{${tex}}`,
    formula: '-\\mathrm{Tr}[\\rho\\ln\\rho]',
    text: 'Von Neumann entropy, in units of k_B: 0 of a pure state.',
    absent: TOO_LARGE,
  });

const partEntropy = (part: Part) => {
  const { what, mark, tex } = PARTS[part];
  return entropy([part], what, mark, tex);
};

const mutual = (a: readonly Part[], b: readonly Part[], what: string, tex: string) =>
  record((found) => found.mutual(a, b), {
    name: `mutual information of ${what}`,
    symbol: `I(${what})`,
    tex: `I_{${tex}}`,
    formula: 'S_A+S_B-S_{AB}',
    text: 'How much is known of one by the other, in units of k_B: 0 where the two are independent.',
    absent: TOO_LARGE,
  });

const negativity = (part: Part) => {
  const { what, mark, tex } = PARTS[part];
  return record((found) => found.negativity(part), {
    name: `negativity of ${what} with the rest`,
    symbol: `𝒩${mark}`,
    tex: `\\mathcal N_{${tex}}`,
    formula: '\\tfrac12(\\lVert\\rho^{T}\\rVert_1-1)',
    text: 'How entangled it is with the two others together: ½ in a Bell state, 0 where they are not entangled, or bound.',
    absent: TOO_LARGE,
  });
};

const localErgotropy = (qubit: 'qubit1' | 'qubit2') => {
  const { what, mark, tex } = PARTS[qubit];
  return record((found) => found.localErgotropy(qubit), {
    name: `ergotropy of ${what}`,
    symbol: `W_erg${mark}`,
    tex: `\\mathcal W_{${tex}}`,
    unit: 'energy',
    formula: '\\max_U\\mathrm{Tr}[H_i(\\rho_i-U\\rho_iU^\\dagger)]',
    text: 'The most work that a unitary of this qubit alone can extract from it.',
  });
};

const ergotropyPart = (part: 'incoherent' | 'coherent', formula: string, text: string) =>
  record((found) => found.ergotropyPart(part), {
    name: `${part} ergotropy of the device`,
    symbol: `W_erg^(${part})`,
    tex: `\\mathcal W^{\\mathrm{${part}}}`,
    unit: 'energy',
    formula,
    text,
    absent: `${TOO_LARGE}, or the energy of the rotor is infinite`,
  });

const gibbs = (part: Part) => {
  const { what, mark, tex } = PARTS[part];
  return record((found) => found.gibbsDistance(part), {
    name: `distance of ${what} to equilibrium`,
    symbol: `d${mark}`,
    tex: `d_{${tex}}`,
    formula: '\\tfrac12\\mathrm{Tr}\\big|\\rho_i-e^{-\\beta_iH_i}/Z\\big|',
    text: 'Trace distance to the Gibbs state of its own Hamiltonian at the temperature of its own bath, from 0 to 1.',
    absent: TOO_LARGE,
  });
};

export const informationRecords = {
  'entropy.total': entropy(undefined, 'the device', '', ''),
  'entropy.qubits': entropy(['qubit1', 'qubit2'], 'both qubits', '₁₂', '12'),
  'entropy.qubit1': partEntropy('qubit1'),
  'entropy.qubit2': partEntropy('qubit2'),
  'entropy.rotor': partEntropy('rotor'),
  'entropy.diagonal': record((found) => found.diagonalEntropy, {
    name: 'entropy of the populations',
    symbol: 'S(p)',
    tex: 'S_{\\mathrm{diag}}',
    formula: '-\\sum_i\\rho_{ii}\\ln\\rho_{ii}',
    text: 'The entropy of the device without its coherences, between the states |n1, n2, l⟩.',
  }),
  'mutualInformation.qubits_rotor': mutual(
    ['qubit1', 'qubit2'],
    ['rotor'],
    'the qubits and the rotor',
    '12,r',
  ),
  'mutualInformation.qubit1_qubit2': mutual(['qubit1'], ['qubit2'], 'the two qubits', '1,2'),
  'mutualInformation.qubit1_rotor': mutual(['qubit1'], ['rotor'], 'qubit 1 and the rotor', '1,r'),
  'mutualInformation.qubit2_rotor': mutual(['qubit2'], ['rotor'], 'qubit 2 and the rotor', '2,r'),
  'mutualInformation.total': record((found) => found.totalCorrelation, {
    name: 'total correlation of the three parts',
    symbol: 'I',
    tex: 'I',
    formula: 'S_1+S_2+S_r-S',
    text: 'How far the state is from being the product of its parts.',
    absent: TOO_LARGE,
  }),
  'coherence.l1': record((found) => found.coherence, {
    name: 'l1 norm of coherence',
    symbol: 'C_l1',
    tex: 'C_{\\ell_1}',
    formula: '\\sum_{i\\ne j}|\\rho_{ij}|',
    text: 'Between the states |n1, n2, l⟩.',
  }),
  'coherence.relativeEntropy': record((found) => found.relativeEntropyOfCoherence, {
    name: 'relative entropy of coherence',
    symbol: 'C_rel',
    tex: 'C_{\\mathrm{rel}}',
    formula: 'S_{\\mathrm{diag}}-S',
    text: 'The entropy that the loss of all coherences would bring.',
    absent: TOO_LARGE,
  }),
  'negativity.qubit1': negativity('qubit1'),
  'negativity.qubit2': negativity('qubit2'),
  'negativity.rotor': negativity('rotor'),
  'localErgotropy.qubit1': localErgotropy('qubit1'),
  'localErgotropy.qubit2': localErgotropy('qubit2'),
  'ergotropyParts.incoherent': ergotropyPart(
    'incoherent',
    '\\mathcal W[\\Delta_H[\\rho]]',
    'What is left of the ergotropy where coherences between different energies are lost.',
  ),
  'ergotropyParts.coherent': ergotropyPart(
    'coherent',
    '\\mathcal W[\\rho]-\\mathcal W[\\Delta_H[\\rho]]',
    'What those coherences add to it.',
  ),
  'gibbsDistance.qubit1': gibbs('qubit1'),
  'gibbsDistance.qubit2': gibbs('qubit2'),
  'gibbsDistance.rotor': gibbs('rotor'),
} as const satisfies Readonly<Record<string, ObservableRecord>>;

export type InformationName = keyof typeof informationRecords;
export const INFORMATION_NAMES = Object.keys(informationRecords) as readonly InformationName[];
