/**
 * Derivatives of a current's mean and of its noise in layers, by every parameter at once, as
 * sensitivity/noiseSensitivity.ts has them in a sector: of what each jump counts, w, with 𝓛R = (J' − ⟨a⟩)ρ and
 * Z𝓛 = ⟨1|J' − ⟨a⟩⟨1| the noise D changes by
 *   dD = ⟨1|dJ''|ρ⟩ − 2⟨1|dJ'|R⟩ − 2⟨Z|dJ'|ρ⟩ + 2⟨Z|d𝓛|R⟩ − ⟨Y|d𝓛|ρ⟩,
 * Y the adjoint of ℓ = ⟨1|J'' − 2⟨Z|J' + 2⟨a⟩⟨Z|.
 */
import { ByName } from '../fluctuations/byName.js';
import { isNothing } from '../generator/symmetry.js';
import type { Differential } from '../sensitivity/differential.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import { addSandwich, type KnownBand } from '../sensitivity/operatorSlopes.js';
import { magnitudes } from '../spectrum/correlation.js';
import { CountedJumps } from '../spectrum/countedBath.js';
import { respondingCounting, rowOf } from '../spectrum/respondingCounting.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { matrixOf } from '../state/spectrum.js';
import { known, LayeredSlopes, type StateInLayers } from './layeredSlopes.js';
import { combined } from './modeSpan.js';
import { gainOf } from './wholeFluctuations.js';
import { bathsOf, countersOf } from './wholeReading.js';

/** Σ of magnitudes of elements. */
function sizesOf(...parts: readonly (readonly [factor: number, of: DensityMatrix])[]) {
  const [[, { space }]] = parts;
  const sizes = new Float64Array(space.size);
  for (const [factor, { elements }] of parts) {
    magnitudes(elements).forEach((size, i) => {
      sizes[i] += Math.abs(factor) * size;
    });
  }
  return sizes;
}

/** The mean current of a bath's quanta, and its noise. @throws {NoDerivativeError | Ended} */
export async function currentAndNoise(
  state: StateInLayers,
  bath: string,
): Promise<{ readonly current: Differential; readonly noise: Differential }> {
  const { operators, inverse, symmetry, rho, correction, edge } = state;
  const { system, eigenstates } = operators;
  const between = eigenstates?.baths.map(({ name }) => name) ?? [];
  const baths = bathsOf(system);
  const counter = countersOf({ system, symmetry, heat: null, between }, baths).find(
    (one) => one.bath === bath,
  );
  if (counter === undefined) throw new NoDerivativeError(`no quanta of ${bath} are counted`);
  const counting = await respondingCounting(inverse, [counter], [], 2);
  const { jumps, taken, sizes, reading } = new ByName(counting.counted, (one) => one).of(
    counter.name,
  );
  const { mean } = reading;
  const counted = operators.jumps
    .filter((jump) => jump.bath === bath)
    .flatMap(({ form, operator }) => {
      const own = operator.transitions.filter((t) => !isNothing(t));
      if (own.length === 0) return [];
      const { quantity } = counter;
      return [{ form, operator, w: gainOf({ ...operator, transitions: own }, quantity) }];
    });

  /** Adds those of factor · Tr[Z J^(power) x] by the numbers of the jumps. */
  const addCounted = (
    to: LayeredSlopes,
    power: number,
    factor: number,
    x: KnownBand,
    z: KnownBand | null,
  ) => {
    for (const { form, operator, w } of counted) {
      addSandwich(to.own, form, operator, factor * w ** power, x, z);
    }
    const { quantity } = counter;
    const others = eigenstates?.countedSlopes({ bath, quantity, power }, factor, x, z);
    to.addSlopes(others ?? new Map());
  };

  const first = await inverse.adjointOf(rowOf(jumps, inverse.state));
  const z = known(first.adjoint, first.correction);
  // −R, and −(J' − ⟨a⟩) of what the state is off by.
  const off = combined([mean.value, correction], [-1, jumps.moved(1, correction)]);
  const away = await inverse.responseTo(taken, { sizes, off });
  const minusR = known(away.response, away.correction);

  const byCurrent = new LayeredSlopes(operators);
  addCounted(byCurrent, 1, 1, rho, null);
  byCurrent.addGenerator(-1, rho, z);

  const second = embedded(matrixOf(jumps.row(2), system.states), inverse.state.space);
  const each = counter.jumps.map((jump) => new CountedJumps({ ...counter, jumps: [jump] }));
  const pulled = each.map((one) => [2, one.movedBack(first.adjoint)] as const);
  const last = await inverse.adjointOf(
    combined([1, second], [-2, jumps.movedBack(first.adjoint)], [2 * mean.value, first.adjoint]),
    {
      sizes: sizesOf([1, second], ...pulled, [2 * mean.value, first.adjoint]),
      off: combined(
        [-2, jumps.movedBack(first.correction)],
        [2 * mean.value, first.correction],
        [2 * mean.error, first.adjoint],
      ),
    },
  );
  const y = known(last.adjoint, last.correction);
  const byNoise = new LayeredSlopes(operators);
  addCounted(byNoise, 2, 1, rho, null);
  addCounted(byNoise, 1, 2, minusR, null);
  addCounted(byNoise, 1, -2, rho, z);
  byNoise.addGenerator(-2, minusR, z);
  byNoise.addGenerator(-1, rho, y);
  // Elements beyond the layers are as small beside the outermost ones as these beside all.
  const beyond = last.leftOut * edge + 2 * first.leftOut * (edge + away.edge);
  return {
    current: {
      value: counting.mean(counter.name),
      gradient: byCurrent.gradient(first.leftOut * edge),
    },
    noise: {
      value: counting.covariance(counter.name, counter.name),
      gradient: byNoise.gradient(beyond),
    },
  };
}
