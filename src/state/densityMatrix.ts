/** Density matrices on a space of classes, and what can be read off them. */

import { populationsOf, type Space } from '../generator/classes.js';
import { euclideanNorm } from '../norm.js';
import type { Complex, Operator } from '../operators/operator.js';
import { zeros } from '../zeros.js';

export interface DensityMatrix {
  readonly space: Space;
  /** Interleaved real and imaginary parts, in the order of the space's classes. */
  readonly elements: Float64Array;
}

/** Tr ρ. */
export function trace({ space, elements }: DensityMatrix): number {
  let total = 0;
  for (const { offset, length } of populationsOf(space)) {
    for (let p = offset; p < offset + length; p++) total += elements[2 * p];
  }
  return total;
}

/** Tr[Xρ] (complex where X is not Hermitian). */
export function expectation({ space, elements }: DensityMatrix, x: Operator): Complex {
  let sumRe = 0;
  let sumIm = 0;
  for (const { to, from, shift, coefficient, table } of x.transitions) {
    const at = space.find(from, to, -shift);
    if (at < 0) continue;
    const { first, length, offset } = space.classes[at];
    const re = table === null ? null : table.re;
    const im = table === null ? null : table.im;
    let partRe = 0;
    let partIm = 0;
    for (let p = 0; re === null && p < length; p++) {
      partRe += elements[2 * (offset + p)];
      partIm += elements[2 * (offset + p) + 1];
    }
    for (let p = 0; re !== null && im === null && p < length; p++) {
      partRe += re[first + p] * elements[2 * (offset + p)];
      partIm += re[first + p] * elements[2 * (offset + p) + 1];
    }
    for (let p = 0; re !== null && im !== null && p < length; p++) {
      const a = re[first + p];
      const b = im[first + p];
      const u = elements[2 * (offset + p)];
      const v = elements[2 * (offset + p) + 1];
      partRe += a * u - b * v;
      partIm += a * v + b * u;
    }
    sumRe += coefficient.re * partRe - coefficient.im * partIm;
    sumIm += coefficient.re * partIm + coefficient.im * partRe;
  }
  return { re: sumRe, im: sumIm };
}

/** Populations of the rotor, one per level. */
export function rotorPopulations({ space, elements }: DensityMatrix): Float64Array {
  const populations = zeros(space.window.size);
  for (const { offset, length } of populationsOf(space)) {
    for (let p = 0; p < length; p++) populations[p] += elements[2 * (offset + p)];
  }
  return populations;
}

/** Those of the lowest and the highest level. */
export function rotorEdges(rho: DensityMatrix): [number, number] {
  const populations = rotorPopulations(rho);
  return [populations[0], populations[populations.length - 1]];
}

/** Populations of the subsystems' states, whatever the level of the ladder. */
export function levelPopulations({ space, elements }: DensityMatrix): number[] {
  return populationsOf(space).map(({ offset, length }) => {
    let total = 0;
    for (let p = offset; p < offset + length; p++) total += elements[2 * p];
    return total;
  });
}

/** Populations of the two qubits, [p00, p01, p10, p11]. */
export const qubitPopulations = levelPopulations;

/** The largest |ρ − ρ†| over all elements. */
export function hermiticityError({ space, elements }: DensityMatrix): number {
  let worst = 0;
  for (const { ket, bra, delta, offset, length } of space.classes) {
    const partner = space.find(bra, ket, -delta);
    // Where the conjugates are stored they are off by as much.
    if (partner >= 0 && space.classes[partner].offset < offset) continue;
    const other = partner < 0 ? null : space.classes[partner].offset;
    for (let p = 0; p < length; p++) {
      const re = elements[2 * (offset + p)];
      const im = elements[2 * (offset + p) + 1];
      const re2 = other === null ? 0 : elements[2 * (other + p)];
      const im2 = other === null ? 0 : elements[2 * (other + p) + 1];
      const squared = (re - re2) * (re - re2) + (im + im2) * (im + im2);
      // Not a number where an element is none.
      if (squared > worst || Number.isNaN(squared)) worst = squared;
    }
  }
  return Math.sqrt(worst);
}

/** ‖x‖ over all elements (Frobenius norm of the matrix). */
export const norm = ({ elements }: DensityMatrix): number => euclideanNorm(elements);
