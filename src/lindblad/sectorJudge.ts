/** Errors of a sector's unknowns in the memory of WebAssembly: to the same bits as BoundSector has them without it. */
import { couplingReach, equationRounding } from './coherenceErrors.js';
import { JUDGED_BYTES, type JudgedCode, type Plan, putPlan } from './judgedKernel.js';
import type { Run } from './run.js';

const NUMBER = 8;

/** What is judged. */
export interface JudgedSector {
  readonly sites: number;
  /** Unknowns of a site, and how many of them are in pairs. */
  readonly width: number;
  readonly paired: number;
}

/** Where its vectors are, in bytes: a state and what comes of it, as the plan has them. */
export type JudgedVectors = Pick<
  Plan,
  'x' | 'columns' | 'magnitudes' | 'sums' | 'blocks' | 'errors'
>;

/** Records from one address to another. */
export type Records = readonly [begin: number, end: number];

/** The runs that a state is judged by. */
export interface JudgedRuns {
  /** All of them, those within pairs, and those between pairs: of their blocks, their couplings, and what they bring. */
  readonly all: Records;
  readonly within: Records;
  readonly resonant: Records;
  readonly coupled: Records;
  readonly brought: Records;
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
  const { sites, width, paired } = sector;
  return JUDGED_BYTES + (paired === 0 ? 0 : NUMBER * (2 * length + rows + sites * width));
}

/** What is found of a state. */
export interface Found {
  /** Σ|𝓛x|² of the matrix, in which a coherence and its conjugate count each, and the same of the magnitudes. */
  readonly squares: number;
  readonly ofMagnitudes: number;
  /** As `resonanceOf` has it. */
  readonly resonance: number;
}

export class SectorJudge {
  readonly #band: ReturnType<typeof bandOf>;
  /** Where the magnitudes of couplings to real parts and to imaginary ones begin, and what is brought to each pair. */
  readonly #bands: number;
  readonly #bound: number;
  readonly #among: number;
  #found: Float64Array | null = null;

  /** @param at where its memory begins */
  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly at: number,
    private readonly sector: JudgedSector,
    private readonly vectors: JudgedVectors,
    private readonly code: JudgedCode,
  ) {
    this.#band = bandOf(sector);
    const { rows, length } = this.#band;
    this.#bands = at + JUDGED_BYTES;
    this.#bound = this.#bands + NUMBER * 2 * length;
    this.#among = this.#bound + NUMBER * rows;
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
      coupling: this.#bands + NUMBER * ((to % 2) * length + i * row + j - i + reach),
      among: this.#among + NUMBER * (target * this.sector.width + to),
    };
  }

  /** Puts down what it reads. */
  plan({ all, within, resonant, coupled, brought }: JudgedRuns): void {
    const { sites, width, paired } = this.sector;
    const { pairs, reach, row, rows, length } = this.#band;
    const site = NUMBER * width;
    this.#found = putPlan(this.memory, this.at, {
      ...this.vectors,
      vector: sites * site,
      width: site,
      paired: NUMBER * paired,
      unknown: NUMBER * sites,
      pairs: NUMBER * sites * paired,
      blocksLength: 2 * sites * site,
      blocksStep: 2 * site,
      band: this.#bands,
      bandLength: NUMBER * length,
      row: NUMBER * row,
      couplingStep: NUMBER * row * (paired / 2),
      reach,
      diagonal: this.#bands + NUMBER * reach,
      bound: this.#bound,
      boundEnd: this.#bound + NUMBER * pairs,
      boundLength: NUMBER * rows,
      among: this.#among,
      ...ends('all', all),
      ...ends('within', within),
      ...ends('resonant', resonant),
      ...ends('coupled', coupled),
      ...ends('brought', brought),
    });
  }

  /**
   * Judges x, and leaves its errors.
   * @param relative what rounding takes from a population, relative to itself
   * @param isKnown whether the numbers and the solution of the equations are right to rounding
   */
  judged(relative: number, isKnown: boolean): Found {
    if (this.#found === null) throw new Error('nothing is planned');
    const ofEquation = equationRounding(relative, isKnown);
    this.code.judged(this.at, relative, ofEquation, Number(isKnown));
    const [squares, ofMagnitudes, resonance] = this.#found;
    return { squares, ofMagnitudes, resonance };
  }
}

const ends = <Name extends keyof JudgedRuns>(name: Name, [begin, end]: Records) =>
  ({ [name]: begin, [`${name}End`]: end }) as Record<Name | `${Name}End`, number>;
