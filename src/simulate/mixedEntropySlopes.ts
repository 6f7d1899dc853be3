/**
 * What a bath produces of entropy that acts between eigenstates of all of H and between bare states, too, and how that
 * changes. By Spohn it is Tr[𝓓ρ ln π], π the state that all of its jumps leave alone, beside what cancels among all baths
 * (J. Math. Phys. 19, 1227 (1978), doi:10.1063/1.523789). With Y = 𝓓ρ, W of Tr[Y d ln π] = Tr[W dπ] and V𝓓 = ⟨W⟩ − W it
 * changes by Tr[ln π d𝓓ρ] + Tr[V d𝓓π] − Tr[Z d𝓛ρ], Z the adjoint of 𝓓† ln π.
 */
import type { Matrix } from 'ml-matrix';
import { apply } from '../generator/apply.js';
import { fullSpace } from '../generator/classes.js';
import { generatorOf } from '../generator/generator.js';
import { dissipatorRules } from '../generator/rules.js';
import { dot } from '../norm.js';
import type { Differential } from '../sensitivity/differential.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import type { KnownBand } from '../sensitivity/operatorSlopes.js';
import {
  disturbedMap,
  HermitianVectors,
  MOST_STATES,
  OwnFixedPoint,
} from '../spectrum/ownFixedPoint.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import type { EigenstateTerms } from './eigenstateTerms.js';
import { added } from './layeredInverse.js';
import { known, LayeredSlopes, SAFETY, type StateInLayers } from './layeredSlopes.js';

/** What a state is off by: by rounding, and in cases of what eigenstates may be off by. */
interface Apart {
  readonly rounded: DensityMatrix;
  readonly moved: readonly DensityMatrix[];
  /** The state, with both. */
  readonly rho: KnownBand;
}

/** One case of what eigenstates and numbers may be off by, as vectors. */
interface Case {
  readonly rho: Float64Array;
  readonly logarithm: Float64Array;
  /** 𝓓† ln π */
  readonly row: Float64Array;
  readonly fixed: Float64Array;
  readonly adjoint: Float64Array;
}

const times = (map: Matrix, x: Float64Array): Float64Array =>
  Float64Array.from({ length: map.rows }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < map.columns; k++) sum += map.get(i, k) * x[k];
    return sum;
  });

/** Whether a bath has both kinds of jumps. */
export const isMixed = ({ operators }: Pick<StateInLayers, 'operators'>, bath: string): boolean =>
  operators.eigenstates?.has(bath) === true && operators.jumps.some((jump) => jump.bath === bath);

/** @throws {NoDerivativeError | Ended} */
export async function entropyOfMixed(
  { operators, inverse, edge }: StateInLayers,
  { rounded, moved, rho }: Apart,
  bath: string,
): Promise<Differential> {
  const { system, jumps, window } = operators;
  const eigenstates = operators.eigenstates as EigenstateTerms;
  const space = fullSpace(system);
  const vectors = new HermitianVectors(space);
  if (vectors.states > MOST_STATES) {
    const most = Math.floor(MOST_STATES / system.states);
    throw new NoDerivativeError(
      `${bath} acts between eigenstates of all of H and between bare states, and the window has more than ${most} levels`,
    );
  }
  const own = jumps.filter((jump) => jump.bath === bath).map(({ operator }) => operator);
  const bare = generatorOf(space, dissipatorRules(window, { operators: own, resolved: [] }));
  const of = (x: DensityMatrix) => vectors.of(embedded(x, space));
  const actedBy = (act: (x: DensityMatrix) => DensityMatrix) =>
    vectors.map((x) => added(act(x), { space, elements: apply(bare, x.elements) }));
  const here = of(inverse.state);
  const caseOf = (map: Matrix, rho: Float64Array): Case => {
    const fixed = OwnFixedPoint.of(vectors, map);
    if (typeof fixed === 'string') throw new NoDerivativeError(`${bath}: ${fixed}`);
    const { logarithm, state } = fixed;
    const w = fixed.slopeOfLogarithm(times(map, rho));
    return {
      ...{ rho, logarithm, fixed: state, adjoint: fixed.adjoint(w) },
      row: times(map.transpose(), logarithm),
    };
  };
  const value = caseOf(
    actedBy((x) => eigenstates.dissipated(bath, x)),
    here,
  );
  const off = of(rounded);
  const beside = moved.map((one, which) => {
    const map = actedBy((x) => eigenstates.dissipatedBeside(which, bath, x));
    const shift = of(one);
    return caseOf(
      disturbedMap(map, which),
      here.map((x, i) => x + shift[i] + off[i]),
    );
  });
  const bandOf = (pick: (of: Case) => Float64Array): KnownBand =>
    known(
      vectors.matrix(pick(value)),
      vectors.matrix(new Float64Array(here.length)),
      beside.map((one) => vectors.matrix(pick(one))),
    );
  const slopes = new LayeredSlopes(operators);
  const pair = (x: KnownBand, z: KnownBand) => slopes.addBath(1, x, z, bath);
  pair(
    bandOf((one) => one.rho),
    bandOf(({ logarithm }) => logarithm),
  );
  pair(
    bandOf(({ fixed }) => fixed),
    bandOf(({ adjoint }) => adjoint),
  );
  const read = await inverse.adjointOf(vectors.matrix(value.row), {
    disturbed: beside.map(({ row }) => vectors.matrix(row.map((x, i) => x - value.row[i]))),
  });
  const adjoint = known(
    read.adjoint,
    read.rounded,
    read.disturbed.map((one) => added(read.adjoint, one)),
  );
  slopes.addGenerator(-1, rho, adjoint);
  const lost = beside.map((one) => Math.abs(dot(one.row, one.rho) - dot(value.row, here)));
  return {
    value: { value: read.mean.value, error: read.mean.error + SAFETY * Math.max(0, ...lost) },
    gradient: slopes.gradient(read.leftOut * edge),
  };
}
