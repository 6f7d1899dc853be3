/** A state between bare states as a vector of the local equation's sector, whichever equation it was solved for. */
import type { ElementReader, ElementTable } from '../lindblad/functional.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { zeros } from '../zeros.js';

export const bareVector = (sector: BoundSector, elements: ElementReader): Float64Array =>
  placed(sector, elements, ({ re, im }) => [re, im]);

/** How far each of them may be off. */
export const bareErrors = (sector: BoundSector, elements: ElementReader): Float64Array =>
  placed(sector, elements, ({ error, imError }) => [error, imError]);

function placed(
  sector: BoundSector,
  elements: ElementReader,
  partsOf: (table: ElementTable) => readonly [re: Float64Array, im: Float64Array | null],
): Float64Array {
  const { program, window } = sector;
  const x = zeros(sector.sites * sector.siteWidth);
  program.classes.forEach(({ ket, bra, apart }, c) => {
    const { unknown, conjugation } = program.unknownOf[c];
    if (conjugation < 0) return;
    const table = elements.read(ket, bra, apart);
    if (table === null) return;
    const [re, im] = partsOf(table);
    for (let i = Math.max(0, -apart); i < window.size - Math.max(0, apart); i++) {
      const charge = i + program.offsets[ket];
      x[sector.index(charge, unknown)] = re[i];
      if (conjugation > 0) x[sector.index(charge, unknown + 1)] = im?.[i] ?? 0;
    }
  });
  return x;
}
