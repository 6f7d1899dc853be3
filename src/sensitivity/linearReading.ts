/**
 * A mean that is read off a state, as a row over the unknowns of its sector, with the derivatives of the mean by the
 * numbers that it is made of.
 */
import type { PairPlaces } from '../lindblad/eigenbasis.js';
import type { Estimate } from '../lindblad/estimate.js';
import type { Way } from '../lindblad/flowPlan.js';
import type { Functional } from '../lindblad/functional.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { addToRow, turnBack } from '../lindblad/sectorRow.js';
import { ROUNDING } from '../lindblad/stateReader.js';
import { type Expression, ONE } from '../machine/expression.js';
import { bounds } from '../machine/range.js';
import type { Place } from '../machine/tape.js';
import type { TapeSlopes } from '../machine/tapeSlopes.js';
import { getOrInsert } from '../maps.js';
import { zeros } from '../zeros.js';

const isConstant = ({ monomials }: Expression): boolean =>
  monomials.every(({ factors }) => factors.length === 0);

/** A class of elements by level, real part and imaginary one. */
type Parts = readonly [re: Float64Array, im: Float64Array];

/** Of a sector's state or of a row over it, each class by itself. */
class ClassTables {
  readonly #known = new Map<number, Parts>();

  constructor(
    private readonly states: number,
    private readonly make: (ket: number, bra: number) => Parts,
  ) {}

  at(ket: number, bra: number): Parts {
    return getOrInsert(this.#known, ket * this.states + bra, () => this.make(ket, bra));
  }

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  get entries(): IterableIterator<[number, Parts]> {
    return this.#known.entries();
  }
}

/** How far each population may be off, relative to itself, as the elements' error bars are made of. */
export interface Reading {
  readonly value: Estimate;
  readonly row: Float64Array;
}

/** What each population counts for, by state and level. */
export interface PopulationRow {
  of(state: number): Float64Array;
  /** Adds it to a row over the unknowns, and to slopes what the eigenstates that it is read between change in it. */
  addTo(row: Float64Array, slopes: TapeSlopes | null): void;
}

/** Reads means off one state of a sector. */
export class LinearReader {
  readonly #elements: ClassTables;
  readonly #errors: ClassTables;
  readonly #bare: ClassTables;

