/** Where the factors of a site's equations are in the memory of code that substitutes by them. */
import type { Address } from '../whileLess.js';
import type { EliminationShape } from './eliminationShape.js';

export const NUMBER = 8;

/** The kinds of sites: towards a centre above it, towards one below it, and the centre itself. */
export type Kind = 'below' | 'above' | 'centre';

/** Addresses of a site and of its inner neighbour. */
export interface SiteAddresses {
  /** Where its rows begin, and where in the first row of the inner site the columns of this one do. */
  readonly rows: Address;
  readonly innerRows: Address;
  readonly pivots: Address;
  /** Where its numbers are, and the inner site's. */
  readonly own: Address;
  readonly inner: Address;
  /** How far behind them those of a second vector are, where there is one. */
  readonly apart: Address;
}

export interface Offset {
  readonly offset: number;
}

export class SitePlaces {
  /** How many unknowns are eliminated. */
  readonly count: number;
  readonly #row: number;

  constructor(
    readonly shape: EliminationShape,
    private readonly kind: Kind,
  ) {
    this.#row = 3 * shape.width * NUMBER;
    this.count = kind === 'centre' ? shape.width - 1 : shape.width;
  }

  /** How many of the inner site's unknowns one of the site reaches. */
  met(j: number): number {
    if (this.kind === 'centre') return 0;
    const reach = this.shape.reach[this.kind];
    return j < this.shape.paired ? reach[j - (j % 2) + 1] : reach[j];
  }

  /** An entry of the site's rows; from `width` on those of the inner site's columns. */
  entry(r: number, k: number): Offset {
    return { offset: r * this.#row + (this.shape.width + k) * NUMBER };
  }

  /** An entry of the inner site's rows, in this one's columns. */
  beyond(r: number, k: number): Offset {
    return { offset: r * this.#row + k * NUMBER };
  }

  pivot(j: number, k: 0 | 1): Offset {
    return { offset: NUMBER * (2 * j + k) };
  }

  /** The two of a pair together, populations by themselves: each with where the next one begins. */
  get groups(): (readonly [j: number, next: number])[] {
    const groups: (readonly [number, number])[] = [];
    for (let j = 0; j < this.count; ) {
      const next = j < this.shape.paired ? j + 2 : j + 1;
      groups.push([j, next]);
      j = next;
    }
    return groups;
  }
}
