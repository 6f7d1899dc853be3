/** Factors of a matrix, which stay where they were made until that is needed for others. */
import { copied, usedAgain } from '../zeros.js';
import type { BlockTridiagonal } from './conservingElimination.js';
import type { EliminationKernel, Leftover } from './eliminationKernel.js';

export class KeptFactors implements Leftover {
  readonly centre: number;
  readonly #kernel: EliminationKernel | null;
  /** In memory of their own; null while they are where they were made. */
  #entries: Float64Array | null;
  readonly #isOver = usedAgain();

  /**
   * @param matrix as `eliminate` leaves it
   * @param nullVector of populations that sum to 1, where the factors are made by code in the code's memory, too
   */
  constructor(
    { entries, centre, kernel }: BlockTridiagonal,
    private readonly nullVector: Float64Array,
  ) {
    this.centre = centre;
    this.#kernel = kernel ?? null;
    this.#entries = kernel === undefined ? copied(entries) : null;
    kernel?.leave(this);
  }

  /** By row as in `BlockTridiagonal`. */
  get entries(): Float64Array {
    return this.#entries ?? (this.#kernel as EliminationKernel).entries;
  }

  save(): void {
    // The next device of many needs nothing of the one before.
    if (!this.#isOver()) this.#entries = copied(this.entries);
  }

  /** Has them in the code's memory again, with the null vector. */
  bringBack(): void {
    const kernel = this.#kernel;
    if (kernel === null || kernel.isLeftTo(this)) return;
    const { entries } = this;
    kernel.leave(this);
    kernel.entries.set(entries);
    kernel.unknowns.set(this.nullVector);
    this.#entries = null;
  }
}
