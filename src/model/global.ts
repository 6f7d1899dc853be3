/**
 * The global thermal dissipators of the two qubits, Eqs. (A1)–(A17).
 *
 * σ_1^− takes |±, k⟩ to |00, k+1⟩ and |11, k⟩ to |∓, k⟩ at one and the same Bohr frequency, because
 * ε(11, k) + ε(00, k+1) = ε(+, k) + ε(−, k); likewise σ_2^− takes |±, k⟩ to |00, k⟩ and |11, k+1⟩ to
 * |∓, k⟩. So each eigenoperator A_i(ω_{±,k}), Eq. (A5), is the sum of two such terms. What the
 * interaction leaves uncoupled keeps ω = 2B_i: the edges of the window, or everything where λ = 0.
 * Frequencies are grouped by this structure, never by comparing numbers.
 */

import type { Jumps, ResolvedJumps, ResolvedPart } from '../operators/jumps.js';
import { adjoint, type Operator, operator, scale, sum } from '../operators/operator.js';
import { perWindow, type Window } from '../operators/window.js';
import { zeros } from '../zeros.js';
import { detuning } from './detuning.js';
import { CUTOFF_DEFAULT, type DeviceNumbers } from './deviceNumbers.js';
import { type PairBlocks, pairBlocks } from './eigenbasis.js';
import { bathCoupling } from './local.js';
import type { ThermalRates } from './masterEquations/masterEquation.js';
import { lowering, type Qubit } from './qubits.js';

/** x/(e^x − 1), which is 1 at 0. */
const bose = (x: number): number => (x === 0 ? 1 : x / Math.expm1(x));

/**
 * The rates J(ω)(n(ω) + 1) and J(ω)n(ω) of Eq. (A15) with the Ohmic density of Eqs. (A16), (A17) and n(ω) of Eq. (A12). Both are
 * positive for either sign of ω and go to g_i²/β as ω → 0.
 * @param coupling g_i
 * @param cutoff Ω
 */
export function thermalRates(
  omega: number,
  beta: number,
  coupling: number,
  cutoff: number,
): ThermalRates {
  const scaled = omega / cutoff;
  const strength = (coupling * coupling) / (1 + scaled * scaled) / beta;
  const x = beta * Math.abs(omega);
  // n(−ω) = −n(ω) − 1: the two rates trade places with the sign of ω.
  const lower = strength * bose(x);
  const higher = lower + strength * x;
  return omega >= 0
    ? { emission: higher, absorption: lower }
    : { emission: lower, absorption: higher };
}

/** ω_{±,k} of one qubit, one table for each sign, indexed by k − lmin. */
function bohrFrequencies(
  window: Window,
  field: number,
  above: Float64Array,
  below: Float64Array,
): Float64Array[] {
  const frequencies = [zeros(window.size), zeros(window.size)];
  for (let i = 0; i < window.size - 1; i++) {
    frequencies[0][i] = 2 * field + above[i];
    frequencies[1][i] = 2 * field - below[i];
  }
  return frequencies;
}

/**
 * Ω of the global model on a window: the largest |ω| there, the larger 2B_i, or the given one. ω − 2B_1 is ±√(h² + λ²) − h with h linear in k,
 * ω − 2B_2 the same with + h: monotonic, so that the largest |ω| is at one of the window's ends.
 */
export function globalCutoff({ lmin, lmax }: Window, parameters: DeviceNumbers): number {
  const { B1, B2, lambda, cutoff = CUTOFF_DEFAULT } = parameters;
  if (typeof cutoff === 'number') return cutoff;
  let largest = 2 * Math.max(B1, B2);
  if (cutoff === 'max-qubit' || lambda === 0) return largest;
  const detuned = detuning(parameters);
  for (const k of [lmin, lmax - 1]) {
    const half = detuned(k) / 2;
    const split = Math.hypot(half, lambda);
    for (const s of [split, -split]) {
      largest = Math.max(largest, Math.abs(2 * B1 + s - half), Math.abs(2 * B2 + s + half));
    }
  }
  return largest;
}

function productOf(a: Float64Array, b: Float64Array, c: Float64Array, sign: 1 | -1): Float64Array {
  const product = zeros(a.length);
  for (let i = 0; i < a.length; i++) product[i] = sign * a[i] * b[i] * c[i];
  return product;
}

/**
 * A_i(ω_{±,k}), times the root of a rate: the shape of Eq. (A5)'s operators for k = lmin … lmax − 1.
 * @param weights one table of roots for each sign
 */
