/**
 * One collision of the system with two fresh thermal oscillators, Eqs. (5)–(9).
 *
 * The joint Hamiltonian conserves n1 + m1 − l and n2 + m2 + l, m_i the quanta of oscillator i, so that it
 * falls into blocks in which a qubit state and a rotor level fix m1 and m2: at most four states a level.
 */
import { z } from 'zod';
import { QUBIT_STATES } from '../operators/operator.js';
import type { Coupled, SparseSymmetric } from '../operators/sparseSymmetric.js';
import { zeros } from '../zeros.js';
import type { Device } from './device.js';
import { bathCoupling } from './local.js';
import { type DeviceParameters, ParameterError } from './parameters.js';
import { isUp, lowering, type Qubit } from './qubits.js';

/** Quanta of an oscillator beyond which its states could not all be looked at. */
const MOST_QUANTA = 100_000;

/** What a run of collisions has beside the device. */
export const collisionSchema = z.strictObject({
  tau: z
    .number()
    .positive()
    .default(0.05)
    .meta({ description: 'duration of a collision', unit: '1/energy', allowed: 'a number > 0' }),
  nmax: z
    .union([z.literal('auto'), z.int().min(1).max(MOST_QUANTA)])
    .default('auto')
    .meta({
      description: 'most quanta kept of each oscillator; auto follows the thermal weights',
      unit: '',
      allowed: `auto or an integer from 1 to ${MOST_QUANTA}`,
    }),
  weightTolerance: z.number().gt(0).lt(1).default(1e-12).meta({
    description: 'thermal weight that nmax = auto may cut off from each oscillator',
    unit: '',
    allowed: 'a number with 0 < weightTolerance < 1',
  }),
});

export type CollisionOptions = z.output<typeof collisionSchema>;

/** An oscillator of Eq. (5) with its Fock space cut. */
export interface Oscillator {
  /** 2B_i */
  readonly frequency: number;
  /** g_i */
  readonly coupling: number;
  /** The most quanta kept. */
  readonly quanta: number;
  /** Eq. (8) for 0 … quanta quanta, renormalised. */
  readonly weights: Float64Array;
  /** The thermal weight beyond `quanta`, before the renormalisation. */
  readonly cut: number;
}

function oscillator(
  qubit: Qubit,
  { beta1, beta2, B1, B2, g, chi }: DeviceParameters,
  { nmax, weightTolerance }: CollisionOptions,
): Oscillator {
  const frequency = 2 * (qubit === 1 ? B1 : B2);
  const x = (qubit === 1 ? beta1 : beta2) * frequency;
  // e^{−x(quanta + 1)} is beyond the cut.
  const quanta =
    nmax === 'auto' ? Math.max(1, Math.ceil(-Math.log(weightTolerance) / x) - 1) : nmax;
  if (!(quanta <= MOST_QUANTA)) {
    const hottest = -Math.log(weightTolerance) / (MOST_QUANTA * frequency);
    throw new ParameterError(
      `beta${qubit}`,
      qubit === 1 ? beta1 : beta2,
      `at least ${hottest.toPrecision(3)} with nmax = auto: its oscillator has more than ${MOST_QUANTA} quanta of weight`,
    );
  }
  const weights = zeros(quanta + 1);
  const cut = Math.exp(-x * (quanta + 1));
  // (1 − e^{−x})/(1 − e^{−x(quanta + 1)})
  const norm = Math.expm1(-x) / Math.expm1(-x * (quanta + 1));
  for (let m = 0; m <= quanta; m++) weights[m] = norm * Math.exp(-x * m);
  return { frequency, coupling: bathCoupling(qubit, g, chi), quanta, weights, cut };
}

/** Both oscillators of a collision. */
export type Oscillators = readonly [Oscillator, Oscillator];

export const oscillators = (
  parameters: DeviceParameters,
  options: CollisionOptions,
): Oscillators => [oscillator(1, parameters, options), oscillator(2, parameters, options)];

