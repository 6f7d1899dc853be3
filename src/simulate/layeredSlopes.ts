/** A steady state in layers with its operators as formulas: how what is made of a state and an adjoint changes with these. */
import type { Symmetry } from '../generator/symmetry.js';
import type { Slope, TapeSlopes } from '../machine/tapeSlopes.js';
import { perObject } from '../perObject.js';
import { HermitianBand } from '../sensitivity/hermitianBand.js';
import {
  addHamiltonian,
  addJump,
  addMean,
  type KnownBand,
  type PlacedForm,
} from '../sensitivity/operatorSlopes.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import type { LayeredInverse } from './layeredInverse.js';
import type { AbsentJump, MachineOperators } from './machineOperators.js';

/** @param beside the same in cases of what eigenstates may be off by, where the correction leaves these out */
export const known = (
  value: DensityMatrix,
  correction: DensityMatrix,
  beside: readonly DensityMatrix[] = [],
): KnownBand => ({
  value: HermitianBand.of(value),
  correction: HermitianBand.of(correction),
  ...(beside.length === 0 ? {} : { beside: beside.map((one) => HermitianBand.of(one)) }),
});

const nothingOf = perObject(({ states, size, reach }: HermitianBand) =>
  HermitianBand.zero(states, size, reach),
);
const exactly = (band: HermitianBand): KnownBand => ({ value: band, correction: nothingOf(band) });

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

/** By how much what one case of rounding does may understate another one. */
export const SAFETY = 8;

const NOTHING: Slope = { value: 0, error: 0 };

/** Derivatives by all that operators are made of. */
export class LayeredSlopes {
  /** By what is there. */
  readonly own: TapeSlopes;
  /** By rates that are 0: a root of the rate is in a jump's numbers, which has no derivative there; the rate has. */
  readonly #absent: readonly { readonly jump: AbsentJump; readonly slopes: TapeSlopes }[];

  /** By what jumps between eigenstates change. */
  readonly #between = new Map<string, Slope>();
  /** The parameters by which there is no derivative, and why. */
  readonly #without: Map<string, string>;
  /** The same in each case of what eigenstates may be off by, where matrices are known of these. */
  readonly #beside: LayeredSlopes[] = [];

  constructor(private readonly operators: MachineOperators) {
    this.own = operators.slopes();
    this.#without = new Map(operators.eigenstates?.without);
    this.#absent = operators.absent.map((jump) => ({
      jump,
      slopes: operators.slopes(jump.values),
    }));
  }

  #in(which: number): LayeredSlopes {
    this.#beside[which] ??= new LayeredSlopes(this.operators);
    return this.#beside[which];
  }

  /** Adds those of factor · Tr[Xρ] by the numbers of X. */
  addMean(form: PlacedForm, factor: number, rho: KnownBand): void {
    addMean(this.own, form, factor, rho);
    rho.beside?.forEach((band, which) => {
      addMean(this.#in(which).own, form, factor, exactly(band));
    });
  }

  /** Adds those of factor · Tr[Z𝓓ρ] of baths between eigenstates, or of all of them. */
  addEigenstates(factor: number, rho: KnownBand, z: KnownBand, among?: readonly string[]): void {
    const { eigenstates } = this.operators;
    if (eigenstates === null) return;
    this.addSlopes(eigenstates.generatorSlopes(factor, rho, z, among));
    eachCase(rho, z, (which, x, y) => {
      this.#in(which).addSlopes(eigenstates.slopesBeside(which, factor, x, y, among));
    });
  }

  /** Adds those of factor · Tr[Z𝓛ρ] by the numbers of 𝓛. */
  addGenerator(factor: number, rho: KnownBand, z: KnownBand): void {
    this.addEigenstates(factor, rho, z);
    this.#addForms(factor, rho, z);
    eachCase(rho, z, (which, x, y) => {
      this.#in(which).#addForms(factor, exactly(x), exactly(y));
    });
  }

  /** The same of one bath's dissipator. */
  addBath(factor: number, rho: KnownBand, z: KnownBand, bath: string): void {
    this.addEigenstates(factor, rho, z, [bath]);
    this.#addJumps(factor, rho, z, bath);
    eachCase(rho, z, (which, x, y) => {
      this.#in(which).#addJumps(factor, exactly(x), exactly(y), bath);
    });
  }

  #addForms(factor: number, rho: KnownBand, z: KnownBand): void {
    addHamiltonian(this.own, this.operators.hamiltonian, factor, rho, z);
    this.#addJumps(factor, rho, z);
  }

  /** @param bath of one alone */
  #addJumps(factor: number, rho: KnownBand, z: KnownBand, bath?: string): void {
    const isAsked = (jump: { readonly bath: string }) => bath === undefined || jump.bath === bath;
    for (const { form, operator } of this.operators.jumps.filter(isAsked)) {
      addJump(this.own, form, operator, factor, rho, z);
    }
    for (const { jump, slopes } of this.#absent) {
      if (isAsked(jump)) addJump(slopes, jump.form, jump.operator, factor, rho, z);
    }
  }

  addSlopes(slopes: ReadonlyMap<string, Slope | string>): void {
    for (const [name, slope] of slopes) {
      if (typeof slope === 'string') this.#without.set(name, slope);
      else addTo(this.#between, name, slope);
    }
  }

  /**
   * By parameter, or why there is none.
   * @param beyond what elements that are left out may bring to one relative to its parameter
   */
  gradient(beyond: number): Map<string, Slope | string> {
    const found = this.#all();
    const lost = new Map<string, number>();
    for (const one of this.#beside) {
      for (const [name, { value }] of one.#all()) {
        const off = Math.abs(value - (found.get(name)?.value ?? 0));
        lost.set(name, Math.max(lost.get(name) ?? 0, off));
      }
    }
    for (const [name, off] of lost) {
      if (off > 0) addTo(found, name, { value: 0, error: SAFETY * off });
    }
    const known = [...found].map(([name, { value, error }]) => {
      const size = Math.abs(this.operators.value(name)) || 1;
      return [name, { value, error: error + beyond / size }] as const;
    });
    return new Map<string, Slope | string>([...known, ...this.#without]);
  }

  #all(): Map<string, Slope> {
    const found = this.own.byParameter();
    for (const [name, slope] of this.#between) addTo(found, name, slope);
    for (const { jump, slopes } of this.#absent) {
      addTo(found, jump.name, slopes.byParameter().get(jump.name) ?? NOTHING);
    }
    return found;
  }
}

/** Calls for what both are in each case that they are known in. */
function eachCase(
  rho: KnownBand,
  z: KnownBand,
  take: (which: number, rho: HermitianBand, z: HermitianBand) => void,
): void {
  rho.beside?.forEach((band, which) => {
    const other = z.beside?.[which];
    if (other !== undefined) take(which, band, other);
  });
}

function addTo(slopes: Map<string, Slope>, name: string, { value, error }: Slope): void {
  const before = slopes.get(name) ?? NOTHING;
  slopes.set(name, { value: before.value + value, error: before.error + error });
}
