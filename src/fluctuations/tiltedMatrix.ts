/** The generator of a sector as a block-tridiagonal matrix for shifted solutions, with some of its jumps weighted. */
import type { SiteMatrix } from '../generator/siteMatrix.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import type { Complex } from '../operators/operator.js';
import { shiftedFactors, solveShifted, solveShiftedAdjoint } from '../solve/shiftedElimination.js';
import type { JumpElements } from './jumpElements.js';

/** Jumps, and by element the factor less 1 that each of them gets. */
export interface Tilt {
  readonly elements: JumpElements;
  readonly factor: Float64Array;
}

/** 𝓛 + Σ factor · jump. @param sector filled with the numbers of the device that the jumps are of */
export function tiltedMatrix(sector: BoundSector, tilts: readonly Tilt[] = []): SiteMatrix {
  const { sites, siteWidth: width, sitePaired: coherences, reach, numbers } = sector;
  const row = 3 * width;
  const re = new Float64Array(sites * width * row);
  const im = new Float64Array(re.length);
  for (const { source, target, from, to, first, stride, count, sign, table } of sector.runs) {
    const values = numbers.table(table);
    let at = (target * width + to) * row + (1 + source - target) * width + from;
    for (let i = 0, p = first; i < count; i++, p += stride, at += width * row) {
      re[at] += sign * values[p];
    }
  }
  const shape = { sites, reach, width, coherences, re, im };
  if (tilts.length === 0) return shape;
  const created = new Float64Array(sites * width);
  for (const { elements, factor } of tilts) {
    const { from, to, value, arrives } = elements;
    for (let e = 0; e < value.length; e++) {
      const change = factor[e] * value[e];
      const [source, target] = [Math.floor(from[e] / width), Math.floor(to[e] / width)];
      re[to[e] * row + (1 + source - target) * width + (from[e] % width)] += change;
      if (arrives[e] === 1) created[from[e]] += change;
    }
  }
  return { ...shape, created };
}

/** A complex vector whose real and imaginary parts are apart. */
export interface Parts {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const partOf = (x: Float64Array, part: 0 | 1) => x.filter((_, i) => i % 2 === part);

/** (z − A)^{−1} and its adjoint on real vectors. @param read what is read off interleaved complex numbers */
function resolventOf<T>(matrix: SiteMatrix, z: Complex, read: (x: Float64Array) => T) {
  const factors = shiftedFactors(matrix, 1, z);
  const solved = (solve: typeof solveShifted) => (y: Float64Array) => {
    const x = new Float64Array(2 * y.length);
    for (let i = 0; i < y.length; i++) x[2 * i] = -y[i];
    solve(factors, x, x);
    return read(x);
  };
  return { apply: solved(solveShifted), adjoint: solved(solveShiftedAdjoint) };
}

/** (iω − A)^{−1} and its adjoint on real vectors. */
export const resolventAt = (matrix: SiteMatrix, omega: number) =>
  resolventOf(matrix, { re: 0, im: omega }, (x): Parts => ({ re: partOf(x, 0), im: partOf(x, 1) }));

/** The same of real z: real vectors. */
export const realResolvent = (matrix: SiteMatrix, z: number) =>
  resolventOf(matrix, { re: z, im: 0 }, (x) => partOf(x, 0));
