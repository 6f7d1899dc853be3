/**
 * The zero-charge sector of the global model between eigenstates of H_S.
 *
 * There the eigenoperators of Eq. (A5) move populations at rates that are all positive, and give the
 * coherence between |+, k⟩ and |−, k⟩ nothing but decay; between bare states the same rates are differences,
 * which cancel where the rates of two eigenoperators are far apart. Only the load, which knows no eigenstates,
 * couples populations and coherences.
 *
 * Of |+, k⟩ and |−, k⟩ one is |10, k+1⟩ for the larger part and the other |01, k⟩: here they are called
 *   |D, k+1⟩ = cos α |10, k+1⟩ + sin α |01, k⟩,   |E, k⟩ = −sin α |10, k+1⟩ + cos α |01, k⟩,   |α| ≤ π/4.
 * |10, lmin⟩ and |01, lmax⟩, which have no partner, are |D, lmin⟩ and |E, lmax⟩.
 */
import { zeros } from '../zeros.js';
import type { PairBlocks } from './eigenbasis.js';
import type { ThermalRates } from './global.js';
import { loadFactor } from './load.js';
import type { DeviceParameters } from './parameters.js';
import type { Window } from './window.js';

/** J(ω)(n(ω) + 1) and J(ω)n(ω), indexed by k − lmin. */
export interface RateTables {
  readonly emission: Float64Array;
  readonly absorption: Float64Array;
}

/** The rates of one bath. */
export interface BathRates {
  /** Of ω = 2B_i. */
  readonly alone: ThermalRates;
  /** Of ω_{+,k} and of ω_{−,k}. */
  readonly of: readonly RateTables[];
}

/** Rates of one bath between eigenstates, each indexed by k − lmin. */
export interface EigenstateTransitions {
  /** cos²α times the rates of the transitions that the bare states have too, down and up in energy. */
  readonly directDown: Float64Array;
  readonly directUp: Float64Array;
  /** sin²α times the rates of those that change l. */
  readonly crossedDown: Float64Array;
  readonly crossedUp: Float64Array;
  /** Between states without partners. */
  readonly alone: ThermalRates;
}

export interface EigenstateRates {
  readonly window: Window;
  /** Of α, indexed by k − lmin, as are the next three; their last entry, of no pair, is 0. */
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
  /** ε(D, k+1) − ε(E, k). */
  readonly splitting: Float64Array;
  /** ε(D, k+1) − ε(10, k+1) and ε(E, k) − ε(10, k+1). */
  readonly directShift: Float64Array;
  readonly crossedShift: Float64Array;
  /** sin of α of one pair less α of the next. */
  readonly turn: Float64Array;
  readonly bath1: EigenstateTransitions;
  readonly bath2: EigenstateTransitions;
  /**
   * Amplitudes of the load's two jumps from each level, times their root of a rate; 0 where they lead out of
   * the window. Without that they would fall by `loadTilt` from one level to the next, or rise by it.
   */
  readonly loadUp: Float64Array;
  readonly loadDown: Float64Array;
  readonly loadTilt: number;
  /** Difference between the rates at which the load leaves the levels k and k + 1, indexed by k − lmin. */
  readonly loadStep: Float64Array;
}

function transitions(
  { half }: PairBlocks,
  cosine: Float64Array,
  sine: Float64Array,
  { alone, of: [plus, minus] }: BathRates,
  qubit: 1 | 2,
): EigenstateTransitions {
  const { length } = half;
  const directDown = zeros(length);
  const directUp = zeros(length);
  const crossedDown = zeros(length);
  const crossedUp = zeros(length);
  for (let i = 0; i < length - 1; i++) {
    // |D⟩ is |+⟩ where |10, k+1⟩ is the upper one. Qubit 1 leaves |D⟩ by its direct transition, qubit 2 |E⟩.
    const upper = half[i] < 0 !== (qubit === 1);
    const direct = upper ? plus : minus;
    const crossed = upper ? minus : plus;
    const c = cosine[i] * cosine[i];
    const s = sine[i] * sine[i];
    directDown[i] = c * direct.emission[i];
    directUp[i] = c * direct.absorption[i];
    crossedDown[i] = s * crossed.emission[i];
    crossedUp[i] = s * crossed.absorption[i];
  }
  return { directDown, directUp, crossedDown, crossedUp, alone };
}

export function eigenstateRates(
  window: Window,
  { betaR, gamma, I, lambda }: DeviceParameters,
  blocks: PairBlocks,
  bath1: BathRates,
  bath2: BathRates,
): EigenstateRates {
  const { lmin, size } = window;
  const { half, over10, over01 } = blocks;
  const cosine = zeros(size);
  const sine = zeros(size);
  const splitting = zeros(size);
  const directShift = zeros(size);
  const crossedShift = zeros(size);
  const turn = zeros(size);
  const loadUp = zeros(size);
  const loadDown = zeros(size);
  const loadStep = zeros(size);
  const amplitude = Math.sqrt((I * gamma) / betaR);
  const tilt = betaR / (4 * I);
  const factor = loadFactor({ betaR, I });
  for (let i = 0; i < size; i++) {
    loadUp[i] = i < size - 1 ? amplitude * factor(lmin + i) : 0;
    loadDown[i] = i > 0 ? amplitude * factor(-lmin - i) : 0;
  }
  for (let i = 0; i < size - 1; i++) {
    const turned = half[i] < 0;
    const sign = turned === lambda < 0 ? 1 : -1;
    cosine[i] = turned ? Math.abs(blocks.sine[i]) : blocks.cosine[i];
    sine[i] = sign * (turned ? blocks.cosine[i] : Math.abs(blocks.sine[i]));
    splitting[i] = (turned ? -1 : 1) * (over10[i] + over01[i]);
    directShift[i] = turned ? -over01[i] : over10[i];
    crossedShift[i] = turned ? over10[i] : -over01[i];
    // The square of amplitude (1 ± tilt l), both signs, and what is missing of it at the edges.
    let step = -2 * amplitude * amplitude * tilt * tilt * (2 * (lmin + i) + 1);
    if (i === 0) step -= (amplitude * factor(-lmin)) ** 2;
    if (i === size - 2) step += (amplitude * factor(lmin + i + 1)) ** 2;
    loadStep[i] = step;
  }
  for (let i = 0; i < size - 2; i++) {
    const c = cosine[i];
    const s = sine[i];
    const c2 = cosine[i + 1];
    const s2 = sine[i + 1];
    // Angles of one sign differ by little: then by the sine of twice that, free of cancellation.
    turn[i] =
      half[i] < 0 === half[i + 1] < 0
        ? lambda / (I * splitting[i] * splitting[i + 1] * (c * c2 + s * s2))
        : s * c2 - c * s2;
  }
  return {
    window,
    cosine,
    sine,
    splitting,
    directShift,
    crossedShift,
    turn,
    bath1: transitions(blocks, cosine, sine, bath1, 1),
    bath2: transitions(blocks, cosine, sine, bath2, 2),
    loadUp,
    loadDown,
    loadTilt: amplitude * tilt,
    loadStep,
  };
}
