/** The elements of a state of a sector with their errors, and the same state between bare states. */
import type { Numbers } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import { copied, zeros } from '../zeros.js';
import { type Angle, EigenbasisError, type PairPlaces, type PlacedPair } from './eigenbasis.js';
import type { ElementReader, ElementTable, Unknowns } from './functional.js';
import type { HeldState } from './sectorMeans.js';
import type { BoundSector, SectorProgram } from './sectorProgram.js';
import { ROUNDING } from './stateReader.js';

/** Elements of a class, and their errors when these are first asked for. */
class SectorTable implements ElementTable {
  readonly re: Float64Array;
  readonly im: Float64Array | null;
  #errors: ReturnType<BoundSector['errorTables']> | undefined;

  constructor(
    private readonly sector: BoundSector,
    unknowns: Float64Array,
    private readonly errors: Float64Array,
    private readonly c: number,
  ) {
    const { re, im } = sector.elements(unknowns, c);
    this.re = re;
    this.im = im;
  }

  get #tables(): ReturnType<BoundSector['errorTables']> {
    this.#errors ??= this.sector.errorTables(this.errors, this.c);
    return this.#errors;
  }

  get error(): Float64Array {
    return this.#tables.error;
  }

  get imError(): Float64Array | null {
    return this.#tables.imError;
  }
}

/** Reads the unknowns of a sector, each class when it is first asked for. */
export class SectorElements implements ElementReader {
  #known: (ElementTable | undefined)[] = [];

  constructor(
    private readonly sector: BoundSector,
    private readonly unknowns: Float64Array,
    private readonly errors: Float64Array,
  ) {}

  get window(): Window {
    return this.sector.window;
  }

  read(ket: number, bra: number, apart: number): ElementTable | null {
    const { program } = this.sector;
    const c = program.classOf(ket, bra);
    if (c < 0 || program.classes[c].apart !== apart) return null;
    let known = this.#known[c];
    if (known === undefined) {
      known = new SectorTable(this.sector, this.unknowns, this.errors, c);
      this.#known[c] = known;
    }
    return known;
  }

  levels(): Float64Array {
    return this.sector.levels(this.unknowns);
  }

  put(ket: number, bra: number, apart: number, out: Float64Array, at: number): void {
    const { unknowns } = this;
    const { program, window, reach, siteWidth } = this.sector;
    const c = program.classOf(ket, bra);
    if (c < 0 || program.classes[c].apart !== apart) return;
    const { unknown, conjugation } = program.unknownOf[c];
    const first = Math.max(0, -apart);
    const length = window.size - Math.abs(apart);
    for (let residue = 0; residue < reach && residue < length; residue++) {
      let from = this.sector.index(first + residue + program.offsets[ket], unknown);
      for (let p = residue; p < length; p += reach, from += siteWidth) {
        out[at + 2 * p] = unknowns[from];
        if (conjugation !== 0) out[at + 2 * p + 1] = conjugation * unknowns[from + 1];
      }
    }
  }

  /** The errors are other ones now. */
  forget(): void {
    this.#known = [];
  }
}

/** The same state between bare states: each pair is turned back by its angle. */
export function betweenBareStates(
  eigen: ElementReader,
  pairs: readonly PairPlaces[],
  numbers: Numbers,
): ElementReader {
  const states = 1 + pairs.reduce((most, { u, v }) => Math.max(most, u, v), 0);
  const turned: (ElementTable | undefined)[] = new Array(states * states);
  const inPair: boolean[] = new Array(states);
  for (const pair of pairs) {
    const { u, v } = pair;
    const { upper, lower, mixed } = turnedBack(eigen, pair, numbers);
    turned[u * states + u] = upper;
    turned[v * states + v] = lower;
    turned[u * states + v] = mixed;
    inPair[u] = true;
    inPair[v] = true;
  }
  return {
    window: eigen.window,
    read: (ket, bra, apart) => {
      const isNear = ket < states && bra < states;
      const found = isNear ? turned[ket * states + bra] : undefined;
      if (found !== undefined) return found;
      const other = isNear ? turned[bra * states + ket] : undefined;
      if (other !== undefined) {
        const adjoint = conjugated(other, apart);
        turned[ket * states + bra] = adjoint;
        return adjoint;
      }
      const table = eigen.read(ket, bra, apart);
      if (table !== null && (inPair[ket] || inPair[bra])) {
        throw new EigenbasisError('coherences between different pairs are not turned back');
      }
      return table;
    },
  };
}

