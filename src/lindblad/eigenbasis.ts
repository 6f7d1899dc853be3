/**
 * The eigenbasis of a Hamiltonian that couples states in pairs at most, in closed form.
 *
 * Where H couples |u, l + d⟩ and |v, l⟩ alone, its eigenstates are
 *   |U, l + d⟩ = cos α |u, l + d⟩ + sin α |v, l⟩,   |V, l⟩ = −sin α |u, l + d⟩ + cos α |v, l⟩,   |α| ≤ π/4,
 * each named after the state that is the larger part of it. States whose partner lies outside of the window are
 * eigenstates by themselves. Half of the detuning is h = (ε_u − ε_v)/2 and the coupling v: tan 2α = v/h.
 *
 * Differences that would cancel are taken before the rotation: of amplitudes a of u and b of v as (a − b), of
 * angles as the sine of their difference.
 */
import {
  call,
  constant,
  difference,
  type Expression,
  isZero,
  negative,
  ONE,
  productOf,
  shifted,
  sumOf,
  ZERO,
} from '../machine/expression.js';
import {
  adjoint,
  collect,
  type OperatorForm,
  product,
  real,
  sum,
  type Term,
} from '../machine/operatorForm.js';
import {
  before,
  besides,
  both,
  EVERYWHERE,
  isEmpty,
  keyOf,
  leaving,
  type Range,
  staying,
} from '../machine/range.js';
import type { Place } from '../machine/tape.js';

/** Two states that H couples, and how; functions of the level of the lower one, v. */
export interface Pair {
  readonly u: number;
  readonly v: number;
  /** The level of u less that of v. */
  readonly apart: number;
  readonly half: Expression;
  readonly coupling: Expression;
}

/** How eigenstates lie to bare states: of each pair cos α and sin α by the level of its lower state. */
export interface PairPlaces {
  readonly u: number;
  readonly v: number;
  readonly apart: number;
  readonly cosine: Place;
  readonly sine: Place;
}

/** Cosine and sine of a pair by the level of its lower state, and on how many levels from which one on there is a pair. */
export interface Angle extends Pick<PairPlaces, 'cosine' | 'sine'> {
  readonly first: number;
  readonly count: number;
}

/** A pair in a vector of unknowns: where its elements on the first of its levels are; imaginary parts follow real ones. */
export interface PlacedPair extends Angle {
  readonly upper: number;
  readonly lower: number;
  readonly coherence: number;
}

/** A term of an operator between eigenstates, and the energy that it takes off the state. */
export interface Transition {
  readonly term: Term;
  readonly quantum: Expression;
}

/** Why a Hamiltonian has no eigenbasis in closed form. */
export class EigenbasisError extends Error {
  override readonly name = 'EigenbasisError';
}

export class PairEigenbasis {
  readonly states: number;
  readonly pairs: readonly Pair[];
  /** ⟨s, l|H|s, l⟩ */
  readonly #diagonal: readonly Expression[];
  readonly #pairOf: readonly (Pair | null)[];
  readonly #rotation: OperatorForm;
  readonly #back: OperatorForm;

  /** @throws {EigenbasisError} where H couples more than two states to one another */
  constructor(states: number, hamiltonian: OperatorForm) {
    this.states = states;
    const diagonal = Array.from({ length: states }, () => ZERO);
    const pairs: Pair[] = [];
    const partner: (Pair | null)[] = diagonal.map(() => null);
    for (const { to, from, shift, range, f } of hamiltonian) {
      if (!isZero(f.im)) throw new EigenbasisError('its couplings are not real');
      if (keyOf(range) !== keyOf(staying(shift))) {
        throw new EigenbasisError('it has terms that stand on some levels of a window alone');
      }
      if (to === from) {
        if (shift !== 0) throw new EigenbasisError('it moves the ladder by itself');
        diagonal[to] = sumOf(diagonal[to], f.re);
      }
    }
    for (const { to, from, shift, f } of hamiltonian) {
      // Of a coupling and its adjoint one is read.
      if (to <= from) continue;
      if (partner[to] !== null || partner[from] !== null) {
        throw new EigenbasisError('it couples more than two states to one another');
      }
      const detuning = difference(shifted(diagonal[to], shift), diagonal[from]);
      const half = productOf(constant(0.5), detuning);
      const pair = { u: to, v: from, apart: shift, half, coupling: f.re };
      partner[to] = pair;
      partner[from] = pair;
      pairs.push(pair);
    }
    this.#diagonal = diagonal;
    this.#pairOf = partner;
    this.pairs = pairs;
    this.#rotation = this.#rotationForm();
    this.#back = adjoint(this.#rotation);
  }

