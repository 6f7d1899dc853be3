/**
 * Spectra of correlations in the steady state of a system that conserves no charge which counts levels, by layers: with
 * R(z) = (z − L)⁻¹ that of two operators is Tr[A R(iω) δBρ] + Tr[B† R(iω) δA†ρ]*, as spectrum/correlation.ts has it.
 */
import type { Space } from '../generator/classes.js';
import { partnerOf } from '../generator/siteMatrix.js';
import { isNothing } from '../generator/symmetry.js';
import type { OpenSystem } from '../operators/openSystem.js';
import {
  adjoint,
  type Complex,
  type Operator,
  scale,
  sum,
  type Transition,
} from '../operators/operator.js';
import { appliedTo } from '../spectrum/charged.js';
import { type KnownComplex, magnitudes, times } from '../spectrum/correlation.js';
import type { AdjointPair, Resolvent } from '../spectrum/respondingSpectrum.js';
import { type DensityMatrix, expectation } from '../state/densityMatrix.js';
import { matrixOf } from '../state/spectrum.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { Ended, type LayeredInverse } from './layeredInverse.js';
import { ShiftedLayers } from './layeredResolvent.js';
import { TOO_NARROW } from './layeredSteady.js';
import { withInverse } from './withInverse.js';

export interface LayeredSpectrum {
  readonly state: DensityMatrix;
  readonly spectra: readonly KnownComplex[];
}

/**
 * S_AB at frequencies.
 * @returns null where layers are no way to it, and where A or B leads to what populations do not reach
 * @throws {ParameterError | StoppedError}
 */
export const layeredSpectrum = (
  system: OpenSystem,
  a: Operator,
  b: Operator,
  frequencies: readonly number[],
  hooks: LayeredFluctuationHooks = {},
): Promise<LayeredSpectrum | null> =>
  withInverse(system, hooks, 'frequency', async (solved, inverse) => {
    const { dmax } = solved.steady;
    const own = [a, b].flatMap(({ transitions }) => transitions.filter((t) => !isNothing(t)));
    // Beyond the layers nothing tells what there is.
    if (dmax !== null && own.some(({ shift }) => Math.abs(shift) > dmax)) {
      throw new Ended(TOO_NARROW);
    }
    if (!own.every((t) => isHeld(t, solved.matrix.space))) throw new Ended(null);
    const shifted = new ShiftedLayers(solved, inverse);
    const state = inverse.state;
    const [daggerA, daggerB] = [adjoint(a), adjoint(b)];
    const isOwn = isZero(sum(a.window, a, scale(daggerB, -1)));
    const spectra: KnownComplex[] = [];
    for (const omega of frequencies) {
      spectra.push(
        await shifted.at(omega, async (resolvent) => {
          const first = await between(resolvent, inverse, a, b);
          if (isOwn) return { re: 2 * first.re, im: 0, error: 2 * first.errors.re };
          const second = await between(resolvent, inverse, daggerB, daggerA);
          return {
            re: first.re + second.re,
            im: first.im - second.im,
            error: Math.hypot(
              first.errors.re + second.errors.re,
              first.errors.im + second.errors.im,
            ),
          };
        }),
      );
    }
    return { state, spectra };
  });

/** Tr[X R δYρ] */
async function between<R extends AdjointPair, C>(
  resolvent: Resolvent<R, C>,
  inverse: LayeredInverse,
  x: Operator,
  y: Operator,
) {
  const { state } = inverse;
  const { space, elements } = state;
  const mean = expectation(state, y);
  const whole = appliedTo(y, state, space);
  const taken = times(mean, elements);
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
    const [errorRe, errorIm] = [one.errors.re + lost.re, one.errors.im + lost.im];
    // Of X = X₁ + iX₂
    found.re += k === 0 ? one.re : -one.im;
    found.im += k === 0 ? one.im : one.re;
    found.errors.re += k === 0 ? errorRe : errorIm;
    found.errors.im += k === 0 ? errorIm : errorRe;
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
  const { space } = p;
  const dagger = adjoint(y);
  // The adjoint of it: (Y − ⟨Y⟩)†(P + iQ)
  const z = { space, elements: p.elements.slice() };
  times({ re: 0, im: 1 }, q.elements).forEach((value, i) => {
    z.elements[i] += value;
  });
  const moved = appliedTo(dagger, z, space);
  const taken = times({ re: mean.re, im: -mean.im }, z.elements);
  const parts = hermitianParts({ space, elements: moved.map((value, i) => value - taken[i]) });
  const lost = async (part: DensityMatrix) => (await inverse.read(part)).mean.error;
  return { re: await lost(parts[0]), im: await lost(parts[1]) };
}

/** Whether a space of populations and what they reach has all that a term of an operator makes of it. */
function isHeld({ to, from, shift }: Transition, space: Space): boolean {
  const widest = space.classes.reduce((most, { delta }) => Math.max(most, Math.abs(delta)), 0);
  return [{ ket: from, bra: from, delta: 0 }, ...space.classes].every(
    ({ ket, bra, delta }) =>
      ket !== from || Math.abs(delta + shift) > widest || space.find(to, bra, delta + shift) >= 0,
  );
}

const isZero = ({ transitions }: Operator): boolean => transitions.every(isNothing);

/** Hermitian X₁ and X₂ with X = X₁ + iX₂. */
function hermitianParts({ space, elements }: DensityMatrix): [DensityMatrix, DensityMatrix] {
  const [re, im] = [new Float64Array(elements.length), new Float64Array(elements.length)];
  space.classes.forEach(({ offset, length }, c) => {
    const mirror = space.classes[partnerOf(space, c)].offset;
    for (let p = 0; p < length; p++) {
      const [i, j] = [2 * (offset + p), 2 * (mirror + p)];
      const [a, b, u, v] = [elements[i], elements[i + 1], elements[j], -elements[j + 1]];
      [re[i], re[i + 1]] = [(a + u) / 2, (b + v) / 2];
      [im[i], im[i + 1]] = [(b - v) / 2, (u - a) / 2];
    }
  });
  return [
    { space, elements: re },
    { space, elements: im },
  ];
}
