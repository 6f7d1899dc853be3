/** Factors of coupled bands in which single sites may be singular. */
import type { Backend, LinearMap, OnProgress } from '../backend/backend.js';
import { SingularMatrixError } from '../generator/chains.js';
import type { CoupledBand } from '../generator/coupledBand.js';

/** Σ order³ over the sites, up to which wider ones are tried: about a second's work on the CPU. */
const MOST_WORK = 1e9;

/** The same band with each two neighbouring sites as one. */
function paired(band: CoupledBand): CoupledBand {
  const { start } = band;
  const last = start.length - 1;
  return { ...band, start: start.filter((_, s) => s % 2 === 0 || s === last) };
}

function workOf({ start }: CoupledBand): number {
  let work = 0;
  for (let s = 1; s < start.length; s++) work += (start[s] - start[s - 1]) ** 3;
  return work;
}

/**
 * M⁻¹ of a band. Rows are exchanged within a site alone: one that keeps what it has, or that terms of H alone connect
 * to the next, is singular by itself in a matrix that is regular. Then sites are taken two by two.
 * @throws {SingularMatrixError | StoppedError}
 */
export async function factorisedBand<V>(
  backend: Backend<V>,
  band: CoupledBand,
  onProgress?: OnProgress,
): Promise<LinearMap<V>> {
  try {
    return await backend.factoriseBand(band, onProgress);
  } catch (error) {
    const wider = paired(band);
    const isLast = band.start.length <= 2 || workOf(wider) > MOST_WORK;
    if (!(error instanceof SingularMatrixError) || isLast) throw error;
    return await factorisedBand(backend, wider, onProgress);
  }
}
