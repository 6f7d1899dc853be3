/**
 * Dissipators between eigenstates of a Hamiltonian that are known as numbers, and how they change with it. With the parts
 * B = Σ Π(ε′)AΠ(ε) of one energy difference, each with its rate Γ, 𝓓ρ = Σ Γ(BρB† − ½{B†B, ρ}), and where H changes by dH
 * and the eigenstates by d|a⟩ = Ω|a⟩, ⟨b|Ω|a⟩ = ⟨b|dH|a⟩/(ε_a − ε_b),
 *   d𝓓 ρ = [Ω, 𝓓ρ] − 𝓓[Ω, ρ] + Σ Γ(B′ρB† + BρB′† − ½{B′†B + B†B′, ρ}) + Σ dΓ(BρB† − ½{B†B, ρ}),
 * B′ = Σ Π(ε′)(dA + [A, Ω])Π(ε), between the eigenstates as they are. There is no derivative where dH couples states that are of
 * one energy, or where it parts differences that count as one: a little further on these are parts of their own.
 */
import {
  type Eigenstate,
  Eigenstates,
  type EqualGains,
  operatorOf,
} from '../lindblad/eigenstateJumps.js';
import { FREQUENCY } from '../machine/machine.js';
import type { Operator } from '../operators/operator.js';
import { matrixOf } from '../state/spectrum.js';
import {
  addMultiple,
  adjointOf,
  type DenseMatrix,
  denseOf,
  magnitudesOf,
  nothing,
  product,
} from './denseMatrix.js';
import type { GainRate } from './gainRates.js';

/** What counts as one energy shall go on to do so while a parameter changes by this share: then there is a derivative. */
const TOGETHER = 1e-4;
const PARTED = 'states of one energy, or differences of energies that count as one, part with it';
const STEEP = 'what it is in changes infinitely fast there';
/** By how much an eigensolver is off, in units of the largest energy and of what rounding takes from a number. */
const EIGENSOLVER = 16;

export interface EigenstateBath {
  readonly name: string;
  readonly couplings: readonly Operator[];
  readonly rate: (gain: number) => GainRate;
}

/** How the Hamiltonian changes with a parameter, and the couplings of each bath. */
export interface Change {
  readonly parameter: string;
  /** The size of the parameter. */
  readonly size: number;
  readonly hamiltonian: Operator;
  readonly couplings: Readonly<Record<string, readonly Operator[]>>;
}

/** One entry ⟨to|B|from⟩ of a part of a coupling, to and from by their places. */
interface Entry {
  readonly to: number;
  readonly from: number;
  readonly re: number;
  readonly im: number;
}

interface Group {
  readonly rate: GainRate;
  readonly entries: readonly Entry[];
  /** Elements that are 0 between eigenstates of this difference: they are of this part as soon as they are not. */
  readonly absent: readonly Entry[];
}

interface Coupled {
  readonly matrix: DenseMatrix;
  readonly groups: readonly Group[];
}

/** A matrix in the eigenbasis, and the same of what it is a sum of. */
export interface Known {
  readonly value: DenseMatrix;
  readonly sizes: DenseMatrix;
}

export class EigenstateSlopes {
  readonly #vectors: DenseMatrix;
  readonly #back: DenseMatrix;
  readonly #absolute: { readonly vectors: DenseMatrix; readonly back: DenseMatrix };
  readonly #energies: readonly number[];
  readonly #largest: number;
  readonly #width: number;
  readonly #levelOf: Int32Array;
  readonly #baths = new Map<string, readonly Coupled[]>();
  readonly #operators = new Map<string, readonly Operator[]>();

