/**
 * The numbers that describe a device, one record each: what command lines, files, help, the page's sliders and
 * formulas, figures and batches say of a parameter is said here and nowhere else.
 */
import { z } from 'zod';

/** How far a slider reaches; a number typed beside it may be anything that the schema allows. */
export interface SliderRange {
  readonly from: number;
  readonly to: number;
  readonly spacing: 'linear' | 'logarithmic';
}

export interface ParameterRecord<S extends z.ZodType = z.ZodType> {
  /** What is allowed, and the default. */
  readonly schema: S;
  /** What the number is, for help texts. */
  readonly description: string;
  readonly unit: string;
  /** The values accepted, for error messages. */
  readonly allowed: string;
  /** In plain text, for figures and tables. */
  readonly symbol: string;
  readonly slider: SliderRange;
  readonly tex: string;
  /** A short name. */
  readonly name: string;
  /** Its equation in the paper; empty where it has none. */
  readonly equation: string;
  readonly formula: string;
  readonly text: string;
}

/** Energies are in units of ħ times an arbitrary frequency; ħ = k_B = 1. */
const energy = 'energy';
const inverseEnergy = '1/energy';

const linear = (from: number, to: number): SliderRange => ({ from, to, spacing: 'linear' });
const logarithmic = (from: number, to: number): SliderRange => ({
  from,
  to,
  spacing: 'logarithmic',
});
const positive = () => z.number().positive();

