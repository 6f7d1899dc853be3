/**
 * Derivatives of the gap in layers, as sensitivity/gapSensitivity.ts has them in a sector: of 𝓛x = λx and z𝓛 = λz it is
 * dλ = Tr[Z d𝓛 X]/Tr[ZX]. Each mode is carried on by the group inverse, x ← λG x, which leaves of the other modes
 * the ratio of λ to their own eigenvalues at each step. Of a mode that oscillates
 * that is so of its span.
 */
import { euclideanNorm } from '../norm.js';
import { type Complex, sizeOf } from '../operators/operator.js';
import type { Differential } from '../sensitivity/differential.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import { type ChargeModes, chargesOf } from '../spectrum/modes.js';
import { WideSectorError } from '../spectrum/weightedSector.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { differentiableMode, gapOf, oscillates, SURE } from './gapSlopes.js';
import { dot } from './layeredErrors.js';
import type { Parts } from './layeredModeSearch.js';
import { slowestInLayers } from './layeredModes.js';
import { known, LayeredSlopes, type StateInLayers } from './layeredSlopes.js';
import type { SolvedLayers } from './layeredSteady.js';
import type { MachineOperators } from './machineOperators.js';
import { combined, dualFactors, type Span } from './modeSpan.js';
import { DEFAULT_MODES } from './modesCount.js';
import { modesInSector } from './relaxation.js';

/** A last step of a mode, relative to it, and how many are taken at most: steps may end at what rounding leaves. */
const SETTLED = 1e-14;
const MOST_STEPS = 60;
/** Ratio of the slowest eigenvalue to others up to which so many steps leave nothing of these. */
const CARRIED = 0.999;

type OnStep = (share: number) => Promise<boolean>;

/** λ(U + iV) */
const turned = ([u, v]: Span, { re, im }: Complex): Span =>
  v === undefined ? [combined([re, u])] : [combined([re, u], [-im, v]), combined([re, v], [im, u])];

/** What of a matrix is not in a span. */
function beside(x: DensityMatrix, span: Span): DensityMatrix {
  const without = (one: DensityMatrix, direction: DensityMatrix) =>
    combined(
      [1, one],
      [
        -dot(direction.elements, one.elements) / dot(direction.elements, direction.elements),
        direction,
      ],
    );
  const [u, v] = span;
  const left = without(x, u);
  return v === undefined ? left : without(left, without(v, u));
}

/** One of a span that has been carried on: what it is off by, and what leads beyond the layers. */
interface Carried {
  readonly mode: DensityMatrix;
  readonly correction: DensityMatrix;
  readonly beyond: number;
}

/** A span after so many steps that the next one changes nothing, each with what that changes. */
async function carriedOn(
  start: Span,
  value: Complex,
  step: (x: DensityMatrix) => Promise<Carried>,
): Promise<(Carried & { readonly change: DensityMatrix })[]> {
  let before = start;
  let last = Number.POSITIVE_INFINITY;
  for (let k = 1; ; k++) {
    const made: (Carried & { readonly change: DensityMatrix })[] = [];
    let moved = 0;
    for (const one of turned(before, value)) {
      const carried = await step(one);
      const change = beside(carried.mode, before);
      moved = Math.max(
        moved,
        euclideanNorm(change.elements) / euclideanNorm(carried.mode.elements),
      );
      made.push({ ...carried, change });
    }
    if (moved <= SETTLED || moved >= last || k === MOST_STEPS) return made;
    last = moved;
    before = made.map(({ mode }) => mode);
  }
}

type Modes = NonNullable<Awaited<ReturnType<typeof slowestInLayers>>>;

/** The largest ratio of the slowest eigenvalue to another one, its conjugate left out. */
function ratioOf({ modes, vectors }: Modes): number {
  const [{ value: slowest }, ...rest] = vectors;
  const others = rest.map(({ value }) => value);
  if (oscillates(modes.modes[0])) {
    const apart = others.map(({ re, im }) => Math.hypot(re - slowest.re, im + slowest.im));
    others.splice(apart.indexOf(Math.min(...apart)), 1);
  }
  return Math.max(0, ...others.map((value) => sizeOf(slowest) / sizeOf(value)));
}

