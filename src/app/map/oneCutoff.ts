/** One cutoff for a whole map: solves some of its points, and is therefore a worker's. */
import { followsWindow, sharedCutoff } from '../../simulate/sharedCutoff.js';
import { type MapRequest, pointOf } from './grid.js';

/** The request with one Ω for every point, where it would follow the window of each. */
export function withOneCutoff(request: MapRequest): MapRequest {
  const { parameters, truncation, size } = request;
  if (!followsWindow(parameters) || truncation.lmin !== undefined) return request;
  const corners = [0, size - 1, size * (size - 1), size * size - 1].map((place) =>
    pointOf(request, place),
  );
  return { ...request, parameters: { ...parameters, cutoff: sharedCutoff(corners, truncation) } };
}
