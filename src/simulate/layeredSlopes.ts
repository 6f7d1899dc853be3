/** A steady state in layers with its operators as formulas: how what is made of a state and an adjoint changes with these. */
import type { Symmetry } from '../generator/symmetry.js';
import type { Slope, TapeSlopes } from '../machine/tapeSlopes.js';
import { HermitianBand } from '../sensitivity/hermitianBand.js';
import { addHamiltonian, addJump, type KnownBand } from '../sensitivity/operatorSlopes.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import type { LayeredInverse } from './layeredInverse.js';
import type { AbsentJump, MachineOperators } from './machineOperators.js';

export const known = (value: DensityMatrix, correction: DensityMatrix): KnownBand => ({
  value: HermitianBand.of(value),
  correction: HermitianBand.of(correction),
});

export interface StateInLayers {
  readonly operators: MachineOperators;
  readonly inverse: LayeredInverse;
  readonly symmetry: Symmetry;
  readonly rho: KnownBand;
  /** What the state is off by, to first order. */
  readonly correction: DensityMatrix;
  /** Its largest element next to what is left out. */
  readonly edge: number;
}

const NOTHING: Slope = { value: 0, error: 0 };

/** Derivatives by all that operators are made of. */
export class LayeredSlopes {
  /** By what is there. */
  readonly own: TapeSlopes;
  /** By rates that are 0: a root of the rate is in a jump's numbers, which has no derivative there; the rate has. */
  readonly #absent: readonly { readonly jump: AbsentJump; readonly slopes: TapeSlopes }[];

  /** By what jumps between eigenstates change. */
  readonly #between = new Map<string, Slope>();

  constructor(private readonly operators: MachineOperators) {
    this.own = operators.slopes();
    this.#absent = operators.absent.map((jump) => ({
      jump,
      slopes: operators.slopes(jump.values),
    }));
  }

  /** Adds those of factor · Tr[Z𝓛ρ] by the numbers of 𝓛. */
  addGenerator(factor: number, rho: KnownBand, z: KnownBand): void {
    const { hamiltonian, jumps, eigenstates } = this.operators;
    if (eigenstates !== null) this.addSlopes(eigenstates.generatorSlopes(factor, rho, z));
    addHamiltonian(this.own, hamiltonian, factor, rho, z);
    for (const { form, operator } of jumps) addJump(this.own, form, operator, factor, rho, z);
    for (const { jump, slopes } of this.#absent) {
      addJump(slopes, jump.form, jump.operator, factor, rho, z);
    }
  }

  addSlopes(slopes: ReadonlyMap<string, Slope>): void {
    for (const [name, slope] of slopes) addTo(this.#between, name, slope);
  }

  /** By parameter. @param beyond what elements that are left out may bring to one relative to its parameter */
  gradient(beyond: number): Map<string, Slope> {
    const found = this.own.byParameter();
    for (const [name, slope] of this.#between) addTo(found, name, slope);
    for (const { jump, slopes } of this.#absent) {
      addTo(found, jump.name, slopes.byParameter().get(jump.name) ?? NOTHING);
    }
    return new Map(
      [...found].map(([name, { value, error }]) => {
        const size = Math.abs(this.operators.value(name)) || 1;
        return [name, { value, error: error + beyond / size }];
      }),
    );
  }
}

function addTo(slopes: Map<string, Slope>, name: string, { value, error }: Slope): void {
  const before = slopes.get(name) ?? NOTHING;
  slopes.set(name, { value: before.value + value, error: before.error + error });
}
