/** Thermal baths of a machine between eigenstates of all of H that are known as numbers, and how they change with parameters. */
import type { CoupledBath } from '../machine/machine.js';
import type { OperatorForm } from '../machine/operatorForm.js';
import type { Values } from '../machine/tape.js';
import type { Slope } from '../machine/tapeSlopes.js';
import { getOrInsert } from '../maps.js';
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

/** How many cases of it are looked at: in one, what several eigenstates are off by may all but cancel. */
const CASES = 3;

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
  readonly made: Map<string, DenseMatrix>;
}

/** Eigenstates, and how they change with each parameter. */
class Frame {
  readonly #seen = perObject(
    (band: HermitianBand): Seen => ({
      value: this.slopes.toEigenbasis(denseOfBand(band)),
      made: new Map(),
    }),
  );

  readonly changes = new Map<string, EigenstateChange>();

  constructor(readonly slopes: EigenstateSlopes) {}

  of(band: HermitianBand): DenseMatrix {
    return this.#seen(band).value;
  }

  changed(name: string, { bath, weights, key }: Acting, band: HermitianBand): DenseMatrix {
    return this.#once(band, `${name} ${key}`, (x) => this.change(name).of(bath, x, weights));
  }

  /** The magnitudes of what that sums up. */
  sizes(name: string, { bath, weights, key }: Acting, band: HermitianBand): DenseMatrix {
    return this.#once(band, `sizes ${name} ${key}`, (x) =>
      this.change(name).sizes(bath, x, weights),
    );
  }

  #once(band: HermitianBand, key: string, make: (x: DenseMatrix) => DenseMatrix): DenseMatrix {
    const { value, made } = this.#seen(band);
    return getOrInsert(made, key, () => make(value));
  }

  change(name: string): EigenstateChange {
    return this.changes.get(name) as EigenstateChange;
  }

  /** 𝓓x of a bath, on the space of x; of X† where it acts on observables. */
  dissipated(bath: string, x: DensityMatrix, isAdjoint: boolean): DensityMatrix {
    const { slopes } = this;
    const own = slopes.toEigenbasis(denseOf(x));
    const acted = isAdjoint ? slopes.dissipatedBack(bath, own) : slopes.dissipated(bath, own);
    return elementsOn(x.space, slopes.fromEigenbasis(acted));
  }
}

/**
 * What is made of eigenstates is made of some beside them, too, that are off by as much as an eigensolver may be: between
 * what is near one another it tells less, and how much less that leaves of a number is seen by what it is there.
 */
export class EigenstateTerms {
  readonly baths: readonly CoupledBath[];
  readonly #states: number;
  readonly #own: Frame;
  readonly #beside: readonly Frame[];
  /** The parameters by which there is no derivative, and why. */
  readonly without: ReadonlyMap<string, string>;

  /** @throws {ParameterError} on a window of too many eigenstates */
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
    const bathsBetween = baths.map(({ name, couplings, rate }) => ({
      ...{ name, couplings: couplings.map(operator), rate: gainRates(rate, values) },
    }));
    const parameters = Object.keys(values).map((parameter) => {
      const changed = by(parameter);
      const couplings = baths.map((bath) => [bath.name, bath.couplings.map(changed)]);
      return {
        ...{ parameter, size: Math.abs(values[parameter]) || 1 },
        ...{ hamiltonian: changed(hamiltonian), couplings: Object.fromEntries(couplings) },
      };
    });
    const cases = [null, ...Array(CASES).keys()];
    const frames = cases.map(
      (which) => new Frame(new EigenstateSlopes(whole, states, bathsBetween, which)),
    );
    const without = new Map<string, string>();
    for (const change of parameters) {
      const { parameter } = change;
      for (const { slopes, changes } of frames) {
        const turned = slopes.turned(change);
        if (typeof turned === 'string') without.set(parameter, turned);
        else changes.set(parameter, turned);
      }
    }
    // Where there is none in one case there is none at all.
    for (const { changes } of frames) for (const name of without.keys()) changes.delete(name);
    this.without = without;
    [this.#own, ...this.#beside] = frames;
  }

