/** Code for the numbers of a tape, by the size of windows. */
import { emptySlot } from '../slot.js';
import type { ScalarProgram } from './scalarProgram.js';
import type { TapeKernel, Wanted } from './tapeKernel.js';
import type { TableStep } from './tapeSteps.js';

/** Writes code for tapes, where it is loaded. */
export const tapeCode = emptySlot<typeof import('./tapeKernel.js')>();

/** Windows up to as many levels share code. */
export const capacityOf = (size: number): number => Math.max(128, 1 << (32 - Math.clz32(size - 1)));

export class TapeKernels {
  readonly #kernels = new Map<number, TapeKernel>();
  readonly #wanted = { tables: new Set<number>(), operations: new Set<number>() };

  constructor(
    private readonly program: ScalarProgram,
    private readonly steps: readonly TableStep[],
  ) {}

  /** Code for windows of so many levels, where there is some. */
  kernelFor(size: number): TapeKernel | null {
    return this.#kernels.get(capacityOf(size)) ?? null;
  }

  /** Makes code for windows of so many levels: of what is wanted now, and was before. */
  makeKernel(size: number, { tables, operations }: Wanted): void {
    if (tapeCode.module === null) return;
    for (const at of tables) this.#wanted.tables.add(at);
    for (const n of operations) this.#wanted.operations.add(n);
    const wanted = {
      tables: [...this.#wanted.tables],
      // Operands come before what is made of them.
      operations: [...this.#wanted.operations].sort((a, b) => a - b),
    };
    const most = capacityOf(size);
    const { TapeKernel } = tapeCode.module;
    this.#kernels.set(most, new TapeKernel(this.program, this.steps, wanted, most));
  }
}
