/**
 * The entropy that each bath produces, by Spohn: −Tr[𝓛_b(ρ)(ln ρ − ln π_b)] ≥ 0 for a fixed point π_b of the bath's own
 * dissipator 𝓛_b (H. Spohn, J. Math. Phys. 19, 1227 (1978)).
 *
 * The fixed point is looked for among diagonal states, whose populations balance each jump against its reverse, and it
 * is held against 𝓛_b itself: so approximations of the equation, such as those of the load, are in it.
 */
import type { DissipatorForm } from '../lindblad/equation.js';
import type { BoundSector, SectorProgram } from '../lindblad/sectorProgram.js';
import { isZero } from '../machine/expression.js';
import { bounds, type Range } from '../machine/range.js';
import { zeros } from '../zeros.js';
import { balancedPotential, NOT_BALANCED, type Rates, rateOf } from './balance.js';
import type { LogarithmErrors } from './logarithmErrors.js';
import { SectorMap } from './sectorMap.js';

/** What 𝓛_b leaves of its fixed point, beside the terms that cancel. */
export const FIXED = 1e-9;
/** What rounding leaves of the logarithms, and of what they multiply. */
const ROUNDING = 64 * Number.EPSILON;

export interface EntropyReading {
  readonly value: number | null;
  readonly error: number | null;
  /** Why it is not known, or infinite; null where it is. */
  readonly reason: string | null;
}

export const unknown = (reason: string): EntropyReading => ({ value: null, error: null, reason });

interface Step {
  readonly to: number;
  readonly from: number;
  readonly shift: number;
  readonly range: Range;
  readonly re: number;
  readonly im: number;
}

/** The same, with how much of its error comes from that of the state: 0 where this is known to rounding. */
export interface EntropyOfState extends EntropyReading {
  readonly lost: number;
}

/** What a state that another machine has solved for may be off by. */
export interface StateErrors {
  /** By unknown. */
  readonly errors: Float64Array;
  readonly ofLogarithm: LogarithmErrors;
}

/** One bath of a sector. */
export class BathEntropy {
  readonly #map: SectorMap;
  readonly #steps: readonly Step[];

  constructor(
    private readonly program: SectorProgram,
    dissipator: DissipatorForm,
  ) {
    const { tape } = program;
    this.#map = new SectorMap(program, dissipator);
    this.#steps = dissipator.jumps.flatMap((form) =>
      form
        .filter(({ to, from, shift }) => to !== from || shift !== 0)
        .map(({ to, from, shift, range, f }) => ({
          ...{ to, from, shift, range },
          re: isZero(f.re) ? -1 : tape.table(f.re),
          im: isZero(f.im) ? -1 : tape.table(f.im),
        })),
    );
  }

  /**
   * @param logarithm ln ρ as a vector of the sector
   * @param off where ρ is known to less than rounding
   */
  read(
    sector: BoundSector,
    rho: Float64Array,
    logarithm: Float64Array,
    off: StateErrors | null = null,
  ): EntropyOfState {
    const potential = this.#potential(sector);
    if (typeof potential === 'string') return { ...unknown(potential), lost: 0 };
    const { y, magnitudes } = this.#map.apply(sector, rho);
    const { siteWidth, sitePaired } = sector;
    let [value, error] = [0, 0];
    for (let i = 0; i < y.length; i++) {
      // An element and its conjugate stand for one.
      const twice = i % siteWidth < sitePaired ? 2 : 1;
      const difference = logarithm[i] - potential[i];
      value -= twice * y[i] * difference;
      error += ROUNDING * magnitudes[i] * (1 + Math.abs(logarithm[i]) + Math.abs(potential[i]));
    }
    const lost = off === null ? 0 : this.#lost(sector, y, off, logarithm, potential);
    return { value, error: error + lost, reason: null, lost };
  }

  /**
   * What errors of ρ leave: those of 𝓛_b(ρ), by what ln ρ − ln π_b gains with each jump, and those of ln ρ.
   * @param y 𝓛_b(ρ)
   */
  #lost(
    sector: BoundSector,
    y: Float64Array,
    { errors, ofLogarithm }: StateErrors,
    logarithm: Float64Array,
    potential: Float64Array,
  ): number {
    const { siteWidth, sitePaired } = sector;
    const row = this.#map.pulled(
      sector,
      logarithm.map((x, i) => (i % siteWidth < sitePaired ? 2 : 1) * (x - potential[i])),
    );
    const { magnitudes } = this.#map.apply(sector, errors);
    let lost = ofLogarithm.of(y, magnitudes);
    for (let i = 0; i < row.length; i++) lost += Math.abs(row[i]) * errors[i];
    return lost;
  }

  /** ln π_b, or why there is none. */
  #potential(sector: BoundSector): Float64Array | string {
    const { states } = this.program;
    const { numbers, window } = sector;
    const { size } = window;
    const rates: Rates = new Map();
    for (const { to, from, shift, range, re, im } of this.#steps) {
      const table = rateOf(rates, { to, from, shift }, size);
      const [a, b] = [re, im].map((at) => (at < 0 ? null : numbers.table(at)));
      const [first, end] = bounds(range, size);
      for (let i = first; i < end; i++) table[i] += (a?.[i] ?? 0) ** 2 + (b?.[i] ?? 0) ** 2;
    }
    const potential = balancedPotential(states, size, rates);
    if (typeof potential === 'string') return potential;
    const [fixed, logarithm] = [0, 1].map(() => zeros(sector.sites * sector.siteWidth));
    for (let s = 0; s < states; s++) {
      const { unknown: population } = this.program.unknownOf[this.program.classOf(s, s)];
      for (let i = 0; i < size; i++) {
        const at = sector.index(i + this.program.offsets[s], population);
        fixed[at] = Math.exp(potential[s * size + i]);
        logarithm[at] = potential[s * size + i];
      }
    }
    const { y, magnitudes } = this.#map.apply(sector, fixed);
    const isFixed = y.every((change, k) => Math.abs(change) <= FIXED * magnitudes[k] + 5e-324);
    return isFixed ? logarithm : NOT_BALANCED;
  }
}
