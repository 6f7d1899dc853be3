/**
 * What is counted at a bath of any open system: of its jumps A each counts what a Hermitian operator X gains.
 *
 * Tilted by a field χ they are e^{χX/2}Ae^{−χX/2}, so that with A₀ = A and A_{m+1} = [X, A_m] the derivatives of AρA† by
 * χ are J^(k)ρ = 2^{−k} Σ_m C(k, m) A_m ρ A_{k−m}†.
 */
import { binomial } from '../fluctuations/counting.js';
import { apply } from '../generator/apply.js';
import { type Generator, generatorOf } from '../generator/generator.js';
import { entriesByPlace } from '../generator/kets.js';
import { type Rule, sandwiches } from '../generator/rules.js';
import { adjoint, adjointProduct, type Operator, scale, sum } from '../operators/operator.js';
import type { Window } from '../operators/window.js';
import type { DensityMatrix } from '../state/densityMatrix.js';

export interface CountedBath {
  readonly name: string;
  readonly jumps: readonly Operator[];
  /** X: what each jump gains of it. */
  readonly quantity: Operator;
}

/** A jump changes X by no definite amount, and X is not diagonal: then it is not known how it is tilted. */
export class IndefiniteGainError extends Error {
  override readonly name = 'IndefiniteGainError';
}

const NOTHING = { re: 0, im: 0 };
/** What of a gain is rounding, relative to the largest element. */
const ROUNDING = 1e-11;

/** XA − AX of a Hermitian X. */
export const gained = (x: Operator, a: Operator): Operator =>
  sum(a.window, adjointProduct(x, a), scale(adjointProduct(adjoint(a), x), -1));

/** Σ A†A: how often jumps happen. */
export const rateOperator = (window: Window, jumps: readonly Operator[]): Operator =>
  sum(window, ...jumps.map((a) => adjointProduct(a, a)));

/** Whether an operator leaves every state and level where it is. */
export const isDiagonal = ({ transitions }: Operator): boolean =>
  transitions.every(({ to, from, shift }) => to === from && shift === 0);

/** A jump with what it gains: one number, or [X, [X, … A]]. */
class CountedJump {
  readonly #gain: number | null;
  readonly #nested: Operator[];

  constructor(
    readonly jump: Operator,
    private readonly quantity: Operator,
  ) {
    const gain = gained(quantity, jump);
    this.#gain = ratioOf(gain, jump);
    this.#nested = [jump, gain];
  }

