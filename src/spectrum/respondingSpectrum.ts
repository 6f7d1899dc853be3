/**
 * Noise at a frequency where the resolvent R(iω) = (iω − L)⁻¹ is applied to one matrix after another, however that is
 * done: with δJ = J′ρ − ⟨J⟩ρ that of two counters is ⟨1|J_a′ R δJ_b⟩ + ⟨1|J_b′ R δJ_a⟩*, and shot noise is added to that
 * of one with itself.
 */
import type { DensityMatrix } from '../state/densityMatrix.js';
import type { KnownComplex, KnownParts } from './correlation.js';
import {
  type Counted,
  type Inverse,
  lostByState,
  type Reading,
  type Response,
  rowOf,
} from './respondingCounting.js';

/** Hermitian p and q, p − iq being the adjoint solution. */
export interface AdjointPair {
  readonly adjoints: readonly [DensityMatrix, DensityMatrix];
}

/** R(iω) of a generator. */
export interface Resolvent<R extends AdjointPair, C> {
  /** Of a Hermitian X. */
  read(x: DensityMatrix): Promise<R>;
  /** −R of re + i·im, each Hermitian; null for 0. */
  respond(re: DensityMatrix, im: DensityMatrix | null): Promise<C>;
  /** −Tr[X R b]. @param sizes of what the elements of b are differences of */
  between(reading: R, response: C, sizes: Float64Array): KnownParts;
}

export type SpectrumBetween = (first: string, second: string) => KnownComplex;

/**
 * @param counted what is counted in the steady state
 * @param pairs of names whose spectra are wanted, beside each one's own
 */
export async function respondingSpectrum<R extends AdjointPair, C>(
  resolvent: Resolvent<R, C>,
  inverse: Inverse<Reading, Response>,
  counted: ReadonlyMap<string, Counted>,
  pairs: readonly (readonly [string, string])[],
): Promise<SpectrumBetween> {
  const known = new Map<string, { readonly one: Counted; readonly row: R; readonly column: C }>();
  for (const [name, one] of counted) {
    const row = await resolvent.read(rowOf(one.jumps, inverse.state));
    known.set(name, { one, row, column: await resolvent.respond(one.taken, null) });
  }
  const between = async (a: string, b: string): Promise<KnownParts> => {
    const [from, to] = [known.get(a), known.get(b)];
    if (from === undefined || to === undefined) throw new RangeError(`nothing counts ${a}, ${b}`);
    const { re, im, errors } = resolvent.between(from.row, to.column, to.one.sizes);
    const [p, q] = from.row.adjoints;
    return {
      re,
      im,
      errors: {
        re: errors.re + (await lostByState(p, to.one, inverse)),
        im: errors.im + (await lostByState(q, to.one, inverse)),
      },
    };
  };
  const found = new Map<string, KnownComplex>();
  for (const [name, { shot }] of counted) {
    const { re, errors } = await between(name, name);
    found.set(keyOf(name, name), {
      re: 2 * re + shot.value,
      im: 0,
      error: 2 * errors.re + shot.error,
    });
  }
  for (const [a, b] of pairs) {
    const [one, other] = [await between(a, b), await between(b, a)];
    found.set(keyOf(a, b), {
      re: one.re + other.re,
      im: one.im - other.im,
      error: one.errors.re + one.errors.im + other.errors.re + other.errors.im,
    });
  }
  return (first, second) => {
    const one = found.get(keyOf(first, second));
    if (one === undefined) throw new RangeError(`nothing is known between ${first} and ${second}`);
    return one;
  };
}

const keyOf = (first: string, second: string): string => `${first}, ${second}`;
