/** Pairs of a sector's state turned back by their angles in memory of WebAssembly. */
import type { Numbers, Place } from '../machine/tape.js';
import { copied } from '../zeros.js';
import { type BroughtTable, type BroughtTables, isBrought } from './broughtTables.js';
import type { PlacedPair } from './eigenbasis.js';
import type { Unknowns } from './functional.js';
import type { StateVectors } from './sectorMeans.js';

const NUMBER = 8;

/** Where all of a pair is, and how far apart, as turnKernel.ts has it. */
type TurnedBack = readonly [
  ...angle: readonly [cosines: number, sines: number, levels: number],
  ...elements: readonly [upper: number, lower: number, coherence: number],
  ...distances: readonly [step: number, apart: number],
];

export interface TurnCode {
  readonly turnBack: (...of: TurnedBack) => void;
}

/** What turns pairs back; null where their angles have no table, or there is no room for it. */
interface Turns {
  readonly pairs: readonly PlacedPair[];
  readonly calls: readonly TurnedBack[] | null;
  readonly brought: readonly BroughtTable[];
}

export class SectorTurns {
  #last: Turns | null = null;

  /**
   * @param vectors where states between bare states are
   * @param forget is told that they have other numbers
   */
  constructor(
    private readonly vectors: StateVectors,
    private readonly tables: BroughtTables,
    private readonly code: TurnCode,
    private readonly forget: () => void,
  ) {}

  /** As BoundSector has it; null where angles have no table, or there is no room for it. */
  turnedBack(numbers: Numbers, eigen: Unknowns, pairs: readonly PlacedPair[]): Unknowns | null {
    if (this.#last?.pairs !== pairs) this.#last = this.#turnsOf(pairs);
    const { calls, brought } = this.#last;
    if (calls === null) return null;
    const { x, errors } = this.vectors;
    this.tables.bring(numbers, brought);
    this.forget();
    x.set(eigen.x);
    errors.set(eigen.errors);
    for (const call of calls) this.code.turnBack(...call);
    return { x: copied(x), errors: copied(errors) };
  }

  #turnsOf(pairs: readonly PlacedPair[]): Turns {
    const { x, errors, step } = this.vectors;
    const angles = pairs.map(({ cosine, sine }) => [this.#tableOf(cosine), this.#tableOf(sine)]);
    const tables = angles.flat();
    if (tables.includes(null)) return { pairs, calls: null, brought: [] };
    const apart = errors.byteOffset - x.byteOffset;
    const calls = pairs.map(({ first, count, upper, lower, coherence }, k): TurnedBack => {
      const [cosines, sines] = (angles[k] as BroughtTable[]).map(
        ({ values }) => values.byteOffset + NUMBER * first,
      );
      const [p, q, z] = [upper, lower, coherence].map((at) => x.byteOffset + NUMBER * at);
      return [cosines, sines, count, p, q, z, step, apart];
    });
    return { pairs, calls, brought: (tables as BroughtTable[]).filter(isBrought) };
  }

  #tableOf({ kind, at }: Place): BroughtTable | null {
    return kind === 'table' ? this.tables.of(at) : null;
  }
}
