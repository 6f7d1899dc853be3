/**
 * The entropy that each bath produces, by Spohn: −Tr[𝓛_b(ρ)(ln ρ − ln π_b)] ≥ 0 for a fixed point π_b of the bath's own
 * dissipator 𝓛_b (H. Spohn, J. Math. Phys. 19, 1227 (1978)).
 *
 * The fixed point is looked for among diagonal states, whose populations balance each jump against its reverse, and it
 * is held against 𝓛_b itself: so approximations of the equation, such as those of the load, are in it.
 */
import type { Move } from '../lindblad/charges.js';
import type { DissipatorForm } from '../lindblad/equation.js';
import type { BoundSector, SectorProgram } from '../lindblad/sectorProgram.js';
import { isZero } from '../machine/expression.js';
import { bounds, type Range } from '../machine/range.js';
import { getOrInsert } from '../maps.js';
import { perObject } from '../perObject.js';
import { lasting, zeros } from '../zeros.js';
import { type BalancedMove, NOT_BALANCED, potentialOf } from './balance.js';
import type { LogarithmErrors } from './logarithmErrors.js';
import { SectorMap } from './sectorMap.js';

/** What 𝓛_b leaves of its fixed point, beside the terms that cancel. */
export const FIXED = 1e-9;
/** What rounding leaves of the logarithms, and of what they multiply. */
const ROUNDING = 64 * Number.EPSILON;

export interface EntropyReading {
  readonly value: number | null;
  readonly error: number | null;
  /** Why it is not known, or infinite; null where it is. */
  readonly reason: string | null;
}

export const unknown = (reason: string): EntropyReading => ({ value: null, error: null, reason });

/** All terms of a bath's jumps that take one state to another one. */
interface JumpMove extends Move {
  readonly steps: readonly Step[];
  /** The place of its reverse among the moves; −1 where there is none. */
  readonly reverse: number;
}

interface Step {
  readonly range: Range;
  readonly re: number;
  readonly im: number;
}

function movesOf({ tape }: SectorProgram, { jumps }: DissipatorForm): JumpMove[] {
  const found = new Map<string, Move & { readonly steps: Step[] }>();
  const keyOf = ({ to, from, shift }: Move) => `${to} ${from} ${shift}`;
  for (const { to, from, shift, range, f } of jumps.flat()) {
    if (to === from && shift === 0) continue;
    const move = { to, from, shift };
    const { steps } = getOrInsert(found, keyOf(move), () => ({ ...move, steps: [] }));
    const [re, im] = [f.re, f.im].map((part) => (isZero(part) ? -1 : tape.table(part)));
    steps.push({ range, re, im });
  }
  const keys = [...found.keys()];
  return [...found.values()].map((move) => {
    const { to, from, shift } = move;
    return { ...move, reverse: keys.indexOf(keyOf({ to: from, from: to, shift: -shift })) };
  });
}

/** Where populations are in vectors of a sector, state by state and level by level. */
const populationPlaces = perObject((sector: BoundSector): Int32Array => {
  const { program, window } = sector;
  const places = new Int32Array(program.states * window.size);
  for (let s = 0; s < program.states; s++) {
    const { unknown } = program.unknownOf[program.classOf(s, s)];
    for (let i = 0; i < window.size; i++) {
      places[s * window.size + i] = sector.index(i + program.offsets[s], unknown);
    }
  }
  return places;
});

/** The same, with how much of its error comes from that of the state: 0 where this is known to rounding. */
export interface EntropyOfState extends EntropyReading {
  readonly lost: number;
}

/** What a state that another machine has solved for may be off by. */
export interface StateErrors {
  /** By unknown. */
  readonly errors: Float64Array;
  readonly ofLogarithm: LogarithmErrors;
}

/** A bath of the device that was read before. */
interface KnownBath {
  readonly sector: BoundSector;
  /** All that it is made of, table by table. */
  readonly numbers: Float64Array;
  /** ln π_b, or why there is none. */
  readonly potential: Float64Array;
  readonly why: string | null;
}

/** One bath of a sector. */
export class BathEntropy {
  readonly #map: SectorMap;
  readonly #moves: readonly JumpMove[];
  readonly #tables: readonly number[];
  /** Along most axes of a sweep a bath stays what it is. */
  #known: KnownBath | null = null;

  constructor(
    private readonly program: SectorProgram,
    dissipator: DissipatorForm,
  ) {
    this.#map = new SectorMap(program, dissipator);
    this.#moves = movesOf(program, dissipator);
    const amplitudes = this.#moves.flatMap(({ steps }) => steps.flatMap(({ re, im }) => [re, im]));
    this.#tables = [...new Set([...this.#map.tables, ...amplitudes.filter((at) => at >= 0)])];
  }

