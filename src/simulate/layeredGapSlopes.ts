/**
 * Derivatives of the gap in layers, as sensitivity/gapSensitivity.ts has them in a sector: of 𝓛x = −γx and z𝓛 = −γz it is
 * dγ = −Tr[Z d𝓛 X]/Tr[ZX]. Each mode is carried on by the group inverse, x ← −γG x, which leaves of the other modes
 * the ratio of γ to their own eigenvalues at each step.
 */
import { euclideanNorm } from '../norm.js';
import type { Differential } from '../sensitivity/differential.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import { type ChargeModes, chargesOf } from '../spectrum/modes.js';
import { WideSectorError } from '../spectrum/weightedSector.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { differentiableMode, gapOf, oscillates } from './gapSlopes.js';
import { dot } from './layeredErrors.js';
import { slowestInLayers } from './layeredModes.js';
import { known, LayeredSlopes, type StateInLayers } from './layeredSlopes.js';
import type { SolvedLayers } from './layeredSteady.js';
import type { MachineOperators } from './machineOperators.js';
import { DEFAULT_MODES } from './modesCount.js';
import { modesInSector } from './relaxation.js';

/** A last step of a mode, relative to it, and how many are taken at most: steps may end at what rounding leaves. */
const SETTLED = 1e-14;
const MOST_STEPS = 60;

type OnStep = (share: number) => Promise<boolean>;

const combined = (
  { space, elements }: DensityMatrix,
  factor: number,
  by: number,
  other?: DensityMatrix,
): DensityMatrix => ({
  space,
  elements: elements.map((value, i) => factor * value + by * (other?.elements[i] ?? 0)),
});

/** A mode after so many steps that the next one changes nothing, and that change. */
async function carriedOn<T>(
  start: DensityMatrix,
  step: (x: DensityMatrix) => Promise<T & { readonly mode: DensityMatrix }>,
): Promise<T & { readonly mode: DensityMatrix; readonly change: DensityMatrix }> {
  let before = start;
  let last = Number.POSITIVE_INFINITY;
  for (let k = 1; ; k++) {
    const made = await step(before);
    const change = combined(made.mode, 1, -1, before);
    const moved = euclideanNorm(change.elements) / euclideanNorm(made.mode.elements);
    if (moved <= SETTLED || moved >= last || k === MOST_STEPS) return { ...made, change };
    last = moved;
    before = made.mode;
  }
}

/** Why the slowest mode that layers have found cannot be carried on in them; null where it can. */
function reasonAgainst(found: Awaited<ReturnType<typeof slowestInLayers>>): string | null {
  try {
    if (oscillates(differentiableMode(found?.modes ?? null))) return 'the slowest mode oscillates';
  } catch (error) {
    if (!(error instanceof NoDerivativeError)) throw error;
    return error.message;
  }
  const isOwn = found?.vectors[0].isOwn === true;
  return isOwn ? null : 'the slowest mode is not among what populations reach';
}

/** Of all elements at once. @throws {NoDerivativeError} for a reason on a window that is too wide for them */
function gapOfAll(operators: MachineOperators, reason: string): Differential {
  try {
    const found = modesInSector(operators.system);
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
  const request = { count: DEFAULT_MODES, observables: [] };
  const charges = chargesOf(system, symmetry);
  const neutral = charges.map(() => 0);
  const of = { system, charges, symmetry, solved, inverse };
  const found = await slowestInLayers(of, neutral, request, onSearch);
  const reason = reasonAgainst(found);
  if (found === null || reason !== null) return gapOfAll(operators, reason ?? 'there is no mode');
  const [{ rate, error }] = found.modes.modes;
  const [first, second] = found.vectors;
  const { matrix } = solved;
  const { space } = matrix;
  const right = await carriedOn(
    { space, elements: matrix.elements(first.mode.right[0]) },
    async (x) => {
      const { response, ...rest } = await inverse.responseTo(combined(x, -rate, 0));
      return { mode: response, ...rest };
    },
  );
  const left = await carriedOn({ space, elements: matrix.ofRow(first.mode.left[0]) }, async (z) => {
    const { adjoint, ...rest } = await inverse.adjointOf(combined(z, -rate, 0));
    return { mode: adjoint, ...rest };
  });
  const overlap = dot(matrix.row(left.mode.elements), matrix.kept(right.mode.elements));
  const next = second === undefined ? 0 : rate / Math.hypot(second.value.re, second.value.im);
  // What a solution is off by without −γ, and its last step, grow where they are taken from the next modes.
  const grown = 1 / (1 - next);
  const off = ({ correction, change }: { correction: DensityMatrix; change: DensityMatrix }) =>
    combined(correction, grown, grown * next, change);
  const slopes = new LayeredSlopes(operators);
  slopes.addGenerator(-1 / overlap, known(right.mode, off(right)), known(left.mode, off(left)));
  return {
    value: { value: rate, error },
    gradient: slopes.gradient((grown * left.leftOut * right.edge) / Math.abs(overlap)),
  };
}