/** Whether the unknowns of a program are those between bare states, too, with a site for each charge. */
export function holdsBareStates(program: SectorProgram, pairs: readonly PairPlaces[]): boolean {
  const isPair = (ket: number, bra: number) =>
    pairs.some(({ u, v }) => (u === ket && v === bra) || (u === bra && v === ket));
  return (
    program.reach === 1 &&
    pairs.every(({ u, v }) => program.classOf(u, v) >= 0) &&
    program.classes.every(({ ket, bra }) => ket === bra || isPair(ket, bra))
  );
}

/** What `betweenBareStates` has, to the same bits, as unknowns of a sector that holds them. */
export function unknownsBetweenBareStates(
  eigen: Unknowns,
  pairs: readonly PairPlaces[],
  sector: BoundSector,
): Unknowns {
  const { program, numbers, siteWidth: stride } = sector;
  const placed = pairs.map(({ u, v, apart, cosine, sine }): PlacedPair => {
    // Both populations and their coherence have one charge.
    const site = sector.index(Math.max(0, apart) + program.offsets[u], 0);
    const at = (ket: number, bra: number) =>
      site + program.unknownOf[program.classOf(ket, bra)].unknown;
    const first = Math.max(0, -apart);
    const count = sector.window.size - Math.abs(apart);
    return { cosine, sine, first, count, upper: at(u, u), lower: at(v, v), coherence: at(u, v) };
  });
  const byCode = sector.turnedBack(eigen, placed);
  if (byCode !== null) return byCode;
  const x = copied(eigen.x);
  const errors = copied(eigen.errors);
  placed.forEach((pair) => {
    const part = (first: number): Part => ({ values: x, errors, first });
    const [upper, lower, re] = [pair.upper, pair.lower, pair.coherence].map(part);
    turn({ upper, lower, re, im: part(re.first + 1), stride }, pair, numbers);
  });
  return { x, errors };
}

/** A state between bare states, and as it is held by code that reads it there; null where it cannot be. */
export interface BareState {
  readonly bare: ElementReader;
  readonly heldBare: HeldState | null;
}

/** @param eigen the elements of the same state as it is held */
export function bareStateOf(
  {
    pairs,
    holdsBareStates,
  }: { readonly pairs: readonly PairPlaces[]; readonly holdsBareStates: boolean },
  sector: BoundSector,
  eigen: ElementReader,
  held: HeldState,
): BareState {
  if (pairs.length === 0) return { bare: eigen, heldBare: held };
  if (!holdsBareStates) {
    return { bare: betweenBareStates(eigen, pairs, sector.numbers), heldBare: null };
  }
  const { x, errors } = unknownsBetweenBareStates(held, pairs, sector);
  const heldBare = { x, errors, rounding: held.rounding };
  return { bare: new SectorElements(sector, x, errors), heldBare };
}

