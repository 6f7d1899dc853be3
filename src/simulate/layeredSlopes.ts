/** A steady state in layers with its operators as formulas: how what is made of a state and an adjoint changes with these. */
import type { Symmetry } from '../generator/symmetry.js';
import type { Slope, TapeSlopes } from '../machine/tapeSlopes.js';
import { HermitianBand } from '../sensitivity/hermitianBand.js';
import { addHamiltonian, addJump, type KnownBand } from '../sensitivity/operatorSlopes.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import type { LayeredInverse } from './layeredInverse.js';
import type { PlacedOperators } from './placedOperators.js';

export const known = (value: DensityMatrix, correction: DensityMatrix): KnownBand => ({
  value: HermitianBand.of(value),
  correction: HermitianBand.of(correction),
});

export interface StateInLayers {
  readonly operators: PlacedOperators;
  readonly inverse: LayeredInverse;
  readonly symmetry: Symmetry;
  readonly rho: KnownBand;
  /** What the state is off by, to first order. */
  readonly correction: DensityMatrix;
  /** Its largest element next to what is left out. */
  readonly edge: number;
}

/** Adds the derivatives of factor · Tr[Z𝓛ρ] by the numbers of 𝓛. */
export function addGenerator(
  { hamiltonian, jumps }: PlacedOperators,
  slopes: TapeSlopes,
  factor: number,
  rho: KnownBand,
  z: KnownBand,
): void {
  addHamiltonian(slopes, hamiltonian, factor, rho, z);
  for (const { form, operator } of jumps) addJump(slopes, form, operator, factor, rho, z);
}

/** Derivatives by parameter. @param beyond what elements that are left out may bring to one relative to its parameter */
export const gradientOf = (
  slopes: TapeSlopes,
  operators: PlacedOperators,
  beyond: number,
): Map<string, Slope> =>
  new Map(
    [...slopes.byParameter()].map(([name, { value, error }]) => {
      const size = Math.abs(operators.value(name)) || 1;
      return [name, { value, error: error + beyond / size }];
    }),
  );
