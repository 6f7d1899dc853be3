/**
 * The quantum Fisher information of a steady state in layers about a parameter, F = Tr[ρ̇ Λ] with ρ̇ = (Λρ + ρΛ)/2: with
 * 𝓛ρ = 0 the state changes by 𝓛ρ̇ = −𝓛̇ρ, one solution for each parameter, and between eigenstates of ρ with weights p it
 * is Λ_ij = 2ρ̇_ij/(p_i + p_j). What ρ and ρ̇ are off by changes F by Tr[2Λ δρ̇ − Λ² δρ].
 */
import type { Matrix } from 'ml-matrix';
import { apply } from '../generator/apply.js';
import type { Space } from '../generator/classes.js';
import { type Generator, generatorOf } from '../generator/generator.js';
import { magnitudes as termsOf } from '../generator/magnitude.js';
import {
  commutatorRules,
  decayRules,
  dissipatorRules,
  type Rule,
  sandwichRules,
} from '../generator/rules.js';
import type { Estimate } from '../lindblad/estimate.js';
import { SAFETY } from '../machine/scalarSlopes.js';
import { euclideanNorm } from '../norm.js';
import { adjointProduct, sum } from '../operators/operator.js';
import { AFFORDABLE_VECTORS } from '../state/affordableOrder.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { eigenOf, product, RealForm } from '../state/realForm.js';
import type { StateInLayers } from './layeredSlopes.js';

/** What rounding takes from a term of a sum. */
const ROUNDING = 16 * Number.EPSILON;

type Change = (elements: Float64Array) => {
  readonly moved: Float64Array;
  readonly sizes: Float64Array;
  /** What is moved may be off by so much, to first order; null where that is rounding alone. */
  readonly off: Float64Array | null;
};

/** Eigenstates of the steady state, and their weights. */
interface Eigenstates {
  readonly weights: readonly number[];
  readonly vectors: Matrix;
  /** The same one by one. */
  readonly rows: readonly ArrayLike<number>[];
}

export class LayeredInformation {
  readonly #real: RealForm;
  #eigenstates: Eigenstates | undefined;

  constructor(private readonly state: StateInLayers) {
    this.#real = new RealForm(state.inverse.state.space);
  }

  /** Null where the state has too many levels, and where nothing has a derivative by it. @throws {Ended} */
  async about(parameter: string): Promise<Estimate | null> {
    const { inverse, correction, operators } = this.state;
    const isKnown = operators.eigenstates?.without.has(parameter) !== true;
    if (!isKnown || 2 * this.#real.order > AFFORDABLE_VECTORS) return null;
    const { space, elements } = inverse.state;
    const change = this.#changeOf(parameter, space);
    if (change === null) return { value: 0, error: 0 };
    const minus = (x: Float64Array) => ({ space, elements: x.map((value) => -value) });
    const { moved, sizes, off } = change(elements);
    const lostBefore = change(correction.elements).moved;
    const { response, correction: lost } = await inverse.responseTo(minus(moved), {
      sizes,
      off: minus(lostBefore.map((value, i) => value + (off?.[i] ?? 0))),
    });
    return this.#informationOf(response, lost);
  }

  /** What the derivative of the generator makes of elements, and the sizes of that; null where it has none. */
  #changeOf(parameter: string, space: Space): Change | null {
    const { eigenstates } = this.state.operators;
    const change = this.#generatorOf(parameter, space);
    if (eigenstates === null) {
      if (change === null) return null;
      return (elements) => ({
        ...{ moved: apply(change, elements), sizes: termsOf(change, elements), off: null },
      });
    }
    return (elements) => {
      const between = eigenstates.changeOf(parameter, { space, elements });
      if (change === null) return between;
      const own = apply(change, elements);
      const terms = termsOf(change, elements);
      return {
        ...between,
        moved: own.map((value, i) => value + between.moved[i]),
        sizes: terms.map((size, i) => size + between.sizes[i]),
      };
    };
  }

  /** The derivative of the generator by what has a form; null where that has none. */
  #generatorOf(parameter: string, space: Space): Generator | null {
    const { operators } = this.state;
    const { window } = operators;
    const changeOf = operators.tangents(parameter);
    const rules: Rule[] = commutatorRules(changeOf(operators.hamiltonian));
    for (const { form, operator } of operators.jumps) {
      const changed = changeOf(form);
      const rate = sum(
        window,
        adjointProduct(changed, operator),
        adjointProduct(operator, changed),
      );
      rules.push(
        ...sandwichRules(changed, operator, 1),
        ...sandwichRules(operator, changed, 1),
        ...decayRules(rate),
      );
    }
    for (const { name, operator } of operators.absent) {
      if (name === parameter)
        rules.push(...dissipatorRules(window, { operators: [operator], resolved: [] }));
    }
    const isChanged = rules.some(({ ket, bra }) =>
      [ket, bra].every((one) => one === null || hasNumbers(one)),
    );
    return isChanged ? generatorOf(space, rules) : null;
  }

  #informationOf(change: DensityMatrix, lost: DensityMatrix): Estimate {
    const { inverse, correction } = this.state;
    this.#eigenstates ??= this.#diagonalised(inverse.state.elements);
    const { weights, vectors, rows } = this.#eigenstates;
    const moved = product(this.#real.matrix(change.elements), vectors).transpose().to2DArray();
    // Each eigenvalue is there twice, and every term four times, of which each Hermitian matrix has two.
    const largest = Math.max(...weights);
    const rounding = this.#real.order * Number.EPSILON * largest;
    let [value, error, square] = [0, 0, 0];
    for (let i = 0; i < weights.length; i++) {
      for (let j = i; j < weights.length; j++) {
        const both = Math.max(weights[i], rounding) + Math.max(weights[j], rounding);
        const x = dot(rows[i], moved[j]);
        const term = ((i === j ? 1 : 2) * x * x) / both;
        value += term;
        error += term * (ROUNDING + (2 * rounding) / both);
        square += (2 * term) / both;
      }
    }
    const size = Math.sqrt(square);
    const off = SAFETY * euclideanNorm(lost.elements) + rounding * euclideanNorm(change.elements);
    const stateOff = SAFETY * euclideanNorm(correction.elements);
    return { value, error: error + 2 * size * off + square * stateOff };
  }

  #diagonalised(elements: Float64Array): Eigenstates {
    const { values, vectors } = eigenOf(this.#real.matrix(elements));
    return { weights: values, vectors, rows: vectors.transpose().to2DArray() };
  }
}

const hasNumbers = ({ coefficient, table }: NonNullable<Rule['ket']>): boolean =>
  (coefficient.re !== 0 || coefficient.im !== 0) &&
  (table === null || table.re.some((x) => x !== 0) || (table.im?.some((x) => x !== 0) ?? false));

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
