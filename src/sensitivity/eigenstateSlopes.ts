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
import { maxNorm } from '../norm.js';
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
import {
  Acted,
  acted,
  type Entry,
  type Group,
  magnitudesIn,
  sizesActed,
} from './eigenstateParts.js';
import type { GainRate } from './gainRates.js';

/** What counts as one energy shall go on to do so while a parameter changes by this share: then there is a derivative. */
const TOGETHER = 1e-4;
/** Within this share of the largest, numbers of a quantity count as one. */
const DEFINITE = 1e-9;
const PARTED = 'states of one energy, or differences of energies that count as one, part with it';
const STEEP = 'what it is in changes infinitely fast there';

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

interface Coupled {
  readonly matrix: DenseMatrix;
  readonly groups: readonly Group[];
}

export class EigenstateSlopes {
  readonly #vectors: DenseMatrix;
  readonly #back: DenseMatrix;
  readonly #absolute: { readonly vectors: DenseMatrix; readonly back: DenseMatrix };
  readonly #energies: readonly number[];
  readonly #width: number;
  readonly #levelOf: Int32Array;
  readonly #baths = new Map<string, readonly Coupled[]>();
  readonly #operators = new Map<string, readonly Operator[]>();

  /** @param which case of what an eigensolver may be off by; null for none */
  constructor(
    hamiltonian: Operator,
    private readonly states: number,
    baths: readonly EigenstateBath[],
    which: number | null = null,
  ) {
    const found = new Eigenstates(hamiltonian, states, which);
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

  /** 𝓓x of a bath, in the eigenbasis; or with a weight of each of its parts what is counted, Σ weight ΓBxB†. */
  dissipated(bath: string, x: DenseMatrix, weights: readonly number[] | null = null): DenseMatrix {
    const act = (by: Acted, rate: number, entries: readonly Entry[]) =>
      by.add(rate, entries, entries);
    return acted(x, this.#parts(bath), weights, act);
  }

  /** The magnitudes of what that sums up, of magnitudes. */
  sizes(bath: string, x: DenseMatrix, weights: readonly number[] | null = null): DenseMatrix {
    return sizesActed(x, this.#parts(bath), weights);
  }

  /** 𝓓†x of a bath, in the eigenbasis. */
  dissipatedBack(bath: string, x: DenseMatrix): DenseMatrix {
    return acted(x, this.#parts(bath), null, (by, rate, entries) => by.addBack(rate, entries));
  }

  #parts(bath: string): readonly Group[] {
    return (this.#baths.get(bath) ?? []).flatMap((one) => one.groups);
  }

  /**
   * By how much each part of a bath changes a quantity.
   * @param quantity in the eigenbasis
   * @returns null where eigenstates have no number of it, or one part changes it by several
   */
  changesOf(bath: string, quantity: DenseMatrix): number[] | null {
    const { order, re, im } = quantity;
    const largest = maxNorm(magnitudesOf(quantity).re);
    const isNear = (x: number, y = 0) => Math.hypot(x, y) <= DEFINITE * largest;
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++) {
        if (i !== j && !isNear(re[i * order + j], im[i * order + j])) return null;
      }
    }
    const found: number[] = [];
    for (const { entries } of this.#parts(bath)) {
      const own = entries.map(({ to, from }) => re[to * order + to] - re[from * order + from]);
      if (!own.every((change) => isNear(change - own[0]))) return null;
      found.push(own[0]);
    }
    return found;
  }

  /**
   * How H changes what is made of it.
   * @returns why there is no derivative, where energies that count as one part at once, or differences of them
   */
  turned(change: Change): EigenstateChange | string {
    const { order } = this.#vectors;
    const bare = denseOf(matrixOf(change.hamiltonian, this.states));
    const h = this.toEigenbasis(bare);
    const most = maxNorm(magnitudesOf(h).re);
    if (!Number.isFinite(most)) return STEEP;
    const allowed = this.#width / (TOGETHER * change.size);
    const turn = nothing(order);
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
      }
    }
    const sizes = magnitudesOf(turn);
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
    return new EigenstateChange(this, h, turn, found);
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
    /** dH in the eigenbasis. */
    private readonly hamiltonian: DenseMatrix,
    private readonly turn: DenseMatrix,
    private readonly baths: ReadonlyMap<string, readonly Turned[]>,
  ) {}

  /**
   * Whether what the parts of a bath change of a quantity is the same beside.
   * @param quantity diagonal in the eigenbasis
   */
  conserves(bath: string, { re, order }: DenseMatrix, changes: readonly number[]): boolean {
    const { hamiltonian: h } = this;
    const largest = maxNorm(magnitudesOf(h).re);
    const of = (a: number) => re[a * order + a];
    const most = maxNorm(Float64Array.from({ length: order }, (_, a) => of(a)));
    const isSame = (x: number, y: number) => Math.abs(x - y) <= DEFINITE * most;
    for (let a = 0; a < order; a++) {
      for (let b = 0; b < order; b++) {
        const size = Math.hypot(h.re[b * order + a], h.im[b * order + a]);
        if (size > DEFINITE * largest && !isSame(of(a), of(b))) return false;
      }
    }
    const parts = this.baths.get(bath) ?? [];
    const sizeOf = (e: Entry) => Math.hypot(e.re, e.im);
    const furthest = parts.flatMap(({ moved }) => moved.map(sizeOf));
    const little = DEFINITE * maxNorm(Float64Array.from(furthest));
    return parts.every(({ moved }, k) =>
      moved.every((e) => sizeOf(e) <= little || isSame(of(e.to) - of(e.from), changes[k])),
    );
  }

  /** d𝓓x of a bath, in the eigenbasis, or the change of what is counted. */
  of(bath: string, x: DenseMatrix, weights: readonly number[] | null = null): DenseMatrix {
    const { slopes, turn } = this;
    const value = new Acted(x, -1);
    for (const [k, { value: rate, slope, entries, moved }] of this.#parts(bath)) {
      const weight = weights?.[k] ?? 1;
      value.add(weight * rate, moved, entries);
      value.add(weight * rate, entries, moved);
      value.add(weight * slope, entries, entries);
    }
    const found = value.of(weights);
    const image = slopes.dissipated(bath, x, weights);
    addMultiple(found, 1, product(turn, image));
    addMultiple(found, -1, product(image, turn));
    const turned = product(turn, x);
    addMultiple(turned, -1, product(x, turn));
    addMultiple(found, -1, slopes.dissipated(bath, turned, weights));
    return found;
  }

  /** The magnitudes of what that sums up. */
  sizes(bath: string, x: DenseMatrix, weights: readonly number[] | null = null): DenseMatrix {
    const [turn, size] = [magnitudesOf(this.turn), magnitudesOf(x)];
    const sizes = new Acted(size, 1);
    for (const [k, { value: rate, slopeSize, entries, movedSizes }] of this.#parts(bath)) {
      const weight = Math.abs(weights?.[k] ?? 1);
      const absolute = magnitudesIn(entries);
      sizes.add(weight * rate, movedSizes, absolute);
      sizes.add(weight * rate, absolute, movedSizes);
      sizes.add(weight * slopeSize, absolute, absolute);
    }
    const found = sizes.of(weights);
    const image = this.slopes.sizes(bath, size, weights);
    addMultiple(found, 1, product(turn, image));
    addMultiple(found, 1, product(image, turn));
    const turned = product(turn, size);
    addMultiple(turned, 1, product(size, turn));
    addMultiple(found, 1, this.slopes.sizes(bath, turned, weights));
    return found;
  }

  #parts(bath: string) {
    return (this.baths.get(bath) ?? []).entries();
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
