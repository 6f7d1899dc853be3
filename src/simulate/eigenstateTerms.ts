/** Thermal baths of a machine between eigenstates of all of H that are known as numbers, and how they change with parameters. */
import { CUTOFF } from '../lindblad/masterEquation.js';
import { MOST_ARGUMENTS, slopesOf } from '../machine/functionSlopes.js';
import { functionForm } from '../machine/functions.js';
import type { Machine, ThermalBath } from '../machine/machine.js';
import { Tape, type Values } from '../machine/tape.js';
import type { Slope } from '../machine/tapeSlopes.js';
import { TapeTangents } from '../machine/tapeTangents.js';
import { ParameterError } from '../model/parameters.js';
import { adjoint, type Operator } from '../operators/operator.js';
import { perObject } from '../perObject.js';
import {
  addMultiple,
  type DenseMatrix,
  denseOf,
  denseOfBand,
  elementsOn,
  magnitudesOf,
  nothing,
  realTrace,
} from '../sensitivity/denseMatrix.js';
import {
  type EigenstateChange,
  EigenstateSlopes,
  type Known,
} from '../sensitivity/eigenstateSlopes.js';
import type { HermitianBand } from '../sensitivity/hermitianBand.js';
import type { KnownBand } from '../sensitivity/operatorSlopes.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { matrixOf } from '../state/spectrum.js';

/** What rounding takes from a term of a sum, its factors with what they have lost included. */
const ROUNDING = 16 * Number.EPSILON;
/** By how much a correction may understate what a matrix is off by. */
const SAFETY = 8;

/** What there is to know of a machine on a window. */
export interface EigenstateRequest {
  readonly machine: Machine;
  readonly values: Values;
  /** H, and the coupling of a bath. */
  readonly hamiltonian: Operator;
  readonly couplingOf: (bath: ThermalBath) => Operator;
  /** How H changes with a parameter. */
  readonly hamiltonianBy: (parameter: string) => Operator;
}

/** A matrix between eigenstates, and what changes make of it, by bath and parameter. */
interface Seen {
  readonly value: DenseMatrix;
  readonly changed: Map<string, Known>;
}

/** J(ω)n(ω) of the energy ω that is gained, with its derivatives: what gives off ω brings −ω in. */
function gainRate(gain: number, beta: number, strength: number, cutoff: number) {
  const slopes = new Float64Array(MOST_ARGUMENTS);
  slopesOf('ohmicEmission')(slopes, -gain, beta, strength, cutoff);
  const value = functionForm('ohmicEmission').float64(-gain, beta, strength, cutoff);
  return { value, byGain: -slopes[0], byBeta: slopes[1], byStrength: slopes[2] };
}

