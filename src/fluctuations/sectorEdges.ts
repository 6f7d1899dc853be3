/** The outermost populations of a state of a sector. */
import type { BoundSector } from '../lindblad/sectorProgram.js';

/** Of the lowest and the highest level. */
export function sectorEdges(sector: BoundSector, rho: Float64Array): readonly [number, number] {
  const { program, window } = sector;
  const populationAt = (i: number) => {
    let total = 0;
    for (let s = 0; s < program.states; s++) {
      const { unknown } = program.unknownOf[program.classOf(s, s)];
      total += rho[sector.index(i + program.offsets[s], unknown)];
    }
    return total;
  };
  return [populationAt(0), populationAt(window.size - 1)];
}