/** The states of one pair of conserved charges, and the Hamiltonian among them. States rise with l. */
export interface JointBlock {
  readonly size: number;
  /** Per state: qubit state, l − lmin, m1, m2, and the thermal weight of (m1, m2). */
  readonly qubits: Int32Array;
  readonly levels: Int32Array;
  readonly quanta: readonly [Int32Array, Int32Array];
  readonly weights: Float64Array;
  /** The state of the given qubit state and l − lmin, or −1. */
  readonly find: (qubits: number, level: number) => number;
  /** H_S + H_B */
  readonly free: SparseSymmetric;
  /** H = H_S + H_B + H_I/√τ, Eq. (7) */
  readonly total: SparseSymmetric;
}

/** The charges n1 + m1 − l and n2 + m2 + l. */
export type JointCharges = readonly [number, number];

const excitation = (qubit: Qubit, qubits: number): number => (isUp(qubit, qubits) ? 1 : 0);

/** The least and the largest value of each charge on a window. */
export function chargeRange(
  { system: { window } }: Device,
  baths: Oscillators,
): readonly [JointCharges, JointCharges] {
  return [
    [-window.lmax, baths[0].quanta + 1 - window.lmin],
    [window.lmin, baths[1].quanta + 1 + window.lmax],
  ];
}

/** The block of the given charges, or null where it has no state. */
export function jointBlock(
  { system }: Device,
  baths: Oscillators,
  tau: number,
  [charge1, charge2]: JointCharges,
): JointBlock | null {
  const { window, hamiltonian } = system;
  // Levels that leave 0 … quanta + 1 for each n_i + m_i.
  const low = Math.max(window.lmin, -charge1, charge2 - baths[1].quanta - 1);
  const high = Math.min(window.lmax, baths[0].quanta + 1 - charge1, charge2);
  const states: { q: number; l: number; m1: number; m2: number }[] = [];
  const places = new Int32Array(QUBIT_STATES * Math.max(0, high - low + 1)).fill(-1);
  for (let l = low; l <= high; l++) {
    for (let q = 0; q < QUBIT_STATES; q++) {
      const m1 = charge1 + l - excitation(1, q);
      const m2 = charge2 - l - excitation(2, q);
      if (m1 < 0 || m1 > baths[0].quanta || m2 < 0 || m2 > baths[1].quanta) continue;
      places[QUBIT_STATES * (l - low) + q] = states.length;
      states.push({ q, l, m1, m2 });
    }
  }
  const size = states.length;
  if (size === 0) return null;
  const offset = low - window.lmin;
  const find = (q: number, level: number): number =>
    level < offset || level > high - window.lmin ? -1 : places[QUBIT_STATES * (level - offset) + q];

  const diagonal = zeros(size);
  const inSystem: Coupled[] = [];
  const withBaths: Coupled[] = [];
  states.forEach(({ q, l, m1, m2 }, i) => {
    diagonal[i] = m1 * baths[0].frequency + m2 * baths[1].frequency;
    for (const { to, from, shift, coefficient, table } of hamiltonian.transitions) {
      if (from !== q) continue;
      const level = l - window.lmin;
      const j = find(to, level + shift);
      if (j < 0) continue;
      const value = coefficient.re * (table === null ? 1 : table.re[level]);
      if (j === i) diagonal[i] += value;
      else if (j > i && value !== 0) inSystem.push({ i, j, value });
    }
    for (const qubit of [1, 2] as const) {
      const { coupling } = baths[qubit - 1];
      const lowered = lowering(qubit).find(({ from }) => from === q);
      const j = lowered === undefined ? -1 : find(lowered.to, l - window.lmin);
      // σ_i⁻a_i†: one more quantum.
      const root = Math.sqrt((qubit === 1 ? m1 : m2) + 1);
      if (j >= 0) withBaths.push({ i, j, value: (coupling * root) / Math.sqrt(tau) });
    }
  });
  return {
    size,
    qubits: Int32Array.from(states, ({ q }) => q),
    levels: Int32Array.from(states, ({ l }) => l - window.lmin),
    quanta: [Int32Array.from(states, ({ m1 }) => m1), Int32Array.from(states, ({ m2 }) => m2)],
    weights: Float64Array.from(states, ({ m1, m2 }) => baths[0].weights[m1] * baths[1].weights[m2]),
    find,
    free: { diagonal, couplings: inSystem },
    total: { diagonal, couplings: [...inSystem, ...withBaths] },
  };
}
