/** What is between states of one charge in a state of a sector, in blocks: between these it has no elements. */
import type { Matrix } from 'ml-matrix';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { perObject } from '../perObject.js';
import { realSymmetric } from '../state/realForm.js';

/** An element between two states of a block, by their places in it: the index of its real part, before the imaginary one. */
export interface Coherence {
  readonly ket: number;
  readonly bra: number;
  readonly index: number;
}

/** States of one charge that are connected by elements, directly or by way of others. */
export interface Block {
  /** The indices of their populations. */
  readonly populations: readonly number[];
  /** An element and its conjugate are there once. */
  readonly coherences: readonly Coherence[];
}

/** The states of a charge, and the blocks of a state in which no element is 0. */
interface ChargeBlocks {
  readonly charge: number;
  readonly states: readonly number[];
  readonly blocks: readonly Block[];
}

/** Where an element is, and the sign of its imaginary part; null where the sector has none. */
function placeOf(sector: BoundSector, charge: number, ket: number, bra: number) {
  const { program } = sector;
  const c = program.classOf(ket, bra);
  if (c < 0) return null;
  const { unknown, conjugation } = program.unknownOf[c];
  return { index: sector.index(charge, unknown), conjugation };
}

function blockOf(sector: BoundSector, charge: number, states: readonly number[]): Block {
  const populations = states.map((s) => placeOf(sector, charge, s, s)?.index ?? -1);
  const coherences = states.flatMap((s, ket) =>
    states.flatMap((t, bra) => {
      const place = placeOf(sector, charge, s, t);
      return place?.conjugation === 1 ? [{ ket, bra, index: place.index }] : [];
    }),
  );
  return { populations, coherences };
}

const blocksByCharge = perObject((sector: BoundSector) => {
  const charges = Array.from({ length: sector.charges }, (_, charge): ChargeBlocks => {
    const states = statesAt(sector, charge);
    const sets = connectedSets(states, (s, t) => placeOf(sector, charge, s, t) !== null);
    return { charge, states, blocks: sets.map((set) => blockOf(sector, charge, set)) };
  });
  return { charges, all: charges.flatMap(({ blocks }) => blocks) };
});

/** Whether each block is of a single state, or of two that are connected. */
const areWhole = ({ blocks }: ChargeBlocks, x: Float64Array): boolean =>
  blocks.every(
    ({ populations: { length }, coherences: [one] }) =>
      length === 1 || (length === 2 && (x[one.index] !== 0 || x[one.index + 1] !== 0)),
  );

/** @param x an element is there where it is not 0 */
export function blocksOf(sector: BoundSector, x: Float64Array): readonly Block[] {
  const { charges, all } = blocksByCharge(sector);
  if (charges.every((one) => areWhole(one, x))) return all;
  return charges.flatMap(({ charge, states }) => {
    const areConnected = (s: number, t: number) => {
      const place = placeOf(sector, charge, s, t);
      return place !== null && (x[place.index] !== 0 || x[place.index + 1] !== 0);
    };
    return connectedSets(states, areConnected).map((set) => blockOf(sector, charge, set));
  });
}

/** The real form of a block, in which each eigenvalue is there twice. */
export const realBlock = ({ populations, coherences }: Block, x: Float64Array): Matrix =>
  realSymmetric(populations.length, (put) => {
    populations.forEach((at, r) => {
      put(r, r, x[at], 0);
    });
    for (const { ket, bra, index } of coherences) {
      put(ket, bra, x[index], x[index + 1]);
      put(bra, ket, x[index], -x[index + 1]);
    }
  });

/** The states that have a level on the window at a charge. */
export const statesAt = ({ program: { offsets }, window }: BoundSector, charge: number): number[] =>
  [...offsets.keys()].filter((s) => charge >= offsets[s] && charge < offsets[s] + window.size);

/** States in sets between which nothing connects them. */
export function connectedSets(
  states: Iterable<number>,
  areConnected: (s: number, t: number) => boolean,
): number[][] {
  const left = new Set(states);
  const sets: number[][] = [];
  for (const start of left) {
    left.delete(start);
    const set = [start];
    for (const s of set) {
      for (const t of left) {
        if (!areConnected(s, t)) continue;
        left.delete(t);
        set.push(t);
      }
    }
    sets.push(set);
  }
  return sets;
}