  /** A_m, as an operator and what it is multiplied with. */
  #after(m: number): { readonly operator: Operator; readonly factor: number } {
    if (this.#gain !== null) return { operator: this.jump, factor: this.#gain ** m };
    while (this.#nested.length <= m) {
      this.#nested.push(gained(this.quantity, this.#nested[this.#nested.length - 1]));
    }
    return { operator: this.#nested[m], factor: 1 };
  }

  /** The terms of J^(order): pairs of operators, left and right of ρ, with their factors. */
  terms(order: number) {
    if (this.#gain !== null) {
      return [{ left: this.jump, right: this.jump, factor: this.#gain ** order }];
    }
    return Array.from({ length: order + 1 }, (_, m) => ({
      left: this.#after(m).operator,
      right: this.#after(order - m).operator,
      factor: binomial(order, m) / 2 ** order,
    }));
  }

  /** e^{χX/2}Ae^{−χX/2} @throws {IndefiniteGainError} */
  tilted(chi: number): Operator {
    if (this.#gain !== null) return scale(this.jump, Math.exp((chi * this.#gain) / 2));
    if (!isDiagonal(this.quantity)) {
      throw new IndefiniteGainError('its jumps change it by no definite amounts');
    }
    return conjugated(this.quantity, this.jump, chi / 2);
  }
}

/** w with [X, A] = wA; null where there is none. */
function ratioOf(gain: Operator, jump: Operator): number | null {
  const [all, own] = [gain, jump].map(entriesByPlace);
  let [largest, at] = [0, ''];
  let most = 0;
  for (const [place, { re, im }] of own) {
    const size = Math.hypot(re, im);
    if (size > largest) [largest, at] = [size, place];
  }
  for (const { re, im } of all.values()) most = Math.max(most, Math.hypot(re, im));
  if (largest === 0 || most === 0) return 0;
  const [a, b] = [own, all].map((entries) => entries.get(at) ?? NOTHING);
  const ratio = (a.re * b.re + a.im * b.im) / (a.re * a.re + a.im * a.im);
  for (const place of new Set([...all.keys(), ...own.keys()])) {
    const [x, y] = [own, all].map((entries) => entries.get(place) ?? NOTHING);
    if (Math.hypot(y.re - ratio * x.re, y.im - ratio * x.im) > ROUNDING * most) return null;
  }
  return ratio;
}

/** e^{sX}Ae^{−sX} of a diagonal X. */
function conjugated({ transitions: x }: Operator, a: Operator, s: number): Operator {
  const { window } = a;
  const levels = (state: number) =>
    x
      .filter(({ from }) => from === state)
      .reduce((total, { coefficient, table }) => {
        for (let i = 0; i < total.length; i++) total[i] += coefficient.re * (table?.re[i] ?? 1);
        return total;
      }, new Float64Array(window.size));
  return {
    window,
    transitions: a.transitions.map(({ to, from, shift, coefficient, table }) => {
      const [before, after] = [levels(from), levels(to)];
      const weighted = (values: Float64Array | null) =>
        Float64Array.from({ length: window.size }, (_, i) => {
          if (i + shift < 0 || i + shift >= window.size) return 0;
          return (values?.[i] ?? 1) * Math.exp(s * (after[i + shift] - before[i]));
        });
      const im = table?.im ?? null;
      const tilted = { re: weighted(table?.re ?? null), im: im && weighted(im) };
      return { to, from, shift, coefficient, table: tilted };
    }),
  };
}

/** The jumps of a bath with what they count. */
export class CountedJumps {
  readonly #jumps: readonly CountedJump[];
  readonly #window: Window;
  readonly #maps = new Map<string, Generator>();

  constructor({ jumps, quantity }: CountedBath) {
    this.#window = quantity.window;
    this.#jumps = jumps.map((jump) => new CountedJump(jump, quantity));
  }

  /** ⟨1|J^(order) */
  row(order: number): Operator {
    return sum(
      this.#window,
      ...this.#jumps
        .flatMap((jump) => jump.terms(order))
        .map(({ left, right, factor }) => scale(adjointProduct(right, left), factor)),
    );
  }

  /** J^(order)ρ */
  moved(order: number, rho: DensityMatrix): DensityMatrix {
    return this.#applied(`J ${order}`, rho, () => sandwiches(this.#terms(order)));
  }

  /** The adjoint of J′ on a Hermitian matrix. */
  movedBack(z: DensityMatrix): DensityMatrix {
    return this.#applied('adjoint', z, () =>
      sandwiches(
        this.#terms(1).map(({ left, right, factor }) => ({
          left: adjoint(right),
          right: adjoint(left),
          factor,
        })),
      ),
    );
  }

  #terms(order: number) {
    return this.#jumps.flatMap((jump) => jump.terms(order));
  }

  /** What rules do to a matrix within its space; kept for the next one there. */
  #applied(
    name: string,
    { space, elements }: DensityMatrix,
    rules: () => readonly Rule[],
  ): DensityMatrix {
    let map = this.#maps.get(name);
    if (map === undefined || map.space !== space) {
      map = generatorOf(space, rules());
      this.#maps.set(name, map);
    }
    return { space, elements: apply(map, elements) };
  }

  /** The jumps, tilted. @throws {IndefiniteGainError} */
  tilted(chi: number): Operator[] {
    return this.#jumps.map((jump) => jump.tilted(chi));
  }
}
