/**
 * The slowest modes of a system that conserves no charge which counts levels, on a window that is too wide for its
 * sectors: by layers of its broken charge, as its steady state is found. A band is widened until no mode that is told
 * leads out of it.
 */
import type { ClassName } from '../generator/classes.js';
import type { HermitianMatrix, RealMatrix } from '../generator/hermitianMatrix.js';
import type { Charge, Symmetry } from '../generator/symmetry.js';
import type { OpenSystem } from '../operators/openSystem.js';
import { adjoint, type Complex, type Operator } from '../operators/operator.js';
import { LayeredMatrix } from '../solve/layeredMatrix.js';
import { RESPONSE_ROOM } from '../solve/layeredResponse.js';
import { type ChargeDifference, chargeKey, isNeutral } from '../spectrum/chargeSectors.js';
import type { ModeSector, ModeVectors } from '../spectrum/eigenSearch.js';
import {
  byRate,
  type Certificate,
  chargesOf,
  conditionOf,
  described,
  lastRate,
  type NamedOperator,
  type SectorModes,
  slowAmong,
} from '../spectrum/modes.js';
import { AROUND } from '../spectrum/slowerModes.js';
import { weightsOf } from '../spectrum/stationary.js';
import { norm } from '../spectrum/vectors.js';
import type { DensityMatrix } from '../state/densityMatrix.js';
import { embedded } from '../state/embed.js';
import { matrixOf } from '../state/spectrum.js';
import type { LayeredFluctuationHooks } from './layeredHooks.js';
import { Ended, type LayeredInverse } from './layeredInverse.js';
import {
  conjugate,
  type LayeredMode,
  type LayersAt,
  type NearestInLayers,
  nearestInLayers,
  type Parts,
} from './layeredModeSearch.js';
import { type Layers, pairsOf, ShiftedLayers, turned } from './layeredResolvent.js';
import { slowerInLayers } from './layeredSlowerModes.js';
import { type SolvedLayers, TOO_NARROW } from './layeredSteady.js';
import { otherLayers } from './otherLayers.js';
import { withInverse } from './withInverse.js';

/** Populations below this share of the largest weigh as much as it: they are not known to digits of their own. */
const LEAST_WEIGHT = 1e-10;
/** What the rows that are left out may take from an eigenvalue relative to it, where rounding takes less. */
const BEYOND = 1e-10;

export interface LayeredModes {
  readonly steady: DensityMatrix;
  /** Those of a charge that is wanted; null where no element has it. */
  of(charge: ChargeDifference): ModesAsNumbers | null;
}

export interface ModesRequest {
  readonly count: number;
  readonly observables: readonly NamedOperator[];
  /** Where modes are looked for, if not at the frequency of the slowest element. */
  readonly frequency?: number | undefined;
  /** How many of them are to be the slowest of all, at any frequency; by default all without a frequency, and none with one. */
  readonly sure?: number | undefined;
}

/** Elements in units of (p_ket p_bra)^¼, as vectors of a space. */
class LayeredUnits implements ModeSector {
  readonly #units: Float64Array;

  /** @param isIn by class whether it is looked at */
  constructor(
    private readonly matrix: HermitianMatrix,
    readonly hasPopulations: boolean,
    private readonly isIn: (c: number) => boolean,
    steady: DensityMatrix,
  ) {
    const populations = weightsOf(steady);
    const largest = populations.reduce((most, own) => Math.max(most, ...own), 0);
    const weight = (state: number, level: number) =>
      Math.max(populations[state][level], LEAST_WEIGHT * largest);
    const { space } = matrix;
    this.#units = new Float64Array(2 * space.size);
    for (const { ket, bra, delta, first, offset, length } of space.classes) {
      for (let p = 0; p < length; p++) {
        const unit = (weight(ket, first + p) * weight(bra, first + p - delta)) ** 0.25;
        this.#units.fill(unit, 2 * (offset + p), 2 * (offset + p + 1));
      }
    }
  }

  get trace(): Float64Array {
    const { space } = this.matrix;
    const t = new Float64Array(2 * space.size);
    for (const { ket, bra, delta, offset, length } of space.classes) {
      if (ket !== bra || delta !== 0) continue;
      for (let p = offset; p < offset + length; p++) t[2 * p] = this.#units[2 * p];
    }
    return t;
  }

