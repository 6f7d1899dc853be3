/**
 * Derivatives of the rate of a mode that may oscillate: of 𝓛X = λX and Z𝓛 = λZ with Tr[ZX] = 1 it is dλ = Tr[Z d𝓛 X]
 * (Kato, Perturbation Theory for Linear Operators, II.2, doi:10.1007/978-3-642-66282-9), and the rate −Re λ. It is read off
 * the span of the mode and its conjugate, on all elements at once.
 */
import type { Estimate } from '../lindblad/estimate.js';
import { dot, euclideanNorm } from '../norm.js';
import type { Complex } from '../operators/operator.js';
import type { Differential } from '../sensitivity/differential.js';
import type { KnownBand } from '../sensitivity/operatorSlopes.js';
import { disturbances } from '../solve/disturbance.js';
import { conjugate, times } from '../spectrum/correlation.js';
import type { ModeVectors } from '../spectrum/eigenSearch.js';
import { inner, norm } from '../spectrum/vectors.js';
import type { WeightedSector } from '../spectrum/weightedSector.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { hermitianParts } from '../state/hermitianParts.js';
import { added } from './layeredInverse.js';
import { known, LayeredSlopes } from './layeredSlopes.js';
import type { MachineOperators } from './machineOperators.js';
import { combined, dualFactors, type Span } from './modeSpan.js';

/** A shift beside the eigenvalue, relative to it, and the steps of inverse iteration that leave nothing of other modes. */
const BESIDE = 1e-6;
const STEPS = 3;
/** What rounding takes from a term of an equation, and from one of a sum of them. */
const ROUNDING = 4 * Number.EPSILON;

type Product = (x: Float64Array) => Float64Array;

const plus = (x: Float64Array, y: Float64Array, factor = 1): Float64Array =>
  x.map((value, i) => value + factor * y[i]);

/** An eigenvector by an inverse next to its eigenvalue. */
function iterated(inverse: Product, start: Float64Array): Float64Array {
  let x = start;
  for (let step = 0; step < STEPS; step++) {
    const y = inverse(x);
    x = times({ re: 1 / norm(y), im: 0 }, y);
  }
  return x;
}

/** A vector, and what it is off by to first order: by rounding, and in cases of what the generator may be off by. */
interface Known {
  readonly value: Float64Array;
  readonly rounded: Float64Array;
  readonly moved: readonly Float64Array[];
}

/** An eigenvalue with both its vectors, ⟨left, right⟩ = 1. */
interface KnownMode {
  readonly rate: Estimate;
  readonly right: Known;
  readonly left: Known;
}

/** What is left of an equation, and one case of what rounding does to its terms. */
function leftOf(
  { y, magnitudes }: ReturnType<WeightedSector['applied']>,
  value: Complex,
  x: Float64Array,
): Float64Array {
  const signs = disturbances(x.length);
  return plus(y, times(value, x), -1).map(
    (rest, i) => rest + ROUNDING * signs[i] * magnitudes[i >> 1],
  );
}