  get #names(): string[] {
    return this.baths.map(({ name }) => name);
  }

  has(bath: string): boolean {
    return this.#names.includes(bath);
  }

  /** The jumps of a bath between eigenstates. */
  jumps(bath: string): readonly Operator[] {
    return this.#own.slopes.operators(bath);
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

  /** The same of a case of eigenstates beside, without errors. */
  slopesBeside(
    which: number,
    factor: number,
    rho: HermitianBand,
    z: HermitianBand,
    among: readonly string[] = this.#names,
  ): Map<string, Slope> {
    const frame = this.#beside[which];
    const row = frame.of(z);
    return new Map(
      [...frame.changes.keys()].map((name): [string, Slope] => {
        const terms = among.map((bath) =>
          realTrace(row, frame.changed(name, { bath, weights: null, key: bath }, rho)),
        );
        return [name, { value: factor * terms.reduce((a, b) => a + b, 0), error: 0 }];
      }),
    );
  }

  /**
   * Those of factor · Tr[ZJρ] of what a bath's jumps count, J = Σ (change of a quantity)^power ΓBxB†; none of a bath that
   * is not between eigenstates.
   * @param z null for 1
   * @returns by parameter, or why there is none: where they no more change the quantity by definite amounts with it
   * @throws {NoDerivativeError} where they do not do so anyway
   */
  countedSlopes(
    { bath, quantity, power }: { bath: string; quantity: Operator; power: number },
    factor: number,
    rho: KnownBand,
    z: KnownBand | null,
  ): Map<string, Slope | string> {
    if (!this.has(bath)) return new Map();
    const bare = denseOf(matrixOf(quantity, this.#states));
    const { slopes } = this.#own;
    const between = slopes.toEigenbasis(bare);
    const changes = slopes.changesOf(bath, between);
    if (changes === null) throw new NoDerivativeError(`${bath} counts by no definite amounts`);
    const weights = changes.map((own) => own ** power);
    const acting = [{ bath, weights, key: `${bath} ${power}` }];
    const found = new Map<string, Slope | string>(this.#traceSlopes(factor, rho, z, acting));
    for (const [name, change] of this.#own.changes) {
      if (change.conserves(bath, between, changes)) continue;
      found.set(name, `it changes what the jumps of ${bath} count`);
    }
    return found;
  }

  /** Those of factor · Tr[Zx] of what acts on ρ. @param z null for 1 */
  #traceSlopes(
    factor: number,
    rho: KnownBand,
    z: KnownBand | null,
    acting: readonly Acting[],
  ): Map<string, Slope> {
    const [own, beside] = [this.#own, this.#beside[0]];
    const { order } = own.of(rho.value);
    const rowIn = (frame: Frame) => (z === null ? identity(order) : frame.of(z.value));
    const [row, rowBeside] = [rowIn(own), rowIn(beside)];
    const isApart = rho.beside !== undefined;
    const rowOff = z === null ? nothing(order) : own.of(z.correction);
    const [rowSizes, rowOffSizes] = [magnitudesOf(row), magnitudesOf(rowOff)];
    const found = new Map<string, Slope>();
    for (const name of own.changes.keys()) {
      let [value, error] = [0, 0];
      for (const one of acting) {
        const changed = own.changed(name, one, rho.value);
        const off = own.changed(name, one, rho.correction);
        const term = realTrace(row, changed);
        const other = isApart ? term : realTrace(rowBeside, beside.changed(name, one, rho.value));
        const sizes = own.sizes(name, one, rho.value);
        value += factor * term;
        error +=
          Math.abs(factor) *
          (ROUNDING * realTrace(rowSizes, sizes) +
            SAFETY * Math.abs(other - term) +
            SAFETY * realTrace(rowSizes, magnitudesOf(off)) +
            SAFETY * realTrace(rowOffSizes, magnitudesOf(changed)));
      }
      if (value !== 0 || error !== 0) found.set(name, { value, error });
    }
    return found;
  }

  /** 𝓓x of a bath, on the space of x; of X† where it acts on observables. */
  dissipated(bath: string, x: DensityMatrix, isAdjoint = false): DensityMatrix {
    return this.#own.dissipated(bath, x, isAdjoint);
  }

  /** The same of a case of eigenstates beside. */
  dissipatedBeside(which: number, bath: string, x: DensityMatrix, isAdjoint = false) {
    return this.#beside[which].dissipated(bath, x, isAdjoint);
  }

  /** By how much all of that may be off, to first order, as eigenstates are: one case after another. */
  get disturbances(): readonly ((x: DensityMatrix, isAdjoint: boolean) => DensityMatrix)[] {
    return this.#beside.map((beside) => (x, isAdjoint) => {
      const elements = new Float64Array(x.elements.length);
      for (const bath of this.#names) {
        const here = this.#own.dissipated(bath, x, isAdjoint).elements;
        const there = beside.dissipated(bath, x, isAdjoint).elements;
        for (let i = 0; i < elements.length; i++) elements[i] += there[i] - here[i];
      }
      return { space: x.space, elements };
    });
  }

  /** What rounding may take from Tr[X𝓓ρ] of a bath. */
  lostIn(bath: string, x: Operator, rho: HermitianBand): number {
    const bare = denseOf(matrixOf(x, this.#states));
    const { slopes } = this.#own;
    const sizes = slopes.sizes(bath, magnitudesOf(this.#own.of(rho)));
    return ROUNDING * realTrace(magnitudesOf(slopes.toEigenbasis(bare)), sizes);
  }

  /**
   * How the dissipators change with a parameter, of a state on its space, the sizes of what that is a sum of, and what it
   * may be off by, to first order, as eigenstates are.
   */
  changeOf(parameter: string, { space, elements }: DensityMatrix) {
    const bare = denseOf({ space, elements });
    const x = this.#own.slopes.toEigenbasis(bare);
    const changedIn = ({ slopes, changes }: Frame, x: DenseMatrix): Float64Array => {
      const value = nothing(x.order);
      for (const bath of this.#names) {
        addMultiple(value, 1, (changes.get(parameter) as EigenstateChange).of(bath, x));
      }
      return elementsOn(space, slopes.fromEigenbasis(value)).elements;
    };
    const sizes = nothing(x.order);
    for (const bath of this.#names) {
      addMultiple(sizes, 1, this.#own.change(parameter).sizes(bath, x));
    }
    const most = elementsOn(space, this.#own.slopes.sizesBack(sizes)).elements;
    const moved = changedIn(this.#own, x);
    const [other] = this.#beside;
    const beside = changedIn(other, other.slopes.toEigenbasis(bare));
    return {
      moved,
      sizes: most.filter((_, i) => i % 2 === 0),
      off: beside.map((value, i) => value - moved[i]),
    };
  }
}
