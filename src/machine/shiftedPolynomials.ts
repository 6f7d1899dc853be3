/** Which polynomials in l are the same but for the level, as the steps tell that make their coefficients. */
import type { ScalarStep, TableStep } from './tapeSteps.js';

/** A number of a device as a sum: by the key of each product of numbers how often it is there. */
type Sum = ReadonlyMap<string, number>;

function sumOf(at: number, scalars: readonly ScalarStep[]): Sum {
  const step = scalars[at];
  if (step.kind !== 'sum') return new Map([[`${at}^1`, 1]]);
  return new Map(
    step.terms.map(({ coefficient, factors }) => [
      factors.map((factor) => `${factor.at}^${factor.exponent}`).join('*'),
      coefficient,
    ]),
  );
}

function isSame(a: Sum, b: Sum): boolean {
  if (a.size !== b.size) return false;
  for (const [key, coefficient] of a) if (b.get(key) !== coefficient) return false;
  return true;
}

/** The coefficients of p(l + by). */
function shifted(coefficients: readonly Sum[], by: number): Sum[] {
  const moved = coefficients.map((sum) => new Map(sum));
  for (let k = 0; k < moved.length - 1; k++) {
    for (let n = moved.length - 2; n >= k; n--) {
      for (const [key, coefficient] of moved[n + 1]) {
        const sum = (moved[n].get(key) ?? 0) + by * coefficient;
        if (sum === 0) moved[n].delete(key);
        else moved[n].set(key, sum);
      }
    }
  }
  return moved;
}

/** Polynomials by what the level does not change: how many coefficients there are, and the last of them. */
export class ShiftedPolynomials {
  readonly #known = new Map<string, { readonly at: number; readonly of: readonly Sum[] }[]>();

  constructor(private readonly scalars: readonly ScalarStep[]) {}

  /**
   * The first polynomial before that is the same as this one, and how many levels on it is read there; null where there
   * is none.
   * @param farthest the most levels
   */
  elsewhere(
    at: number,
    { coefficients }: TableStep & { kind: 'polynomial' },
    farthest: number,
  ): { readonly at: number; readonly by: number } | null {
    if (coefficients.length < 2) return null;
    const key = `${coefficients.length} ${coefficients[coefficients.length - 1]}`;
    const known = this.#known.get(key) ?? [];
    this.#known.set(key, known);
    const of = coefficients.map((one) => sumOf(one, this.scalars));
    for (const other of known) {
      for (let by = -farthest; by <= farthest; by++) {
        const there = shifted(other.of, by);
        if (of.every((sum, n) => isSame(sum, there[n]))) return { at: other.at, by };
      }
    }
    known.push({ at, of });
    return null;
  }
}
