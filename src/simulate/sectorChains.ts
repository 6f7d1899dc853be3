/** Steady states of compiled machines' points by elimination on a GPU, many at once. */
import type { Precision } from '../backend/backend.js';
import type {
  ChainBatch,
  ChainSolutions,
  CountingForm,
  OpenChains,
  Verdict,
} from '../backend/batches.js';
import { CutsReader } from '../lindblad/cutsReader.js';
import type { BoundMachine, CompiledSector } from '../lindblad/sectorSolution.js';
import { SectorWords, WIDEST } from '../lindblad/sectorWords.js';
import type { Lost, SectorState } from '../lindblad/solvedSector.js';
import type { Values } from '../machine/tape.js';
import { groupBy } from '../maps.js';
import type { Window } from '../operators/window.js';
import { perObject } from '../perObject.js';
import { isDetermined } from '../solve/determined.js';

/** A compiled machine's code for the GPU, made once. */
export const wordsOf = perObject(
  ({ program }: CompiledSector): SectorWords => new SectorWords(program),
);

/** A device of a compiled machine, on a window. */
export interface ChainPoint {
  readonly compiled: CompiledSector;
  readonly values: Values;
  readonly window: Window;
}

/** Points with the same equations on one window, which are solved together: by their places. */
export interface ChainGroup {
  readonly bound: BoundMachine;
  readonly places: readonly number[];
}

export const chainGroups = (points: readonly ChainPoint[]): ChainGroup[] =>
  [...groupBy(points.keys(), (p) => points[p].compiled)].flatMap(([compiled, same]) =>
    [...groupBy(same, (p) => `${points[p].window.lmin} ${points[p].window.lmax}`).values()].map(
      (places) => ({ bound: compiled.on(points[places[0]].window), places }),
    ),
  );

/** Solves points on one window. @param batch whether states are read, and what is said of those that are counted */
export async function solvedChains(
  open: OpenChains,
  precision: Precision,
  { sector }: BoundMachine,
  points: readonly Values[],
  words: SectorWords,
  batch: Pick<ChainBatch, 'read' | 'unit'>,
  counting: CountingForm | null = null,
): Promise<ChainSolutions> {
  const start = sector.nearestEnding(sector.startAt());
  const chains = await open(precision, { ...words.on(sector), counting });
  try {
    return await chains.solve({
      count: points.length,
      centres: points.map(() => start),
      nearest: (site) => sector.nearestEnding(site),
      pack: (p, out) => {
        sector.numbers.fill(points[p]);
        words.pack(sector, out);
      },
      ...batch,
    });
  } finally {
    chains.release();
  }
}

/**
 * Whether a state is the only one; the GPU tells of populations alone. Other symmetries are those of the equations, so
 * that one point tells of all.
 */
function isOnlyOne({ sector }: BoundMachine, values: Values): boolean {
  sector.numbers.fill(values);
  return isDetermined((centre) => sector.assemble(centre), sector.startAt());
}

/** Why a GPU has no state of a point. */
export type Unsolved = Exclude<Verdict, 'solved'> | 'wide';

/** What becomes of the points, by their places. */
export interface ChainStates {
  /**
   * Called for each state as soon as it is there, while the sector has its numbers.
   * @param stateOf makes it, from what the device's arithmetic may have lost of it
   */
  solved(point: number, bound: BoundMachine, stateOf: (lost: Lost) => SectorState): void;
  unsolved(point: number, why: Unsolved): void;
}

/** States of points, whose numbers are read on the host. @throws {OutOfDeviceMemoryError} where a few do not fit */
export async function statesOnChains(
  open: OpenChains,
  precision: Precision,
  points: readonly ChainPoint[],
  states: ChainStates,
): Promise<void> {
  for (const { bound, places } of chainGroups(points)) {
    const { sector, compiled } = bound;
    const values = places.map((p) => points[p].values);
    const isWide = sector.siteWidth > WIDEST;
    if (isWide || !isOnlyOne(bound, values[0])) {
      for (const p of places) states.unsolved(p, isWide ? 'wide' : 'closed');
      continue;
    }
    const read = (k: number, x: Float64Array) => {
      sector.normalise(x);
      sector.numbers.fill(values[k]);
      states.solved(places[k], bound, (lost) => bound.stateOf(values[k], x, lost, CutsReader));
    };
    const { verdicts } = await solvedChains(open, precision, bound, values, wordsOf(compiled), {
      read,
    });
    verdicts.forEach((verdict, k) => {
      if (verdict !== 'solved') states.unsolved(places[k], verdict);
    });
  }
}
