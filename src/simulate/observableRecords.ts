/**
 * The observables of a steady state, one record each, by the names that JSON, plans of sweeps and plots have for
 * them. What any of these, exports, tables, the page and figures say of an observable is said here and nowhere else.
 */

import { angularMomentum, angularMomentumSquared } from '../model/hamiltonian.js';
import { cosine, sine } from '../model/potential.js';
import { population } from '../model/qubits.js';
import { concurrence } from '../state/concurrence.js';
import { norm } from '../state/densityMatrix.js';
import { OPERATIONS } from '../thermo/operation.js';
import {
  FLUCTUATION_NAMES,
  type FluctuationName,
  fluctuationRecords,
} from './fluctuationRecords.js';
import {
  INFORMATION_NAMES,
  type InformationName,
  informationRecords,
} from './informationRecords.js';
import type { KnownFlows } from './knownFlows.js';
import type { ObservableRecord, Value } from './observable.js';
import { isSecondMomentInfinite } from './rotorTails.js';
import type { SteadyReading } from './steadyReading.js';

const ofFlows = (read: (flows: KnownFlows) => Value) => ({ kind: 'flows', read }) as const;
const ofSolution = (read: (reading: SteadyReading) => Value) =>
  ({ kind: 'solution', read }) as const;

export const energyFlow = 'energy/time';
const TOO_LARGE =
  'where the spectrum takes minutes and is not asked for, or the energy of the rotor is infinite';

/** What is the same of the two baths' heats. */
const bathHeat = {
  unit: energyFlow,
  equation: '(18), (19), (29)',
  section: 'Heat and work',
  map: 'diverging',
} as const;

const bathHeatFormula = (bath: number) =>
  `\\mathrm{Tr}[H_{S,0}\\mathcal L_${bath}[\\rho]]\\ \\text{(local)},\\quad \\mathrm{Tr}[H_S\\mathcal L_${bath}[\\rho]]\\ \\text{(global)}`;

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
    section: 'State',
    leftOutOf: ['page'],
  } as const;
};

