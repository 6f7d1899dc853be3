/** Pairs of factors in products of tables, for the chain rule of slopesGraph.ts. */
import type { ProductOfTables, TableStep } from './tapeSteps.js';

type Factors = ProductOfTables['factors'];

/** Pairs of factors that several products have: the derivatives by them are summed before they go on to either. */
export class SharedPairs {
  readonly #counts = new Map<string, { readonly factors: Factors; count: number }>();

  /** @param tables whose products have them, of which some vary */
  constructor(tables: readonly TableStep[], varying: readonly boolean[]) {
    for (const step of tables) {
      if (step.kind !== 'sum') continue;
      for (const { factors } of step.terms) {
        for (const { key, factors: two } of pairsOf(factors.filter(({ at }) => varying[at]))) {
          const known = this.#counts.get(key) ?? { factors: two, count: 0 };
          known.count++;
          this.#counts.set(key, known);
        }
      }
    }
  }

  /** Of some factors those two that come together most often, where it pays to take them as one; null for none. */
  of(factors: Factors): { readonly key: string; readonly factors: Factors } | null {
    let [most, found]: [number, ReturnType<typeof pairsOf>[number] | null] = [
      WORTH_SHARING - 1,
      null,
    ];
    for (const pair of pairsOf(factors)) {
      const count = this.#counts.get(pair.key)?.count ?? 0;
      if (count > most) [most, found] = [count, pair];
    }
    return found;
  }

  endingAt(at: number): (readonly [key: string, pair: { readonly factors: Factors }])[] {
    return [...this.#counts].filter(
      ([, { factors, count }]) =>
        count >= WORTH_SHARING && Math.max(...factors.map((factor) => factor.at)) === at,
    );
  }
}

/** So many products of a pair, of each of which it saves one derivative for the two that the pair itself takes. */
const WORTH_SHARING = 3;

const pairsOf = (factors: Factors): { readonly key: string; readonly factors: Factors }[] =>
  factors.flatMap((one, k) =>
    factors.slice(k + 1).map((other) => {
      const inOrder = one.at < other.at ? [one, other] : [other, one];
      const key = inOrder.map(({ at, exponent }) => `${at}^${exponent}`).join(' ');
      return { key, factors: [one, other] };
    }),
  );
