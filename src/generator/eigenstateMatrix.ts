/**
 * The zero-charge sector of the global model between eigenstates of H_S, as a block-tridiagonal matrix.
 *
 * The pair of |D, k+1⟩ and |E, k⟩, populations and coherence ⟨D|ρ|E⟩, is a link between the levels k and
 * k + 1, to which |00⟩ and |11⟩ are left. |D, lmin⟩ and |E, lmax⟩ have no partner: they are eliminated
 * beforehand, as populations are, their pivot being the sum of the rates out of them.
 */
import type { EigenstateRates, EigenstateTransitions } from '../model/eigenstateRates.js';
import { zeros } from '../zeros.js';
import type { BlockTridiagonal } from './blocks.js';
import type { HermitianLayout } from './hermitian.js';

/** Unknowns of a site: Re and Im of its link's coherence, its link's D and E, its level's 11 and 00. */
const [RE, IM, D, E, BOTH, NONE] = [0, 1, 2, 3, 4, 5];
const WIDTH = 6;
const LINKED = 4;
const PAIRED = 2;
const ROW = 3 * WIDTH;
const STEP = WIDTH * ROW;

/** Populations of eigenstates and their coherences, each indexed by level − lmin. */
export interface EigenstateElements {
  readonly both: Float64Array;
  /** Of |D, l⟩ and |E, l⟩. */
  readonly upper: Float64Array;
  readonly lower: Float64Array;
  readonly none: Float64Array;
  /** ⟨D, k+1|ρ|E, k⟩ at k − lmin. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** What of them is different between bare states. */
export interface BareElements {
  readonly p10: Float64Array;
  readonly p01: Float64Array;
  /** Re⟨10, k+1|ρ|01, k⟩ at k − lmin; the imaginary part is the same. */
  readonly re: Float64Array;
}

/** The same ρ between bare states. */
export function betweenBareStates(
  { window, cosine, sine }: EigenstateRates,
  { upper, lower, re }: EigenstateElements,
): BareElements {
  const last = window.size - 1;
  const bare = { p10: zeros(window.size), p01: zeros(window.size), re: zeros(window.size) };
  bare.p10[0] = upper[0];
  bare.p01[last] = lower[last];
  for (let i = 0; i < last; i++) {
    const [c, s] = [cosine[i], sine[i]];
    const difference = upper[i + 1] - lower[i];
    // Nothing cancels: sin²α is at most ½.
    const mixed = s * s * difference + 2 * c * s * re[i];
    bare.p10[i + 1] = upper[i + 1] - mixed;
    bare.p01[i] = lower[i] + mixed;
    bare.re[i] = c * s * difference + (c * c - s * s) * re[i];
  }
  return bare;
}

/** The unknowns of the sector that has these elements. */
export function sectorUnknowns(
  { space, width, column, conjugation }: HermitianLayout,
  { both, none, im }: EigenstateElements,
  { p10, p01, re }: BareElements,
): Float64Array {
  const { size } = space.window;
  const unknowns = zeros(width * size);
  [none, p01, p10, both].forEach((table, s) => {
    unknowns.set(table, column[space.find(s, s, 0)] * size);
  });
  // ⟨10, k+1|ρ|01, k⟩, or its conjugate where that is the one that is kept. Without interaction: neither.
  const coherence = space.find(2, 1, 1);
  if (coherence < 0) return unknowns;
  const at = column[coherence] * size;
  unknowns.set(re, at);
  for (let i = 0; i < size - 1; i++) unknowns[at + size + i] = conjugation[coherence] * im[i];
  return unknowns;
}

/** Where the rows of a site and the columns of another meet; beyond the centre's neighbours, in its places. */
function meeting(row: number, column: number, centre: number): number {
  const r = row - column === 2 ? centre : row;
  const c = column - row === 2 ? centre : column;
  return r * STEP + (r <= centre ? 1 + c - r : 1 + r - c) * WIDTH;
}

/** A state without partner: what leads to it and from it, each a rate at an unknown. */
interface Alone {
  readonly outflow: number;
  readonly unknowns: readonly {
    readonly site: number;
    readonly unknown: number;
    /** Added to the unknown's rate of change for each population of the state, and the other way round. */
    readonly from: number;
    readonly to: number;
  }[];
}

/** What a jump from one link to another does: the amplitudes of |10⟩ and |01⟩ are a and b. */
function addTransfer(
  entries: Float64Array,
  at: number,
  a: number,
  b: number,
  /** a − b, and the angles of the source and of the target, with the sine of their difference. */
  step: number,
  c: number,
  s: number,
  c2: number,
  s2: number,
  turn: number,
): void {
  const dd = c2 * c * a + s2 * s * b;
  const ee = s2 * s * a + c2 * c * b;
  const ed = b * turn - step * s2 * c;
  const de = -a * turn - step * s2 * c;
  let row = at + RE * ROW;
  entries[row + RE] += dd * ee + de * ed;
  entries[row + D] += dd * ed;
  entries[row + E] += de * ee;
  row = at + IM * ROW;
  entries[row + IM] += a * b;
  row = at + D * ROW;
  entries[row + RE] += 2 * dd * de;
  entries[row + D] += dd * dd;
  entries[row + E] += de * de;
  row = at + E * ROW;
  entries[row + RE] += 2 * ed * ee;
  entries[row + D] += ed * ed;
  entries[row + E] += ee * ee;
}

/** A bath's transitions between a link and the two levels at its ends. */
function addThermal(
  entries: Float64Array,
  { directDown, directUp, crossedDown, crossedUp }: EigenstateTransitions,
  i: number,
  /** Of the population that goes down by the direct transition, and of the other. */
  direct: number,
  crossed: number,
  /** Rows and columns of the link with those of the level of |00⟩, then of |11⟩. */
  toNone: number,
  fromNone: number,
  toBoth: number,
  fromBoth: number,
): void {
  entries[toNone + NONE * ROW + direct] += directDown[i];
  entries[toNone + NONE * ROW + crossed] += crossedDown[i];
  entries[fromNone + direct * ROW + NONE] += directUp[i];
  entries[fromNone + crossed * ROW + NONE] += crossedUp[i];
  // |11⟩ leads to the other one by the same operator.
  entries[fromBoth + crossed * ROW + BOTH] += directDown[i];
  entries[fromBoth + direct * ROW + BOTH] += crossedDown[i];
  entries[toBoth + BOTH * ROW + crossed] += directUp[i];
  entries[toBoth + BOTH * ROW + direct] += crossedUp[i];
}

export class EigenstateMatrix {
  readonly #rates: EigenstateRates;
  readonly #entries: Float64Array;
  /** |D, lmin⟩ and |E, lmax⟩, as the last matrix has them. */
  #alone: readonly Alone[] = [];