export const observableRecords = {
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
    section: 'Heat and work',
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
    section: 'Heat and work',
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
    section: 'Heat and work',
  },
  'work.V': {
    is: ofFlows(({ work }) => work.V),
    name: 'power in the potential',
    symbol: 'Ẇ^(V)',
    tex: '\\dot W^{(V)}',
    unit: energyFlow,
    equation: '',
    formula: '\\mathrm{Tr}[V\\cos\\varphi\\,(\\mathcal L_1+\\mathcal L_2+\\mathcal L_r)[\\rho]]',
    text: 'The same for the potential of the rotor. Not part of the paper.',
    section: 'Heat and work',
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
    section: 'Heat and work',
    leftOutOf: ['text', 'page'],
  },
  firstLaw: {
    is: ofSolution(({ laws }) => laws.residual),
    name: 'first law',
    symbol: '',
    tex: '',
    unit: energyFlow,
    equation: '(26), (28)',
    formula: '\\dot U_S = \\dot Q_1+\\dot Q_2+\\dot Q_r+\\dot W^{(Q)}+\\dot W^{(r)}',
    text: 'What is left over of the first law: rounding, where everything is right.',
    section: 'Heat and work',
    leftOutOf: ['table'],
  },
  firstLawWithoutWr: {
    is: ofSolution(({ laws }) => laws.withoutWr),
    name: 'first law without the power of the load',
    symbol: '',
    tex: '',
    unit: energyFlow,
    equation: '(26)',
    formula: '\\dot U_S = \\dot Q_1+\\dot Q_2+\\dot Q_r+\\dot W^{(Q)}',
    text: 'What is left over of it without the power of the local load, which the paper neglects.',
    section: 'Heat and work',
    leftOutOf: ['table', 'page'],
  },
  'rotor.Lz': {
    is: { kind: 'expectation', operator: angularMomentum },
    name: 'mean angular momentum',
    symbol: '⟨L_z⟩',
    tex: '\\langle L_z\\rangle',
    unit: 'hbar',
    equation: '(2)',
    formula: '\\mathrm{Tr}[L_z\\rho]',
    text: 'Positive where the rotor turns forward, in units of ħ.',
    section: 'Rotor',
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
    section: 'Rotor',
    absent: 'where it is infinite: under a load with betaR ≥ 16 I',
  },
  'rotor.cos': {
    is: { kind: 'expectation', operator: cosine },
    name: 'mean cosine of the angle',
    symbol: '⟨cos φ⟩',
    tex: '\\langle\\cos\\varphi\\rangle',
    unit: '1',
    equation: '',
    formula: '\\mathrm{Tr}[\\cos\\varphi\\,\\rho]',
    text: 'Without a potential every angle is as likely as any other in a steady state.',
    section: 'Rotor',
    isOfPotential: true,
  },
  'rotor.sin': {
    is: { kind: 'expectation', operator: sine },
    name: 'mean sine of the angle',
    symbol: '⟨sin φ⟩',
    tex: '\\langle\\sin\\varphi\\rangle',
    unit: '1',
    equation: '',
    formula: '\\mathrm{Tr}[\\sin\\varphi\\,\\rho]',
    text: 'Without a potential every angle is as likely as any other in a steady state.',
    section: 'Rotor',
    isOfPotential: true,
  },
  'qubits.p00': qubitPopulation(0),
  'qubits.p01': qubitPopulation(1),
  'qubits.p10': qubitPopulation(2),
  'qubits.p11': qubitPopulation(3),
  purity: {
    is: { kind: 'state', read: (rho) => norm(rho) ** 2 },
    name: 'purity of the device',
    symbol: 'Tr ρ²',
    tex: '\\mathrm{Tr}[\\rho^2]',
    unit: '1',
    equation: '',
    formula: '\\sum_{ij}|\\rho_{ij}|^2',
    text: '1 of a pure state; one over the number of states where all are as likely.',
    section: 'State',
  },
  concurrence: {
    is: { kind: 'state', read: concurrence },
    name: 'concurrence of the two qubits',
    symbol: 'C',
    tex: 'C',
    unit: '1',
    equation: '',
    formula:
      'C = \\max(0, \\lambda_1-\\lambda_2-\\lambda_3-\\lambda_4),\\quad \\lambda_i^2 \\in \\sigma\\big(\\sqrt{\\rho_{12}}\\tilde\\rho_{12}\\sqrt{\\rho_{12}}\\big)',
    text: 'How entangled the two qubits are with each other: 1 in a Bell state, 0 where they are not. In a steady state without potential it is 0: every coherence between them goes with a level of the rotor.',
    section: 'State',
  },
  'power.kinetic': {
    is: ofSolution(({ power }) => power.kinetic),
    name: 'kinetic power',
    symbol: 'Ẇ_kin',
    tex: '\\dot W_{\\mathrm{kin}}',
    unit: energyFlow,
    equation: '(30), (31)',
    formula: '\\mathrm{Tr}[\\dot\\rho\\,L_z^2]/2I = \\dot W_{\\mathrm{int}}+\\dot Q_{BA}',
    text: "Rate of change of the rotor's kinetic energy; zero in a steady state.",
    section: 'Rotor',
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
    section: 'Rotor',
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
    section: 'Rotor',
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
    section: 'Rotor',
  },
  operation: {
    is: ofFlows(({ performance }) => performance.operation),
    name: 'operation',
    symbol: '',
    tex: '',
    unit: '1',
    equation: 'Table I',
    formula: '',
    text: 'Engine: heat from the hot bath to the cold one, work delivered. Refrigerator: heat from the cold bath to the hot one, work consumed. Accelerator: heat from the hot bath to the cold one, work consumed. Other: no row of the table fits, or the temperatures are equal.',
    section: 'Performance',
    words: OPERATIONS,
    leftOutOf: ['page'],
    map: 'words',
  },
  efficiency: {
    is: ofFlows(({ performance }) => performance.efficiency),
    name: 'efficiency',
    symbol: 'η',
    tex: '\\eta',
    unit: '1',
    equation: '(36)',
    formula:
      '\\eta = -\\dot W^{(Q)}/\\dot Q_{\\mathrm{hot}} \\le 1-\\beta_{\\mathrm{hot}}/\\beta_{\\mathrm{cold}}',
    text: 'Of an engine, with the bound of Carnot for two baths. The load is a third one.',
    section: 'Performance',
    absent: 'where the device is no engine',
    map: 'rising',
  },
  carnotEfficiency: {
    is: ofFlows(({ performance }) => performance.carnotEfficiency),
    name: "Carnot's bound of the efficiency",
    symbol: 'η_C',
    tex: '\\eta_C',
    unit: '1',
    equation: '(36)',
    formula: '1-\\beta_{\\mathrm{hot}}/\\beta_{\\mathrm{cold}}',
    text: 'Of an engine between two baths; the load is a third one, with which it can be exceeded.',
    section: 'Performance',
    leftOutOf: ['page'],
  },
  cop: {
    is: ofFlows(({ performance }) => performance.cop),
    name: 'coefficient of performance',
    symbol: 'COP',
    tex: '\\mathrm{COP}',
    unit: '1',
    equation: '(37)',
    formula:
      '\\mathrm{COP} = \\dot Q_{\\mathrm{cold}}/\\dot W^{(Q)} \\le \\beta_{\\mathrm{hot}}/(\\beta_{\\mathrm{cold}}-\\beta_{\\mathrm{hot}})',
    text: 'Of a refrigerator, with the bound of Carnot for two baths. The paper gives that of a heat pump, which is larger by 1.',
    section: 'Performance',
    absent: 'where the device is no refrigerator',
    map: 'rising',
  },
  carnotCop: {
    is: ofFlows(({ performance }) => performance.carnotCop),
    name: "Carnot's bound of a heat pump",
    symbol: 'COP_C',
    tex: '\\mathrm{COP}_C',
    unit: '1',
    equation: '(37)',
    formula: '\\beta_{\\mathrm{cold}}/(\\beta_{\\mathrm{cold}}-\\beta_{\\mathrm{hot}})',
    text: 'The COP_C of the paper, larger by 1 than the bound of a refrigerator.',
    section: 'Performance',
    absent: 'at equal temperatures, where it is infinite',
    leftOutOf: ['page'],
  },
  refrigeratorBound: {
    is: ofFlows(({ performance }) => performance.refrigeratorBound),
    name: "Carnot's bound of a refrigerator",
    symbol: 'COP_R',
    tex: '\\mathrm{COP}_R',
    unit: '1',
    equation: '(37)',
    formula: '\\beta_{\\mathrm{hot}}/(\\beta_{\\mathrm{cold}}-\\beta_{\\mathrm{hot}})',
    text: 'Between two baths; the load is a third one, with which it can be exceeded.',
    section: 'Performance',
    absent: 'at equal temperatures, where it is infinite',
    leftOutOf: ['page'],
  },
  boundExceeded: {
    is: ofFlows(({ performance }) => performance.boundExceeded),
    name: 'whether efficiency or COP is above its bound of two baths',
    symbol: '',
    tex: '',
    unit: '1',
    equation: '',
    formula: '',
    text: 'The load is a third bath: with its heat a device can be better than two baths allow.',
    section: 'Performance',
    isFlag: true,
    leftOutOf: ['text', 'page'],
  },
  'ergotropy.total': {
    is: ofSolution(({ ergotropy }) => ergotropy.total),
    name: 'ergotropy of the device',
    symbol: 'W_erg',
    tex: '\\mathcal W_{\\mathrm{erg}}',
    unit: 'energy',
    equation: '(35)',
    formula: '\\max_U\\mathrm{Tr}[H_S(\\rho-U\\rho U^\\dagger)]',
    text: 'The most work that a unitary can extract from the whole device.',
    section: 'Performance',
    notComputed: TOO_LARGE,
  },
  'ergotropy.qubits': {
    is: ofSolution(({ ergotropy }) => ergotropy.qubits),
    name: 'ergotropy of both qubits',
    symbol: 'W_erg^(12)',
    tex: '\\mathcal W_{\\mathrm{erg}}^{(12)}',
    unit: 'energy',
    equation: '(35)',
    formula: '\\max_U\\mathrm{Tr}[H_{12}(\\rho_{12}-U\\rho_{12}U^\\dagger)]',
    text: 'The same of the two qubits together, with their own Hamiltonian.',
    section: 'Performance',
  },
  'ergotropy.rotor': {
    is: ofSolution(({ ergotropy }) => ergotropy.rotor),
    name: 'ergotropy of the rotor',
    symbol: 'W_erg^(r)',
    tex: '\\mathcal W_{\\mathrm{erg}}^{(r)}',
    unit: 'energy',
    equation: '(35)',
    formula: '\\max_U\\mathrm{Tr}[H_r(\\rho_r-U\\rho_rU^\\dagger)]',
    text: 'The same of the rotor, with its own Hamiltonian.',
    section: 'Performance',
    notComputed: TOO_LARGE,
  },
} as const satisfies Readonly<Record<string, ObservableRecord>>;

