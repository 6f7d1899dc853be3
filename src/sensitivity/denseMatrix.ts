/** Small complex matrices, every element of which is kept: by basis states, each at `state · levels + level`. */
import { eachPlace, type Space } from '../generator/classes.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import type { HermitianBand } from './hermitianBand.js';

export interface DenseMatrix {
  readonly order: number;
  /** By row. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export const nothing = (order: number): DenseMatrix => ({
  order,
  re: new Float64Array(order * order),
  im: new Float64Array(order * order),
});

export function identity(order: number): DenseMatrix {
  const found = nothing(order);
  for (let i = 0; i < order; i++) found.re[i * order + i] = 1;
  return found;
}

/** XY */
export function product(x: DenseMatrix, y: DenseMatrix): DenseMatrix {
  const { order } = x;
  const found = nothing(order);
  for (let i = 0; i < order; i++) {
    for (let k = 0; k < order; k++) {
      const [a, b] = [x.re[i * order + k], x.im[i * order + k]];
      if (a === 0 && b === 0) continue;
      for (let j = 0; j < order; j++) {
        const [c, d] = [y.re[k * order + j], y.im[k * order + j]];
        found.re[i * order + j] += a * c - b * d;
        found.im[i * order + j] += a * d + b * c;
      }
    }
  }
  return found;
}

/** X† */
export function adjointOf({ order, re, im }: DenseMatrix): DenseMatrix {
  const found = nothing(order);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) {
      found.re[j * order + i] = re[i * order + j];
      found.im[j * order + i] = -im[i * order + j];
    }
  }
  return found;
}

/** x += factor · y */
export function addMultiple(x: DenseMatrix, factor: number, y: DenseMatrix): void {
  for (let i = 0; i < x.re.length; i++) {
    x.re[i] += factor * y.re[i];
    x.im[i] += factor * y.im[i];
  }
}

/** Of each element its magnitude. */
export const magnitudesOf = ({ order, re, im }: DenseMatrix): DenseMatrix => ({
  order,
  re: re.map((x, i) => Math.hypot(x, im[i])),
  im: new Float64Array(re.length),
});

/** Re Tr[XY] */
export function realTrace(x: DenseMatrix, y: DenseMatrix): number {
  const { order } = x;
  let sum = 0;
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) {
      const [p, q] = [i * order + j, j * order + i];
      sum += x.re[p] * y.re[q] - x.im[p] * y.im[q];
    }
  }
  return sum;
}

export function denseOf({ space, elements }: DensityMatrix): DenseMatrix {
  const found = nothing(space.states * space.window.size);
  eachPlace(space, (row, column, at) => {
    found.re[row * found.order + column] = elements[2 * at];
    found.im[row * found.order + column] = elements[2 * at + 1];
  });
  return found;
}

export function denseOfBand(band: HermitianBand): DenseMatrix {
  const { states, size } = band;
  const found = nothing(states * size);
  for (let ket = 0; ket < states; ket++) {
    for (let bra = 0; bra < states; bra++) {
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          if (!band.isWithin(i, j)) continue;
          const [at, place] = [
            (ket * size + i) * found.order + bra * size + j,
            band.place(ket, i, bra, j),
          ];
          found.re[at] = band.re[place];
          found.im[at] = band.im[place];
        }
      }
    }
  }
  return found;
}

/** The elements that a space has. */
export function elementsOn(space: Space, { order, re, im }: DenseMatrix): DensityMatrix {
  const elements = new Float64Array(2 * space.size);
  eachPlace(space, (row, column, at) => {
    elements[2 * at] = re[row * order + column];
    elements[2 * at + 1] = im[row * order + column];
  });
  return { space, elements };
}
