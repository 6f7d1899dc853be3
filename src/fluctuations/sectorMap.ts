/** What one dissipator of an equation does to a state of its sector. */
import { type DissipatorForm, populationSector } from '../lindblad/equation.js';
import type { BoundSector, SectorProgram } from '../lindblad/sectorProgram.js';
import { isZero } from '../machine/expression.js';
import { bounds, type Range } from '../machine/range.js';
import { zeros } from '../zeros.js';

interface Band {
  readonly row: number;
  readonly column: number;
  readonly leaves: number;
  readonly arrives: number;
  readonly range: Range;
  readonly sign: 1 | -1;
  readonly table: number;
}

export class SectorMap {
  readonly #bands: Band[] = [];

  constructor(program: SectorProgram, dissipator: DissipatorForm) {
    const { states, offsets, tape } = program;
    const form = populationSector(
      { states, hamiltonian: [], dissipators: [dissipator] },
      offsets,
      program.classes,
    );
    for (const { source, target, shift, range, coefficient } of form.contributions) {
      const [to, from] = [target, source].map((c) => program.unknownOf[c]);
      if (to.conjugation < 0) continue;
      const leaves = offsets[form.classes[source].ket];
      const arrives = offsets[form.classes[target].ket] + shift;
      const add = (r: number, c: number, sign: 1 | -1, table: number) =>
        this.#bands.push({
          ...{ row: to.unknown + r, column: from.unknown + c },
          ...{ leaves, arrives, range, sign, table },
        });
      if (!isZero(coefficient.re)) {
        const table = tape.table(coefficient.re);
        add(0, 0, 1, table);
        if (to.conjugation !== 0 && from.conjugation !== 0) {
          add(1, 1, from.conjugation > 0 ? 1 : -1, table);
        }
      }
      if (!isZero(coefficient.im)) {
        const table = tape.table(coefficient.im);
        if (from.conjugation !== 0) add(0, 1, from.conjugation > 0 ? -1 : 1, table);
        if (to.conjugation !== 0) add(1, 0, 1, table);
      }
    }
  }

  /** What it adds to the derivative of the state x, and the magnitudes of the terms. */
  apply(
    sector: BoundSector,
    x: Float64Array,
  ): { readonly y: Float64Array; readonly magnitudes: Float64Array } {
    const y = zeros(x.length);
    const magnitudes = zeros(x.length);
    for (const { row, column, leaves, arrives, range, sign, table } of this.#bands) {
      const values = sector.numbers.table(table);
      const [first, end] = bounds(range, sector.window.size);
      const { reach, siteWidth } = sector;
      // Charges that are a site's reach apart are at equal distances.
      for (let residue = 0; residue < reach && first + residue < end; residue++) {
        let from = sector.index(first + residue + leaves, column);
        let at = sector.index(first + residue + arrives, row);
        for (let i = first + residue; i < end; i += reach, from += siteWidth, at += siteWidth) {
          const change = sign * values[i] * x[from];
          y[at] += change;
          magnitudes[at] += Math.abs(change);
        }
      }
    }
    return { y, magnitudes };
  }
}