  constructor(rates: EigenstateRates) {
    this.#rates = rates;
    this.#entries = workspaceOf(rates.window.size * STEP);
  }

  /** The matrix ordered about a centre. The next one overwrites it. */
  assemble(centre: number): BlockTridiagonal {
    const { window, cosine, sine, splitting, turn, bath1, bath2 } = this.#rates;
    const { loadUp, loadDown, loadTilt, loadStep } = this.#rates;
    const entries = this.#entries.fill(0);
    const { size } = window;
    for (let i = 0; i < size - 1; i++) {
      const link = linkSite(i, centre);
      const own = meeting(link, link, centre);
      const c = cosine[i];
      const s = sine[i];
      const up = loadUp[i];
      const down = loadDown[i + 1];

      const toLow = meeting(i, link, centre);
      const fromLow = meeting(link, i, centre);
      const toHigh = meeting(i + 1, link, centre);
      const fromHigh = meeting(link, i + 1, centre);
      addThermal(entries, bath1, i, D, E, toHigh, fromHigh, toLow, fromLow);
      addThermal(entries, bath2, i, E, D, toLow, fromLow, toHigh, fromHigh);

      const left = loadUp[i] ** 2 + loadDown[i] ** 2 + loadUp[i + 1] ** 2 + loadDown[i + 1] ** 2;
      const decay = (thermalDecay(bath1, i) + thermalDecay(bath2, i) + left) / 2;
      const mixed = c * s * loadStep[i];
      entries[own + RE * ROW + RE] -= decay;
      entries[own + RE * ROW + IM] += splitting[i];
      entries[own + RE * ROW + D] -= mixed / 2;
      entries[own + RE * ROW + E] -= mixed / 2;
      entries[own + IM * ROW + RE] -= splitting[i];
      entries[own + IM * ROW + IM] -= decay;
      entries[own + D * ROW + RE] -= mixed;
      entries[own + E * ROW + RE] -= mixed;

      const upwards = meeting(i + 1, i, centre);
      const downwards = meeting(i, i + 1, centre);
      entries[upwards + BOTH * ROW + BOTH] += up * up;
      entries[upwards + NONE * ROW + NONE] += up * up;
      entries[downwards + BOTH * ROW + BOTH] += down * down;
      entries[downwards + NONE * ROW + NONE] += down * down;

      if (i === size - 2) break;
      const next = linkSite(i + 1, centre);
      const c2 = cosine[i + 1];
      const s2 = sine[i + 1];
      const higher = meeting(next, link, centre);
      const lower = meeting(link, next, centre);
      addTransfer(entries, higher, loadUp[i + 1], up, -loadTilt, c, s, c2, s2, turn[i]);
      addTransfer(entries, lower, loadDown[i + 2], down, loadTilt, c2, s2, c, s, -turn[i]);
    }
    this.#alone = this.#withoutPartner(centre);
    for (const alone of this.#alone) eliminateAlone(entries, alone, centre);

    // The coherence is coupled to no level; but through a state without partner, to that of an edge.
    const met = centre === 0 || centre === size - 1 ? WIDTH : LINKED;
    const reach = Int32Array.of(met, met, WIDTH, WIDTH, WIDTH, WIDTH);
    return {
      sites: size,
      width: WIDTH,
      linked: LINKED,
      paired: PAIRED,
      centre,
      reach: { below: reach, above: reach },
      entries,
    };
  }

  /** Whether the states without partners can be left. */
  get connected(): boolean {
    return this.#withoutPartner(0).every(({ outflow }) => outflow > 0);
  }

  /** |D, lmin⟩ and |E, lmax⟩. */
  #withoutPartner(centre: number): Alone[] {
    const { window, cosine, sine, bath1, bath2, loadUp, loadDown } = this.#rates;
    const last = window.size - 1;
    const alone = (
      level: number,
      link: number,
      to00: EigenstateTransitions,
      to11: EigenstateTransitions,
      /** Of the state in D and in E. */
      d: number,
      e: number,
      leave: number,
      enter: number,
    ): Alone => {
      const site = linkSite(link, centre);
      return {
        outflow: to00.alone.emission + to11.alone.absorption + leave * leave,
        unknowns: [
          { site, unknown: RE, from: d * e * leave * leave, to: 2 * d * e * enter * enter },
          { site, unknown: D, from: (d * leave) ** 2, to: (d * enter) ** 2 },
          { site, unknown: E, from: (e * leave) ** 2, to: (e * enter) ** 2 },
          {
            site: level,
            unknown: BOTH,
            from: to11.alone.absorption,
            to: to11.alone.emission,
          },
          {
            site: level,
            unknown: NONE,
            from: to00.alone.emission,
            to: to00.alone.absorption,
          },
        ],
      };
    };
    const top = last - 1;
    return [
      alone(0, 0, bath1, bath2, cosine[0], -sine[0], loadUp[0], loadDown[1]),
      alone(last, top, bath2, bath1, sine[top], cosine[top], loadDown[last], loadUp[top]),
    ];
  }