function knownMode(mode: ModeVectors, operators: MachineOperators): KnownMode {
  const { sector } = mode;
  const { re, im } = mode.value;
  const { apply, adjoint } = sector.resolvent({ re: re + BESIDE * Math.hypot(re, im), im });
  const x = iterated(apply, mode.right);
  const start = iterated(adjoint, mode.left);
  const { re: p, im: q } = inner(start, x);
  const size = p * p + q * q;
  const a = times({ re: p / size, im: q / size }, start);
  const image = sector.applied(x);
  const value = inner(a, image.y);
  // Without what is along the mode itself.
  const without: Product = (y) => plus(y, times(inner(a, y), x), -1);
  const withoutBack: Product = (y) => plus(y, times(inner(x, y), a), -1);
  const solved = (rest: Float64Array) => without(apply(without(rest)));
  const solvedBack = (rest: Float64Array) => withoutBack(adjoint(withoutBack(rest)));
  const rest = plus(image.y, times(value, x), -1);
  const error = image.magnitudes.reduce((sum, terms, k) => {
    const weight = Math.hypot(a[2 * k], a[2 * k + 1]);
    return sum + weight * (Math.hypot(rest[2 * k], rest[2 * k + 1]) + ROUNDING * terms);
  }, 0);
  const { space } = sector.generator;
  const disturbed = operators.eigenstates?.disturbances ?? [];
  const movedBy = (elements: Float64Array, isAdjoint: boolean) =>
    disturbed.map((disturb) => {
      const [first, second] = hermitianParts({ space, elements }).map(
        (part) => disturb(part, isAdjoint).elements,
      );
      return plus(first, times({ re: 0, im: 1 }, second));
    });
  const moved = movedBy(sector.toSpace(x), false).map((one) => sector.fromSpace(one));
  const movedBack = movedBy(sector.rowToSpace(a), true).map((one) => sector.rowFromSpace(one));
  const lost = moved.map((one) => Math.abs(inner(a, one).re));
  return {
    rate: { value: -value.re, error: Math.max(error, ...lost.map((one) => error + 8 * one)) },
    right: { value: x, rounded: solved(leftOf(image, value, x)), moved: moved.map(solved) },
    left: {
      value: a,
      rounded: solvedBack(leftOf(sector.appliedBack(a), conjugate(value), a)),
      moved: movedBack.map(solvedBack),
    },
  };
}

/** A basis of a span, and what each of it is off by. */
interface KnownSpan {
  readonly values: Span;
  readonly rounded: Span;
  readonly moved: readonly Span[];
}

/** Σ factor · each of a span, in all that is known of it. */
const mixed = (
  { values, rounded, moved }: KnownSpan,
  factors: readonly (readonly number[])[],
): KnownSpan => {
  const mix = (span: Span): Span =>
    factors.map((own) => combined(...own.map((factor, k) => [factor, span[k]] as const)));
  return { values: mix(values), rounded: mix(rounded), moved: moved.map(mix) };
};

/** What of a matrix is not in a span, by the dual of it. */
const aside = (x: DensityMatrix, span: Span, dual: Span): DensityMatrix =>
  combined([1, x], ...span.map((one, k) => [-dot(dual[k].elements, x.elements), one] as const));

const knownOf = ({ values, rounded, moved }: KnownSpan, dual: Span): KnownBand[] =>
  values.map((value, j) =>
    known(
      value,
      aside(rounded[j], values, dual),
      moved.map((one) => added(value, aside(one[j], values, dual))),
    ),
  );

/**
 * The rate of a mode, by the machine's operators.
 * @param isPair whether it is one of two that are conjugates
 */
export function modeSlopes(
  operators: MachineOperators,
  mode: ModeVectors,
  isPair: boolean,
): Differential {
  const { sector } = mode;
  const { space } = sector.generator;
  const { rate, right, left } = knownMode(mode, operators);
  const spanOf = ({ value, rounded, moved }: Known, toSpace: Product): KnownSpan => {
    const parts = (x: Float64Array) => hermitianParts({ space, elements: toSpace(x) });
    const [first, second] = parts(value);
    // Of a real mode both are parallel.
    const isFirst = euclideanNorm(first.elements) >= euclideanNorm(second.elements);
    const pick = (x: Float64Array): Span => {
      const all = parts(x);
      return isPair ? all : [all[isFirst ? 0 : 1]];
    };
    return { values: pick(value), rounded: pick(rounded), moved: moved.map(pick) };
  };
  const x = spanOf(right, (one) => sector.toSpace(one));
  const rows = spanOf(left, (one) => sector.rowToSpace(one));
  const overlaps = x.values.map((one) => rows.values.map((row) => dot(row.elements, one.elements)));
  const z = mixed(rows, dualFactors(overlaps));
  const [rights, lefts] = [knownOf(x, z.values), knownOf(z, x.values)];
  const slopes = new LayeredSlopes(operators);
  rights.forEach((one, j) => {
    slopes.addGenerator(-1 / rights.length, one, lefts[j]);
  });
  return { value: rate, gradient: slopes.gradient(0) };
}
