/** From the sums that shaders/sector_observe.wgsl leaves of each point to its observables. */
import { bathCoupling, thermalOccupation } from '../../model/local.js';
import type { HeatFlows } from '../../thermo/heat.js';
import type { SectorPoint } from './sectorPoints.js';

/** Numbers that come back for each point, the verdict included. */
export const SUM_NUMBERS = { local: 16, global: 19 } as const;

/** The numbers of a steady state that need no more than sums over its levels. */
export interface SectorObservables {
  readonly heat: HeatFlows;
  readonly work: { readonly WQ: number; readonly Wr: number };
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
 * In the local model the currents are sums of coherences, Q̇_1 = 2B_1J and Q̇_2 = −2B_2J, free of the
 * cancellation between populations. In the global model a qubit's heat is 2B_i times the current that
 * its bath lets in plus the sum over Bohr frequencies of ω − 2B_i; and since n_2 + l is conserved by all
 * but bath 2 and the load, and n_1 + n_2 by all but the two baths, these currents follow from the load's.
 *
 * @param sum the point's sums by their place, from 1 on: unnormalised
 */
export function sectorObservables(
  { parameters }: SectorPoint,
  sum: (place: number) => number,
): SectorObservables {
  const { model, beta1, beta2, betaR, B1, B2, g, chi, lambda, gamma, I } = parameters;
  const total = sum(1) + sum(2) + sum(3) + sum(4);
  const mean = (place: number) => sum(place) / total;
  const load = (I * gamma) / betaR;
  const intrinsicPower = (-lambda * mean(8)) / I;
  const Qr = (load * mean(11)) / (2 * I);
  const common = {
    Lz: mean(5),
    Lz2: mean(6),
    qubitPopulations: [mean(4), mean(3), mean(2), mean(1)],
    intrinsicPower,
  };
  const Wr = 2 * lambda * load * mean(10);
  if (model === 'local') {
    const current = 2 * lambda * mean(7);
    const decay =
      (bathCoupling(1, g, chi) ** 2 * (2 * thermalOccupation(beta1, B1) + 1) +
        bathCoupling(2, g, chi) ** 2 * (2 * thermalOccupation(beta2, B2) + 1)) /
      2;
    return {
      ...common,
      heat: { Q1: 2 * B1 * current, Q2: -2 * B2 * current, Qr },
      work: { WQ: -2 * lambda * decay * mean(9), Wr },
      edgeLow: mean(13),
      edgeHigh: mean(14),
      residual: Math.sqrt(sum(15)) / total,
    };
  }
  const current = load * mean(12);
  return {
    ...common,
    heat: { Q1: 2 * B1 * current + mean(13), Q2: -2 * B2 * current + mean(14), Qr },
    work: { WQ: 2 * lambda * mean(15), Wr },
    edgeLow: mean(16),
    edgeHigh: mean(17),
    residual: Math.sqrt(sum(18)) / total,
  };
}
