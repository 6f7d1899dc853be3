/** Thermal baths of a machine between eigenstates of all of H that are known as numbers, and how they change with parameters. */
import type { CoupledBath } from '../machine/machine.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import type { Values } from '../machine/tape.js';
import type { Slope } from '../machine/tapeSlopes.js';
import { ParameterError } from '../model/parameters.js';
import type { Operator } from '../operators/operator.js';
import { perObject } from '../perObject.js';
import {
  addMultiple,
  type DenseMatrix,
  denseOf,
  denseOfBand,
  elementsOn,
  identity,
  magnitudesOf,
  nothing,
  realTrace,
} from '../sensitivity/denseMatrix.js';
import type { Known } from '../sensitivity/eigenstateParts.js';
import { type EigenstateChange, EigenstateSlopes } from '../sensitivity/eigenstateSlopes.js';
import { gainRates } from '../sensitivity/gainRates.js';
import type { HermitianBand } from '../sensitivity/hermitianBand.js';
import { NoDerivativeError } from '../sensitivity/noiseSensitivity.js';
import type { KnownBand } from '../sensitivity/operatorSlopes.js';
import { AFFORDABLE_ORDER } from '../state/affordableOrder.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { matrixOf } from '../state/spectrum.js';

/** What rounding takes from a term of a sum, its factors with what they have lost included. */
const ROUNDING = 16 * Number.EPSILON;
/** By how much a correction may understate what a matrix is off by. */
const SAFETY = 8;

/** What there is to know of a machine on a window. */
export interface EigenstateRequest {
  readonly states: number;
  readonly baths: readonly CoupledBath[];
  readonly values: Values;
  readonly hamiltonian: OperatorForm;
  /** A form as numbers. */
  readonly operator: (form: OperatorForm) => Operator;
  /** How forms change with a parameter. */
  readonly by: (parameter: string) => (form: OperatorForm) => Operator;
}

/** What of a bath acts: all that it does, or what its jumps count, each by its weight. */
interface Acting {
  readonly bath: string;
  readonly weights: readonly number[] | null;
  /** Tells one from the other. */
  readonly key: string;
}

/** A matrix between eigenstates, and what changes make of it, by what acts and parameter. */
interface Seen {
  readonly value: DenseMatrix;
  readonly changed: Map<string, Known>;
}

export class EigenstateTerms {
  readonly baths: readonly CoupledBath[];
  readonly #slopes: EigenstateSlopes;
  readonly #states: number;
  readonly #changes: ReadonlyMap<string, EigenstateChange>;
  readonly #seen = perObject(
    (band: HermitianBand): Seen => ({
      value: this.#slopes.toEigenbasis(denseOfBand(band)),
      changed: new Map(),
    }),
  );

  /** @throws {ParameterError} for a parameter by which there is no derivative, and on a window of too many eigenstates */
  constructor({ states, baths, values, hamiltonian, operator, by }: EigenstateRequest) {
    this.#states = states;
    this.baths = baths;
    const whole = operator(hamiltonian);
    const { lmax, size } = whole.window;
    if (2 * states * size > AFFORDABLE_ORDER) {
      const most = Math.floor(AFFORDABLE_ORDER / 2 / states);
      const allowed = `nearer to lmin for derivatives between eigenstates: ${size} levels make matrices of order ${states * size}, and at most ${most} are taken`;
      throw new ParameterError('lmax', lmax, allowed);
    }
    this.#slopes = new EigenstateSlopes(
      whole,
      states,
      baths.map(({ name, couplings, rate }) => ({
        ...{ name, couplings: couplings.map(operator), rate: gainRates(rate, values) },
      })),
    );
    const changes = new Map<string, EigenstateChange>();
    for (const name of Object.keys(values)) {
      const changed = by(name);
      const change = this.#slopes.turned({
        parameter: name,
        size: Math.abs(values[name]) || 1,
        hamiltonian: changed(hamiltonian),
        couplings: Object.fromEntries(
          baths.map((bath) => [bath.name, bath.couplings.map(changed)]),
        ),
      });
      if (typeof change === 'string') {
        throw new ParameterError(name, values[name], `another one for derivatives: ${change}`);
      }
      changes.set(name, change);
    }
    this.#changes = changes;
  }

  get #names(): string[] {
    return this.baths.map(({ name }) => name);
  }

  has(bath: string): boolean {
    return this.#names.includes(bath);
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
    among: readonly string[] = this.#names,
  ): Map<string, Slope> {
    const acting = among.map((bath) => ({ bath, weights: null, key: bath }));
    return this.#traceSlopes(factor, rho, z, acting);
  }

  /**
   * Those of factor · Tr[ZJρ] of what a bath's jumps count, J = Σ (change of a quantity)^power ΓBxB†; none of a bath that
   * is not between eigenstates.
   * @param z null for 1
   * @throws {NoDerivativeError} where its jumps change the quantity by no definite amounts, or no more do with a parameter
   */
  countedSlopes(
    { bath, quantity, power }: { bath: string; quantity: Operator; power: number },
    factor: number,
    rho: KnownBand,
    z: KnownBand | null,
  ): Map<string, Slope> {
    if (!this.has(bath)) return new Map();
    const bare = denseOf(matrixOf(quantity, this.#states));
    const between = this.#slopes.toEigenbasis(bare);
    const changes = this.#slopes.changesOf(bath, between);
    for (const [name, change] of this.#changes) {
      if (changes === null || !change.conserves(bath, between, changes)) {
        throw new NoDerivativeError(`${name} changes what the jumps of ${bath} count`);
      }
    }
    const weights = changes?.map((own) => own ** power) ?? [];
    return this.#traceSlopes(factor, rho, z, [{ bath, weights, key: `${bath} ${power}` }]);
  }

  /** Those of factor · Tr[Zx] of what acts on ρ. @param z null for 1 */
  #traceSlopes(
    factor: number,
    rho: KnownBand,
    z: KnownBand | null,
    acting: readonly Acting[],
  ): Map<string, Slope> {
    const { order } = this.#seen(rho.value).value;
    const [row, rowOff] =
      z === null
        ? [identity(order), nothing(order)]
        : [z.value, z.correction].map((of) => this.#seen(of).value);
    const [rowSizes, rowOffSizes] = [magnitudesOf(row), magnitudesOf(rowOff)];
    const found = new Map<string, Slope>();
    for (const name of this.#changes.keys()) {
      let [value, error] = [0, 0];
      for (const one of acting) {
        const own = this.#changed(name, one, rho.value);
        const off = this.#changed(name, one, rho.correction);
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

  #changed(name: string, { bath, weights, key }: Acting, band: HermitianBand): Known {
    const { value, changed } = this.#seen(band);
    const place = `${name} ${key}`;
    let known = changed.get(place);
    if (known === undefined) {
      known = (this.#changes.get(name) as EigenstateChange).of(bath, value, weights);
      changed.set(place, known);
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
    for (const bath of this.#names) {
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
