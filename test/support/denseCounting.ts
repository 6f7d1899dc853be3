/** Counting statistics with dense superoperators of the whole space: no charge, no sector, no elimination. */
import { Dense } from './dense.js';
import { denseFactors } from './denseLinear.js';
import { denseExponential } from './denseNumbers.js';
import { denseSolver, hermitianFunction } from './denseThermodynamics.js';

/** The jumps of one bath, their rates in them. */
export interface DenseBath {
  readonly jumps: readonly Dense[];
  /** What is counted: what this Hermitian operator gains by each of them. */
  readonly quantity: Dense;
}

const sandwich = (a: Dense, b: Dense): Dense => a.kron(b.conjugate());

/** Derivatives by χ, at 0, of Σ e^{χX/2}Ae^{−χX/2} ρ (…)†, from the first on. */
function countedJumps({ jumps, quantity: x }: DenseBath, orders: number): Dense[] {
  const dimension = x.n * x.n;
  return Array.from({ length: orders }, (_, k) => {
    let total = new Dense(dimension);
    for (const jump of jumps) {
      // [X, [X, … A]]
      const nested = [jump];
      for (let m = 0; m <= k; m++) nested.push(x.dot(nested[m]).plus(nested[m].dot(x), -1));
      let binomial = 1;
      for (let m = 0; m <= k + 1; m++) {
        total = total.plus(sandwich(nested[m], nested[k + 1 - m]), binomial / 2 ** (k + 1));
        binomial = (binomial * (k + 1 - m)) / (m + 1);
      }
    }
    return total;
  });
}

/** The generator in which each jump of baths is e^{χX/2}Ae^{−χX/2}. */
export function denseTilted(
  generator: Dense,
  tilts: readonly { readonly bath: DenseBath; readonly chi: number }[],
): Dense {
  return tilts.reduce((total, { bath: { jumps, quantity }, chi }) => {
    const [left, right] = [1, -1].map((sign) =>
      hermitianFunction(quantity, (x) => Math.exp((sign * chi * x) / 2)),
    );
    return jumps.reduce((sum, a) => {
      const tilted = left.dot(a).dot(right);
      return sum.plus(sandwich(tilted, tilted)).plus(sandwich(a, a), -1);
    }, total);
  }, generator);
}

/** The leading eigenvalue: first by how fast the trace of a state grows, then by inverse iteration next to that. */
export function denseGrowth(generator: Dense, rho: Dense): number {
  const step = 4 / generator.max();
  let [state, growth] = [rho, Number.NaN];
  for (let k = 0; k < 1000; k++) {
    const next = denseExponential(generator, state, step);
    const [size] = next.trace();
    const before = growth;
    growth = Math.log(size) / step;
    state = next.times(1 / size);
    if (Math.abs(growth - before) < 1e-6 * generator.max()) break;
  }
  const shift = growth + 1e-5 * generator.max();
  const solve = denseFactors(generator.plus(Dense.identity(generator.n), -shift));
  for (let k = 0; k < 12; k++) {
    state = Dense.ofVector(solve(state.vector()));
    state = state.times(1 / state.trace()[0]);
  }
  return Dense.ofVector(generator.apply(state.vector())).trace()[0];
}

/** The density of the time from one of some jumps to the next. */
export function denseWaiting(generator: Dense, jumps: readonly Dense[], rho: Dense, tau: number) {
  const after = (state: Dense) =>
    jumps.reduce((sum, a) => sum.plus(a.dot(state).dot(a.dagger())), new Dense(state.n));
  const between = jumps.reduce((sum, a) => sum.plus(sandwich(a, a), -1), generator);
  const first = after(rho);
  const [rate] = first.trace();
  return after(denseExponential(between, first.times(1 / rate), tau)).trace()[0];
}

const trace = (v: Float64Array): number => Dense.ofVector(v).trace()[0];

export class DenseCounting {
  readonly rho: Float64Array;
  readonly #solve: (b: Float64Array, t: number) => Dense;

  constructor(generator: Dense) {
    this.#solve = denseSolver(generator);
    this.rho = this.#solve(new Float64Array(2 * generator.n), 1).vector();
  }

  /** c₁ … c_orders */
  cumulants(bath: DenseBath, orders: number): number[] {
    const counted = countedJumps(bath, orders);
    const found = [0];
    const states = [this.rho];
    const choose = (n: number, k: number): number =>
      k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k;
    for (let n = 1; n <= orders; n++) {
      const moved = counted.slice(0, n).map((j, m) => j.apply(states[n - m - 1]));
      found.push(moved.reduce((c, v, m) => c + choose(n, m + 1) * trace(v), 0));
      const right = new Float64Array(this.rho.length);
      moved.forEach((v, m) => {
        const state = states[n - m - 1];
        for (let i = 0; i < v.length; i++) {
          right[i] -= choose(n, m + 1) * (v[i] - found[m + 1] * state[i]);
        }
      });
      states.push(this.#solve(right, 0).vector());
    }
    return found.slice(1);
  }

  /** The zero-frequency covariance of what is counted at two different baths. */
  covariance(first: DenseBath, second: DenseBath): number {
    const [a, b] = [first, second].map((bath) => countedJumps(bath, 1)[0]);
    const response = (j: Dense) => {
      const moved = j.apply(this.rho);
      const mean = trace(moved);
      return this.#solve(
        moved.map((y, i) => y - mean * this.rho[i]),
        0,
      ).vector();
    };
    return -trace(a.apply(response(b))) - trace(b.apply(response(a)));
  }
}