/** The populations of both states of a pair, and ⟨u|ρ|v⟩, by the level of the ket. */
function turnedBack(
  eigen: ElementReader,
  pair: PairPlaces,
  numbers: Numbers,
): { upper: ElementTable; lower: ElementTable; mixed: ElementTable } {
  const { u, v, apart } = pair;
  const { size } = eigen.window;
  const [atUpper, atLower] = [Math.max(0, apart), Math.max(0, -apart)];
  const part = (values: Numbered, errors: Numbered, first: number): Part => ({
    values: values ? copied(values) : zeros(size),
    errors: errors ? copied(errors) : zeros(size),
    first,
  });
  const populations = (state: number, first: number) => {
    const { re, error } = eigen.read(state, state, 0) as ElementTable;
    return part(re, error, first);
  };
  const upper = populations(u, atUpper);
  const lower = populations(v, atLower);
  const coherence = eigen.read(u, v, -apart);
  const re = part(coherence?.re, coherence?.error, atUpper);
  const im = part(coherence?.im, coherence?.imError, atUpper);
  const levels = { first: atLower, count: size - Math.abs(apart) };
  turn({ upper, lower, re, im, stride: 1 }, { ...pair, ...levels }, numbers);
  const real = ({ values, errors }: Part): ElementTable => ({
    re: values,
    im: null,
    error: errors,
    imError: null,
  });
  return {
    upper: real(upper),
    lower: real(lower),
    mixed: { re: re.values, im: im.values, error: re.errors, imError: im.errors },
  };
}

/** Numbers by level, where there are any. */
type Numbered = Float64Array | null | undefined;

/** Numbers of a pair from the first one on that has a partner, and what they may be off by. */
interface Part {
  readonly values: Float64Array;
  readonly errors: Float64Array;
  readonly first: number;
}

interface PairParts {
  readonly upper: Part;
  readonly lower: Part;
  readonly re: Part;
  readonly im: Part;
  /** From level to level. */
  readonly stride: number;
}

/** Turns a pair back by its angle, in place. */
function turn(
  { upper, lower, re, im, stride }: PairParts,
  { cosine, sine, first, count }: Angle,
  numbers: Numbers,
): void {
  const cosines = cosine.kind === 'table' ? numbers.table(cosine.at) : null;
  const sines = sine.kind === 'table' ? numbers.table(sine.at) : null;
  let c = cosine.kind === 'scalar' ? numbers.scalar(cosine.at) : 0;
  let s = sine.kind === 'scalar' ? numbers.scalar(sine.at) : 0;
  const { values: p, errors: dp } = upper;
  const { values: q, errors: dq } = lower;
  const { values: x, errors: dx } = re;
  const { values: y, errors: dy } = im;
  let [atP, atQ, atX, atY] = [upper.first, lower.first, re.first, im.first];
  for (let i = first; i < first + count; i++) {
    if (cosines !== null) c = cosines[i];
    if (sines !== null) s = sines[i];
    const gap = p[atP] - q[atQ];
    const coherence = x[atX];
    // Nothing cancels: sin²α is at most ½.
    const fromGap = s * s * gap;
    const fromCoherence = 2 * c * s * coherence;
    const moved = fromGap + fromCoherence;
    p[atP] -= moved;
    q[atQ] += moved;
    const cs = Math.abs(c * s);
    const both = dp[atP] + dq[atQ];
    const lost = dx[atX];
    const more =
      s * s * both + 2 * cs * lost + ROUNDING * (Math.abs(fromGap) + Math.abs(fromCoherence));
    dp[atP] += more;
    dq[atQ] += more;
    x[atX] = c * s * gap + (c * c - s * s) * coherence;
    dx[atX] = cs * both + lost + ROUNDING * (cs * Math.abs(gap) + Math.abs(coherence));
    dy[atY] += ROUNDING * Math.abs(y[atY]);
    atP += stride;
    atQ += stride;
    atX += stride;
    atY += stride;
  }
}

/** ⟨v|ρ|u⟩ of ⟨u|ρ|v⟩, by the level of its own ket. @param apart the level of its bra less that of its ket */
function conjugated(elements: ElementTable, apart: number): ElementTable {
  const size = elements.re.length;
  const moved = (values: Float64Array, sign: 1 | -1): Float64Array => {
    const out = zeros(size);
    for (let i = Math.max(0, -apart); i < size - Math.max(0, apart); i++) {
      out[i] = sign * values[i + apart];
    }
    return out;
  };
  return {
    re: moved(elements.re, 1),
    im: elements.im && moved(elements.im, -1),
    error: moved(elements.error, 1),
    imError: elements.imError && moved(elements.imError, 1),
  };
}
