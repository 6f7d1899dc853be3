/** Evolution sector by sector, each a block-tridiagonal matrix solved directly. */
import type { Generator } from '../generator/generator.js';
import {
  partnerOf,
  type Sector,
  sectorsOf,
  siteIndex,
  siteMatrix,
  sitePartners,
} from '../generator/siteMatrix.js';
import { zeros } from '../zeros.js';
import {
  type AfterStep,
  checkSaved,
  type Evolver,
  type Progressed,
  type StepCounts,
  type Tolerances,
} from './evolver.js';
import { SectorEvolution } from './sectorEvolution.js';

/** Classes of a sector up to which its blocks are small: every charge sector has at most 6. */
const LARGEST_BLOCK = 6;

interface Part {
  readonly sector: Sector;
  /** Where its unknowns are in a vector of the space. */
  readonly index: Int32Array;
  readonly evolution: SectorEvolution;
  t: number;
}

/** Whether every sector of a generator is block tridiagonal in small blocks. */
export const hasSmallBlocks = (generator: Generator): boolean =>
  sectorsOf(generator).every(({ classes }) => classes.length <= LARGEST_BLOCK);

/** The sectors in which a Hermitian state has elements, one of each two conjugate ones. */
function populatedSectors({ space, couplings }: Generator, elements: Float64Array): Sector[] {
  const conjugates = new Set<number>();
  return sectorsOf({ space, couplings }).filter((sector) => {
    if (conjugates.has(sector.classes[0])) return false;
    for (const c of sector.classes) conjugates.add(partnerOf(space, c));
    return sector.classes.some((c) => {
      const { offset, length } = space.classes[c];
      for (let i = 2 * offset; i < 2 * (offset + length); i++) if (elements[i] !== 0) return true;
      return false;
    });
  });
}

export class DirectEvolution implements Evolver {
  readonly counts: StepCounts = { accepted: 0, rejected: 0 };
  private readonly parts: Part[];
  /** Where the present interval starts. */
  private start: number;

  /**
   * @param generator on a space that holds the conjugate of each of its classes
   * @param elements the Hermitian initial state, which decides which sectors are evolved
   * @param from where an evolution from this initial state had come to
   */
  constructor(
    private readonly generator: Generator,
    elements: Float64Array,
    { rtol, atol }: Tolerances,
    from?: Progressed,
  ) {
    const largest = elements.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const tolerance = Math.max(atol, rtol * largest);
    this.parts = populatedSectors(generator, elements).map((sector, at) => {
      const matrix = siteMatrix(generator, sector);
      const index = siteIndex(generator.space, sector, matrix);
      const y = zeros(2 * index.length);
      const saved = from?.parts[at];
      if (from !== undefined) checkSaved(saved?.elements, y.length);
      if (saved !== undefined) y.set(saved.elements);
      else {
        index.forEach((i, k) => {
          if (i < 0) return;
          y[2 * k] = elements[2 * i];
          y[2 * k + 1] = elements[2 * i + 1];
        });
      }
      const partners = sector.hermitian ? sitePartners(generator.space, sector, matrix) : null;
      const { counts } = this;
      return {
        sector,
        index,
        evolution: new SectorEvolution(matrix, y, partners, tolerance, counts, saved?.h),
        t: saved?.t ?? 0,
      };
    });
    this.start = Math.min(...this.parts.map(({ t }) => t));
  }

  async advanceTo(t: number, afterStep: AfterStep): Promise<void> {
    const from = this.start;
    for (const [at, part] of this.parts.entries()) {
      const populations = part.sector.coherences < part.sector.classes.length;
      while (part.t < t) {
        const distance = t - part.t;
        const h = part.evolution.advance(distance);
        part.t = h >= distance ? t : part.t + h;
        await afterStep(from + (at * (t - from) + part.t - from) / this.parts.length, populations);
      }
    }
    this.start = t;
  }

  async elements(): Promise<Float64Array> {
    const { space } = this.generator;
    const elements = zeros(2 * space.size);
    for (const { sector, index, evolution } of this.parts) {
      const { y } = evolution;
      index.forEach((i, k) => {
        if (i < 0) return;
        elements[2 * i] = y[2 * k];
        elements[2 * i + 1] = y[2 * k + 1];
      });
      if (!sector.hermitian) this.fillConjugates(sector, elements);
    }
    return elements;
  }

  private fillConjugates(sector: Sector, elements: Float64Array): void {
    const { space } = this.generator;
    for (const c of sector.classes) {
      const { offset, length } = space.classes[c];
      const other = space.classes[partnerOf(space, c)].offset;
      for (let p = 0; p < length; p++) {
        elements[2 * (other + p)] = elements[2 * (offset + p)];
        elements[2 * (other + p) + 1] = -elements[2 * (offset + p) + 1];
      }
    }
  }

  async save(): Promise<Progressed> {
    return {
      parts: this.parts.map(({ t, evolution: { h, y } }) => ({ t, h, elements: Array.from(y) })),
    };
  }

  close(): void {}
}
