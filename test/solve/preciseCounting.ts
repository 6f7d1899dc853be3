/** Mean and zero-frequency noise of what jumps count, in decimal numbers of any precision. */
import type { Decimal } from 'decimal.js';
import { type Decimals, solveDecimals } from './decimals.js';

export interface Counted {
  /** ρ̇ = 𝓛ρ, row by row. */
  readonly generator: Decimals;
  /** Those of the unknowns that are populations. */
  readonly isPopulation: readonly boolean[];
  /** The jumps that count +1, and those that count −1, as matrices on the same unknowns. */
  readonly up: Decimals;
  readonly down: Decimals;
}

/** By time: the first cumulants of what is counted, its mean and its noise among them. */
export interface PreciseCounts {
  readonly current: Decimal;
  readonly noise: Decimal;
  readonly cumulants: readonly Decimal[];
}

/**
 * ⟨⟨nᵏ⟩⟩ by time up to an order, by the recursion of Flindt et al., Phys. Rev. B 82, 155407 (2010): with R₀ = ρ and
 * J_m = J₊ + (−1)ᵐJ₋,  c_n = Σ_m (n over m) Tr J_m R_{n−m},  𝓛R_n = −Σ_m (n over m)(J_m − c_m)R_{n−m},  Tr R_n = 0.
 */
export function preciseCounting(
  rho: readonly Decimal[],
  { generator, isPopulation, up, down }: Counted,
  order = 2,
): PreciseCounts {
  const zero = rho[0].times(0);
  const times = (m: Decimals, x: readonly Decimal[]) =>
    m.map((row) =>
      x.reduce((sum, value, k) => (row[k].isZero() ? sum : sum.plus(row[k].times(value))), zero),
    );
  const trace = (x: readonly Decimal[]) =>
    x.reduce((sum, value, k) => (isPopulation[k] ? sum.plus(value) : sum), zero);
  const jumped = (m: number, x: readonly Decimal[]) => {
    const lost = times(down, x);
    return times(up, x).map((gained, k) =>
      m % 2 === 1 ? gained.minus(lost[k]) : gained.plus(lost[k]),
    );
  };
  const responses = [rho];
  const cumulants: Decimal[] = [];
  for (let n = 1; n <= order; n++) {
    let cumulant = zero;
    let right = rho.map(() => zero);
    for (let m = 1, ways = n; m <= n; ways = (ways * (n - m)) / (m + 1), m++) {
      const x = responses[n - m];
      const image = jumped(m, x);
      cumulant = cumulant.plus(trace(image).times(ways));
      if (m === n) cumulants.push(cumulant);
      const mean = cumulants[m - 1];
      right = right.map((sum, k) => sum.minus(image[k].minus(mean.times(x[k])).times(ways)));
    }
    if (n === order) break;
    const system = generator.map((row, k) => [...row.slice(0, rho.length), right[k]]);
    system[0] = [...isPopulation.map((is) => zero.plus(is ? 1 : 0)), zero];
    responses.push(solveDecimals(system));
  }
  return { current: cumulants[0], noise: cumulants[1], cumulants };
}
