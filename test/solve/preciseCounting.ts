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

/** ⟨n⟩ and ⟨⟨n²⟩⟩ by time: D = Tr (J₊ + J₋)ρ − 2 Tr (J₊ − J₋)R with 𝓛R = (J₊ − J₋ − ⟨n⟩)ρ and Tr R = 0. */
export function preciseCounting(
  rho: readonly Decimal[],
  { generator, isPopulation, up, down }: Counted,
): { current: Decimal; noise: Decimal } {
  const zero = rho[0].times(0);
  const times = (m: Decimals, x: readonly Decimal[]) =>
    m.map((row) =>
      x.reduce((sum, value, k) => (row[k].isZero() ? sum : sum.plus(row[k].times(value))), zero),
    );
  const trace = (x: readonly Decimal[]) =>
    x.reduce((sum, value, k) => (isPopulation[k] ? sum.plus(value) : sum), zero);
  const [gained, lost] = [times(up, rho), times(down, rho)];
  const current = trace(gained).minus(trace(lost));
  const system = generator.map((row, k) => [
    ...row.slice(0, rho.length),
    gained[k].minus(lost[k]).minus(current.times(rho[k])),
  ]);
  system[0] = [...isPopulation.map((is) => zero.plus(is ? 1 : 0)), zero];
  const response = solveDecimals(system);
  const rest = trace(times(up, response)).minus(trace(times(down, response)));
  return { current, noise: trace(gained).plus(trace(lost)).minus(rest.times(2)) };
}