  /**
   * @param logarithm ln ρ as a vector of the sector
   * @param off where ρ is known to less than rounding
   */
  read(
    sector: BoundSector,
    rho: Float64Array,
    logarithm: Float64Array,
    off: StateErrors | null = null,
  ): EntropyOfState {
    const potential = this.#potential(sector);
    if (typeof potential === 'string') return { ...unknown(potential), lost: 0 };
    const { y, magnitudes } = this.#map.apply(sector, rho);
    const { siteWidth, sitePaired } = sector;
    let [value, error] = [0, 0];
    for (let i = 0; i < y.length; i++) {
      // An element and its conjugate stand for one.
      const twice = i % siteWidth < sitePaired ? 2 : 1;
      const difference = logarithm[i] - potential[i];
      value -= twice * y[i] * difference;
      error += ROUNDING * magnitudes[i] * (1 + Math.abs(logarithm[i]) + Math.abs(potential[i]));
    }
    const lost = off === null ? 0 : this.#lost(sector, y, off, logarithm, potential);
    return { value, error: error + lost, reason: null, lost };
  }

  /**
   * What errors of ρ leave: those of 𝓛_b(ρ), by what ln ρ − ln π_b gains with each jump, and those of ln ρ.
   * @param y 𝓛_b(ρ)
   */
  #lost(
    sector: BoundSector,
    y: Float64Array,
    { errors, ofLogarithm }: StateErrors,
    logarithm: Float64Array,
    potential: Float64Array,
  ): number {
    const { siteWidth, sitePaired } = sector;
    const gains = zeros(logarithm.length);
    for (let i = 0; i < gains.length; i++) {
      gains[i] = (i % siteWidth < sitePaired ? 2 : 1) * (logarithm[i] - potential[i]);
    }
    const row = this.#map.pulled(sector, gains);
    const { magnitudes } = this.#map.apply(sector, errors);
    let lost = ofLogarithm.of(y, magnitudes);
    for (let i = 0; i < row.length; i++) lost += Math.abs(row[i]) * errors[i];
    // Of what may be off by any number nothing is known, whatever it is multiplied by.
    return Number.isNaN(lost) ? Number.POSITIVE_INFINITY : lost;
  }

  /** ln π_b, or why there is none. */
  #potential(sector: BoundSector): Float64Array | string {
    let known = this.#known?.sector === sector ? this.#known : null;
    if (known === null || !this.#isSame(known)) known = this.#newlyKnown(sector, known);
    this.#known = known;
    return known.why ?? known.potential;
  }

  #isSame({ sector, numbers }: KnownBath): boolean {
    const { size } = sector.window;
    for (let t = 0, at = 0; t < this.#tables.length; t++) {
      const table = sector.numbers.table(this.#tables[t]);
      for (let i = 0; i < size; i++, at++) if (table[i] !== numbers[at]) return false;
    }
    return true;
  }

  /** @param known its memory is used again */
  #newlyKnown(sector: BoundSector, known: KnownBath | null): KnownBath {
    const { size } = sector.window;
    const room = (length: number) => lasting(() => zeros(length));
    const {
      numbers = room(this.#tables.length * size),
      potential = room(sector.sites * sector.siteWidth),
    } = known ?? {};
    this.#tables.forEach((table, t) => {
      numbers.set(sector.numbers.table(table), t * size);
    });
    const found = this.#fixedPoint(sector);
    if (typeof found === 'string') return { sector, numbers, potential, why: found };
    potential.set(found);
    return { sector, numbers, potential, why: null };
  }

  #fixedPoint(sector: BoundSector): Float64Array | string {
    const { states } = this.program;
    const { size } = sector.window;
    const tables = this.#moves.map(({ steps }) => ratesOf(steps, sector));
    const moves = this.#moves.map((move, m): BalancedMove => {
      return { ...move, table: tables[m], reverse: tables[move.reverse] ?? null };
    });
    const potential = potentialOf(states, size, moves);
    if (typeof potential === 'string') return potential;
    const places = populationPlaces(sector);
    const [fixed, logarithm] = [0, 1].map(() => zeros(sector.sites * sector.siteWidth));
    for (let k = 0; k < places.length; k++) {
      fixed[places[k]] = Math.exp(potential[k]);
      logarithm[places[k]] = potential[k];
    }
    const { y, magnitudes } = this.#map.apply(sector, fixed);
    for (let i = 0; i < y.length; i++) {
      if (!(Math.abs(y[i]) <= FIXED * magnitudes[i] + 5e-324)) return NOT_BALANCED;
    }
    return logarithm;
  }
}

/** How fast a move happens, by the level that it leaves. */
function ratesOf(steps: readonly Step[], { numbers, window: { size } }: BoundSector): Float64Array {
  const rates = zeros(size);
  for (const { range, re, im } of steps) {
    const [a, b] = [re, im].map((at) => (at < 0 ? null : numbers.table(at)));
    const [first, end] = bounds(range, size);
    for (let i = first; i < end; i++) {
      const [real, imaginary] = [a === null ? 0 : a[i], b === null ? 0 : b[i]];
      rates[i] += real * real + imaginary * imaginary;
    }
  }
  return rates;
}
