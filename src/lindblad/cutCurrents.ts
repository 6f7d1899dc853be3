/**
 * What each channel carries up the ladder through the cut between every level and the next.
 *
 * For F = Σ_l F(l)|l⟩⟨l| with any F, 𝓛_c†F is linear in F: what stands with F(l + 1) and above, and is missing below, goes
 * through the cut above l. In a steady state all channels together carry nothing through any cut, so that a current is
 * that of its channel, or what all others carry back: cut by cut the one of which less cancels.
 */
import {
  difference,
  type Expression,
  isZero,
  negative,
  powerOfMonomial,
  productOf,
  shifted,
  sumOf,
  table,
  ZERO,
} from '../machine/expression.js';
import { type OperatorForm, scale, sum, type Term } from '../machine/operatorForm.js';
import { bounds } from '../machine/range.js';
import type { Place, Tape } from '../machine/tape.js';
import { changeBy, diagonalOf, groupsOf, joined } from './adjointAction.js';
import type { EquationForm } from './equation.js';
import type { Representation } from './functional.js';

/** Elements ⟨ket, l|ρ|bra, l + apart⟩ of some levels, and their weights in the current through a cut. */
export interface CutRun {
  readonly ket: number;
  readonly bra: number;
  readonly apart: number;
  /** Levels less the window's lowest: the first, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** The cut of the level i is the one above the level i + at. */
  readonly at: number;
  readonly re: Place | null;
  readonly im: Place | null;
}

/** The current of a channel on a window. */
export interface CurrentOnWindow {
  readonly representation: Representation;
  readonly runs: readonly CutRun[];
}

/** A flow as Σ weight · current of a channel over all cuts, the weight by the level below a cut. */
export interface AcrossCuts {
  readonly channel: number;
  readonly weight: Place;
}

const ANY = new Float64Array(0);

/** Stands for F(l): nobody evaluates it. */
export const ANY_OF_LEVEL = table(ANY);

/** What stands with F(l + o) in an expression that is linear in F, by o. */
function partsOf(f: Expression): Map<number, Expression> {
  const parts = new Map<number, Expression>();
  for (const m of f.monomials) {
    const factor = m.factors.find(({ atom }) => atom.kind === 'table' && atom.values === ANY);
    if (factor?.atom.kind !== 'table') throw new Error('a term without F');
    const { shift } = factor.atom;
    const [of] = table(ANY, shift).monomials;
    const part = productOf(powerOfMonomial(m, 1), powerOfMonomial(of, -1));
    parts.set(shift, sumOf(parts.get(shift) ?? ZERO, part));
  }
  return parts;
}

/** What stands with F above a cut, by how far that is above l; null where what stands below it is not the opposite. */
function throughCuts(f: Expression): Map<number, Expression> | null {
  const parts = [...partsOf(f)].filter(([, part]) => !isZero(part)).sort(([a], [b]) => a - b);
  const cuts = new Map<number, Expression>();
  let above = ZERO;
  for (let n = parts.length - 1; n >= 0; n--) {
    const [shift, part] = parts[n];
    above = sumOf(above, part);
    if (n === 0) break;
    for (let o = shift; o > parts[n - 1][0]; o--) cuts.set(o - 1, above);
  }
  return isZero(above) ? cuts : null;
}

type Group = readonly Term[];

/** The current of a channel. */
export class CutCurrent {
  readonly #groups: readonly Group[];

  /** @param form 𝓛_c†F of `ANY_OF_LEVEL` */
  constructor(
    private readonly tape: Tape,
    form: OperatorForm,
    readonly representation: Representation,
  ) {
    this.#groups = groupsOf(form);
  }

  /** On a window of so many levels; null where it is not seen that the channel keeps the trace. */
  on(size: number): CurrentOnWindow | null {
    const runs = this.#runsOn(size);
    return runs && { representation: this.representation, runs };
  }

  #runsOn(size: number): readonly CutRun[] | null {
    const all: CutRun[] = [];
    for (const terms of this.#groups) {
      // Terms of an edge and of the inside may share a level: there they are one.
      const ranges = terms.map(({ range }) => bounds(range, size));
      const edges = [...new Set(ranges.flat())].sort((a, b) => a - b);
      for (const [n, first] of edges.slice(0, -1).entries()) {
        const end = edges[n + 1];
        const there = terms.filter((_, k) => ranges[k][0] <= first && end <= ranges[k][1]);
        if (there.length === 0) continue;
        const runs = this.#runs(there, first, end);
        if (runs === null) return null;
        all.push(...runs);
      }
    }
    return all;
  }

  #runs(terms: Group, first: number, end: number): CutRun[] | null {
    const [{ to, from, shift }] = terms;
    const [re, im] = (['re', 'im'] as const).map((part) =>
      throughCuts(sumOf(...terms.map(({ f }) => f[part]))),
    );
    if (re === null || im === null) return null;
    const place = (x: Expression | undefined) =>
      x === undefined || isZero(x) ? null : this.tape.place(x);
    return [...new Set([...re.keys(), ...im.keys()])].map((at) => ({
      ...{ ket: from, bra: to, apart: shift, first, end, at },
      re: place(re.get(at)),
      im: place(im.get(at)),
    }));
  }
}

/**
 * By which weight, at the level below each cut, a channel's current changes X; null where it is not that alone that
 * changes it.
 * @param equation between bare states
 * @param isBetweenThese whether the channel is: between others a jump may move the ladder by less than it says
 */
export function cutWeight(
  equation: EquationForm,
  channel: number,
  x: OperatorForm,
  isBetweenThese: boolean,
): Expression | null {
  const diagonal = diagonalOf(x);
  const [first, ...others] = diagonal === null ? [] : [...diagonal.values()];
  const isOfLevel =
    diagonal?.size === equation.states && others.every(({ key }) => key === first.key);
  if (isOfLevel) return difference(shifted(first, 1), first);
  if (!isBetweenThese) return null;
  const changed = channel === 0 ? (diagonal ?? besideHamiltonian(equation, x)) : diagonal;
  const terms = movesOf(equation, channel);
  if (changed === null || terms === null) return null;
  let weight: Expression | null = null;
  for (const term of terms) {
    const change = changeBy(term, changed);
    if (term.shift === 0 && isZero(change)) continue;
    if (Math.abs(term.shift) !== 1) return null;
    const own = term.shift === 1 ? change : negative(shifted(change, 1));
    if (weight !== null && weight.key !== own.key) return null;
    weight = own;
  }
  return weight;
}

/** H changes X as it changes X − H; null where that is no number on each state. */
function besideHamiltonian({ hamiltonian }: EquationForm, x: OperatorForm) {
  const rest = joined(sum(x, scale(hamiltonian, -1)));
  return diagonalOf(rest.filter(({ f }) => !isZero(f.re) || !isZero(f.im)));
}

/** The terms of the operators by which a channel changes the state; null where that is by others, too. */
function movesOf({ hamiltonian, dissipators }: EquationForm, channel: number): OperatorForm | null {
  if (channel === 0) return hamiltonian;
  const { jumps, isOfJumps } = dissipators[channel - 1];
  return isOfJumps ? jumps.flat() : null;
}
