/**
 * Spectra of correlations in the steady state of a system that conserves no charge which counts levels, by layers: with
 * R(z) = (z − L)⁻¹ that of two operators is Tr[A R(iω) δBρ] + Tr[B† R(iω) δA†ρ]*, as spectrum/correlation.ts has it.
 */
import type { Space } from '../generator/classes.js';
import { isNothing, type Symmetry } from '../generator/symmetry.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { adjoint, type Complex, type Operator, scale, sum } from '../operators/operator.js';
import { appliedTo } from '../spectrum/charged.js';
import { type KnownComplex, magnitudes, times, withConjugate } from '../spectrum/correlation.js';
import type { AdjointPair, Resolvent } from '../spectrum/respondingSpectrum.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { hermitianParts } from '../state/hermitianParts.js';
import { matrixOf } from '../state/spectrum.js';
import { classesOf } from './layeredCorrelation.js';
import { Ended, type LayeredInverse } from './layeredInverse.js';
import { ShiftedLayers } from './layeredResolvent.js';
import { type SolvedLayers, TOO_NARROW } from './layeredSteady.js';
import { otherLayers } from './otherLayers.js';

/** A steady state in layers, with the inverse of its generator. */
export interface LayeredSolution {
  readonly system: OpenSystem;
  readonly symmetry: Symmetry;
  readonly solved: SolvedLayers;
  readonly inverse: LayeredInverse;
}

/**
 * S_AB at frequencies.
 * @throws {Ended | SingularMatrixError | StoppedError}
 */
export async function layeredSpectra(
  { system, solved, inverse, symmetry }: LayeredSolution,
  a: Operator,
  b: Operator,
  frequencies: readonly number[],
): Promise<KnownComplex[]> {
  if (frequencies.length === 0) return [];
  const { dmax } = solved.steady;
  const own = [a, b].flatMap(({ transitions }) => transitions.filter((t) => !isNothing(t)));
  // Beyond the layers nothing tells what there is.
  if (dmax !== null && own.some(({ shift }) => Math.abs(shift) > dmax)) throw new Ended(TOO_NARROW);
  const sectors = [
    new ShiftedLayers(solved, inverse),
    ...otherLayers(solved, system, symmetry, classesOf(inverse.state, b)).map(
      (layers) => new ShiftedLayers(layers, null),
    ),
  ];
  const [daggerA, daggerB] = [adjoint(a), adjoint(b)];
  const isOwn = isZero(sum(a.window, a, scale(daggerB, -1)));
  const spectra: KnownComplex[] = [];
  for (const omega of frequencies) {
    const parts: KnownComplex[] = [];
    for (const sector of sectors) {
      const { space } = sector.solved.matrix;
      if (!isRead(a, space) || !isRead(daggerB, space)) continue;
      parts.push(
        await sector.at(omega, async (resolvent) => {
          const first = await between(resolvent, inverse, space, a, b);
          const second = isOwn ? null : await between(resolvent, inverse, space, daggerB, daggerA);
          return withConjugate(first, second);
        }),
      );
    }
    const total = (of: (part: KnownComplex) => number) =>
      parts.reduce((sum, part) => sum + of(part), 0);
    spectra.push({
      re: total(({ re }) => re),
      im: total(({ im }) => im),
      error: total(({ error }) => error),
    });
  }
  return spectra;
}

/** Tr[X R δYρ] */
async function between<R extends AdjointPair, C>(
  resolvent: Resolvent<R, C>,
  inverse: LayeredInverse,
  space: Space,
  x: Operator,
  y: Operator,
) {
  const { state } = inverse;
  const mean = expectation(state, y);
  const whole = appliedTo(y, state, space);
  // 0 in all sectors but that of the state.
  const taken = times(mean, embedded(state, space).elements);
  const [re, im] = hermitianParts({ space, elements: taken.map((value, i) => value - whole[i]) });
  const takenSizes = magnitudes(taken);
  const sizes = magnitudes(whole).map((size, i) => size + takenSizes[i]);
  const response = await resolvent.respond(re, im);
  const found = { re: 0, im: 0, errors: { re: 0, im: 0 } };
  const { window } = x;
  const dagger = adjoint(x);
  const parts = [
    scale(sum(window, x, dagger), 0.5),
    scale(sum(window, x, scale(dagger, -1)), { re: 0, im: -0.5 }),
  ];
  for (const [k, part] of parts.entries()) {
    if (isZero(part)) continue;
    const row = await resolvent.read(matrixOf(part, space.states));
    const one = resolvent.between(row, response, sizes);
    const lost = await lostByState(row, y, mean, inverse);
    const errors = [one.errors.re + lost.re, one.errors.im + lost.im];
    // Of X = X₁ + iX₂
    found.re += k === 0 ? one.re : -one.im;
    found.im += k === 0 ? one.im : one.re;
    found.errors.re += errors[k];
    found.errors.im += errors[1 - k];
  }
  return found;
}

/**
 * What the state may be off by in δYρ: by as much Tr[(P − iQ) δYρ] is, with the adjoint solution P − iQ, in its real and
 * in its imaginary part.
 */
async function lostByState(
  { adjoints: [p, q] }: AdjointPair,
  y: Operator,
  mean: Complex,
  inverse: LayeredInverse,
): Promise<Complex> {
  const dagger = adjoint(y);
  const { space } = inverse.state;
  // The adjoint of it: (Y − ⟨Y⟩)†(P + iQ)
  const turned = times({ re: 0, im: 1 }, q.elements);
  const z = { space: p.space, elements: p.elements.map((value, i) => value + turned[i]) };
  const moved = appliedTo(dagger, z, space);
  const taken = times({ re: mean.re, im: -mean.im }, embedded(z, space).elements);
  const parts = hermitianParts({ space, elements: moved.map((value, i) => value - taken[i]) });
  const lost = async (part: DensityMatrix) => (await inverse.read(part)).mean.error;
  return { re: await lost(parts[0]), im: await lost(parts[1]) };
}

/** Whether Tr[X ·] reads anything of a space. */
const isRead = ({ transitions }: Operator, space: Space): boolean =>
  transitions.some((t) => !isNothing(t) && space.find(t.from, t.to, -t.shift) >= 0);

const isZero = ({ transitions }: Operator): boolean => transitions.every(isNothing);
