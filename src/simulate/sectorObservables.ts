/** From the sums that shaders/sector_observe.wgsl leaves of each point to its observables and their errors. */
import type { SectorSolutions } from '../backend/batches.js';
import type { Estimate } from '../lindblad/estimate.js';
import { loadFactor } from '../model/load.js';
import { masterEquationOf } from '../model/masterEquations/registry.js';
import { type FlowEstimates, valuesOf } from '../thermo/flowEstimates.js';
import type { HeatFlows } from '../thermo/heat.js';
import { type WorkFlows, workOf } from '../thermo/work.js';
import { type DeviceRounding, deviceRounding } from './deviceRounding.js';
import { kernelOf, type SectorPoint } from './sectorPoints.js';
import { SUM_NUMBERS, TOTALS } from './sectorSums.js';

/** The numbers of a steady state that need no more than sums over its levels. */
export interface SectorObservables {
  readonly heat: HeatFlows;
  readonly work: WorkFlows;
  /** What the device's arithmetic may have lost of populations. */
  readonly lost: DeviceRounding;
  /** Heat, work and power with the errors that follow from that. */
  readonly flows: FlowEstimates;
  readonly Lz: number;
  readonly LzError: number;
  readonly Lz2: number;
  /** [p00, p01, p10, p11] */
  readonly qubitPopulations: readonly number[];
  /** Ẇ_int, Eq. (32). */
  readonly intrinsicPower: number;
  readonly edgeLow: number;
  readonly edgeHigh: number;
  /** ‖𝓛ρ‖ (Frobenius norm), in the arithmetic of the device. */
  readonly residual: number;
}

const NOTHING: Estimate = { value: 0, error: 0 };

/** Σ factor·estimate. */
const combined = (...terms: readonly (readonly [number, Estimate])[]): Estimate => ({
  value: terms.reduce((sum, [factor, { value }]) => sum + factor * value, 0),
  error: terms.reduce((sum, [factor, { error }]) => sum + Math.abs(factor) * error, 0),
});

/**
 * Observables of one point of a batch.
 *
 * A qubit's heat is 2B_i times the current that its bath lets in plus, in the global model, the sum over
 * Bohr frequencies of ω − 2B_i times what it takes up there. n_2 + l is conserved by all but bath 2 and the
 * load, and n_1 + n_2 by all but the two baths; so both currents are the angular momentum that the load takes
 * from the rotor, or minus it.
 *
 * @param p its place
 */
export function sectorObservables(
  point: SectorPoint,
  { sums, levels, precision }: SectorSolutions,
  p: number,
): SectorObservables {
  const { parameters } = point;
  const { betaR, B1, B2, lambda, gamma, I } = parameters;
  const kernel = kernelOf(parameters);
  const isLocal = kernel === 'local';
  const row = p * SUM_NUMBERS[kernel];
  const sum = (place: number) => sums[row + place];
  const total = sum(1) + sum(2) + sum(3) + sum(4);
  const mean = (place: number) => sum(place) / total;
  const ends = 1 + TOTALS[kernel];
  const lost = deviceRounding(point, levels, precision);
  const { relative, absolute } = lost;
  // What each link may have lost of its coherence at the end of float32's range, and the largest weights of these.
  const faint = absolute * levels;
  const odd = 2 * Math.max(-point.lmin, point.lmin + levels) + 1;
  const gap = 2 * Math.abs(B1 - B2) + odd / (2 * I);
  /** @param weight of a coherence in the sum */
  const estimate = (place: number, gross: number, weight: number): Estimate => ({
    value: mean(place),
    error: relative * mean(gross) + faint * weight,
  });
  const gross = (n: number) => ends + 3 + n;

  const flux = 2 * Math.abs(lambda);
  const current = estimate(7, 9, flux);
  const Qr = combined([1 / (2 * I), estimate(8, gross(1), flux * odd)]);
  const Wr = combined([(2 * lambda * I * gamma) / betaR, estimate(10, gross(2), 2)]);
  const flows: FlowEstimates = {
    heat: {
      Q1: combined([2 * B1, current], [1, isLocal ? NOTHING : estimate(13, gross(5), 0)]),
      Q2: combined([-2 * B2, current], [1, isLocal ? NOTHING : estimate(14, gross(6), 0)]),
      Qr,
    },
    work: {
      interaction: combined([1, estimate(11, gross(3), flux * gap)], [-1, Wr]),
      Wr,
      V: NOTHING,
    },
    // In the local model the load alone moves the rotor.
    intrinsic: combined(isLocal ? [-1, Qr] : [-lambda / I, estimate(12, gross(4), odd)]),
  };
  const { interaction } = flows.work;
  // The load takes γ⟨L_z⟩ of angular momentum, but for what it would move beyond the window's edges.
  const load = (I * gamma) / betaR;
  const amplitude = loadFactor(parameters);
  const over = load * amplitude(point.lmin + levels - 1) ** 2 * mean(ends + 1);
  const under = load * amplitude(-point.lmin) ** 2 * mean(ends);
  const byLoad: Estimate = {
    value: (under - over - current.value) / gamma,
    error: (current.error + relative * (over + under)) / gamma,
  };
  const bySum = estimate(5, gross(0), odd);
  const Lz = byLoad.error < bySum.error ? byLoad : bySum;
  return {
    lost,
    flows,
    heat: valuesOf(flows.heat),
    work: workOf(masterEquationOf(parameters), interaction.value, Wr.value, 0),
    Lz: Lz.value,
    LzError: Lz.error,
    Lz2: mean(6),
    qubitPopulations: [mean(4), mean(3), mean(2), mean(1)],
    intrinsicPower: flows.intrinsic.value,
    edgeLow: mean(ends),
    edgeHigh: mean(ends + 1),
    residual: Math.sqrt(sum(ends + 2)) / total,
  };
}