  constructor(
    private readonly sector: BoundSector,
    private readonly pairs: readonly PairPlaces[],
    private readonly rho: Float64Array,
    private readonly rhoErrors: Float64Array,
  ) {
    const { states } = sector.program;
    const { size } = sector.window;
    const tables = (read: (c: number) => Parts) =>
      new ClassTables(states, (ket, bra) => {
        const c = sector.program.classOf(ket, bra);
        return c < 0 ? [zeros(size), zeros(size)] : read(c);
      });
    this.#elements = tables((c) => {
      const { re, im } = sector.elements(rho, c);
      return [re, im ?? zeros(size)];
    });
    this.#errors = tables((c) => {
      const { error, imError } = sector.errorTables(rhoErrors, c);
      return [error, imError ?? error];
    });
    this.#bare = new ClassTables(states, (ket, bra) => this.#bareElements(ket, bra));
  }

  #number(place: Place, i: number): number {
    const { numbers } = this.sector;
    return place.kind === 'scalar' ? numbers.scalar(place.at) : numbers.table(place.at)[i];
  }

  #pairOf(state: number): PairPlaces | undefined {
    return this.pairs.find(({ u, v }) => u === state || v === state);
  }

  /** An element of the state between bare states, each pair turned back by its angle. */
  #bareElements(ket: number, bra: number): Parts {
    const pair = this.#pairOf(ket);
    if (pair === undefined || pair !== this.#pairOf(bra)) return this.#elements.at(ket, bra);
    const { size } = this.sector.window;
    const { u, v, apart } = pair;
    const [upper, lower] = [this.#elements.at(u, u)[0], this.#elements.at(v, v)[0]];
    const [x, y] = this.#elements.at(u, v);
    const [re, im] = [zeros(size), zeros(size)];
    re.set(ket === bra ? (ket === u ? upper : lower) : im);
    for (let i = Math.max(0, -apart); i < size - Math.max(0, apart); i++) {
      const j = i + apart;
      const [c, s] = [this.#number(pair.cosine, i), this.#number(pair.sine, i)];
      const gap = upper[j] - lower[i];
      const moved = s * s * gap + 2 * c * s * x[j];
      if (ket === bra) {
        if (ket === u) re[j] -= moved;
        else re[i] += moved;
        continue;
      }
      const at = ket === u ? j : i;
      re[at] = c * s * gap + (c * c - s * s) * x[j];
      im[at] = ket === u ? y[j] : -y[j];
    }
    return [re, im];
  }

  /** The populations of a state by level, between bare states or those of the sector. */
  populations(state: number, isBare: boolean): { value: Float64Array; error: Float64Array } {
    const turned = isBare && this.#pairOf(state) !== undefined;
    const [value] = (turned ? this.#bare : this.#elements).at(state, state);
    const [error] = this.#errors.at(state, state);
    return { value, error: turned ? this.#turnedErrors(state) : error };
  }

  /** What populations between bare states have of the errors of their pair. */
  #turnedErrors(state: number): Float64Array {
    const { size } = this.sector.window;
    const error = zeros(size);
    const pair = this.#pairOf(state);
    if (pair === undefined) return error;
    const { u, v, apart } = pair;
    const [upper, lower] = [this.#errors.at(u, u)[0], this.#errors.at(v, v)[0]];
    const between = this.#errors.at(u, v)[0];
    error.set(state === u ? upper : lower);
    for (let i = Math.max(0, -apart); i < size - Math.max(0, apart); i++) {
      const j = i + apart;
      const s = Math.abs(this.#number(pair.sine, i));
      error[state === u ? j : i] += s * s * (upper[j] + lower[i]) + 2 * s * between[j];
    }
    return error;
  }

  /** Room for a row, class by class. */
  #room(): ClassTables {
    const { size } = this.sector.window;
    return new ClassTables(this.sector.program.states, () => [zeros(size), zeros(size)]);
  }

  #addTo(row: Float64Array, weights: ClassTables): void {
    const { states } = this.sector.program;
    for (const [key, parts] of weights.entries) {
      addToRow(row, this.sector, Math.floor(key / states), key % states, parts);
    }
  }

  /** A row over populations, to be filled in. */
  populationRow(isBare: boolean): PopulationRow {
    const weights = this.#room();
    return {
      of: (state) => weights.at(state, state)[0],
      addTo: (row, slopes) => {
        if (isBare && this.pairs.length > 0) this.#turn(weights, slopes);
        this.#addTo(row, weights);
      },
    };
  }

  /**
   * A sum of means, each times a number of the device.
   * @param slopes where the derivatives by what it is made of are added to; null for none
   */
  read(way: Way, slopes: TapeSlopes | null): Reading {
    const { sector } = this;
    const { tape } = sector.program;
    const row = zeros(this.rho.length);
    let [value, error] = [0, 0];
    const [own, bare] = [this.#room(), this.#room()];
    for (const part of way) {
      const { functional, representation, factor } = part;
      const at = tape.scalar(factor);
      const weight = sector.numbers.scalar(at);
      const isBare = representation === 'bare' && this.pairs.length > 0;
      const mean =
        isBare || sector.reach > 1
          ? this.#mean(functional, isBare, weight, isBare ? bare : own, slopes)
          : this.#direct(functional, weight, row, slopes);
      if (slopes !== null && !isConstant(factor)) {
        // Of the mean alone, with what the state may be off by.
        const { error: lost } = this.read([{ ...part, factor: ONE }], null).value;
        slopes.addScalar(at, mean.value, lost);
      }
      value += weight * mean.value;
      error += Math.abs(weight) * mean.error;
    }
    if (!bare.isEmpty) this.#turn(bare, slopes);
    for (const weights of [own, bare]) this.#addTo(row, weights);
    // Where it is turned back, too, the numbers of the state are as right as this says.
    return { value: { value, error: error + this.#lost(row) }, row };
  }

  /** What a row reads of the errors; by twos, so that an addition does not wait for the one before. */
  #lost(row: Float64Array): number {
    const { rhoErrors } = this;
    let [even, odd] = [0, 0];
    let i = 1;
    for (; i < row.length; i += 2) {
      even += Math.abs(row[i - 1]) * rhoErrors[i - 1];
      odd += Math.abs(row[i]) * rhoErrors[i];
    }
    return i === row.length ? even + odd + Math.abs(row[i - 1]) * rhoErrors[i - 1] : even + odd;
  }

  /** A mean of the sector's own elements where each site is a single charge: along its unknowns as they stand. */
  #direct(
    functional: Functional,
    weight: number,
    row: Float64Array,
    slopes: TapeSlopes | null,
  ): Estimate {
    const { sector, rho, rhoErrors } = this;
    const { numbers, siteWidth: step } = sector;
    let [value, magnitude] = [0, 0];
    for (const term of sector.termsOf(functional)) {
      const { place, first, count, element: start } = term;
      const table = place.kind === 'table' ? numbers.table(place.at) : null;
      const scalar = table === null ? numbers.scalar(place.at) : 0;
      for (let k = 0, at = start; k < count; k++, at += step) {
        const number = term.weight * (table === null ? scalar : table[first + k]);
        const part = number * rho[at];
        value += part;
        magnitude += Math.abs(part);
        row[at] += weight * number;
      }
      const factors = [weight * term.weight, Math.abs(weight)] as const;
      slopes?.addTerm(place, term, factors, rho, rhoErrors, { start, step });
    }
    return { value, error: ROUNDING * magnitude };
  }

  #mean(
    functional: Functional,
    isBare: boolean,
    weight: number,
    weights: ClassTables,
    slopes: TapeSlopes | null,
  ): Estimate {
    const { size } = this.sector.window;
    let [value, error] = [0, 0];
    for (const { ket, bra, range, re, im } of functional) {
      const parts = (isBare ? this.#bare : this.#elements).at(ket, bra);
      const errors = this.#errors.at(ket, bra);
      const added = weights.at(ket, bra);
      const [first, end] = bounds(range, size);
      for (let k = 0; k < 2; k++) {
        const place = k === 0 ? re : im;
        if (place === null) continue;
        const factor = k === 0 ? weight : -weight;
        const { sum, magnitude } = this.#summed(place, factor, [first, end], parts[k], added[k]);
        value += k === 0 ? sum : -sum;
        error += ROUNDING * magnitude;
        slopes?.addRange(place, [first, end], factor, parts[k], errors[k]);
      }
    }
    return { value, error };
  }

  /** Σ number · x at some levels, and factor · number added to a row there. */
  #summed(
    { kind, at }: Place,
    factor: number,
    [first, end]: readonly [first: number, end: number],
    x: Float64Array,
    row: Float64Array,
  ) {
    const { numbers } = this.sector;
    let [sum, magnitude] = [0, 0];
    if (kind === 'scalar') {
      const number = numbers.scalar(at);
      const added = factor * number;
      for (let i = first; i < end; i++) {
        const term = number * x[i];
        sum += term;
        magnitude += Math.abs(term);
        row[i] += added;
      }
    } else {
      const table = numbers.table(at);
      for (let i = first; i < end; i++) {
        const term = table[i] * x[i];
        sum += term;
        magnitude += Math.abs(term);
        row[i] += factor * table[i];
      }
    }
    return { sum, magnitude };
  }

  /** From a row over elements between bare states to one over those of the sector, in place. */
  #turn(weights: ClassTables, slopes: TapeSlopes | null): void {
    const of = (ket: number, bra: number) => weights.at(ket, bra);
    for (const pair of this.pairs) {
      const { u, v } = pair;
      if (slopes === null) {
        turnBack(this.sector, pair, of);
        continue;
      }
      const [upper, lower] = [this.#elements.at(u, u)[0], this.#elements.at(v, v)[0]];
      const x = this.#elements.at(u, v)[0];
      const [dp, dq] = [this.#errors.at(u, u)[0], this.#errors.at(v, v)[0]];
      const dx = this.#errors.at(u, v)[0];
      turnBack(this.sector, pair, of, (i, j, c, s, m, r) => {
        const gap = upper[j] - lower[i];
        const bySine = m * (2 * s * gap + 2 * c * x[j]) + r * (c * gap - 2 * s * x[j]);
        const byCosine = m * 2 * s * x[j] + r * (s * gap + 2 * c * x[j]);
        const lost = 2 * (Math.abs(m) + Math.abs(r)) * (dp[j] + dq[i] + dx[j]);
        slopes.add(pair.sine, i, bySine, lost);
        slopes.add(pair.cosine, i, byCosine, lost);
      });
    }
  }
}