  constructor(
    hamiltonian: Operator,
    private readonly states: number,
    baths: readonly EigenstateBath[],
  ) {
    const found = new Eigenstates(hamiltonian, states);
    const order = found.all.length;
    const places = new Map<Eigenstate, number>(found.all.map((one, a) => [one, a]));
    const placeOf = (one: Eigenstate) => places.get(one) as number;
    this.#vectors = nothing(order);
    found.all.forEach(({ at, re, im }, a) => {
      at.forEach((i, k) => {
        this.#vectors.re[i * order + a] = re[k];
        this.#vectors.im[i * order + a] = im[k];
      });
    });
    this.#back = adjointOf(this.#vectors);
    this.#absolute = { vectors: magnitudesOf(this.#vectors), back: magnitudesOf(this.#back) };
    this.#energies = found.all.map(({ energy }) => energy);
    this.#largest = Math.max(...this.#energies.map(Math.abs));
    this.#width = found.width;
    this.#levelOf = new Int32Array(order);
    found.levels.forEach((members, level) => {
      for (const one of members) this.#levelOf[placeOf(one)] = level;
    });
    const { window } = hamiltonian;
    const entriesOf = ({ members }: EqualGains) =>
      members.map(({ to, from, value: { re, im } }) => ({
        ...{ to: placeOf(to), from: placeOf(from), re, im },
      }));
    const gains = found.all
      .flatMap((one, to) =>
        found.all.map((other, from) => ({ to, from, gain: found.gainOf(one, other) })),
      )
      .sort((a, b) => a.gain - b.gain);
    const absentOf = ({ members }: EqualGains): Entry[] => {
      const own = members.map(({ gain }) => gain);
      const [least, most] = [Math.min(...own) - found.width, Math.max(...own) + found.width];
      const there = new Set(members.map(({ to, from }) => placeOf(to) * order + placeOf(from)));
      const near: Entry[] = [];
      for (let k = firstFrom(gains, least); k < gains.length && gains[k].gain <= most; k++) {
        const { to, from } = gains[k];
        if (!there.has(to * order + from)) near.push({ to, from, re: 0, im: 0 });
      }
      return near;
    };
    for (const { name, couplings, rate } of baths) {
      const operators: Operator[] = [];
      const coupled = couplings.map((coupling): Coupled => {
        const groups = found.parts(coupling).flatMap((part): Group[] => {
          const own = rate(part.gain);
          if (own.value > 0) operators.push(operatorOf(window, part.members, own.value));
          return [{ rate: own, entries: entriesOf(part), absent: absentOf(part) }];
        });
        return { matrix: this.toEigenbasis(denseOf(matrixOf(coupling, states))), groups };
      });
      this.#baths.set(name, coupled);
      this.#operators.set(name, operators);
    }
  }

  /** The jumps of a bath. */
  operators(bath: string): readonly Operator[] {
    return this.#operators.get(bath) ?? [];
  }

