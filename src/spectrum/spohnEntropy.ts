/**
 * The entropy that each bath of any open system produces, by Spohn, as fluctuations/entropyProduction.ts has it of a
 * sector. A fixed point of its dissipator is looked for among diagonal states and, of a bath with a temperature, in the
 * Gibbs state of the whole Hamiltonian; of few levels it may be any state.
 */
import { Matrix } from 'ml-matrix';
import { balancedPotential, NOT_BALANCED, type Rates, rateOf } from '../fluctuations/balance.js';
import { type EntropyReading, FIXED, unknown } from '../fluctuations/entropyProduction.js';
import { apply } from '../generator/apply.js';
import { generatorOf } from '../generator/generator.js';
import type { ChannelRules } from '../generator/lindbladian.js';
import { magnitudes } from '../generator/magnitude.js';
import { RELATIVE } from '../lindblad/sectorProgram.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { ONE, type Operator, scale } from '../operators/operator.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { eigenOf, product, RealForm } from '../state/realForm.js';
import { matrixOf } from '../state/spectrum.js';
import { disturbedMap, HermitianVectors, MOST_STATES, OwnFixedPoint } from './ownFixedPoint.js';

/** What rounding leaves of an eigenvalue, by the largest one. */
const ROUNDING = 16 * Number.EPSILON;

/** A fixed point, and its logarithm. */
interface FixedPoint {
  readonly logarithm: Operator;
  readonly elements: Float64Array;
  /** Its logarithm in one case of what rounding may have done, where elimination has found it. */
  readonly beside?: Operator;
}

/** By how much one case may understate another one. */
const SAFETY = 8;

/** Numbers of elements as these without a phase. */
function withoutPhase(sizes: Float64Array): Float64Array {
  const elements = new Float64Array(2 * sizes.length);
  sizes.forEach((size, i) => {
    elements[2 * i] = size;
  });
  return elements;
}

/** A system with the rules of its channels and its steady state, of whichever space. */
export interface SteadySystem {
  readonly system: OpenSystem;
  readonly rules: ChannelRules;
  readonly steady: DensityMatrix;
}

export class SpohnEntropy {
  readonly #real: RealForm;
  /** Of the steady state. */
  readonly #weights: readonly number[];
  readonly #vectors: Matrix;

  readonly #of: SteadySystem;

  /** @param of a system whose steady state is unique */
  constructor(of: SteadySystem) {
    this.#of = of;
    const { space, elements } = of.steady;
    this.#real = new RealForm(space);
    const { values, vectors } = eigenOf(this.#real.matrix(elements));
    this.#weights = values;
    this.#vectors = vectors;
  }

  /** −Tr ρ ln ρ, of what rounding has not made of nothing. */
  get entropy(): number {
    return this.#weights.reduce((sum, p) => sum - (p > 0 ? (p * Math.log(p)) / 2 : 0), 0);
  }

  /** @param beta its inverse temperature; null where it has none */
  of(bath: string, beta: number | null): EntropyReading {
    const found = this.#fixedPoint(bath, beta);
    if (typeof found === 'string') return unknown(found);
    const { steady } = this.#of;
    const { change, sizes } = this.#changed(bath, steady.elements);
    const towards = expectation({ space: steady.space, elements: change }, found.logarithm).re;
    const moved = this.#real.matrix(change);
    const magnitude = this.#real.matrix(withoutPhase(sizes));
    const largest = Math.max(...this.#weights);
    let [value, error] = [towards, ROUNDING * Math.abs(towards)];
    const turned = product(moved, this.#vectors);
    const absolute = Matrix.abs(this.#vectors);
    const spread = product(Matrix.abs(magnitude), absolute);
    this.#weights.forEach((p, k) => {
      const weight = Math.max(p, largest * ROUNDING);
      const logarithm = Math.log(weight);
      let [flow, size] = [0, 0];
      for (let i = 0; i < 2 * this.#real.order; i++) {
        flow += this.#vectors.get(i, k) * turned.get(i, k);
        size += absolute.get(i, k) * spread.get(i, k);
      }
      value -= (flow * logarithm) / 2;
      // Of an eigenvalue that rounding has made, its logarithm may be any.
      const lost = p > largest * ROUNDING ? (ROUNDING * largest) / p : Math.abs(logarithm);
      error += (Math.abs(flow) * lost + RELATIVE * size * (1 + Math.abs(logarithm))) / 2;
    });
    error += RELATIVE * this.#magnitudeOf(sizes, found.logarithm);
    if (found.beside !== undefined) {
      const other = expectation({ space: steady.space, elements: change }, found.beside).re;
      error += SAFETY * Math.abs(other - towards);
    }
    return { value, error, reason: null };
  }

  /** Σ of the magnitudes of the terms of a mean. */
  #magnitudeOf(sizes: Float64Array, operator: Operator): number {
    const { space } = this.#of.steady;
    const { space: own, elements } = matrixOf(operator, space.states);
    let total = 0;
    for (const { ket, bra, delta, length, offset } of own.classes) {
      const at = space.find(ket, bra, delta);
      if (at < 0) continue;
      for (let p = 0; p < length; p++) {
        const size = Math.hypot(elements[2 * (offset + p)], elements[2 * (offset + p) + 1]);
        total += size * sizes[space.classes[at].offset + p];
      }
    }
    return total;
  }

  /** 𝓛_b of a state, and the magnitudes of its terms. */
  #changed(bath: string, elements: Float64Array) {
    const { rules, steady } = this.#of;
    const generator = generatorOf(steady.space, rules[bath]);
    return { change: apply(generator, elements), sizes: magnitudes(generator, elements) };
  }

