/** Flows of a sector's state across cuts in memory of WebAssembly: to the same bits as `CutFlows` has them. */
import type { Numbers } from '../machine/tape.js';
import type { BroughtTables } from './broughtTables.js';
import { Coefficients } from './coefficients.js';
import type { AcrossCuts, CurrentOnWindow, CutRun } from './cutCurrents.js';
import { type ExactEstimate, estimated } from './estimate.js';
import type { Representation } from './functional.js';
import type { FoundCuts } from './readingSteps.js';
import { type CutCode, putTerm, RECORD } from './runRecords.js';
import type { HeldState, MeanTerm, SectorMeans } from './sectorMeans.js';
import { ROUNDING } from './stateReader.js';

const NUMBER = 8;

/** Terms, channels and flows that there is room for. */
const MOST_TERMS = 128;
const MOST_CHANNELS = 12;
const MOST_FLOWS = 128;

/** A state as it is held, and between bare states; null where it is not held there. */
export type HeldStates = Readonly<Record<Representation, HeldState | null>>;

/** Where the elements of a state are that a current is of. */
interface TermLayout {
  termsOfElements(run: CutRun): readonly MeanTerm[];
}

/** Numbers from one current's cuts to what these may be off by. */
const cutsOf = (size: number): number => 2 * Math.ceil(size / 2);

export class SectorCuts implements FoundCuts {
  /** Memory that they take on windows of so many levels, in bytes. */
  static readonly bytes = (size: number): number =>
    RECORD * (MOST_TERMS + MOST_FLOWS) +
    NUMBER * (MOST_TERMS + MOST_FLOWS + 2 * MOST_FLOWS + 4 * MOST_CHANNELS * cutsOf(size));

  readonly #coefficients: Coefficients;
  readonly results: Float64Array;
  readonly #flowsAt: number;
  /** What each channel carries, and, from there on, what it carries or all others carry back. */
  readonly #ownAt: number;
  readonly #betterAt: number;
  /** Bytes from a current to what it may be off by. */
  readonly #apart: number;
  /** Those that there are terms of; null where there is no room for them. */
  #placed: readonly CurrentOnWindow[] | null = null;
  #isThere = false;
  #channels = 0;
  #terms = 0;
  /** Whether some are of elements between bare states where these are others. */
  #isBare = false;
  /** By places of means, which of the flows each is. */
  readonly #places = new Map<number, number | null>();
  /** The channels of which the better current is asked for. */
  readonly #asked: number[] = [];
  #flows = 0;
  /** The state that they are of, and how many are there. */
  #of: HeldState | null = null;
  #found = 0;

  /** @param at where its memory begins @param size levels of the window */
  constructor(
    private readonly memory: DataView,
    private readonly at: number,
    private readonly size: number,
    private readonly means: Readonly<Record<Representation, SectorMeans>>,
    tables: BroughtTables,
    private readonly code: CutCode,
  ) {
    const { buffer } = memory;
    this.#flowsAt = at + RECORD * MOST_TERMS;
    const numbers = this.#flowsAt + RECORD * MOST_FLOWS;
    const scalars = new Float64Array(buffer, numbers, MOST_TERMS + MOST_FLOWS);
    this.#coefficients = new Coefficients(tables, scalars);
    this.results = new Float64Array(buffer, numbers + scalars.byteLength, 2 * MOST_FLOWS);
    this.#apart = NUMBER * cutsOf(size);
    this.#ownAt = this.results.byteOffset + this.results.byteLength;
    this.#betterAt = this.#ownAt + 2 * this.#apart * MOST_CHANNELS;
  }

