/** What one dissipator of an equation does to a state of its sector. */
import { type DissipatorForm, populationSector } from '../lindblad/equation.js';
import type { Applied } from '../lindblad/run.js';
import { bandsOf } from '../lindblad/sectorPlan.js';
import type { BoundSector, SectorProgram } from '../lindblad/sectorProgram.js';
import type { BandForm } from '../lindblad/sectorUnknowns.js';

export class SectorMap {
  readonly #bands: readonly BandForm[];

  constructor(program: SectorProgram, dissipator: DissipatorForm) {
    const { states, offsets, classes } = program;
    const alone = { states, hamiltonian: [], dissipators: [dissipator] };
    this.#bands = bandsOf(populationSector(alone, offsets, classes), program);
  }

  /** What it adds to the derivative of the state x, and the magnitudes of the terms. */
  apply(sector: BoundSector, x: Float64Array): Applied {
    return sector.applied(this.#bands, x);
  }

  /** What its elements are read from. */
  get tables(): number[] {
    return this.#bands.map(({ table }) => table);
  }

  /** z times it, as a row. */
  pulled(sector: BoundSector, z: Float64Array): Float64Array {
    return sector.pulled(this.#bands, z);
  }
}
