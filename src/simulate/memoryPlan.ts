/** How much memory a solution takes, known before any of it is allocated. */
import type { Window } from '../operators/window.js';
import type { SpaceName } from './methods.js';
import { type Method, RESTART } from './methods.js';

export interface PlannedSolution {
  readonly space: SpaceName;
  /** Largest |δ| of a band, whose error a wider one measures. */
  readonly dmax: number;
  readonly method: Method;
  /** Sectors inverted together beside the populations'. */
  readonly coupled: number;
  /** States of the subsystems; 4 by default. */
  readonly states?: number;
  /** Classes in the populations' sector of the symmetric part, at most; 6 by default. */
  readonly reached?: number;
  /** Levels that a term moves a ket or a bra by, at most; 1 by default. */
  readonly reach?: number;
  /** How many times as much is there at a time; 1 by default. */
  readonly times?: number;
  /** Whether a device keeps a copy of their factors, in float32. */
  readonly onDevice: boolean;
}

/** The next wider band by which the error of one is measured. */
export const widerBand = (dmax: number, { size }: Window): number =>
  Math.min(size - 1, dmax + Math.max(2, Math.ceil(dmax / 3)));

const widest = (window: Window, plan: PlannedSolution): PlannedSolution => ({
  ...plan,
  dmax: widerBand(plan.dmax, window),
});

/** Complex numbers in a vector: of every pair of states, or of those that populations reach. */
export function vectorLength(
  { size }: Window,
  { space, dmax, states = 4, reached = 6 }: PlannedSolution,
): number {
  if (space === 'full') return states ** 2 * size * size;
  if (space === 'sector') return reached * size;
  const d = Math.min(dmax, size - 1);
  return reached * (size + 2 * d * size - d * (d + 1));
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

/** Unknowns of a level of the coupled band: two for each class of a sector; of all sectors, half of the levels. */
function bandWidth({ size }: Window, { method, coupled, reached = 6 }: PlannedSolution): number {
  const sectors = coupled > 0 && method === 'direct' ? size : coupled;
  return reached + 2 * reached * Math.min(sectors, size / Math.sqrt(3));
}

/** Bytes on the host at the peak, at most. */
export function plannedBytes(window: Window, plan: PlannedSolution): number {
  const length = vectorLength(window, widest(window, plan));
  const { reach = 1, times = 1 } = plan;
  const width = bandWidth(window, plan);
  // On the host float64; where a device has them too, a copy on its way there is float32 as well.
  const bytes = 8 + (plan.onDevice ? 2 * 4 : 0);
  const band = plan.method === 'propagation' ? 0 : bytes * window.size * reach * width * width;
  const vectors = length * (BYTES * (AROUND + vectorsOf[plan.method]) + reach * CHAIN_BYTES);
  return times * (vectors + band);
}

/** Bytes of a complex number on a device: a pair of float32. */
const BYTES_ON_DEVICE = 8;
/**
 * Vectors beside the method's own: right-hand side, correction, and what the search for a second steady state
 * adds; M⁻¹'s two; in double-float x, the x before and L x, which count twice; copies on their way to the host,
 * of either kind; sums of scalar products.
 */
const AROUND_ON_DEVICE = 3 + 2 + 2 * 3 + 1 + 2 + 1;
/** Rows of every chain's blocks, and how many of them are used on average: of 16 pairs of qubit states 5 chains are made. */
const CHAIN_ROWS = 6;
const ROWS_USED = { sector: 6, band: 6, full: 16 / 5 } as const;
/** Blocks of a level of a chain: by cyclic reduction, or one thread a chain, 32 of which always have room side by side. */
const CYCLIC_BLOCKS = 5;
const SEQUENTIAL_BLOCKS = 3;
const LANES = 32;
/** What describes an unknown of the band with its couplings, a class to the products by L, and tables of a level. */
const ROW_BYTES = 150;
const CLASS_BYTES = 1024;
const LEVEL_BYTES = 2048;
/** At most this share of a buffer lies idle: sizes are rounded so that buffers can be used again. */
const IDLE = 1 / 8;

/** Complex numbers of the chains' factors, of the sectors that the band does not hold. */
function chainNumbers(window: Window, plan: PlannedSolution): number {
  const { size } = window;
  const inside = vectorLength(window, { ...plan, space: 'band', dmax: plan.coupled - 1 });
  // Of two conjugate sectors one is solved.
  const outside = (vectorLength(window, plan) - Math.max(0, inside)) / 2;
  if (outside <= 0) return 0;
  const levels = outside / ROWS_USED[plan.space];
  // Chains at odd steps from the band and those at even ones are factors of their own.
  const idle = 2 * LANES * Math.max(0, size - plan.coupled);
  const blocks = Math.max(CYCLIC_BLOCKS * levels, SEQUENTIAL_BLOCKS * (levels + idle));
  return blocks * CHAIN_ROWS ** 2;
}

/** Bytes that buffers in use on a device hold at the peak of a solution there, at most. */
export function plannedDeviceBytes(window: Window, asked: PlannedSolution): number {
  const { size } = window;
  const plan = widest(window, asked);
  const vectors = vectorLength(window, plan) * (AROUND_ON_DEVICE + vectorsOf[plan.method]);
  const numbers = vectors + chainNumbers(window, plan);
  const width = bandWidth(window, plan);
  const band = size * width * (4 * ((plan.reach ?? 1) * width + 1) + ROW_BYTES);
  const diagonals = 2 * (plan.space === 'band' ? plan.dmax : size - 1) + 1;
  const classes = (plan.space === 'full' ? 16 : 6) * (plan.space === 'sector' ? 1 : diagonals);
  const tables = classes * CLASS_BYTES + size * LEVEL_BYTES;
  return (1 + IDLE) * (BYTES_ON_DEVICE * numbers + band + tables);
}

/** What to ask for where a device's memory was not enough; how much there is of it is not known. */
export function whatTakesLess(window: Window, plan: PlannedSolution): string {
  const bytes = (p: PlannedSolution) => plannedDeviceBytes(window, p);
  const needed = bytes(plan);
  const short: PlannedSolution = { ...plan, method: 'bicgstab' };
  const band: PlannedSolution = {
    ...short,
    space: 'band',
    dmax: Math.min(plan.dmax, window.size - 1),
  };
  const less: string[] = [];
  if (bytes(short) < needed) less.push(`--method bicgstab takes ${gigabytes(bytes(short))}`);
  if (plan.space === 'full' && bytes(band) < bytes(short)) {
    less.push(`--space band --dmax ${band.dmax} --method bicgstab takes ${gigabytes(bytes(band))}`);
  }
  less.push('a smaller window takes less');
  return `a solution takes up to ${gigabytes(needed)} on a device: ${less.join(', ')}`;
}

export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`;

/** What to ask for instead of a solution that does not fit; null where it fits. */
export function whatFits(window: Window, plan: PlannedSolution, available: number): string | null {
  const bytes = (p: PlannedSolution) => plannedBytes(window, p);
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