  /**
   * A flow of a state, by the place of the mean that it is. With the first of them all are found that other states were
   * asked for.
   * @param currents of all channels
   * @param layout gives their terms when they are asked for first
   * @returns null where there is no room for it
   */
  flow(
    numbers: Numbers,
    held: HeldStates,
    currents: readonly CurrentOnWindow[],
    layout: TermLayout,
    [place, across]: readonly [place: number, across: AcrossCuts],
  ): ExactEstimate | null {
    if (currents !== this.#placed) this.#place(currents, held, layout);
    let which = this.#places.get(place);
    if (which === undefined) {
      which = this.#isThere ? this.#placedFlow(across) : null;
      this.#places.set(place, which);
    }
    if (which === null) return null;
    this.#find(numbers, held);
    return estimated(this.results[2 * which], 0, this.results[2 * which + 1]);
  }

  /** The same of all that were asked for so far, in `results`. */
  of(numbers: Numbers, held: HeldStates): this {
    if (this.#flows > 0) this.#find(numbers, held);
    return this;
  }

  placeOf(place: number): number | null | undefined {
    return this.#places.get(place);
  }

  #find(numbers: Numbers, held: HeldStates): void {
    const state = held.eigen as HeldState;
    if (this.#of === state && this.#found === this.#flows) return;
    this.means.eigen.hold(state);
    if (this.#isBare) this.means.bare.hold(held.bare as HeldState);
    this.#coefficients.bring(numbers);
    const currents = [this.#ownAt, this.#ownOf(this.#channels), this.#apart] as const;
    this.code.currents(this.at, this.#termAt(this.#terms), state.rounding, ...currents);
    for (const n of this.#asked) this.code.better(this.#betterOf(n), this.#ownOf(n), ...currents);
    const { byteOffset: out } = this.results;
    this.code.across(this.#flowsAt, this.#flowAt(this.#flows), ROUNDING, out);
    this.#of = state;
    this.#found = this.#flows;
  }

  #termAt = (n: number): number => this.at + RECORD * n;
  #flowAt = (n: number): number => this.#flowsAt + RECORD * n;
  #ownOf = (channel: number): number => this.#ownAt + 2 * this.#apart * channel;
  #betterOf = (channel: number): number => this.#betterAt + 2 * this.#apart * channel;

  #place(currents: readonly CurrentOnWindow[], held: HeldStates, layout: TermLayout): void {
    this.#placed = currents;
    this.#places.clear();
    this.#asked.length = 0;
    this.#flows = 0;
    this.#terms = 0;
    this.#isBare = false;
    this.#of = null;
    this.#channels = currents.length;
    this.#isThere =
      this.size > 1 &&
      currents.length <= MOST_CHANNELS &&
      currents.every(({ representation, runs }, channel) => {
        const isOther = representation === 'bare' && held.bare !== held.eigen;
        if (runs.length === 0) return true;
        if (isOther && held.bare === null) return false;
        this.#isBare ||= isOther;
        const means = this.means[isOther ? 'bare' : 'eigen'];
        return runs.every((run) => this.#placeRun(run, channel, means, layout));
      });
  }

  #placeRun(run: CutRun, channel: number, means: SectorMeans, layout: TermLayout): boolean {
    return layout.termsOfElements(run).every(({ place, first, count, element, weight }) => {
      // Of elements that are real there is no imaginary part.
      if (weight === 0) return true;
      const coefficient = this.#coefficients.addressOf(place, first);
      if (coefficient === null || this.#terms === MOST_TERMS) return false;
      putTerm(this.memory, this.#termAt(this.#terms++), {
        ...{ coefficient, isTable: place.kind === 'table', count, weight },
        ...means.columnsAt(element),
        last: this.#ownOf(channel) + NUMBER * (first + run.at),
      });
      return true;
    });
  }

  #placedFlow({ channel, weight }: AcrossCuts): number | null {
    const coefficient = this.#coefficients.addressOf(weight, 0);
    if (coefficient === null || this.#flows === MOST_FLOWS) return null;
    if (!this.#asked.includes(channel)) this.#asked.push(channel);
    const elements = this.#betterOf(channel);
    putTerm(this.memory, this.#flowAt(this.#flows), {
      ...{ coefficient, isTable: weight.kind === 'table', count: this.size - 1, weight: 1 },
      ...{ elements, errors: elements + this.#apart, last: 0 },
    });
    return this.#flows++;
  }
}