export class EigenstateTerms {
  readonly #slopes: EigenstateSlopes;
  readonly #states: number;
  readonly #baths: readonly string[];
  readonly #changes: ReadonlyMap<string, EigenstateChange>;
  readonly #seen = perObject(
    (band: HermitianBand): Seen => ({
      value: this.#slopes.toEigenbasis(denseOfBand(band)),
      changed: new Map(),
    }),
  );

  /** @throws {ParameterError} for a parameter by which there is no derivative */
  constructor({ machine, values, hamiltonian, couplingOf, hamiltonianBy }: EigenstateRequest) {
    const { states } = machine;
    const thermal = machine.baths.filter((bath): bath is ThermalBath => bath.kind === 'thermal');
    const tape = new Tape();
    const places = thermal.map(({ name, beta, strength }) => ({
      ...{ name, beta: tape.scalar(beta), strength: tape.scalar(strength) },
    }));
    const numbers = tape.numbers(0, 1, false);
    numbers.fill(values);
    const rates = places.map(({ name, beta, strength }) => ({
      name,
      at: (gain: number) =>
        gainRate(gain, numbers.scalar(beta), numbers.scalar(strength), values[CUTOFF]),
    }));
    this.#states = states;
    this.#baths = thermal.map(({ name }) => name);
    this.#slopes = new EigenstateSlopes(
      hamiltonian,
      states,
      thermal.map((bath, k) => {
        const coupling = couplingOf(bath);
        const couplings = [coupling, adjoint(coupling)];
        return { name: bath.name, couplings, rate: rates[k].at };
      }),
    );
    const changes = new Map<string, EigenstateChange>();
    for (const name of Object.keys(values)) {
      if (name === CUTOFF) continue;
      const tangents = new TapeTangents(tape, numbers, 0, 1, name);
      const held = places.map(({ beta, strength }, k) => {
        const [byBeta, byStrength] = [tangents.scalar(beta), tangents.scalar(strength)];
        return (gain: number) => {
          const rate = rates[k].at(gain);
          return byBeta * rate.byBeta + byStrength * rate.byStrength;
        };
      });
      const change = this.#slopes.turned({
        size: Math.abs(values[name]) || 1,
        hamiltonian: hamiltonianBy(name),
        rates: Object.fromEntries(this.#baths.map((bath, k) => [bath, held[k]])),
      });
      if (change === null) {
        const allowed =
          'another one for derivatives: states of one energy, or differences of energies that count as one, part with it';
        throw new ParameterError(name, values[name], allowed);
      }
      changes.set(name, change);
    }
    this.#changes = changes;
  }

  has(bath: string): boolean {
    return this.#baths.includes(bath);
  }

  /** The jumps of a bath between eigenstates. */
  jumps(bath: string): readonly Operator[] {
    return this.#slopes.operators(bath);
  }

  /** By parameter the derivative of factor · Tr[Z𝓓ρ] of a bath, or of all of them, by its operators. */
  generatorSlopes(
    factor: number,
    rho: KnownBand,
    z: KnownBand,
    among: readonly string[] = this.#baths,
  ): Map<string, Slope> {
    const [row, rowOff] = [z.value, z.correction].map((of) => this.#seen(of).value);
    const [rowSizes, rowOffSizes] = [magnitudesOf(row), magnitudesOf(rowOff)];
    const found = new Map<string, Slope>();
    for (const name of this.#changes.keys()) {
      let [value, error] = [0, 0];
      for (const bath of among) {
        const own = this.#changed(name, bath, rho.value);
        const off = this.#changed(name, bath, rho.correction);
        value += factor * realTrace(row, own.value);
        error +=
          Math.abs(factor) *
          (ROUNDING * realTrace(rowSizes, own.sizes) +
            SAFETY * realTrace(rowSizes, magnitudesOf(off.value)) +
            SAFETY * realTrace(rowOffSizes, magnitudesOf(own.value)));
      }
      if (value !== 0 || error !== 0) found.set(name, { value, error });
    }
    return found;
  }

  #changed(name: string, bath: string, band: HermitianBand): Known {
    const { value, changed } = this.#seen(band);
    const key = `${name} ${bath}`;
    let known = changed.get(key);
    if (known === undefined) {
      known = (this.#changes.get(name) as EigenstateChange).of(bath, value);
      changed.set(key, known);
    }
    return known;
  }

  /** 𝓓x of a bath, on the space of x; of X† where it acts on observables. */
  dissipated(bath: string, x: DensityMatrix, isAdjoint = false): DensityMatrix {
    const own = this.#slopes.toEigenbasis(denseOf(x));
    const acted = isAdjoint
      ? this.#slopes.dissipatedBack(bath, own)
      : this.#slopes.dissipated(bath, own);
    return elementsOn(x.space, this.#slopes.fromEigenbasis(acted.value));
  }

  /** What rounding may take from Tr[X𝓓ρ] of a bath. */
  lostIn(bath: string, x: Operator, rho: HermitianBand): number {
    const row = this.#slopes.toEigenbasis(denseOf(matrixOf(x, this.#states)));
    const { sizes } = this.#slopes.dissipated(bath, this.#seen(rho).value);
    return ROUNDING * realTrace(magnitudesOf(row), sizes);
  }

  /** How the dissipators change with a parameter, of a state on its space, and the sizes of what that is a sum of. */
  changeOf(parameter: string, { space, elements }: DensityMatrix): [Float64Array, Float64Array] {
    const x = this.#slopes.toEigenbasis(denseOf({ space, elements }));
    const [value, sizes] = [nothing(x.order), nothing(x.order)];
    for (const bath of this.#baths) {
      const own = (this.#changes.get(parameter) as EigenstateChange).of(bath, x);
      addMultiple(value, 1, own.value);
      addMultiple(sizes, 1, own.sizes);
    }
    const most = elementsOn(space, this.#slopes.sizesBack(sizes)).elements;
    return [
      elementsOn(space, this.#slopes.fromEigenbasis(value)).elements,
      most.filter((_, i) => i % 2 === 0),
    ];
  }
}
