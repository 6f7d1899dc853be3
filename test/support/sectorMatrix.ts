/** Matrices of a sector by their entries, to be compared one by one. */
import type { BoundSector } from '../../src/lindblad/sectorProgram.js';

export class Matrix {
  readonly #entries = new Map<string, number>();

  add(row: number, column: number, value: number): void {
    const key = `${row} ${column}`;
    this.#entries.set(key, (this.#entries.get(key) ?? 0) + value);
  }

  /** The magnitude of the largest entry. */
  get largest(): number {
    return Math.max(...[...this.#entries.values()].map(Math.abs));
  }

  /**
   * The largest difference of an entry from another matrix's, relative to the latter.
   * @param least what an entry is taken to be where it is smaller
   */
  error(exact: Matrix, least: number): number {
    let most = 0;
    for (const key of new Set([...this.#entries.keys(), ...exact.#entries.keys()])) {
      const [a, b] = [this, exact].map((matrix) => matrix.#entries.get(key) ?? 0);
      const error = Math.abs(a - b) / Math.max(Math.abs(b), least);
      // What is no number is as wrong as can be.
      most = error <= most ? most : error >= 0 ? error : Number.POSITIVE_INFINITY;
    }
    return most;
  }
}

/** What is derived from the terms, in the order of `sector.index`: all but the diagonals of populations, which nothing reads. */
export function derivedMatrix(sector: BoundSector): Matrix {
  const { siteWidth, sitePaired } = sector;
  const matrix = new Matrix();
  for (const { source, target, from, to, first, stride, count, sign, table } of sector.runs) {
    if (source === target && from === to && to >= sitePaired) continue;
    const values = sector.numbers.table(table);
    for (let i = 0; i < count; i++) {
      const value = sign * values[first + i * stride];
      matrix.add((target + i) * siteWidth + to, (source + i) * siteWidth + from, value);
    }
  }
  return matrix;
}
