/** Parts of couplings between eigenstates, each of one energy difference, and what jumps of them do to a matrix. */
import { addMultiple, type DenseMatrix, nothing, product } from './denseMatrix.js';
import type { GainRate } from './gainRates.js';

/** One entry ⟨to|B|from⟩ of a part of a coupling, to and from by their places. */
export interface Entry {
  readonly to: number;
  readonly from: number;
  readonly re: number;
  readonly im: number;
}

export interface Group {
  readonly rate: GainRate;
  readonly entries: readonly Entry[];
  /** Elements that are 0 between eigenstates of this difference: they are of this part as soon as they are not. */
  readonly absent: readonly Entry[];
}

export const magnitudesIn = (entries: readonly Entry[]): Entry[] =>
  entries.map(({ to, from, re, im }) => ({ to, from, re: Math.hypot(re, im), im: 0 }));

/** Σ factor (BxC† − ½{C†B, x}), or of magnitudes with a sum in place of the difference. */
export class Acted {
  readonly #brought: DenseMatrix;
  readonly #rate: DenseMatrix;

  constructor(
    private readonly x: DenseMatrix,
    private readonly sign: 1 | -1,
  ) {
    this.#brought = nothing(x.order);
    this.#rate = nothing(x.order);
  }

  /** Of B on the left and C on the right. */
  add(factor: number, left: readonly Entry[], right: readonly Entry[]): void {
    for (const b of left) {
      for (const c of right) {
        const [u, v] = [factor * (b.re * c.re + b.im * c.im), factor * (b.im * c.re - b.re * c.im)];
        addElement(this.#brought, b.to, c.to, u, v, this.x, b.from, c.from);
        if (b.to === c.to) addNumber(this.#rate, c.from, b.from, u, v);
      }
    }
  }

  /** B†xB in place of BxB†. */
  addBack(factor: number, entries: readonly Entry[]): void {
    for (const b of entries) {
      for (const c of entries) {
        const [u, v] = [factor * (b.re * c.re + b.im * c.im), factor * (b.re * c.im - b.im * c.re)];
        addElement(this.#brought, b.from, c.from, u, v, this.x, b.to, c.to);
        if (b.to === c.to) addNumber(this.#rate, b.from, c.from, u, v);
      }
    }
  }

  /** Σ factor BxC† alone of what is counted, by weights that are in the factors. */
  of(weights: readonly number[] | null): DenseMatrix {
    const found = this.#brought;
    if (weights !== null) return found;
    const half = this.sign / 2;
    addMultiple(found, half, product(this.#rate, this.x));
    addMultiple(found, half, product(this.x, this.#rate));
    return found;
  }
}

function addNumber(into: DenseMatrix, row: number, column: number, u: number, v: number): void {
  const at = row * into.order + column;
  into.re[at] += u;
  into.im[at] += v;
}

/** Adds (u + iv)⟨i|x|j⟩ at a row and a column. */
function addElement(
  into: DenseMatrix,
  row: number,
  column: number,
  u: number,
  v: number,
  x: DenseMatrix,
  i: number,
  j: number,
): void {
  const at = i * x.order + j;
  const [a, b] = [x.re[at], x.im[at]];
  addNumber(into, row, column, u * a - v * b, u * b + v * a);
}

/** What parts do to a matrix. @param weights of what each of them counts; null for dissipators */
export function acted(
  x: DenseMatrix,
  groups: readonly Group[],
  weights: readonly number[] | null,
  act: (acted: Acted, rate: number, entries: readonly Entry[]) => void,
): DenseMatrix {
  const value = new Acted(x, -1);
  groups.forEach(({ rate, entries }, k) => {
    act(value, (weights?.[k] ?? 1) * rate.value, entries);
  });
  return value.of(weights);
}

/** The magnitudes of what that sums up, of magnitudes. */
export function sizesActed(
  x: DenseMatrix,
  groups: readonly Group[],
  weights: readonly number[] | null,
): DenseMatrix {
  const sizes = new Acted(x, 1);
  groups.forEach(({ rate, entries }, k) => {
    const absolute = magnitudesIn(entries);
    sizes.add(Math.abs(weights?.[k] ?? 1) * rate.value, absolute, absolute);
  });
  return sizes.of(weights);
}
