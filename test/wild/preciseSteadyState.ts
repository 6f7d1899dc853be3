/**
 * Steady states of both models with every observable, in as many decimal digits as they need: the channels of the
 * master equations as matrices on the elements that the symmetry leaves, a linear system, and each observable as
 * the paper defines it. A float64 parameter is the number it is.
 */
import type { Numbers } from '../support/dense.js';
import { Precision, type Real, solveReals } from './real.js';

type D = Real;

/** Ω of the global model. */
export type PreciseCutoff = 'max-qubit' | 'max-bohr';

export interface PreciseSteadyState {
  /** [s][l − lmin], s = 00, 01, 10, 11. */
  readonly populations: readonly (readonly D[])[];
  /** Re and Im of ⟨10, l + 1|ρ|01, l⟩, l from lmin to lmax − 1. */
  readonly coherences: { readonly re: readonly D[]; readonly im: readonly D[] };
  /** Every number that is read off a steady state, by its name in JSON. */
  readonly observables: Readonly<Record<string, D>>;
}

/** Numbers below two to this are 0 in float64. */
const VANISHING = -1100;
/** How many bits two precisions must agree in. */
const AGREEMENT = 130;
const FIRST_DIGITS = 110;
const MOST_DIGITS = 1800;

/**
 * The steady state on a window, to 130 bits at least: digits are added until two precisions agree in so many of
 * every number that float64 does not take for 0.
 * @throws {RangeError} where no number of digits is enough
 */
export function preciseSteadyState(
  model: 'local' | 'global',
  values: Numbers,
  lmin: number,
  lmax: number,
  cutoff: PreciseCutoff = 'max-qubit',
): PreciseSteadyState {
  let digits = FIRST_DIGITS;
  let known = steadyStateOfDigits(model, values, lmin, lmax, cutoff, digits);
  while (digits < MOST_DIGITS) {
    digits = Math.round(1.5 * digits);
    const finer = steadyStateOfDigits(model, values, lmin, lmax, cutoff, digits);
    if (agree(known, finer)) return finer;
    known = finer;
  }
  throw new RangeError(`${MOST_DIGITS} digits are not enough`);
}

const numbersOf = ({ populations, coherences, observables }: PreciseSteadyState): D[] => [
  ...populations.flat(),
  ...coherences.re,
  ...coherences.im,
  ...Object.values(observables),
];

function agree(a: PreciseSteadyState, b: PreciseSteadyState): boolean {
  const others = numbersOf(b);
  return numbersOf(a).every((x, i) => {
    const y = others[i];
    const apart = y.minus(y.precision.normal(x.mantissa, x.exponent)).magnitude;
    return apart < y.magnitude - AGREEMENT || (apart < VANISHING && y.magnitude < VANISHING);
  });
}

/** A linear map by its columns: what each unknown adds to the derivatives of which. */
class LinearMap {
  readonly columns: Map<number, D>[];
  constructor(readonly size: number) {
    this.columns = Array.from({ length: size }, () => new Map());
  }
  add(row: number, column: number, value: D): void {
    const known = this.columns[column].get(row);
    this.columns[column].set(row, known === undefined ? value : known.plus(value));
  }
  /** Probability that leaves one state for another. */
  rate(from: number, to: number, rate: D): void {
    this.add(to, from, rate);
    this.add(from, from, rate.neg());
  }
  apply(x: readonly D[], zero: D): D[] {
    const result = Array.from({ length: this.size }, () => zero);
    this.columns.forEach((column, j) => {
      for (const [i, value] of column) result[i] = result[i].plus(value.times(x[j]));
    });
    return result;
  }
}

const larger = (a: D, b: D): D => (a.compare(b) > 0 ? a : b);

const CHANNELS = ['hamiltonian', 'bath1', 'bath2', 'load'] as const;
type Channel = (typeof CHANNELS)[number];