  toEigenbasis(x: DenseMatrix): DenseMatrix {
    return product(this.#back, product(x, this.#vectors));
  }

  fromEigenbasis(x: DenseMatrix): DenseMatrix {
    return product(this.#vectors, product(x, this.#back));
  }

  /** What magnitudes in the eigenbasis are at most between bare states. */
  sizesBack(x: DenseMatrix): DenseMatrix {
    return product(this.#absolute.vectors, product(x, this.#absolute.back));
  }

  /** 𝓓x of a bath, in the eigenbasis. */
  dissipated(bath: string, x: DenseMatrix): Known {
    const groups = (this.#baths.get(bath) ?? []).flatMap((one) => one.groups);
    return both(x, groups, (acted, rate, entries) => acted.add(rate, entries, entries));
  }

  /** 𝓓†x of a bath, in the eigenbasis. */
  dissipatedBack(bath: string, x: DenseMatrix): Known {
    const groups = (this.#baths.get(bath) ?? []).flatMap((one) => one.groups);
    return both(x, groups, (acted, rate, entries) => acted.addBack(rate, entries));
  }

  /**
   * How H changes what is made of it.
   * @returns why there is no derivative, where energies that count as one part at once, or differences of them
   */
  turned(change: Change): EigenstateChange | string {
    const { order } = this.#vectors;
    const bare = denseOf(matrixOf(change.hamiltonian, this.states));
    const h = this.toEigenbasis(bare);
    const { vectors, back } = this.#absolute;
    const terms = product(back, product(magnitudesOf(bare), vectors));
    const most = magnitudesOf(h).re.reduce((a, b) => Math.max(a, b), 0);
    if (!Number.isFinite(most)) return STEEP;
    const allowed = this.#width / (TOGETHER * change.size);
    const turn = nothing(order);
    const sizes = nothing(order);
    for (let a = 0; a < order; a++) {
      for (let b = 0; b < order; b++) {
        const at = b * order + a;
        if (a === b) continue;
        if (this.#levelOf[a] === this.#levelOf[b]) {
          if (Math.hypot(h.re[at], h.im[at]) > allowed) return PARTED;
          continue;
        }
        const apart = this.#energies[a] - this.#energies[b];
        turn.re[at] = h.re[at] / apart;
        turn.im[at] = h.im[at] / apart;
        // Of eigenstates that are near one another an eigensolver tells less.
        const doubt = (EIGENSOLVER * this.#largest) / Math.abs(apart);
        sizes.re[at] =
          doubt * Math.hypot(turn.re[at], turn.im[at]) + terms.re[at] / Math.abs(apart);
      }
    }
    const slopeOf = (a: number) => h.re[a * order + a];
    const isParted = (slopes: readonly number[]) =>
      Math.max(...slopes) - Math.min(...slopes) > allowed;
    const found = new Map<string, Turned[]>();
    for (const [bath, coupled] of this.#baths) {
      const own: Turned[] = [];
      for (const [k, { matrix, groups }] of coupled.entries()) {
        // dA + [A, Ω]
        const moved = this.toEigenbasis(denseOf(matrixOf(change.couplings[bath][k], this.states)));
        const absolute = magnitudesOf(matrix);
        const movedSizes = magnitudesOf(moved);
        if (!movedSizes.re.every(Number.isFinite)) return STEEP;
        addMultiple(moved, 1, product(matrix, turn));
        addMultiple(moved, -1, product(turn, matrix));
        addMultiple(movedSizes, 1, product(absolute, sizes));
        addMultiple(movedSizes, 1, product(sizes, absolute));
        for (const { rate, entries, absent } of groups) {
          const gained = ({ to, from }: Entry) => slopeOf(to) - slopeOf(from);
          const slopes = entries.map(gained);
          if (isParted(slopes)) return PARTED;
          const slope = slopes.reduce((sum, x) => sum + x, 0) / slopes.length;
          const held = rate.by.get(change.parameter)?.value ?? 0;
          const byGain = rate.by.get(FREQUENCY)?.value ?? 0;
          if (!Number.isFinite(held + byGain)) return STEEP;
          const at = ({ to, from }: Entry) => to * order + from;
          const all = [...entries, ...absent.filter((e) => !isParted([slope, gained(e)]))];
          own.push({
            value: rate.value,
            slope: held + byGain * slope,
            slopeSize: Math.abs(held) + Math.abs(byGain) * most,
            entries,
            moved: all.map((e) => ({ ...e, re: moved.re[at(e)], im: moved.im[at(e)] })),
            movedSizes: all.map((e) => ({ ...e, re: movedSizes.re[at(e)], im: 0 })),
          });
        }
      }
      found.set(bath, own);
    }
    return new EigenstateChange(this, turn, sizes, found);
  }
}

interface Turned {
  readonly value: number;
  readonly slope: number;
  readonly slopeSize: number;
  readonly entries: readonly Entry[];
  readonly moved: readonly Entry[];
  readonly movedSizes: readonly Entry[];
}

/** What a change does to dissipators. */
export class EigenstateChange {
  constructor(
    private readonly slopes: EigenstateSlopes,
    private readonly turn: DenseMatrix,
    private readonly turnSizes: DenseMatrix,
    private readonly baths: ReadonlyMap<string, readonly Turned[]>,
  ) {}

  /** d𝓓x of a bath, in the eigenbasis. */
  of(bath: string, x: DenseMatrix): Known {
    const own = this.baths.get(bath) ?? [];
    const { slopes, turn, turnSizes } = this;
    const acted = slopes.dissipated(bath, x);
    const [value, sizes] = [new Acted(x, -1), new Acted(magnitudesOf(x), 1)];
    for (const { value: rate, slope, slopeSize, entries, moved, movedSizes } of own) {
      value.add(rate, moved, entries);
      value.add(rate, entries, moved);
      value.add(slope, entries, entries);
      const absolute = magnitudesIn(entries);
      sizes.add(rate, movedSizes, absolute);
      sizes.add(rate, absolute, movedSizes);
      sizes.add(slopeSize, absolute, absolute);
    }
    const found = value.whole();
    addMultiple(found, 1, product(turn, acted.value));
    addMultiple(found, -1, product(acted.value, turn));
    const moved = product(turn, x);
    addMultiple(moved, -1, product(x, turn));
    addMultiple(found, -1, slopes.dissipated(bath, moved).value);
    const most = sizes.whole();
    addMultiple(most, 1, product(turnSizes, acted.sizes));
    addMultiple(most, 1, product(acted.sizes, turnSizes));
    const absolute = magnitudesOf(x);
    const movedSizes = product(turnSizes, absolute);
    addMultiple(movedSizes, 1, product(absolute, turnSizes));
    addMultiple(most, 1, slopes.dissipated(bath, movedSizes).sizes);
    return { value: found, sizes: most };
  }
}

/** The place of the first of what is sorted by gain that gains so much. */
function firstFrom(sorted: readonly { readonly gain: number }[], least: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle].gain < least) from = middle + 1;
    else to = middle;
  }
  return from;
}

const magnitudesIn = (entries: readonly Entry[]): Entry[] =>
  entries.map(({ to, from, re, im }) => ({ to, from, re: Math.hypot(re, im), im: 0 }));

/** Σ factor (BxC† − ½{C†B, x}), or of magnitudes with a sum in place of the difference. */
class Acted {
  readonly #brought: DenseMatrix;
  readonly #rate: DenseMatrix;

  constructor(
    private readonly x: DenseMatrix,
    private readonly sign: 1 | -1,
  ) {
    this.#brought = nothing(x.order);
    this.#rate = nothing(x.order);
  }

  /** Of B on the left and C on the right. */
  add(factor: number, left: readonly Entry[], right: readonly Entry[]): void {
    for (const b of left) {
      for (const c of right) {
        const [u, v] = [factor * (b.re * c.re + b.im * c.im), factor * (b.im * c.re - b.re * c.im)];
        addElement(this.#brought, b.to, c.to, u, v, this.x, b.from, c.from);
        if (b.to === c.to) addNumber(this.#rate, c.from, b.from, u, v);
      }
    }
  }

  /** B†xB in place of BxB†. */
  addBack(factor: number, entries: readonly Entry[]): void {
    for (const b of entries) {
      for (const c of entries) {
        const [u, v] = [factor * (b.re * c.re + b.im * c.im), factor * (b.re * c.im - b.im * c.re)];
        addElement(this.#brought, b.from, c.from, u, v, this.x, b.to, c.to);
        if (b.to === c.to) addNumber(this.#rate, b.from, c.from, u, v);
      }
    }
  }

  whole(): DenseMatrix {
    const found = this.#brought;
    const half = this.sign / 2;
    addMultiple(found, half, product(this.#rate, this.x));
    addMultiple(found, half, product(this.x, this.#rate));
    return found;
  }
}

function addNumber(into: DenseMatrix, row: number, column: number, u: number, v: number): void {
  const at = row * into.order + column;
  into.re[at] += u;
  into.im[at] += v;
}

/** Adds (u + iv)⟨i|x|j⟩ at a row and a column. */
function addElement(
  into: DenseMatrix,
  row: number,
  column: number,
  u: number,
  v: number,
  x: DenseMatrix,
  i: number,
  j: number,
): void {
  const at = i * x.order + j;
  const [a, b] = [x.re[at], x.im[at]];
  addNumber(into, row, column, u * a - v * b, u * b + v * a);
}

/** What groups do to a matrix, and to magnitudes. */
function both(
  x: DenseMatrix,
  groups: readonly Group[],
  act: (acted: Acted, rate: number, entries: readonly Entry[]) => void,
): Known {
  const [value, sizes] = [new Acted(x, -1), new Acted(magnitudesOf(x), 1)];
  for (const { rate, entries } of groups) {
    act(value, rate.value, entries);
    act(sizes, rate.value, magnitudesIn(entries));
  }
  return { value: value.whole(), sizes: sizes.whole() };
}
