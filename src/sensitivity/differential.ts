/** Numbers with their derivatives, and what is made of them. */
import type { Estimate } from '../lindblad/estimate.js';

/** A number, and its derivatives by the parameters that it depends on, or why it has none by one; by any other it is 0. */
export interface Differential {
  readonly value: Estimate;
  readonly gradient: ReadonlyMap<string, Estimate | string>;
}

/** The derivatives that there are. */
export const slopesOf = ({ gradient }: Differential): Map<string, Estimate> =>
  new Map(
    [...gradient].flatMap(([name, slope]) => (typeof slope === 'string' ? [] : [[name, slope]])),
  );

const NONE: Estimate = { value: 0, error: 0 };
/** What rounding takes from a term. */
const ROUNDING = 4 * Number.EPSILON;

/** A function of other numbers, by its value and its derivatives by them. */
export function composed(
  value: Estimate,
  parts: readonly { readonly of: Differential; readonly slope: Estimate }[],
): Differential {
  const gradient = new Map<string, Estimate | string>();
  for (const { of, slope } of parts) {
    for (const [name, change] of of.gradient) {
      const before = gradient.get(name) ?? NONE;
      if (typeof before === 'string') continue;
      if (typeof change === 'string') {
        gradient.set(name, change);
        continue;
      }
      const term = slope.value * change.value;
      gradient.set(name, {
        value: before.value + term,
        error:
          before.error +
          Math.abs(slope.value) * change.error +
          slope.error * Math.abs(change.value) +
          ROUNDING * Math.abs(term),
      });
    }
  }
  return { value, gradient };
}

const relative = ({ value, error }: Estimate): number => error / Math.abs(value) + ROUNDING;

/** A sum. */
export const total = (of: readonly Differential[]): Differential =>
  composed(
    of.reduce((sum, { value }) => plus(sum, value), NONE),
    of.map((one) => ({ of: one, slope: { value: 1, error: 0 } })),
  );

const plus = (a: Estimate, b: Estimate): Estimate => ({
  value: a.value + b.value,
  error: a.error + b.error + ROUNDING * (Math.abs(a.value) + Math.abs(b.value)),
});

/** A product of powers of numbers that are not 0. */
export function productOfPowers(
  factors: readonly (readonly [of: Differential, power: number])[],
): Differential {
  let [value, lost] = [1, 0];
  for (const [{ value: x }, power] of factors) {
    value *= x.value ** power;
    lost += Math.abs(power) * relative(x);
  }
  return composed(
    { value, error: Math.abs(value) * lost },
    factors.map(([of, power]) => {
      const slope = (power * value) / of.value.value;
      return { of, slope: { value: slope, error: Math.abs(slope) * (lost + relative(of.value)) } };
    }),
  );
}

/** A number times another one that no parameter changes. */
export const scaled = (of: Differential, by: number): Differential =>
  composed({ value: by * of.value.value, error: Math.abs(by) * of.value.error }, [
    { of, slope: { value: by, error: 0 } },
  ]);
