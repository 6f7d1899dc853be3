/** What counting on the left answers to counting on the right: ⟨1|J'G J'ρ⟩ of two counters. */
import { perObject } from '../perObject.js';
import { CodeForMany, emptySlot } from '../slot.js';
import type { Estimate } from './estimate.js';
import type { BoundSector } from './sectorProgram.js';

/** What rounding takes from a term of a sum. */
export const ROUNDING = 8 * Number.EPSILON;

export interface Answered {
  /** ⟨1|J' of the left counter, and z with z𝓛 = ⟨1|J' less its mean. */
  readonly row: Float64Array;
  readonly adjoint: Float64Array;
  /** J'ρ of the right counter less its mean, and the magnitudes of its terms. */
  readonly change: Float64Array;
  readonly sizes: Float64Array;
  /** G of it, but for what the residual of that solution leaves, 𝓛 times that, and the same of magnitudes. */
  readonly response: Float64Array;
  readonly product: Float64Array;
  readonly magnitudes: Float64Array;
  readonly rho: Float64Array;
}

/** Writes code for it, where it is loaded. */
export const answeredCode = emptySlot<typeof import('./answeredKernel.js')>();

/** Answers after which code for a sector pays. */
const BEFORE_KERNEL = 100;

const codeOf = perObject(
  ({ sites, siteWidth }: BoundSector) =>
    new CodeForMany(
      answeredCode,
      BEFORE_KERNEL,
      ({ AnsweredKernel }) => new AnsweredKernel(sites * siteWidth),
    ),
);

/**
 * @param relative how far populations may be off, relative to themselves
 * @param meanError how far the mean of the right counter may be off
 */
export function answered(
  sector: BoundSector,
  of: Answered,
  relative: number,
  meanError: number,
): Estimate {
  const code = codeOf(sector).next();
  if (code !== null) return code.answered(of, relative, meanError);
  const { row, response, adjoint, change, product, magnitudes, sizes, rho } = of;
  let [value, residual, size, lost] = [0, 0, 0, 0];
  for (let i = 0; i < row.length; i++) {
    const term = row[i] * response[i];
    value += term;
    size += Math.abs(term);
    // What the solution leaves of its equation is made good by the adjoint one: ⟨1|J'G = z.
    residual += adjoint[i] * (change[i] - product[i]);
    // The populations are right to rounding, relative to themselves, and so is what they drive.
    lost +=
      Math.abs(adjoint[i]) *
      (ROUNDING * (magnitudes[i] + Math.abs(change[i])) +
        relative * sizes[i] +
        meanError * Math.abs(rho[i]));
  }
  return { value: value + residual, error: ROUNDING * size + lost };
}
