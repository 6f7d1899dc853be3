/** How the numbers of a tape are computed, step by step. */
import { type DoubleDouble, fromNumber, power, squareRoot } from '../numbers/doubleDouble.js';
import { type FunctionName, functionForm } from './functions.js';

/** A number of a device; half powers are roots. */
export type ScalarStep =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly of: readonly number[] }
  | {
      readonly kind: 'sum';
      readonly terms: readonly {
        readonly coefficient: number;
        readonly factors: readonly { readonly at: number; readonly exponent: number }[];
      }[];
    };

/** A table of numbers, one for each level. */
export type TableStep =
  | { readonly kind: 'polynomial'; readonly coefficients: readonly number[] }
  | { readonly kind: 'given'; readonly values: Float64Array; readonly shift: number }
  | {
      readonly kind: 'call';
      readonly name: FunctionName;
      readonly of: readonly (
        | { readonly kind: 'table'; readonly at: number }
        | { readonly kind: 'scalar'; readonly at: number }
      )[];
    }
  /** Σ over terms of Π over factors. */
  | { readonly kind: 'sum'; readonly terms: readonly ProductOfTables[] };

export interface ProductOfTables {
  readonly factors: readonly { readonly at: number; readonly exponent: number }[];
}

/** How each number of a tape is computed. */
export interface TapeSteps {
  readonly scalars: readonly ScalarStep[];
  readonly tables: readonly TableStep[];
}

/** Where an expression's numbers are. */
export type Place =
  | { readonly kind: 'scalar'; readonly at: number }
  | { readonly kind: 'table'; readonly at: number };

/** The values of parameters by name. */
export type Values = Readonly<Record<string, number>>;

/** aⁿ, n a whole number or a half. */
export function scalarPower(a: DoubleDouble, exponent: number): DoubleDouble {
  if (Number.isInteger(exponent)) return power(a, exponent);
  return power(squareRoot(a), 2 * exponent);
}

/** A function of numbers without a level. e^x of a large x has digits only where those of x beyond float64 come in. */
export function calledScalar(name: FunctionName, of: readonly DoubleDouble[]): DoubleDouble {
  const { float64, exact } = functionForm(name);
  return exact === null ? fromNumber(float64(...of.map(({ high }) => high))) : exact(...of);
}

/** Given numbers on a window. Beyond it there is nothing: a shift that leads there leads out of it. */
export function givenOn({ values, shift }: TableStep & { kind: 'given' }, out: Float64Array): void {
  out.fill(0);
  const first = Math.max(0, -shift);
  const end = Math.min(out.length, out.length - shift);
  for (let i = first; i < end; i++) out[i] = values[i + shift];
}