function eigenoperators(
  qubit: Qubit,
  { cosine, sine }: PairBlocks,
  weights: readonly Float64Array[],
): ResolvedPart[] {
  // Of |+⟩ and |−⟩: the square of the amplitude that the qubit lowers, and its product with the other.
  const own = qubit === 1 ? [cosine, sine] : [sine, cosine];
  const direct = weights.map((weight, s) => productOf(weight, own[s], own[s], 1));
  const crossed = weights.map((weight, s) => productOf(weight, cosine, sine, s === 0 ? 1 : -1));
  const part = (
    to: number,
    from: number,
    departure: number,
    arrival: number,
    sign: 1 | -1,
    amplitudes: readonly Float64Array[],
  ): ResolvedPart => ({ to, from, departure, arrival, sign, amplitudes });
  const [p00, p01, p10, p11] = [0, 1, 2, 3];
  return qubit === 1
    ? [
        part(p00, p10, 1, 1, 1, direct),
        part(p00, p01, 0, 1, 1, crossed),
        part(p01, p11, 0, 0, 1, direct),
        part(p10, p11, 0, 1, -1, crossed),
      ]
    : [
        part(p00, p01, 0, 0, 1, direct),
        part(p00, p10, 1, 0, 1, crossed),
        part(p10, p11, 1, 1, 1, direct),
        part(p01, p11, 1, 0, -1, crossed),
      ];
}

const reversed = (parts: readonly ResolvedPart[]): ResolvedPart[] =>
  parts.map(({ to, from, departure, arrival, sign, amplitudes }) => ({
    to: from,
    from: to,
    departure: arrival,
    arrival: departure,
    sign,
    amplitudes,
  }));

/** The part of σ_i^− between states that the interaction leaves alone: |10, lmin⟩ and |01, lmax⟩ have no partner. */
const edgeLowering = (qubit: Qubit): ((window: Window) => Operator) =>
  perWindow((window) => {
    const only = (level: number) => ({ shift: 0, f: (l: number) => (l === level ? 1 : 0) });
    const between = (to: number, from: number, level: number) =>
      operator(
        window,
        lowering(qubit).filter((entry) => entry.to === to && entry.from === from),
        only(level),
      );
    const { lmin, lmax } = window;
    return qubit === 1
      ? sum(window, between(0, 2, lmin), between(1, 3, lmax))
      : sum(window, between(0, 1, lmax), between(2, 3, lmin));
  });
const edgeLowerings = { 1: edgeLowering(1), 2: edgeLowering(2) };

/** The part of σ_i^− that keeps ω = 2B_i. */
const uncoupledLowering = (window: Window, qubit: Qubit, lambda: number): Operator =>
  lambda === 0 ? operator(window, lowering(qubit), { shift: 0 }) : edgeLowerings[qubit](window);

/** J(ω)(n(ω) + 1) and J(ω)n(ω), indexed by k − lmin. */
interface RateTables {
  readonly emission: Float64Array;
  readonly absorption: Float64Array;
}

/** The rates of every frequency of a table but the last, which is that of no block. */
function rateTables(
  frequencies: Float64Array,
  beta: number,
  coupling: number,
  cutoff: number,
): RateTables {
  const emission = zeros(frequencies.length);
  const absorption = zeros(frequencies.length);
  for (let i = 0; i < frequencies.length - 1; i++) {
    const rates = thermalRates(frequencies[i], beta, coupling, cutoff);
    emission[i] = rates.emission;
    absorption[i] = rates.absorption;
  }
  return { emission, absorption };
}

function rooted(table: Float64Array): Float64Array {
  const roots = zeros(table.length);
  for (let i = 0; i < table.length; i++) roots[i] = Math.sqrt(table[i]);
  return roots;
}

/** The jump operators of Eq. (A15) for both qubits. */
export function globalJumps(
  window: Window,
  parameters: DeviceNumbers,
): Record<'bath1' | 'bath2', Jumps> {
  const { beta1, beta2, B1, B2, g, chi, lambda } = parameters;
  const blocks = pairBlocks(window, parameters);
  const { over10, over01 } = blocks;
  const frequencies = {
    1: bohrFrequencies(window, B1, over10, over01),
    2: bohrFrequencies(window, B2, over01, over10),
  };
  const cutoff = globalCutoff(window, parameters);

  const bath = (qubit: Qubit, beta: number, field: number): Jumps => {
    const coupling = bathCoupling(qubit, g, chi);
    const alone = thermalRates(2 * field, beta, coupling, cutoff);
    const lower = uncoupledLowering(window, qubit, lambda);
    const operators = [
      scale(lower, Math.sqrt(alone.emission)),
      scale(adjoint(lower), Math.sqrt(alone.absorption)),
    ];
    if (lambda === 0) return { operators, resolved: [] };
    const of = frequencies[qubit].map((table) => rateTables(table, beta, coupling, cutoff));
    const roots = (which: keyof ThermalRates) => of.map((tables) => rooted(tables[which]));
    const down = roots('emission');
    const up = roots('absorption');
    const resolved: ResolvedJumps[] = [
      { parts: eigenoperators(qubit, blocks, down) },
      { parts: reversed(eigenoperators(qubit, blocks, up)) },
    ];
    return { operators, resolved };
  };
  return { bath1: bath(1, beta1, B1), bath2: bath(2, beta2, B2) };
}