/** Why the slowest mode that layers have found cannot be carried on in them; null where it can. */
function reasonAgainst(found: Modes): string | null {
  try {
    differentiableMode(found.modes);
  } catch (error) {
    if (!(error instanceof NoDerivativeError)) throw error;
    return error.message;
  }
  if (!found.vectors[0].isOwn) return 'the slowest mode is not among what populations reach';
  return ratioOf(found) < CARRIED ? null : 'the slowest mode oscillates faster than others decay';
}

/** Of all elements at once. @throws {NoDerivativeError} for a reason on a window that is too wide for them */
function gapOfAll(operators: MachineOperators, reason: string): Differential {
  try {
    const found = modesInSector(operators.system, SURE);
    differentiableMode(found);
    return gapOf(found as ChargeModes, operators);
  } catch (error) {
    if (!(error instanceof WideSectorError)) throw error;
    throw new NoDerivativeError(`${reason}, and the window is wide`);
  }
}

/** @throws {NoDerivativeError | Ended | SingularMatrixError | StoppedError} */
export async function gapInLayers(
  state: StateInLayers,
  solved: SolvedLayers,
  onSearch: OnStep,
): Promise<Differential> {
  const { operators, inverse, symmetry } = state;
  const { system } = operators;
  const request = { count: DEFAULT_MODES, observables: [], sure: SURE };
  const charges = chargesOf(system, symmetry);
  const neutral = charges.map(() => 0);
  const of = { system, charges, symmetry, solved, inverse };
  const found = await slowestInLayers(of, neutral, request, onSearch);
  if (found === null) throw new NoDerivativeError('there is no mode');
  const reason = reasonAgainst(found);
  if (reason !== null) return gapOfAll(operators, reason);
  const [slowest] = found.modes.modes;
  const [{ mode, value }] = found.vectors;
  const next = ratioOf(found);
  const { matrix } = solved;
  const { space } = matrix;
  const spanOf = (parts: Parts, elementsOf: (x: Float64Array) => Float64Array): Span =>
    (oscillates(slowest) ? parts : parts.slice(0, 1)).map((part) => ({
      space,
      elements: elementsOf(part),
    }));
  const right = await carriedOn(
    spanOf(mode.right, (x) => matrix.elements(x)),
    value,
    async (x) => {
      const { response, correction, edge } = await inverse.responseTo(x);
      return { mode: response, correction, beyond: edge };
    },
  );
  const left = await carriedOn(
    spanOf(mode.left, (z) => matrix.ofRow(z)),
    value,
    async (z) => {
      const { adjoint, correction, leftOut } = await inverse.adjointOf(z);
      return { mode: adjoint, correction, beyond: leftOut };
    },
  );
  const rows = left.map(({ mode }) => matrix.row(mode.elements));
  const overlaps = right.map(({ mode }) => rows.map((row) => dot(row, matrix.kept(mode.elements))));
  // What a solution is off by without −λ, and its last step, grow where they are taken from the next modes.
  const grown = 1 / (1 - next);
  const slopes = new LayeredSlopes(operators);
  let beyond = 0;
  for (const [j, dual] of dualFactors(overlaps).entries()) {
    const ofLeft = (pick: (one: (typeof left)[number]) => DensityMatrix) =>
      combined(...left.map((one, k) => [dual[k], pick(one)] as const));
    const off = (correction: DensityMatrix, change: DensityMatrix) =>
      combined([grown, correction], [grown * next, change]);
    const { mode: x, correction, change, beyond: edge } = right[j];
    slopes.addGenerator(
      -1 / right.length,
      known(x, off(correction, change)),
      known(
        ofLeft((one) => one.mode),
        off(
          ofLeft((one) => one.correction),
          ofLeft((one) => one.change),
        ),
      ),
    );
    beyond += left.reduce((sum, one, k) => sum + Math.abs(dual[k]) * one.beyond * edge, 0);
  }
  return {
    value: { value: slowest.rate, error: slowest.error },
    gradient: slopes.gradient(grown * beyond),
  };
}
