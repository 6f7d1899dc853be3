/**
 * Times between one chosen jump and the next, in the steady state: with J the chosen jumps, 𝓛₀ = 𝓛 − J and K = ⟨1|J|ρ⟩,
 *   w(τ) = ⟨1|J e^{𝓛₀τ} J|ρ⟩/K,   ⟨τⁿ⟩ = n! ⟨1|(−𝓛₀)^{−n} J|ρ⟩/K,
 * of which the mean is 1/K.
 */
import { type BoundSector, RELATIVE } from '../lindblad/sectorProgram.js';
import { SectorEvolution } from '../solve/sectorEvolution.js';
import type { JumpElements } from './jumpElements.js';
import { realResolvent, type Tilt, tiltedMatrix } from './tiltedMatrix.js';

/** Errors of steps in time, relative to the largest element; the coarse ones tell how good the fine ones are. */
export const FINE = 1e-13;
export const COARSE = 1e-11;

/** Jumps that a machine has not. Its message says which there are. */
export class UnknownJumpsError extends Error {
  override readonly name = 'UnknownJumpsError';
}

/** The jumps of a bath: all of them, or those that bring quanta in, or take them out, where these are counted. */
export interface ChosenJumps {
  readonly name: string;
  readonly elements: JumpElements;
  readonly direction: 'in' | 'out' | null;
}

export interface WaitingTimes {
  /** Which are chosen. */
  readonly jumps: readonly string[];
  /** Chosen jumps by time; where it is 0 there are no times between them. */
  readonly rate: number;
  readonly mean: number | null;
  readonly variance: number | null;
  /** How far the mean is from 1 by the rate, which it is exactly: what rounding has left of both. */
  readonly error: number | null;
  /** The probability of a waiting time, by time. */
  readonly distribution: readonly {
    readonly tau: number;
    readonly density: number;
    readonly error: number;
  }[];
}

/** The shift beside 0 by the rate of the jumps: unknowns that there are not have no pivot at 0. */
export const BESIDE = 2 ** -60;

/** The place of a bath's quanta among what it counts. */
const QUANTA = 0;

const tiltOf = ({ elements, direction }: ChosenJumps): Tilt => {
  const sign = direction === 'in' ? 1 : -1;
  const weight = direction === null ? null : elements.weight(QUANTA);
  const factor = elements.value.map((_, e) => (weight === null || sign * weight[e] > 0 ? -1 : 0));
  return { elements, factor };
};

/** What times between jumps are read off: the state after one of them, of trace 1, under 𝓛₀. */
export interface BetweenJumps {
  /** Chosen jumps by time. */
  readonly rate: number;
  /** Tr (−𝓛₀)^{−1} and Tr (−𝓛₀)^{−2} of it. */
  readonly moments: () => readonly [first: number, second: number];
  /** The density at each time, by steps so good relative to the largest element. */
  readonly evolved: (rtol: number) => readonly number[];
  /** The magnitudes of the terms of a density. */
  readonly size: number;
}

/** What is known of the times between jumps. @param times rising */
export function waitingFrom(
  jumps: readonly string[],
  { rate, moments, evolved, size }: BetweenJumps,
  times: readonly number[],
): WaitingTimes {
  if (!(rate > 0)) {
    return { jumps, rate: 0, mean: null, variance: null, error: null, distribution: [] };
  }
  const [mean, second] = moments();
  const [fine, coarse] = times.length === 0 ? [[], []] : [evolved(FINE), evolved(COARSE)];
  return {
    jumps,
    rate,
    mean,
    variance: 2 * second - mean * mean,
    // The mean is known to be 1 by the rate.
    error: Math.abs(mean * rate - 1) + RELATIVE,
    distribution: times.map((tau, k) => ({
      tau,
      density: fine[k],
      error: Math.abs(fine[k] - coarse[k]) + RELATIVE * size,
    })),
  };
}

/** @param sector filled with the numbers of the device whose steady state is rho */
export function waitingTimes(
  sector: BoundSector,
  rho: Float64Array,
  chosen: readonly ChosenJumps[],
  times: readonly number[],
): WaitingTimes {
  const { length } = rho;
  const tilts = chosen.map((one) => tiltOf(one));
  const row = new Float64Array(length);
  const after = new Float64Array(length);
  for (const { elements, factor } of tilts) {
    const { from, to, value, arrives } = elements;
    for (let e = 0; e < value.length; e++) {
      const strength = -factor[e] * value[e];
      after[to[e]] += strength * rho[from[e]];
      if (arrives[e] === 1) row[from[e]] += strength;
    }
  }
  const isPopulation = (i: number) => i % sector.siteWidth >= sector.sitePaired;
  const trace = (x: Float64Array) =>
    x.reduce((sum, value, i) => (isPopulation(i) ? sum + value : sum), 0);
  const rate = trace(after);
  const first = after.map((value) => value / rate);
  const matrix = tiltedMatrix(sector, tilts);
  const moments = () => {
    const resolvent = realResolvent(matrix, BESIDE * rate);
    const once = resolvent.apply(first);
    return [trace(once), trace(resolvent.apply(once))] as const;
  };
  const evolved = (rtol: number) => {
    const largest = first.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const y = new Float64Array(2 * length);
    for (let i = 0; i < length; i++) y[2 * i] = first[i];
    // Real numbers are their own conjugates.
    const partners = Int32Array.from({ length }, (_, i) => i);
    const counts = { accepted: 0, rejected: 0 };
    const evolution = new SectorEvolution(matrix, y, partners, rtol * largest, counts);
    return times.map((t) => {
      evolution.advanceTo(t);
      let density = 0;
      for (let i = 0; i < length; i++) density += row[i] * y[2 * i];
      return density;
    });
  };
  const size = row.reduce((sum, value, i) => sum + Math.abs(value * first[i]), rate);
  const jumps = chosen.map(({ name }) => name);
  return waitingFrom(jumps, { rate, moments, evolved, size }, times);
}
