/** From the sums that shaders/sector_observe.wgsl leaves of each point to its observables. */
import { masterEquationOf } from '../model/masterEquations/registry.js';
import type { HeatFlows } from '../thermo/heat.js';
import { type WorkFlows, workOf } from '../thermo/work.js';
import { kernelOf, type SectorPoint } from './sectorPoints.js';

/** Numbers that come back for each point, the verdict included. */
export const SUM_NUMBERS = { local: 15, global: 18 } as const;

/** The numbers of a steady state that need no more than sums over its levels. */
export interface SectorObservables {
  readonly heat: HeatFlows;
  readonly work: WorkFlows;
  readonly Lz: number;
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

/**
 * Observables of one point.
 *
 * A qubit's heat is 2B_i times the current that its bath lets in plus, in the global model, the sum over
 * Bohr frequencies of ω − 2B_i times what it takes up there. n_2 + l is conserved by all but bath 2 and the
 * load, and n_1 + n_2 by all but the two baths; so both currents are the angular momentum that the load takes
 * from the rotor, or minus it.
 *
 * @param sum the point's sums by their place, from 1 on: unnormalised
 */
export function sectorObservables(
  { parameters }: SectorPoint,
  sum: (place: number) => number,
): SectorObservables {
  const { betaR, B1, B2, lambda, gamma, I } = parameters;
  const total = sum(1) + sum(2) + sum(3) + sum(4);
  const mean = (place: number) => sum(place) / total;
  const current = mean(7);
  const Qr = mean(8) / (2 * I);
  const Wr = (2 * lambda * I * gamma * mean(10)) / betaR;
  const kernel = kernelOf(parameters);
  const isLocal = kernel === 'local';
  const last = SUM_NUMBERS[kernel] - 1;
  return {
    heat: {
      Q1: 2 * B1 * current + (isLocal ? 0 : mean(13)),
      Q2: -2 * B2 * current + (isLocal ? 0 : mean(14)),
      Qr,
    },
    work: workOf(masterEquationOf(parameters), mean(11) - Wr, Wr, 0),
    Lz: mean(5),
    Lz2: mean(6),
    qubitPopulations: [mean(4), mean(3), mean(2), mean(1)],
    // In the local model the load alone moves the rotor.
    intrinsicPower: isLocal ? -Qr : (-lambda * mean(12)) / I,
    edgeLow: mean(last - 2),
    edgeHigh: mean(last - 1),
    residual: Math.sqrt(sum(last)) / total,
  };
}