  cosine({ half, coupling }: Pair): Expression {
    return call('mixingCosine', half, coupling);
  }

  sine({ half, coupling }: Pair): Expression {
    return call('mixingSine', half, coupling);
  }

  /** ε(U, l + d) − ε(u, l + d) = ε(v, l) − ε(V, l). */
  #displacement({ half, coupling }: Pair): Expression {
    return call('mixingShift', half, coupling);
  }

  /** What takes eigenstates to bare states: its columns are eigenstates. */
  #rotationForm(): OperatorForm {
    const terms: Term[] = [];
    for (let s = 0; s < this.states; s++) {
      const pair = this.#pairOf[s];
      const add = (to: number, shift: number, range: Range, f: Expression) =>
        terms.push({ to, from: s, shift, range, f: real(f) });
      if (pair === null) {
        add(s, 0, EVERYWHERE, ONE);
        continue;
      }
      const { u, v, apart } = pair;
      const [c, sine] = [this.cosine(pair), this.sine(pair)];
      if (s === v) {
        add(v, 0, staying(apart), c);
        add(u, apart, staying(apart), negative(sine));
        add(v, 0, leaving(apart), ONE);
      } else {
        add(u, 0, staying(-apart), shifted(c, -apart));
        add(v, -apart, staying(-apart), shifted(sine, -apart));
        add(u, 0, leaving(-apart), ONE);
      }
    }
    return collect(terms);
  }

  /** An operator between eigenstates: R†XR. */
  rotated(x: OperatorForm): OperatorForm {
    const direct: Term[] = [];
    const rest: Term[] = [];
    const parallel = new Map<string, { upper: Term[]; lower: Term[]; pair: Pair; shift: number }>();
    for (const term of x) {
      const [to, from] = [this.#pairOf[term.to], this.#pairOf[term.from]];
      if (to === null && from === null) direct.push(term);
      else if (from !== null && term.to === term.from && isZero(term.f.im)) {
        const key = `${from.u} ${from.v} ${term.shift}`;
        const group = parallel.get(key) ?? { upper: [], lower: [], pair: from, shift: term.shift };
        parallel.set(key, group);
        (term.from === from.u ? group.upper : group.lower).push(term);
      } else rest.push(term);
    }
    for (const { upper, lower, pair, shift } of parallel.values()) {
      const [first, second] = this.#meeting(upper, lower, pair, shift);
      direct.push(...first);
      rest.push(...second);
    }
    return sum(direct, product(this.#back, product(rest, this.#rotation)));
  }

  /**
   * a |u⟩⟨u| + b |v⟩⟨v| with one shift: where the pairs on both sides are whole and all terms act, rotated; what is
   * left of the terms, not.
   */
  #meeting(
    upper: readonly Term[],
    lower: readonly Term[],
    pair: Pair,
    shift: number,
  ): readonly [Term[], Term[]] {
    const { apart } = pair;
    const isInside = ({ range }: Term) =>
      !Number.isFinite(range.head) && !Number.isFinite(range.tail);
    const [a, b] = [upper.filter(isInside), lower.filter(isInside)];
    let range = both(staying(apart), before(staying(apart), shift));
    for (const term of a) range = both(range, before(term.range, apart));
    for (const term of b) range = both(range, term.range);
    const ofUpper = before(range, -apart);
    const outside = (terms: readonly Term[], inside: Range): Term[] =>
      terms
        .flatMap((term) =>
          (isInside(term) ? besides(term.range, inside) : [term.range]).map((r) => ({
            ...term,
            range: r,
          })),
        )
        .filter((term) => !isEmpty(term.range));
    const total = (terms: readonly Term[]) => sumOf(...terms.map(({ f }) => f.re));
    return [
      this.#parallel(shifted(total(a), apart), total(b), pair, shift, range),
      [...outside(upper, ofUpper), ...outside(lower, range)],
    ];
  }

  /** The four terms between eigenstates on a range; a and b, too, by the level of v. */
  #parallel(a: Expression, b: Expression, pair: Pair, shift: number, range: Range): Term[] {
    const { u, v, apart } = pair;
    const [c, s] = [this.cosine(pair), this.sine(pair)];
    const s2 = shifted(s, shift);
    const { turn, together } = this.#between(pair, shift);
    const skew = productOf(difference(a, b), s2, c);
    // Within a pair cos²α = 1 − sin²α, so that what both eigenstates share does not come in.
    const moved = productOf(s, s, difference(a, b));
    const [uu, vv] =
      shift === 0
        ? [difference(a, moved), sumOf(b, moved)]
        : [
            difference(productOf(a, together), productOf(s, s2, difference(a, b))),
            sumOf(productOf(b, together), productOf(s, s2, difference(a, b))),
          ];
    const uFromV = negative(sumOf(productOf(a, turn), skew));
    const vFromU = difference(productOf(b, turn), skew);
    const ofUpper = before(range, -apart);
    // A jump's elements are multiplied with one another: each is a number, whatever it is the sum of.
    const whole = (f: Expression) => (shift === 0 || f.monomials.length < 2 ? f : call('whole', f));
    const term = (to: number, from: number, by: number, where: Range, f: Expression): Term => ({
      to,
      from,
      shift: by,
      range: where,
      f: real(from === u ? shifted(whole(f), -apart) : whole(f)),
    });
    return [
      term(u, u, shift, ofUpper, uu),
      term(v, v, shift, range, vv),
      term(u, v, shift + apart, range, uFromV),
      term(v, u, shift - apart, ofUpper, vFromU),
    ];
  }

  /**
   * The sine and the cosine of the difference of a pair's mixing angles at l and at l + shift: of two levels the same two,
   * whichever of them is l.
   */
  #between(pair: Pair, shift: number): { turn: Expression; together: Expression } {
    const { half, coupling } = pair;
    if (shift === 0) return { turn: ZERO, together: ONE };
    if (shift < 0) {
      const { turn, together } = this.#between(pair, -shift);
      return { turn: negative(shifted(turn, shift)), together: shifted(together, shift) };
    }
    const [other, step] = [shifted(half, shift), difference(shifted(half, shift), half)];
    if (isZero(difference(shifted(coupling, shift), coupling))) {
      const angles = [half, other, step, coupling];
      return { turn: call('mixingTurn', ...angles), together: call('mixingTogether', ...angles) };
    }
    const [c, s] = [this.cosine(pair), this.sine(pair)];
    const [c2, s2] = [shifted(c, shift), shifted(s, shift)];
    return {
      turn: difference(productOf(s, c2), productOf(c, s2)),
      together: sumOf(productOf(c, c2), productOf(s, s2)),
    };
  }

  /** The energies of the eigenstates, each on its range; by the state's own level. */
  levels(): readonly {
    readonly state: number;
    readonly range: Range;
    readonly energy: Expression;
  }[] {
    return this.#diagonal.flatMap((bare, state) => {
      const pair = this.#pairOf[state];
      if (pair === null) return [{ state, range: EVERYWHERE, energy: bare }];
      const { v, apart } = pair;
      const displaced = this.#displacement(pair);
      const [by, sign] = state === v ? [0, -1] : [-apart, 1];
      const whole = state === v ? apart : -apart;
      const energy = sumOf(bare, productOf(constant(sign), shifted(displaced, by)));
      return [
        { state, range: staying(whole), energy },
        { state, range: leaving(whole), energy: bare },
      ];
    });
  }

  /** H itself. */
  hamiltonian(): OperatorForm {
    return collect(
      this.levels().map(({ state, range, energy }) => ({
        to: state,
        from: state,
        shift: 0,
        range,
        f: real(energy),
      })),
    );
  }

  /**
   * An operator between eigenstates, term by term, each with the energy that it takes off the state: between its
   * two levels.
   */
  transitions(x: OperatorForm): readonly Transition[] {
    const levels = this.levels();
    return this.rotated(x).flatMap((term) =>
      levels.flatMap((from) => {
        if (from.state !== term.from) return [];
        return levels.flatMap((to) => {
          if (to.state !== term.to) return [];
          const range = both(term.range, both(from.range, before(to.range, term.shift)));
          if (isEmpty(range)) return [];
          const quantum = difference(from.energy, shifted(to.energy, term.shift));
          return [{ term: { ...term, range }, quantum }];
        });
      }),
    );
  }
}