/** The defaults are those of Fig. 2, with the hot bath at 0.3 β1. */
export const parameterRecords = {
  beta1: {
    schema: positive().default(0.1),
    description: 'inverse temperature of bath 1',
    unit: inverseEnergy,
    allowed: 'a number > 0',
    symbol: 'β₁',
    slider: logarithmic(1e-3, 10),
    tex: '\\beta_1',
    name: 'inverse temperature of bath 1',
    equation: '(8)',
    formula: '\\rho_{B,1} \\propto e^{-\\beta_1 H_{B,1}}',
    text: 'The bath of qubit 1, the cold one while β₁ > β₂.',
  },
  beta2: {
    schema: positive().default(0.03),
    description: 'inverse temperature of bath 2',
    unit: inverseEnergy,
    allowed: 'a number > 0',
    symbol: 'β₂',
    slider: logarithmic(1e-3, 10),
    tex: '\\beta_2',
    name: 'inverse temperature of bath 2',
    equation: '(8)',
    formula: '\\rho_{B,2} \\propto e^{-\\beta_2 H_{B,2}}',
    text: 'The bath of qubit 2, the hot one while β₂ < β₁.',
  },
  betaR: {
    schema: positive().default(0.09),
    description: 'inverse temperature of the load',
    unit: inverseEnergy,
    allowed: 'a number > 0',
    symbol: 'βᵣ',
    slider: logarithmic(1e-3, 10),
    tex: '\\beta_r',
    name: 'inverse temperature of the load',
    equation: '(17)',
    formula: '\\rho_r \\to \\propto e^{-\\beta_r L_z^2/2I}',
    text: 'On its own the load brings the rotor to equilibrium at this temperature.',
  },
  B1: {
    schema: positive().default(4),
    description: 'field on qubit 1 (half its splitting)',
    unit: energy,
    allowed: 'a number > 0',
    symbol: 'B₁',
    slider: linear(0.1, 20),
    tex: 'B_1',
    name: 'field on qubit 1',
    equation: '(2)',
    formula: 'B_1\\sigma_1^z',
    text: 'Half the splitting of qubit 1, whose levels are 2B₁ apart.',
  },
  B2: {
    schema: positive().default(10),
    description: 'field on qubit 2 (half its splitting)',
    unit: energy,
    allowed: 'a number > 0',
    symbol: 'B₂',
    slider: linear(0.1, 20),
    tex: 'B_2',
    name: 'field on qubit 2',
    equation: '(2)',
    formula: 'B_2\\sigma_2^z',
    text: 'Half the splitting of qubit 2, whose levels are 2B₂ apart.',
  },
  g: {
    schema: positive().default(1),
    description: 'coupling to the baths',
    unit: '√energy',
    allowed: 'a number > 0',
    symbol: 'g',
    slider: logarithmic(0.01, 10),
    tex: 'g',
    name: 'coupling to the baths',
    equation: '(15)',
    formula: 'g_1 = g(1-\\chi),\\quad g_2 = g(1+\\chi)',
    text: 'How strongly the qubits are coupled to their baths. Rates go with its square.',
  },
  chi: {
    schema: z.number().gt(-1).lt(1).default(0),
    description: 'asymmetry of the couplings, g1 = g(1−χ), g2 = g(1+χ)',
    unit: '',
    allowed: 'a number with −1 < chi < 1',
    symbol: 'χ',
    slider: linear(-0.99, 0.99),
    tex: '\\chi',
    name: 'asymmetry of the couplings',
    equation: '(15)',
    formula: 'g_1 = g(1-\\chi),\\quad g_2 = g(1+\\chi)',
    text: 'Positive χ couples qubit 2 to its bath more strongly than qubit 1.',
  },
  lambda: {
    schema: z.number().default(0.1),
    description: 'coupling of qubits and rotor',
    unit: energy,
    allowed: 'a finite number',
    symbol: 'λ',
    slider: linear(0, 1),
    tex: '\\lambda',
    name: 'coupling of qubits and rotor',
    equation: '(3)',
    formula: '\\lambda(\\sigma_1^+\\sigma_2^-e^{i\\varphi} + \\sigma_1^-\\sigma_2^+e^{-i\\varphi})',
    text: 'An excitation that goes from qubit 2 to qubit 1 raises the angular momentum by one.',
  },
  gamma: {
    schema: z.number().nonnegative().default(5e-5),
    description: 'dissipation rate of the load',
    unit: energy,
    allowed: 'a number ≥ 0',
    symbol: 'γ',
    slider: logarithmic(1e-7, 1e-1),
    tex: '\\gamma',
    name: 'dissipation rate of the load',
    equation: '(17)',
    formula: '\\dot L_z \\approx -\\gamma L_z',
    text: 'The friction that the load exerts on the rotor. Without it the rotor runs away.',
  },
  I: {
    schema: positive().default(1),
    description: 'moment of inertia of the rotor',
    unit: inverseEnergy,
    allowed: 'a number > 0',
    symbol: 'I',
    slider: logarithmic(0.1, 100),
    tex: 'I',
    name: 'moment of inertia',
    equation: '(2)',
    formula: 'L_z^2/2I',
    text: "Of the rotor. The captions of the paper's Figs. 2 to 5 do not give it; 1 reproduces them.",
  },
  V: {
    schema: z.number().default(0),
    description: 'potential V cos φ of the rotor',
    unit: energy,
    allowed: 'a finite number',
    symbol: 'V',
    slider: linear(-5, 5),
    tex: 'V',
    name: 'potential of the rotor',
    equation: '',
    formula: 'V\\cos\\varphi',
    text: 'A load with an angular profile, as of a pendulum. Not part of the paper.',
  },
  V2: {
    schema: z.number().default(0),
    description: 'potential V2 cos 2φ of the rotor',
    unit: energy,
    allowed: 'a finite number',
    symbol: 'V₂',
    slider: linear(-5, 5),
    tex: 'V_2',
    name: 'second harmonic of the potential',
    equation: '',
    formula: 'V_2\\cos 2\\varphi',
    text: 'A load with two equal wells in a turn. Not part of the paper.',
  },
  kappa1: {
    schema: z.number().nonnegative().default(0),
    description: 'pure dephasing of qubit 1, the rate of D[σz]',
    unit: energy,
    allowed: 'a number ≥ 0',
    symbol: 'κ₁',
    slider: linear(0, 1),
    tex: '\\kappa_1',
    name: 'pure dephasing of qubit 1',
    equation: '',
    formula: '\\kappa_1\\mathcal D[\\sigma_1^z]',
    text: 'Noise of the splitting, which takes coherence but no energy of the qubit. Not part of the paper.',
  },
  kappa2: {
    schema: z.number().nonnegative().default(0),
    description: 'pure dephasing of qubit 2, the rate of D[σz]',
    unit: energy,
    allowed: 'a number ≥ 0',
    symbol: 'κ₂',
    slider: linear(0, 1),
    tex: '\\kappa_2',
    name: 'pure dephasing of qubit 2',
    equation: '',
    formula: '\\kappa_2\\mathcal D[\\sigma_2^z]',
    text: 'Noise of the splitting, which takes coherence but no energy of the qubit. Not part of the paper.',
  },
} satisfies Record<string, ParameterRecord>;

export type ParameterName = keyof typeof parameterRecords;
export const PARAMETER_NAMES = Object.keys(parameterRecords) as readonly ParameterName[];