  #isFixed(bath: string, elements: Float64Array): boolean {
    const { change, sizes } = this.#changed(bath, elements);
    return sizes.every(
      (size, i) => Math.hypot(change[2 * i], change[2 * i + 1]) <= FIXED * size + Number.MIN_VALUE,
    );
  }

  #fixedPoint(bath: string, beta: number | null): FixedPoint | string {
    const diagonal = this.#balanced(bath);
    if (typeof diagonal !== 'string') {
      if (this.#isFixed(bath, diagonal.elements)) return diagonal;
    }
    const gibbs = beta === null ? null : this.#gibbs(beta);
    if (gibbs !== null && this.#isFixed(bath, gibbs.elements)) return gibbs;
    // An infinite one is no question of which state it is.
    if (typeof diagonal === 'string' || this.#real.order > MOST_STATES) {
      return typeof diagonal === 'string' ? diagonal : NOT_BALANCED;
    }
    return this.#own(bath) ?? NOT_BALANCED;
  }

  /** The one state that a bath's jumps leave alone, whatever it is. */
  #own(bath: string): FixedPoint | null {
    const { steady, system, rules } = this.#of;
    const { space } = steady;
    const vectors = new HermitianVectors(space);
    const generator = generatorOf(space, rules[bath]);
    const map = vectors.map((x) => ({ space, elements: apply(generator, x.elements) }));
    const found = OwnFixedPoint.of(vectors, map);
    const beside = OwnFixedPoint.of(vectors, disturbedMap(map, 0));
    if (typeof found === 'string' || typeof beside === 'string') return null;
    const operatorOf = ({ logarithm }: OwnFixedPoint): Operator => {
      const { elements } = vectors.matrix(logarithm);
      const { window } = system;
      const transitions = space.classes.map(({ ket, bra, delta, first, length, offset }) => {
        const [re, im] = [new Float64Array(window.size), new Float64Array(window.size)];
        for (let p = 0; p < length; p++) {
          re[first + p - delta] = elements[2 * (offset + p)];
          im[first + p - delta] = elements[2 * (offset + p) + 1];
        }
        return { to: ket, from: bra, shift: delta, coefficient: ONE, table: { re, im } };
      });
      return { window, transitions };
    };
    return {
      logarithm: operatorOf(found),
      beside: operatorOf(beside),
      elements: vectors.matrix(found.state).elements,
    };
  }

  /** The diagonal state that balances each move against its reverse. */
  #balanced(bath: string): FixedPoint | string {
    const { system, steady } = this.#of;
    const { states, window } = system;
    const rates: Rates = new Map();
    for (const { transitions } of system.jumps[bath].operators) {
      for (const { to, from, shift, coefficient, table } of transitions) {
        if (to === from && shift === 0) continue;
        const rate = rateOf(rates, { to, from, shift }, window.size);
        const strength = coefficient.re ** 2 + coefficient.im ** 2;
        for (let i = Math.max(0, -shift); i < window.size - Math.max(0, shift); i++) {
          const size = table === null ? 1 : table.re[i] ** 2 + (table.im?.[i] ?? 0) ** 2;
          rate[i] += strength * size;
        }
      }
    }
    const potential = balancedPotential(states, window.size, rates);
    if (typeof potential === 'string') return potential;
    const elements = new Float64Array(2 * steady.space.size);
    const transitions = Array.from({ length: states }, (_, s) => {
      const own = potential.slice(s * window.size, (s + 1) * window.size);
      const { offset } = steady.space.classes[steady.space.find(s, s, 0)];
      own.forEach((value, i) => {
        elements[2 * (offset + i)] = Math.exp(value);
      });
      return { to: s, from: s, shift: 0, coefficient: ONE, table: { re: own, im: null } };
    });
    return { logarithm: { window, transitions }, elements };
  }

  /** e^{−βH}, of which the largest eigenvalue is 1. */
  #gibbs(beta: number): FixedPoint {
    const { system, steady } = this.#of;
    const whole = embedded(matrixOf(system.hamiltonian, system.states), steady.space).elements;
    const { values, vectors } = eigenOf(this.#real.matrix(whole));
    const least = Math.min(...values.map((energy) => beta * energy));
    const weighted = vectors.clone();
    for (const [k, energy] of values.entries()) {
      weighted.mulColumn(k, Math.exp(least - beta * energy));
    }
    return {
      logarithm: scale(system.hamiltonian, -beta),
      elements: this.#real.elements(product(weighted, vectors.transpose())),
    };
  }
}
