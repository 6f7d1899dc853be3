/** Many devices in the zero-charge sector at once, by a backend that has a kernel for them. */
import type { SectorKernel, SectorSolutions, Sectors } from '../backend/batches.js';

import {
  type Kernel,
  kernelOf,
  POINT_NUMBERS,
  packPoints,
  type SectorPoint,
} from './sectorPoints.js';
import { SUM_NUMBERS } from './sectorSums.js';

export interface SectorSolver extends Pick<Sectors, 'precision' | 'probe' | 'capacity'> {
  /** Memory that a point on a window of so many levels takes. */
  bytesPerPoint(kernel: Kernel, levels: number): number;
  /** Compiles a kernel, which takes seconds; otherwise its first batch does. */
  prepare(kernel: Kernel): Promise<void>;
  /**
   * Points of one kernel on windows of one size. Calls may overlap.
   *
   * Sums are those of sector_observe. States have 6 numbers for each level of each point: Re and Im of ⟨D,l+1|ρ|E,l⟩,
   * the populations of |D,l+1⟩ and |E,l⟩, then those of 11 and 00. D and E are the eigenstates of model/global.ts in
   * the global model, 10 and 01 in the local one. Those without partners stand last: |D⟩ of the lowest level in the
   * place of the one above the highest.
   */
  solve(
    points: readonly SectorPoint[],
    levels: number,
    options?: { readonly states?: boolean },
  ): Promise<SectorSolutions>;
}

const kernelFor = (kernel: Kernel): SectorKernel => ({
  conditions: { global: kernel === 'global' },
  pointNumbers: POINT_NUMBERS[kernel],
  sumNumbers: SUM_NUMBERS[kernel],
});

export const sectorSolver = (sectors: Sectors): SectorSolver => ({
  precision: sectors.precision,
  probe: sectors.probe,
  capacity: (levels) => sectors.capacity(levels),
  bytesPerPoint: (kernel, levels) => sectors.bytesPerPoint(kernelFor(kernel), levels),
  prepare: (kernel) => sectors.prepare(kernelFor(kernel)),
  solve: (points, levels, { states = false } = {}) =>
    sectors.solve({
      kernel: kernelFor(kernelOf(points[0].parameters)),
      count: points.length,
      levels,
      centers: points.map(({ lmin }) => Math.min(Math.max(-lmin, 0), levels - 2)),
      states,
      pack: (some, centers, stride, precision) =>
        packPoints(
          some.map((p) => points[p]),
          levels,
          centers,
          stride,
          precision,
        ),
    }),
});
