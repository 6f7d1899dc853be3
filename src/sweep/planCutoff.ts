/** One Ω for a whole sweep. */
import { followsWindow, sharedCutoff } from '../simulate/sharedCutoff.js';
import { BATCH_PARAMETERS } from './batchParameters.js';
import { batchPoint } from './batchSolver.js';
import { hasOwnCutoff } from './layout.js';
import { type Plan, writePoint } from './plan.js';

/** Corners of the grid that are looked at. */
const MOST_CORNERS = 64;

/** The points at the ends of every dimension; with very many dimensions, those of the first ones. */
function corners({ dimensions }: Plan): number[] {
  let points = [0];
  for (const { length } of dimensions) {
    const ends = length === 1 || points.length >= MOST_CORNERS ? [0] : [0, length - 1];
    points = points.flatMap((point) => ends.map((end) => point * length + end));
  }
  return points;
}

/**
 * The plan with Ω as a number where it would follow each point's own window, which would put a step into
 * the results wherever a window is found wider: the largest Bohr frequency of the grid's corners on the
 * window that holds them all. Every shard finds the same.
 */
export function withOneCutoff(plan: Plan): Plan {
  const { fixed, truncation } = plan;
  if (!followsWindow(fixed) || truncation.lmin !== undefined || !hasOwnCutoff(plan)) return plan;
  const parameters = new Float64Array(BATCH_PARAMETERS.length);
  const devices = corners(plan).map((point) => {
    writePoint(plan, point, parameters, 0);
    const batch = { model: fixed.model, cutoff: 'max-bohr', count: 1, parameters } as const;
    return batchPoint({ ...batch, size: 2, lmin: Int32Array.of(0) }, 0);
  });
  return { ...plan, fixed: { ...fixed, cutoff: sharedCutoff(devices, truncation) } };
}