  /** The vector a with ⟨a, x⟩ = Tr[Aρ] for the elements x of ρ in units. */
  observable(operator: Operator): Float64Array {
    const { space } = this.matrix;
    const { elements } = embedded(matrixOf(adjoint(operator), space.states), space);
    space.classes.forEach(({ offset, length }, c) => {
      if (!this.isIn(c)) elements.fill(0, 2 * offset, 2 * (offset + length));
    });
    return elements.map((value, i) => value * this.#units[i]);
  }

  /** Elements in units of U + iV. */
  right([re, im]: Parts): Float64Array {
    const x = complex(this.matrix.elements(re), this.matrix.elements(im), 1);
    return x.map((value, i) => value / this.#units[i]);
  }

  /** The vector a with ⟨a, x⟩ = ℓx of a row ℓ = p + iq. */
  left([re, im]: Parts): Float64Array {
    const x = complex(this.matrix.ofRow(re), this.matrix.ofRow(im), -1);
    return x.map((value, i) => value * this.#units[i]);
  }
}

/** a ± ib of interleaved complex vectors. */
function complex(a: Float64Array, b: Float64Array, sign: 1 | -1): Float64Array {
  const x = a.slice();
  for (let i = 0; i < x.length; i += 2) {
    x[i] -= sign * b[i + 1];
    x[i + 1] += sign * b[i];
  }
  return x;
}

interface Found extends ModeVectors<LayeredUnits> {
  readonly mode: LayeredMode;
  /** Whether it is of the sector of the steady state. */
  readonly isOwn: boolean;
  readonly known: Certificate;
}

function told(mode: LayeredMode, sector: LayeredUnits, isOwn: boolean): Found {
  const { value, right, left, rest, error, leftOut } = mode;
  const [x, z] = [sector.right(right), sector.left(left)];
  const residual = norm(sector.right(rest)) / norm(x);
  const known = { residual, condition: conditionOf(z, x), error: error + leftOut };
  return { sector, value, right: x, left: z, known, mode, isOwn };
}

/** Diagonal elements of a generator in the classes that are looked at; what is left out has none. */
function diagonalOf({ layers: { matrix, layered }, isIn }: Looked): Complex[] {
  const { space, begin, values, isKept, partner } = matrix;
  const re = new Float64Array(matrix.size);
  const im = new Float64Array(matrix.size);
  for (const { row, column, count, at, sign, target, source } of matrix.stretches) {
    if (target !== source) continue;
    const { length } = space.classes[target];
    const part = column - row === 0 ? re : column - row === length ? im : null;
    if (part === null || row >= begin[target] + length) continue;
    for (let k = 0; k < count; k++) part[row + k] += sign * values[at + k];
  }
  return space.classes.flatMap(({ length }, c) => {
    if (!isKept[c] || layered.leavesOut(c)) return [];
    // x' = re x + im y, with y the imaginary part: of x + iy it is re − i im, and of its conjugate re + i im.
    const sides = matrix.partsOf(c) === 1 ? [0] : isIn(c) ? [-1] : [];
    if (partner[c] !== c && isIn(partner[c])) sides.push(1);
    return Array.from({ length }, (_, p) => begin[c] + p).flatMap((i) =>
      sides.map((side) => ({ re: re[i], im: side * im[i] })),
    );
  });
}

/** A sector with its conjugate, and which of its classes are looked at. */
interface Looked {
  readonly layers: Layers;
  readonly isIn: (c: number) => boolean;
}

/** What of complex vectors on Hermitian matrices is of the classes that are looked at: of a + ib the one, of a − ib the other. */
function projection({ layers: { matrix }, isIn }: Looked) {
  const { space, begin, isKept } = matrix;
  return ([re, im]: Parts, side: 0 | 1): Parts => {
    const [p, q] = [re.slice(), im.slice()];
    space.classes.forEach(({ length }, c) => {
      if (!isKept[c]) return;
      // Rows are of a − ib where elements are of a + ib.
      const sign = isIn(c) === (side === 0) ? 1 : -1;
      for (let a = begin[c]; a < begin[c] + length; a++) {
        const b = a + length;
        p[a] = (re[a] - sign * im[b]) / 2;
        q[a] = (im[a] + sign * re[b]) / 2;
        p[b] = sign * q[a];
        q[b] = -sign * p[a];
      }
    });
    return [p, q];
  };
}

/** Where the modes of a sector are looked for. */
interface Sought extends Looked {
  /** Of the sector of the steady state, with the layers that it is found in; null of another one. */
  readonly own: { readonly inverse: LayeredInverse; readonly layered: LayeredMatrix } | null;
  readonly omega: number;
  /** Whether its conjugate is of another charge. */
  readonly isHalf: boolean;
  /** Whether modes of the opposite frequency are had by conjugation. */
  readonly isMirrored: boolean;
}

type Searched = Sought & NearestInLayers;

type OnStep = (share: number) => Promise<boolean>;

/** @throws {Ended | SingularMatrixError | StoppedError} */
async function searched(sought: Sought, count: number, onStep: OnStep): Promise<Searched> {
  const { layers, own, omega, isHalf } = sought;
  const { blockOf, hooks, matrix } = layers;
  const project = isHalf ? projection(sought) : null;
  const nulls = own === null ? [] : [own.inverse.nulls];
  const nearest = async (of: Pick<LayersAt, 'layered' | 'transposed' | 'shifted'>) => {
    const { shifted } = of;
    const right = shifted === null ? nulls : nulls.flatMap((one) => pairsOf(shifted[0], one));
    const at = { kept: layers, omega, project, nulls: [right, turned(right)] as const };
    return { ...sought, ...(await nearestInLayers({ ...at, ...of }, count, onStep)) };
  };
  if (omega === 0 && own !== null) {
    return nearest({ ...own, transposed: own.inverse.transposed, shifted: null });
  }
  const both = new ShiftedLayers(layers, own?.inverse ?? null);
  const shifted = omega === 0 && !isHalf ? null : ([both.matrix, both.transposed] as const);
  const [first, second] = shifted?.map((one) => one.shift(omega)) ?? [matrix, matrix.transposed];
  const factorised = (of: RealMatrix) =>
    LayeredMatrix.of(of, blockOf, -1, RESPONSE_ROOM, hooks.onFactorisation);
  const layered = await factorised(first);
  try {
    const transposed = await factorised(second);
    try {
      return await nearest({ layered, transposed, shifted });
    } finally {
      transposed.release();
    }
  } finally {
    layered.release();
  }
}

/** Elements of ρ whose ket and bra differ by a charge; none counts levels. */
function namesOf(
  system: OpenSystem,
  charges: readonly Charge[],
  charge: ChargeDifference,
  most: number,
): ClassName[] {
  const names: ClassName[] = [];
  for (let ket = 0; ket < system.states; ket++) {
    for (let bra = 0; bra < system.states; bra++) {
      if (!hasCharge(charges, charge, { ket, bra })) continue;
      for (let delta = -most; delta <= most; delta++) names.push({ ket, bra, delta });
    }
  }
  return names;
}

const hasCharge = (
  charges: readonly Charge[],
  charge: ChargeDifference,
  { ket, bra }: Pick<ClassName, 'ket' | 'bra'>,
): boolean => charges.every(({ offsets }, k) => offsets[ket] - offsets[bra] === charge[k]);

const sizeOf = ({ re, im }: Complex): number => Math.hypot(re, im);

/** Those that have been found, and their conjugates. */
function modesOf({ modes, omega, radius, isMirrored }: Searched): LayeredMode[] {
  const isNew = ({ value: { re, im } }: LayeredMode) => Math.hypot(re, im - omega) > radius;
  return isMirrored ? [...modes, ...modes.map(conjugate).filter(isNew)] : [...modes];
}

/** A steady state in layers, as modes are looked for with it. */
export interface SteadyInLayers {
  readonly system: OpenSystem;
  readonly charges: readonly Charge[];
  readonly symmetry: Symmetry;
  readonly solved: SolvedLayers;
  readonly inverse: LayeredInverse;
}

interface ModesAsNumbers {
  readonly modes: SectorModes;
  readonly vectors: readonly Found[];
}

/**
 * The slowest modes of a charge, and what they are as numbers.
 * @param onSearch called with about the share of the work that is done
 * @returns null where no element has the charge
 * @throws {Ended | SingularMatrixError | StoppedError}
 */
export async function slowestInLayers(
  { system, charges, symmetry, solved, inverse }: SteadyInLayers,
  charge: ChargeDifference,
  { count, observables, frequency, sure = frequency === undefined ? count : 0 }: ModesRequest,
  onSearch: OnStep,
): Promise<ModesAsNumbers | null> {
  const steady = solved.steady.rho;
  const band = Math.min(solved.steady.dmax ?? system.window.size - 1, system.window.size - 1);
  const names = namesOf(system, charges, charge, band);
  if (names.length === 0) return null;
  const isHalf = !isNeutral(charge);
  const others = otherLayers(solved, system, symmetry, names);
  const all = isHalf ? others : [solved, ...others];
  const total = all.reduce((sum, { matrix }) => sum + matrix.size, 0);
  let before = 0;
  const sectors: Searched[] = [];
  for (const layers of all) {
    const { classes } = layers.matrix.space;
    const looked = { layers, isIn: (c: number) => hasCharge(charges, charge, classes[c]) };
    const own = layers === solved ? { inverse, layered: solved.layered } : null;
    const diagonal = diagonalOf(looked);
    const slowest = diagonal.reduce((best, d) => (d.re > best.re ? d : best));
    const omega = frequency ?? (own === null ? slowest.im : 0);
    const share = layers.matrix.size / total;
    const onStep = (part: number) => onSearch(before + share * part);
    // Beyond as many as there are, an iteration finds what rounding has left.
    const most = Math.min(count, diagonal.length - (own === null ? 0 : 1));
    // Of a sector and its conjugate one is looked at, where both have the charge.
    const isMirrored = own === null && !isHalf && frequency === undefined;
    sectors.push(await searched({ ...looked, own, omega, isHalf, isMirrored }, most, onStep));
    before += share;
  }
  const modesIn = (sector: Searched): Found[] => {
    const { layers, own, isIn } = sector;
    const units = new LayeredUnits(layers.matrix, own !== null, isIn, steady);
    return modesOf(sector).map((mode) => told(mode, units, own !== null));
  };
  const near = sectors.flatMap(modesIn);
  const again = (sector: Searched, omega: number) => {
    const isMirrored = !isHalf && omega !== 0;
    return searched({ ...sector, omega, isMirrored }, AROUND, () => onSearch(1));
  };
  const beside =
    sure === 0
      ? { sectors: [], upTo: 0 }
      : await slowerInLayers(sectors, inverse.nulls, again, (further) => {
          const all = byRate<{ readonly value: Complex }>([...near, ...further]);
          return { rate: lastRate(all, sure), count: sure };
        });
  const found = byRate([...near, ...beside.sectors.flatMap(modesIn)]).slice(0, count);
  const isCut = found.some(
    ({ value, known: { error }, mode: { leftOut } }) =>
      leftOut > Math.max(error - leftOut, BEYOND * sizeOf(value)),
  );
  if (isCut && solved.steady.dmax !== null) throw new Ended(TOO_NARROW);
  const beyond = sectors.flatMap((sector) => {
    const { omega, radius, isMirrored } = sector;
    const from = (im: number) => (isMirrored ? Math.abs(im) - Math.abs(omega) : im - omega);
    return diagonalOf(sector)
      .filter(({ re, im }) => Math.hypot(re, from(im)) > radius)
      .map(({ re }) => 0 - re);
  });
  const certificates = found.map(({ known }) => known);
  const modes: SectorModes = {
    charge,
    size: sectors.reduce((sum, sector) => sum + diagonalOf(sector).length, 0),
    method: 'arnoldi',
    radius: Math.min(...sectors.map(({ radius }) => radius)),
    ...slowAmong(beyond, found),
    completeUpTo: beside.upTo,
    shift: { re: 0, im: sectors[0].omega },
    modes: described(found, certificates, charge, steady, observables),
  };
  return { modes, vectors: found };
}

/**
 * The slowest modes of some charges, which are counted by no level.
 * @returns null where layers are no way to it
 * @throws {ParameterError} where it takes more memory than there is
 * @throws {StoppedError}
 */
export function layeredModes(
  system: OpenSystem,
  wanted: readonly ChargeDifference[],
  request: ModesRequest,
  { onSearch, ...hooks }: LayeredFluctuationHooks = {},
): Promise<LayeredModes | null> {
  return withInverse(system, hooks, 'frequency', async (solved, inverse, symmetry) => {
    const charges = chargesOf(system, symmetry);
    const of = { system, charges, symmetry, solved, inverse };
    const found = new Map<string, ModesAsNumbers | null>();
    for (const [k, charge] of wanted.entries()) {
      const onStep = async (share: number) =>
        (await onSearch?.((k + share) / wanted.length)) ?? true;
      found.set(chargeKey(charge), await slowestInLayers(of, charge, request, onStep));
    }
    return { steady: inverse.state, of: (charge) => found.get(chargeKey(charge)) ?? null };
  });
}
