/** A matrix as two Hermitian ones. */
import { partnerOf } from '../generator/siteMatrix.js';
import type { DensityMatrix } from './densityMatrix.js';

/** Hermitian X₁ and X₂ with X = X₁ + iX₂, on a space that has the conjugate of each class. */
export function hermitianParts({ space, elements }: DensityMatrix): [DensityMatrix, DensityMatrix] {
  const [re, im] = [new Float64Array(elements.length), new Float64Array(elements.length)];
  space.classes.forEach(({ offset, length }, c) => {
    const mirror = space.classes[partnerOf(space, c)].offset;
    for (let p = 0; p < length; p++) {
      const [i, j] = [2 * (offset + p), 2 * (mirror + p)];
      const [a, b, u, v] = [elements[i], elements[i + 1], elements[j], -elements[j + 1]];
      [re[i], re[i + 1]] = [(a + u) / 2, (b + v) / 2];
      [im[i], im[i + 1]] = [(b - v) / 2, (u - a) / 2];
    }
  });
  return [
    { space, elements: re },
    { space, elements: im },
  ];
}
