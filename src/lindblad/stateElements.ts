/** The elements of a state of a sector with their errors, and the same state between bare states. */
import type { Numbers } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import { zeros } from '../zeros.js';
import { EigenbasisError, type PairPlaces } from './eigenbasis.js';
import type { ElementReader, ElementTable } from './functional.js';
import type { BoundSector } from './sectorProgram.js';
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

/**
 * The same state as unknowns of the sector, with their errors; null where the sector has not just these elements, or
 * charges share sites.
 */
export function unknownsBetweenBareStates(
  bare: ElementReader,
  pairs: readonly PairPlaces[],
  sector: BoundSector,
): { readonly x: Float64Array; readonly errors: Float64Array } | null {
  const { program, window, sites, siteWidth } = sector;
  const isPair = (ket: number, bra: number) =>
    pairs.some(({ u, v }) => (u === ket && v === bra) || (u === bra && v === ket));
  const isSame =
    sector.reach === 1 &&
    pairs.every(({ u, v }) => program.classOf(u, v) >= 0) &&
    program.classes.every(({ ket, bra }) => ket === bra || isPair(ket, bra));
  if (!isSame) return null;
  const x = zeros(sites * siteWidth);
  const errors = zeros(sites * siteWidth);
  program.classes.forEach(({ ket, bra, apart }, c) => {
    const { unknown, conjugation } = program.unknownOf[c];
    const elements = conjugation < 0 ? null : bare.read(ket, bra, apart);
    if (elements === null) return;
    const { re, im, error, imError } = elements;
    const first = Math.max(0, -apart);
    const end = window.size - Math.max(0, apart);
    let at = sector.index(first + program.offsets[ket], unknown);
    for (let i = first; i < end; i++, at += siteWidth) {
      x[at] = re[i];
      errors[at] = error[i];
      if (im === null) continue;
      x[at + 1] = im[i];
      errors[at + 1] = (imError ?? error)[i];
    }
  });
  return { x, errors };
}

/** The populations of both states of a pair, and ⟨u|ρ|v⟩, by the level of the ket. */
function turnedBack(
  eigen: ElementReader,
  { u, v, apart, cosine, sine }: PairPlaces,
  numbers: Numbers,
): { upper: ElementTable; lower: ElementTable; mixed: ElementTable } {
  const { size } = eigen.window;
  const upper = eigen.read(u, u, 0) as ElementTable;
  const lower = eigen.read(v, v, 0) as ElementTable;
  const coherence = eigen.read(u, v, -apart);
  const [p, q] = [zeros(size), zeros(size)];
  const [dp, dq] = [zeros(size), zeros(size)];
  p.set(upper.re);
  q.set(lower.re);
  dp.set(upper.error);
  dq.set(lower.error);
  const [re, im, error, imError] = [zeros(size), zeros(size), zeros(size), zeros(size)];
  const cosines = cosine.kind === 'table' ? numbers.table(cosine.at) : null;
  const sines = sine.kind === 'table' ? numbers.table(sine.at) : null;
  const cosine0 = cosine.kind === 'scalar' ? numbers.scalar(cosine.at) : 0;
  const sine0 = sine.kind === 'scalar' ? numbers.scalar(sine.at) : 0;
  for (let i = Math.max(0, -apart); i < size - Math.max(0, apart); i++) {
    const j = i + apart;
    const c = cosines === null ? cosine0 : cosines[i];
    const s = sines === null ? sine0 : sines[i];
    const gap = p[j] - q[i];
    const x = coherence === null ? 0 : coherence.re[j];
    const y = coherence === null || coherence.im === null ? 0 : coherence.im[j];
    const lost = coherence === null ? 0 : coherence.error[j];
    const imLost = coherence === null || coherence.imError === null ? 0 : coherence.imError[j];
    // Nothing cancels: sin²α is at most ½.
    const fromGap = s * s * gap;
    const fromCoherence = 2 * c * s * x;
    const moved = fromGap + fromCoherence;
    p[j] -= moved;
    q[i] += moved;
    const cs = Math.abs(c * s);
    const both = dp[j] + dq[i];
    const more =
      s * s * both + 2 * cs * lost + ROUNDING * (Math.abs(fromGap) + Math.abs(fromCoherence));
    dp[j] += more;
    dq[i] += more;
    re[j] = c * s * gap + (c * c - s * s) * x;
    im[j] = y;
    error[j] = cs * both + lost + ROUNDING * (cs * Math.abs(gap) + Math.abs(x));
    imError[j] = imLost + ROUNDING * Math.abs(y);
  }
  return {
    upper: { re: p, im: null, error: dp, imError: null },
    lower: { re: q, im: null, error: dq, imError: null },
    mixed: { re, im, error, imError },
  };
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
