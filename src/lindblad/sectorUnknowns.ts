/** The unknowns of a sector: which elements of a state they are, and what leads from one to another. */
import type { Range } from '../machine/range.js';
import type { ElementClass } from './equation.js';

/** Adds sign · table[l] · x[column] at charge q to the derivative of x[row] at charge q + step. */
export interface BandForm {
  readonly row: number;
  readonly column: number;
  readonly step: number;
  /** The source's charge is that of its ket, l + offset, on these levels. */
  readonly offset: number;
  readonly range: Range;
  readonly sign: 1 | -1;
  /** The place of the coefficients among the tape's tables. */
  readonly table: number;
}

/** Where the elements of a class are: the unknown of the class that is kept, and how they follow from it. */
export interface UnknownOfClass {
  readonly unknown: number;
  /** 0 for populations, 1 for the class that is kept, −1 for its conjugate. */
  readonly conjugation: 0 | 1 | -1;
}

export function unknownsOf(classes: readonly ElementClass[], states: number) {
  const unknowns: UnknownOfClass[] = classes.map(() => ({ unknown: -1, conjugation: 0 }));
  const find = (ket: number, bra: number) =>
    classes.findIndex((c) => c.ket === ket && c.bra === bra);
  let width = 0;
  classes.forEach(({ ket, bra }, c) => {
    if (ket === bra || unknowns[c].unknown >= 0) return;
    unknowns[c] = { unknown: width, conjugation: 1 };
    unknowns[find(bra, ket)] = { unknown: width, conjugation: -1 };
    width += 2;
  });
  const paired = width;
  // The first state's population comes last: of two qubits it is that of |00⟩, the one that no cold empties.
  for (let s = states - 1; s >= 0; s--) {
    unknowns[find(s, s)] = { unknown: width++, conjugation: 0 };
  }
  return { unknowns, paired, width };
}