function steadyStateOfDigits(
  model: 'local' | 'global',
  values: Numbers,
  lmin: number,
  lmax: number,
  cutoff: PreciseCutoff,
  digits: number,
): PreciseSteadyState {
  const precision = new Precision(Math.ceil(digits * Math.log2(10)));
  const { zero, one } = precision;
  const d = (x: number): D => precision.of(x);
  const levels = lmax - lmin + 1;
  // Populations p_s(l), then Re and Im of c(l) = ⟨10, l + 1|ρ|01, l⟩.
  const population = (s: number, l: number) => 6 * (l - lmin) + s;
  const re = (l: number) => 6 * (l - lmin) + 4;
  const im = (l: number) => 6 * (l - lmin) + 5;
  const size = 6 * levels - 2;

  const [B1, B2, lambda, inertia] = [d(values.B1), d(values.B2), d(values.lambda), d(values.I)];
  const kinetic = (l: number) => d(l * l).div(inertia.times(2));
  const qubits = (s: number) => B1.times(s >= 2 ? 1 : -1).plus(B2.times(s % 2 === 1 ? 1 : -1));
  const couplings = [one.minus(d(values.chi)), one.plus(d(values.chi))].map((share) =>
    d(values.g).times(share).squared(),
  );
  const channels: Record<Channel, LinearMap> = {
    hamiltonian: new LinearMap(size),
    bath1: new LinearMap(size),
    bath2: new LinearMap(size),
    load: new LinearMap(size),
  };

  // −i[H, ρ].
  for (let l = lmin; l < lmax; l++) {
    const h = channels.hamiltonian;
    const [upper, lower] = [population(2, l + 1), population(1, l)];
    h.add(upper, im(l), lambda.times(-2));
    h.add(lower, im(l), lambda.times(2));
    h.add(im(l), lower, lambda.neg());
    h.add(im(l), upper, lambda);
    const frequency = qubits(2)
      .minus(qubits(1))
      .plus(kinetic(l + 1))
      .minus(kinetic(l));
    h.add(re(l), im(l), frequency);
    h.add(im(l), re(l), frequency.neg());
  }

  // Eq. (17) as two jumps, √A (1 ∓ aL_z) to the next level above and below.
  const strength = inertia.times(d(values.gamma)).div(d(values.betaR));
  const a = d(values.betaR).div(inertia.times(4));
  const rising = (l: number) => (l < lmax ? one.minus(a.times(l)) : zero);
  const falling = (l: number) => (l > lmin ? one.plus(a.times(l)) : zero);
  const out = (l: number) => strength.times(rising(l).squared().plus(falling(l).squared()));
  for (let l = lmin; l <= lmax; l++) {
    const { load } = channels;
    for (let s = 0; s < 4; s++) {
      if (l < lmax)
        load.rate(population(s, l), population(s, l + 1), strength.times(rising(l).squared()));
      if (l > lmin)
        load.rate(population(s, l), population(s, l - 1), strength.times(falling(l).squared()));
    }
    if (l === lmax) break;
    const decay = out(l)
      .plus(out(l + 1))
      .div(-2);
    for (const part of [re, im]) {
      load.add(part(l), part(l), decay);
      if (l + 1 < lmax)
        load.add(part(l + 1), part(l), strength.times(rising(l)).times(rising(l + 1)));
      if (l > lmin)
        load.add(part(l - 1), part(l), strength.times(falling(l)).times(falling(l + 1)));
    }
  }

  if (model === 'local') {
    const bath = (
      map: LinearMap,
      coupling: D,
      beta: D,
      field: D,
      pairs: readonly [number, number][],
    ) => {
      const n = one.div(beta.times(field).times(2).expm1());
      const [up, down] = [coupling.times(n), coupling.times(n.plus(one))];
      for (let l = lmin; l <= lmax; l++) {
        for (const [low, high] of pairs) {
          map.rate(population(low, l), population(high, l), up);
          map.rate(population(high, l), population(low, l), down);
        }
        if (l === lmax) break;
        for (const part of [re, im]) map.add(part(l), part(l), up.plus(down).div(-2));
      }
    };
    bath(channels.bath1, couplings[0], d(values.beta1), B1, [
      [0, 2],
      [1, 3],
    ]);
    bath(channels.bath2, couplings[1], d(values.beta2), B2, [
      [0, 1],
      [2, 3],
    ]);
  } else {
    // Between eigenstates: all Bohr frequencies that matter here differ, so that each transition has its rate and
    // coherences of a pair decay with half of what leaves its two states.
    interface Eigenstate {
      readonly energy: D;
      readonly parts: readonly { readonly s: number; readonly l: number; readonly amplitude: D }[];
      /** Where its population is in the vector between eigenstates. */
      readonly at: number;
    }
    const states: Eigenstate[] = [];
    const bare = (s: number, l: number) =>
      states.push({
        energy: qubits(s).plus(kinetic(l)),
        parts: [{ s, l, amplitude: one }],
        at: population(s, l),
      });
    for (let l = lmin; l <= lmax; l++) {
      bare(0, l);
      bare(3, l);
    }
    bare(2, lmin);
    bare(1, lmax);
    const turns: { cosine: D; sine: D; plus: Eigenstate; minus: Eigenstate; l: number }[] = [];
    for (let l = lmin; l < lmax; l++) {
      const [upper, lower] = [qubits(2).plus(kinetic(l + 1)), qubits(1).plus(kinetic(l))];
      const half = upper.minus(lower).div(2);
      const split = half.squared().plus(lambda.squared()).sqrt();
      // |+⟩ = cos|10, l+1⟩ + sin|01, l⟩.
      const norm = split.times(2);
      const cosine = split.plus(half).div(norm).sqrt();
      const sine = lambda.div(norm).div(cosine);
      const mean = upper.plus(lower).div(2);
      const plus: Eigenstate = {
        energy: mean.plus(split),
        parts: [
          { s: 2, l: l + 1, amplitude: cosine },
          { s: 1, l, amplitude: sine },
        ],
        at: population(2, l + 1),
      };
      const minus: Eigenstate = {
        energy: mean.minus(split),
        parts: [
          { s: 2, l: l + 1, amplitude: sine.neg() },
          { s: 1, l, amplitude: cosine },
        ],
        at: population(1, l),
      };
      states.push(plus, minus);
      turns.push({ cosine, sine, plus, minus, l });
    }
    // ⟨low|σ_i^−|high⟩, where it is not 0.
    const lowered = (bit: 1 | 2) => {
      const found: { high: Eigenstate; low: Eigenstate; amplitude: D; omega: D }[] = [];
      for (const high of states) {
        for (const low of states) {
          let amplitude = zero;
          for (const x of high.parts) {
            for (const y of low.parts) {
              if (x.s - y.s === bit && (x.s & bit) !== 0 && x.l === y.l) {
                amplitude = amplitude.plus(x.amplitude.times(y.amplitude));
              }
            }
          }
          if (!amplitude.isZero) {
            found.push({ high, low, amplitude, omega: high.energy.minus(low.energy) });
          }
        }
      }
      return found;
    };
    const transitions = { 1: lowered(1), 2: lowered(2) };
    let omega = larger(B1, B2).times(2);
    if (cutoff === 'max-bohr') {
      for (const transition of [...transitions[1], ...transitions[2]]) {
        omega = larger(omega, transition.omega.abs());
      }
    }
    const largest = omega;
    const bath = (map: LinearMap, coupling: D, beta: D, bit: 1 | 2) => {
      const between = new LinearMap(size);
      const leaving = new Map<Eigenstate, D>(states.map((state) => [state, zero]));
      const pass = (from: Eigenstate, to: Eigenstate, rate: D) => {
        between.rate(from.at, to.at, rate);
        leaving.set(from, (leaving.get(from) as D).plus(rate));
      };
      for (const { high, low, amplitude, omega } of transitions[bit]) {
        // J n and J (n + 1), Eqs. (A12), (A16) and (A17).
        const density = coupling.times(omega).div(omega.div(largest).squared().plus(one));
        const n = one.div(beta.times(omega).expm1());
        const weight = amplitude.squared().times(density);
        pass(high, low, weight.times(n.plus(one)));
        pass(low, high, weight.times(n));
      }
      for (const { plus, minus, l } of turns) {
        const decay = (leaving.get(plus) as D).plus(leaving.get(minus) as D).div(-2);
        between.add(re(l), re(l), decay);
        between.add(im(l), im(l), decay);
      }
      // From bare elements to eigenstates' and back.
      const [to, back] = [new LinearMap(size), new LinearMap(size)];
      const turned = new Set<number>();
      for (const { cosine, sine, plus, minus, l } of turns) {
        const [cc, ss, cs] = [cosine.squared(), sine.squared(), cosine.times(sine)];
        for (const [map, sign] of [
          [to, 1],
          [back, -1],
        ] as const) {
          map.add(plus.at, plus.at, cc);
          map.add(plus.at, minus.at, ss);
          map.add(plus.at, re(l), cs.times(2 * sign));
          map.add(minus.at, plus.at, ss);
          map.add(minus.at, minus.at, cc);
          map.add(minus.at, re(l), cs.times(-2 * sign));
          map.add(re(l), plus.at, cs.times(-sign));
          map.add(re(l), minus.at, cs.times(sign));
          map.add(re(l), re(l), cc.minus(ss));
          map.add(im(l), im(l), one);
        }
        for (const index of [plus.at, minus.at, re(l), im(l)]) turned.add(index);
      }
      for (let i = 0; i < size; i++) {
        if (turned.has(i)) continue;
        to.add(i, i, one);
        back.add(i, i, one);
      }
      to.columns.forEach((column, j) => {
        for (const [k, x] of column) {
          for (const [m, y] of between.columns[k]) {
            for (const [i, z] of back.columns[m]) map.add(i, j, x.times(y).times(z));
          }
        }
      });
    };
    bath(channels.bath1, couplings[0], d(values.beta1), 2);
    bath(channels.bath2, couplings[1], d(values.beta2), 1);
  }

  // The sum of all populations' equations is 0 = 0; the normalisation takes the place of the last one.
  const system = Array.from({ length: size }, () => Array.from({ length: size + 1 }, () => zero));
  for (const channel of CHANNELS) {
    channels[channel].columns.forEach((column, j) => {
      for (const [i, value] of column) system[i][j] = system[i][j].plus(value);
    });
  }
  const last = population(3, lmax);
  system[last] = Array.from({ length: size + 1 }, (_, j) => (j === size || j % 6 < 4 ? one : zero));
  const x = solveReals(system);

  // Tr[Xρ] of diagonal X, and of the interaction.
  type Reader = (vector: readonly D[]) => D;
  const diagonal =
    (f: (s: number, l: number) => D): Reader =>
    (vector) => {
      let total = zero;
      for (let s = 0; s < 4; s++) {
        for (let l = lmin; l <= lmax; l++)
          total = total.plus(f(s, l).times(vector[population(s, l)]));
      }
      return total;
    };
  const interaction: Reader = (vector) => {
    let total = zero;
    for (let l = lmin; l < lmax; l++) total = total.plus(vector[re(l)]);
    return total.times(lambda).times(2);
  };
  const rotor = diagonal((_, l) => kinetic(l));
  const free = diagonal((s, l) => qubits(s).plus(kinetic(l)));
  const total: Reader = (vector) => free(vector).plus(interaction(vector));
  const image = (channel: Channel) => channels[channel].apply(x, zero);
  const by = {
    hamiltonian: image('hamiltonian'),
    bath1: image('bath1'),
    bath2: image('bath2'),
    load: image('load'),
  };
  const heat = model === 'local' ? free : total;
  const exchanged = interaction(by.bath1).plus(interaction(by.bath2));
  const Lz = diagonal((_, l) => d(l))(x);
  const qubitPopulation = (s: number) => diagonal((r) => (r === s ? one : zero))(x);
  return {
    populations: [0, 1, 2, 3].map((s) =>
      Array.from({ length: levels }, (_, i) => x[population(s, lmin + i)]),
    ),
    coherences: {
      re: Array.from({ length: levels - 1 }, (_, i) => x[re(lmin + i)]),
      im: Array.from({ length: levels - 1 }, (_, i) => x[im(lmin + i)]),
    },
    observables: {
      'heat.Q1': heat(by.bath1),
      'heat.Q2': heat(by.bath2),
      'heat.Qr': free(by.load),
      'work.interaction': exchanged,
      'work.WQ': model === 'local' ? exchanged : zero,
      'work.Wr': interaction(by.load),
      'power.intrinsic': rotor(by.hamiltonian),
      'power.backAction': rotor(by.bath1).plus(rotor(by.bath2)).plus(rotor(by.load)),
      'rotor.Lz': Lz,
      'rotor.Lz2': diagonal((_, l) => d(l * l))(x),
      'qubits.p00': qubitPopulation(0),
      'qubits.p01': qubitPopulation(1),
      'qubits.p10': qubitPopulation(2),
      'qubits.p11': qubitPopulation(3),
    },
  };
}
