/** How much memory a solution takes, known before any of it is allocated. */
import type { DeviceParameters } from '../model/parameters.js';
import type { Window } from '../model/window.js';
import { type Method, RESTART } from './methods.js';
import type { SpaceName } from './solveSteady.js';

export interface PlannedSolution {
  readonly space: SpaceName;
  /** Largest |δ| of a band. */
  readonly dmax: number;
  readonly method: Method;
  /** Sectors inverted together. */
  readonly coupled: number;
  /** Whether a device keeps a copy of their factors, in float32. */
  readonly onDevice: boolean;
}

/** Complex numbers in a vector: of 16 pairs of qubit states, or of the 6 that populations reach. */
export function vectorLength({ size }: Window, { space, dmax }: PlannedSolution): number {
  if (space === 'full') return 16 * size * size;
  if (space === 'sector') return 6 * size;
  const d = Math.min(dmax, size - 1);
  return 6 * (size + 2 * d * size - d * (d + 1));
}

const BYTES = 16;
/** Vectors that a method keeps, beside those around it: solution, residual, ρ̇ of each channel, M⁻¹'s own. */
const AROUND = 16;
const vectorsOf: Readonly<Record<Method, number>> = {
  direct: 2,
  gmres: 2 * RESTART + 2,
  bicgstab: 8,
  power: 2 * RESTART + 2,
  propagation: 4,
};
/** A chain's entries and factors: six blocks of 6 × 6 for each six unknowns, of half of the sectors. */
const CHAIN_BYTES = (6 * 36 * BYTES) / 6 / 2;

/** Bytes at the peak, at most. */
export function plannedBytes(
  { V }: DeviceParameters,
  window: Window,
  plan: PlannedSolution,
): number {
  const length = vectorLength(window, plan);
  const coupled = V === 0 ? 0 : plan.method === 'direct' ? window.size : plan.coupled;
  // A level holds 12 real unknowns of each coupled sector; of all sectors, half of the levels.
  const width = 6 + 12 * Math.min(coupled, window.size / Math.sqrt(3));
  // On the host float64; where a device has them too, a copy on its way there is float32 as well.
  const bytes = 8 + (plan.onDevice ? 2 * 4 : 0);
  const band = plan.method === 'propagation' ? 0 : bytes * window.size * width * width;
  return length * (BYTES * (AROUND + vectorsOf[plan.method]) + CHAIN_BYTES) + band;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`;

/** What to ask for instead of a solution that does not fit; null where it fits. */
export function whatFits(
  parameters: DeviceParameters,
  window: Window,
  plan: PlannedSolution,
  available: number,
): string | null {
  const bytes = (p: PlannedSolution) => plannedBytes(parameters, window, p);
  const needed = bytes(plan);
  if (needed <= available) return null;
  const said = `a solution in ${gigabytes(available)} of memory, and this one takes up to ${gigabytes(needed)}`;
  const short: PlannedSolution = { ...plan, method: 'bicgstab' };
  if (bytes(short) <= available)
    return `${said}: --method bicgstab takes ${gigabytes(bytes(short))}`;
  for (let dmax = window.size - 1; dmax >= 0; dmax--) {
    const band: PlannedSolution = { ...short, space: 'band', dmax };
    if (bytes(band) > available) continue;
    return `${said}: --space band --dmax ${dmax} --method bicgstab takes ${gigabytes(bytes(band))}`;
  }
  return `${said}: a smaller window`;
}
