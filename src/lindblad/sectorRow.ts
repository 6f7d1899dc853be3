/** Numbers that are read off a state as rows over the unknowns of its sector. */
import { bounds } from '../machine/range.js';
import type { Place } from '../machine/tape.js';
import { zeros } from '../zeros.js';
import type { PairPlaces } from './eigenbasis.js';
import type { Combination } from './estimate.js';
import type { Functional, Representation } from './functional.js';
import type { BoundSector } from './sectorProgram.js';

/** Weights of a class of elements by the level of the ket, of real parts and of imaginary ones. */
type Weights = readonly [re: Float64Array, im: Float64Array];

class SectorRow {
  readonly #eigen = new Map<number, Weights>();
  /** Of elements between bare states, where the sector's are others. */
  readonly #bare = new Map<number, Weights>();

  constructor(
    private readonly sector: BoundSector,
    private readonly pairs: readonly PairPlaces[],
  ) {}

  #of(weights: Map<number, Weights>, ket: number, bra: number): Weights {
    const key = ket * this.sector.program.states + bra;
    let found = weights.get(key);
    if (found === undefined) {
      const { size } = this.sector.window;
      found = [zeros(size), zeros(size)];
      weights.set(key, found);
    }
    return found;
  }

  /** Adds a mean, times a number. */
  add(functional: Functional, representation: Representation, factor: number): void {
    const isTurned = representation === 'bare' && this.pairs.length > 0;
    const weights = isTurned ? this.#bare : this.#eigen;
    for (const { ket, bra, range, re, im } of functional) {
      const parts = this.#of(weights, ket, bra);
      const [first, end] = bounds(range, this.sector.window.size);
      for (const [place, part, sign] of [
        [re, parts[0], 1],
        [im, parts[1], -1],
      ] as const) {
        if (place === null) continue;
        const number = numberAt(this.sector, place);
        for (let i = first; i < end; i++) part[i] += sign * factor * number(i);
      }
    }
  }

  /** The row of all that was added. */
  get values(): Float64Array {
    const { sites, siteWidth, program } = this.sector;
    if (this.#bare.size > 0) {
      for (const pair of this.pairs) {
        turnBack(this.sector, pair, (ket, bra) => this.#of(this.#bare, ket, bra));
      }
    }
    const row = zeros(sites * siteWidth);
    for (const weights of [this.#eigen, this.#bare]) {
      for (const [key, parts] of weights) {
        const { states } = program;
        addToRow(row, this.sector, Math.floor(key / states), key % states, parts);
      }
    }
    return row;
  }
}

function numberAt({ numbers }: BoundSector, place: Place): (i: number) => number {
  if (place.kind === 'scalar') {
    const number = numbers.scalar(place.at);
    return () => number;
  }
  const table = numbers.table(place.at);
  return (i) => table[i];
}

/**
 * Told of a level of a pair before it is turned back: cosine and sine there, the difference m of the weights of the
 * two populations, at `i` of the lower state and `j` of the upper one, and the weight r of the coherence.
 */
type OnTurn = (i: number, j: number, cosine: number, sine: number, m: number, r: number) => void;

/** From weights of elements between the bare states of a pair to those of the sector's, in place. */
export function turnBack(
  sector: BoundSector,
  { u, v, apart, cosine, sine }: PairPlaces,
  of: (ket: number, bra: number) => Weights,
  onTurn?: OnTurn,
): void {
  const { size } = sector.window;
  const [[P], [Q]] = [of(u, u), of(v, v)];
  const [[R, Y], [otherR, otherY]] = [of(u, v), of(v, u)];
  const [cosines, sines] = [numberAt(sector, cosine), numberAt(sector, sine)];
  for (let i = Math.max(0, -apart); i < size - Math.max(0, apart); i++) {
    const j = i + apart;
    const [c, s] = [cosines(i), sines(i)];
    const m = Q[i] - P[j];
    const r = R[j] + otherR[i];
    onTurn?.(i, j, c, s, m, r);
    const byGap = m * s * s + r * c * s;
    P[j] += byGap;
    Q[i] -= byGap;
    R[j] = m * 2 * c * s + r * (c * c - s * s);
    Y[j] -= otherY[i];
    otherR[i] = 0;
    otherY[i] = 0;
  }
}

/** Adds weights of a class's elements to a row over the unknowns of a sector. */
export function addToRow(
  row: Float64Array,
  sector: BoundSector,
  ket: number,
  bra: number,
  [re, im]: Weights,
): void {
  const { program, window } = sector;
  const c = program.classOf(ket, bra);
  if (c < 0) return;
  const { apart } = program.classes[c];
  const { unknown, conjugation } = program.unknownOf[c];
  const end = window.size - Math.max(0, apart);
  const { reach, siteWidth } = sector;
  for (let residue = 0; residue < reach; residue++) {
    const first = Math.max(0, -apart) + residue;
    let at = sector.index(first + program.offsets[ket], unknown);
    for (let i = first; i < end; i += reach, at += siteWidth) {
      row[at] += re[i];
      if (conjugation !== 0) row[at + 1] += conjugation * im[i];
    }
  }
}

/** A linear combination of means of the device that a sector has the numbers of. */
export function rowOf(
  made: Combination,
  sector: BoundSector,
  pairs: readonly PairPlaces[],
): Float64Array {
  const row = new SectorRow(sector, pairs);
  const add = (part: Combination, factor: number): void => {
    if (part.kind === 'mean') row.add(part.functional, part.representation, factor);
    else if (part.kind === 'product') add(part.of, factor * part.factor);
    else for (const one of part.of) add(one, factor);
  };
  add(made, 1);
  return row.values;
}
