/** Density matrices on a space of classes, and what can be read off them. */

import { populationsOf, type Space } from '../generator/classes.js';
import { euclideanNorm } from '../norm.js';
import { type Complex, eachElement, type Operator } from '../operators/operator.js';
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
    const end = 2 * (offset + length);
    let partRe = 0;
    let partIm = 0;
    if (table === null) {
      for (let p = 2 * offset; p < end; p += 2) {
        partRe += elements[p];
        partIm += elements[p + 1];
      }
    } else if (table.im === null) {
      const { re } = table;
      for (let p = 2 * offset, i = first; p < end; p += 2, i++) {
        partRe += re[i] * elements[p];
        partIm += re[i] * elements[p + 1];
      }
    } else {
      const { re, im } = table;
      for (let p = 2 * offset, i = first; p < end; p += 2, i++) {
        partRe += re[i] * elements[p] - im[i] * elements[p + 1];
        partIm += re[i] * elements[p + 1] + im[i] * elements[p];
      }
    }
    sumRe += coefficient.re * partRe - coefficient.im * partIm;
    sumIm += coefficient.re * partIm + coefficient.im * partRe;
  }
  return { re: sumRe, im: sumIm };
}

/** The most that |Tr[Xρ]| is where elements of ρ have these magnitudes. */
export function largestMean(space: Space, sizes: Float64Array, x: Operator): number {
  let sum = 0;
  eachElement(x, ({ to, from, shift }, level, re, im) => {
    const at = space.find(from, to, -shift);
    if (at < 0) return;
    const { first, length, offset } = space.classes[at];
    if (level < first || level >= first + length) return;
    sum += Math.hypot(re, im) * sizes[offset + level - first];
  });
  return sum;
}

/** Tr[Xρ] of a Hermitian X in a state of the ladder alone that is its populations, one per level. */
export function meanOverLevels({ transitions }: Operator, populations: Float64Array): number {
  let mean = 0;
  for (const { shift, coefficient, table } of transitions) {
    if (shift !== 0) continue;
    for (let i = 0; i < populations.length; i++) {
      const re = table === null ? 1 : table.re[i];
      const im = table === null || table.im === null ? 0 : table.im[i];
      mean += (coefficient.re * re - coefficient.im * im) * populations[i];
    }
  }
  return mean;
}

/** Populations of the rotor, one per level. */
export function rotorPopulations({ space, elements }: DensityMatrix): Float64Array {
  const populations = zeros(space.window.size);
  for (const { offset, length } of populationsOf(space)) {
    for (let p = 0; p < length; p++) populations[p] += elements[2 * (offset + p)];
  }
  return populations;
}

/** The largest population of a state of subsystems and ladder together, by magnitude. */
export function largestPopulation({ space, elements }: DensityMatrix): number {
  let most = 0;
  for (const { offset, length } of populationsOf(space)) {
    for (let p = offset; p < offset + length; p++) most = Math.max(most, Math.abs(elements[2 * p]));
  }
  return most;
}

/** The smallest one, negative where rounding has left less than nothing. */
export function smallestPopulation({ space, elements }: DensityMatrix): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { offset, length } of populationsOf(space)) {
    for (let p = offset; p < offset + length; p++) least = Math.min(least, elements[2 * p]);
  }
  return least;
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
    const end = 2 * (offset + length);
    const away = partner < 0 ? null : 2 * (space.classes[partner].offset - offset);
    for (let p = 2 * offset; p < end; p += 2) {
      const re = away === null ? elements[p] : elements[p] - elements[p + away];
      const im = away === null ? elements[p + 1] : elements[p + 1] + elements[p + away + 1];
      const squared = re * re + im * im;
      if (squared <= worst) continue;
      // Not a number where an element is none.
      if (Number.isNaN(squared)) return squared;
      worst = squared;
    }
  }
  return Math.sqrt(worst);
}

/** Tr ρ² of a Hermitian ρ. */
export function purity({ elements }: DensityMatrix): number {
  let re = 0;
  let im = 0;
  for (let i = 0; i < elements.length; i += 2) {
    re += elements[i] * elements[i];
    im += elements[i + 1] * elements[i + 1];
  }
  return re + im;
}

/** ‖x‖ over all elements (Frobenius norm of the matrix). */
export const norm = ({ elements }: DensityMatrix): number => euclideanNorm(elements);