  /** The elements, from the unknowns of a matrix ordered about that centre: normalised to trace 1. */
  elements(unknowns: Float64Array, centre: number): EigenstateElements {
    const { size } = this.#rates.window;
    const [both, upper, lower] = [zeros(size), zeros(size), zeros(size)];
    const [none, re, im] = [zeros(size), zeros(size), zeros(size)];
    for (let l = 0; l < size; l++) {
      both[l] = unknowns[l * WIDTH + BOTH];
      none[l] = unknowns[l * WIDTH + NONE];
      if (l === size - 1) break;
      const at = linkSite(l, centre) * WIDTH;
      re[l] = unknowns[at + RE];
      im[l] = unknowns[at + IM];
      upper[l + 1] = unknowns[at + D];
      lower[l] = unknowns[at + E];
    }
    const [first, second] = this.#alone.map((state) => {
      let inflow = 0;
      for (const { site, unknown, to } of state.unknowns) {
        inflow += to * unknowns[site * WIDTH + unknown];
      }
      return inflow / state.outflow;
    });
    upper[0] = first;
    lower[size - 1] = second;
    // The unknowns sum to 1 without these two.
    const rest = 1 / (1 + first + second);
    for (const table of [both, upper, lower, none, re, im]) {
      for (let l = 0; l < size; l++) table[l] *= rest;
    }
    return { both, upper, lower, none, re, im };
  }
}

const linkSite = (link: number, centre: number): number => (link < centre ? link : link + 1);

/** The rate at which a bath's transitions leave D and E. */
const thermalDecay = (
  { directDown, directUp, crossedDown, crossedUp }: EigenstateTransitions,
  i: number,
): number => directDown[i] + directUp[i] + crossedDown[i] + crossedUp[i];

function eliminateAlone(entries: Float64Array, { outflow, unknowns }: Alone, centre: number): void {
  for (const target of unknowns) {
    for (const source of unknowns) {
      const at = meeting(target.site, source.site, centre) + target.unknown * ROW + source.unknown;
      entries[at] += (target.from * source.to) / outflow;
    }
  }
}

/** Overwritten by each matrix: memory of its size is dearer to get than to fill. */
let workspace = new Float64Array(0);

function workspaceOf(length: number): Float64Array {
  if (workspace.length < length) workspace = new Float64Array(length);
  return workspace.subarray(0, length);
}
