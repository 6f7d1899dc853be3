/** Errors of a sector's unknowns in the memory of WebAssembly: to the same bits as BoundSector has them without it. */
import { BETTER, BETTER_BOUNDS, couplingReach, equationRounding } from './coherenceErrors.js';
import { type JudgeCode, judgeCode } from './judgeKernel.js';
import type { Run } from './run.js';
import type { RunCode } from './runRecords.js';

const NUMBER = 8;

/** What is judged. */
export interface JudgedSector {
  readonly sites: number;
  /** Unknowns of a site, and how many of them are in pairs. */
  readonly width: number;
  readonly paired: number;
}

/** Where its vectors are, in bytes. */
export interface JudgedVectors {
  readonly x: number;
  readonly magnitudes: number;
  readonly blocks: number;
  readonly errors: number;
}

/** Numbers of a row of the equations for moduli, how far it reaches, and how many rows there are with those behind. */
function bandOf({ sites, paired }: JudgedSector) {
  const pairs = (sites * paired) / 2;
  const reach = couplingReach(paired);
  const row = 2 * reach + 1;
  return {
    pairs,
    reach,
    row,
    rows: pairs + reach,
    length: 2 * Math.ceil(((pairs + reach) * row) / 2),
  };
}

/** Memory that it takes. */
export function judgeBytes(sector: JudgedSector): number {
  const { rows, length } = bandOf(sector);
  return sector.paired === 0 ? 0 : NUMBER * (2 * length + rows + sector.sites * sector.width);
}

/** Records from one address to another. */
type Records = readonly [begin: number, end: number];

export class SectorJudge {
  readonly #code: JudgeCode;
  readonly #band: ReturnType<typeof bandOf>;
  /** The magnitudes of couplings to real parts, to imaginary parts, moduli, and what is brought to each pair. */
  readonly #bands: Float64Array;
  readonly #bound: Float64Array;
  readonly #among: Float64Array;
  /** Bytes of a vector's numbers for a site, of its pairs, and of a vector. */
  readonly #width: number;
  readonly #paired: number;
  readonly #vector: number;

  /** @param at where its memory begins */
  constructor(
    memory: WebAssembly.Memory,
    at: number,
    private readonly sector: JudgedSector,
    private readonly vectors: JudgedVectors,
    private readonly runs: RunCode,
  ) {
    const { sites, width, paired } = sector;
    this.#code = judgeCode(memory);
    this.#band = bandOf(sector);
    this.#width = NUMBER * width;
    this.#paired = NUMBER * paired;
    this.#vector = sites * this.#width;
    const { rows, length } = paired === 0 ? { rows: 0, length: 0 } : this.#band;
    this.#bands = new Float64Array(memory.buffer, at, 2 * length);
    this.#bound = new Float64Array(memory.buffer, at + NUMBER * 2 * length, rows);
    const among = this.#bound.byteOffset + NUMBER * rows;
    this.#among = new Float64Array(memory.buffer, among, paired === 0 ? 0 : sites * width);
  }

  /** Where the magnitudes of a run's couplings go, and what is brought to pairs by it. */
  couplingOf({ source, target, from, to }: Run): {
    readonly coupling: number;
    readonly among: number;
  } {
    const { reach, row, length } = this.#band;
    const perSite = this.sector.paired / 2;
    const i = target * perSite + (to >> 1);
    const j = source * perSite + (from >> 1);
    return {
      coupling: this.#bands.byteOffset + NUMBER * ((to % 2) * length + i * row + j - i + reach),
      among: this.#among.byteOffset + NUMBER * (target * this.sector.width + to),
    };
  }

  /** Bytes from one site's couplings to the next one's. */
  get couplingStep(): number {
    return NUMBER * this.#band.row * (this.sector.paired / 2);
  }

  /** Σx² of the matrix of a vector, in which a coherence and its conjugate count each. @param at where it is */
  squares(at: number): number {
    return this.#code.squares(at, at + this.#vector, this.#width, this.#paired);
  }

  /**
   * Errors of x, whose magnitudes and blocks are there.
   * @param coupled records of the couplings between pairs, and of what they bring
   * @param relative what rounding takes from a population, relative to itself
   * @param isKnown whether the numbers and the solution of the equations are right to rounding
   */
  errors(coupled: Records, brought: Records, relative: number, isKnown: boolean): void {
    const code = this.#code;
    const { x, errors, magnitudes, blocks } = this.vectors;
    const site = [this.#width, this.#paired] as const;
    code.ofPopulations(x, x + this.#vector, errors, ...site, relative);
    if (this.sector.paired === 0) return;
    const ofEquation = equationRounding(relative, isKnown);
    this.#moduli(coupled, ofEquation);
    const ofErrors = [errors, errors + this.#vector, ...site] as const;
    const among = this.#among.byteOffset;
    code.spread(...ofErrors, this.#bound.byteOffset);
    for (let better = 0; isKnown && better < BETTER_BOUNDS; better++) {
      this.#among.fill(0);
      this.runs.addMagnitudes(...brought, this.#width);
      if (code.refine(...ofErrors, magnitudes, among, blocks, ofEquation, BETTER) === 0) break;
    }
  }

  #moduli(coupled: Records, ofEquation: number): void {
    const code = this.#code;
    const { pairs, reach, row, length } = this.#band;
    const { magnitudes, blocks } = this.vectors;
    const band = this.#bands.byteOffset;
    const other = band + NUMBER * length;
    const bound = this.#bound.byteOffset;
    const diagonal = band + NUMBER * reach;
    this.#bands.fill(0);
    this.#bound.fill(0);
    this.runs.addSizes(...coupled, this.couplingStep);
    code.couplings(band, other, other);
    code.system(
      ...[magnitudes, magnitudes + this.#vector, this.#width, this.#paired],
      ...[blocks, NUMBER * row, bound, diagonal, ofEquation],
    );
    const end = bound + NUMBER * pairs;
    if (code.solve(diagonal, bound, end, NUMBER * row, reach) === 0) {
      this.#bound.fill(Number.POSITIVE_INFINITY);
    }
  }
}