type SteadyName = keyof typeof observableRecords;
/** Those that every steady state is printed with. */
export const OBSERVABLE_NAMES = Object.keys(observableRecords) as readonly SteadyName[];

export type ObservableName = SteadyName | FluctuationName | InformationName;
/** Those that are computed only where they are asked for. */
export const ASKED_NAMES: readonly ObservableName[] = [...FLUCTUATION_NAMES, ...INFORMATION_NAMES];
/** All that can be asked for by name. */
export const NAMED_OBSERVABLES: readonly ObservableName[] = [...OBSERVABLE_NAMES, ...ASKED_NAMES];

const allRecords: Readonly<Record<ObservableName, ObservableRecord>> = {
  ...observableRecords,
  ...fluctuationRecords,
  ...informationRecords,
};

/** A record by its name, whatever it has beside what all have. */
export const observableRecord = (name: ObservableName): ObservableRecord => allRecords[name];

/** What a record's value is: null where it may be absent, one of its words, or a flag. */
type ValueOf<R> = R extends { readonly words: readonly (infer W)[] }
  ? W
  : R extends { readonly isFlag: true }
    ? boolean
    : R extends { readonly absent: string }
      ? number | null
      : number;

type Group<N> = N extends `${infer G}.${string}` ? G : N;

/** Values by name, those of a group in an object: `heat.Q1` is `heat: {Q1}`. */
type Grouped<V extends Readonly<Record<string, unknown>>> = {
  readonly [G in Group<keyof V & string>]: G extends keyof V
    ? V[G]
    : { readonly [N in keyof V as N extends `${G}.${infer M}` ? M : never]: V[N] };
};

export type Observables = Grouped<{
  readonly [N in SteadyName]: ValueOf<(typeof observableRecords)[N]>;
}>;

type StateObservableName = {
  readonly [N in SteadyName]: (typeof observableRecords)[N]['is'] extends {
    readonly kind: 'expectation' | 'state';
  }
    ? N
    : never;
}[SteadyName];

/** Those that any state has, whether it is steady or not. */
export type StateObservables = Grouped<{ readonly [N in StateObservableName]: number }>;

/** An observable's name as that of a variable in a data set: `heat.Q1` is `heat_Q1`. */
export const variableName = (name: string): string => name.replace('.', '_');

/** A record's name with its place in the paper, for the attributes of data sets. */
export const describedObservable = (name: ObservableName): string => {
  const { name: title, equation } = observableRecord(name);
  if (equation === '') return title;
  const many = /[,–]/.test(equation) ? 'Eqs.' : 'Eq.';
  return `${title}, ${equation.startsWith('(') ? `${many} ` : ''}${equation}`;
};
