/**
 * Steady states of a machine in the sector of its populations: compiled once for the terms that are there, bound once
 * for each window, then solved device after device.
 */
import { ExactNumbers } from '../machine/exactNumbers.js';
import { activeMachine, activityKey, hasActivity, type Machine } from '../machine/machine.js';
import { bounds } from '../machine/range.js';
import type { Numbers, Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import { perObject } from '../perObject.js';
import {
  conservingNullVector,
  type Ending,
  NonUniqueSteadyStateError,
  type NullVector,
} from '../solve/conservingElimination.js';
import { RESIDUAL_TOLERANCE, relativeResidual } from '../solve/verdict.js';
import { equationRounding } from './coherenceErrors.js';
import type { PairPlaces } from './eigenbasis.js';
import type { ElementClass } from './equation.js';
import { exactUnknowns } from './exactState.js';
import { FlowProgram } from './flows.js';
import type { EquationOf } from './masterEquation.js';
import {
  type Elements,
  growWithDistance,
  lostByCoherences,
  plainMean,
  populationsOf,
} from './populationLosses.js';
import { partsOf, type SectorRecord } from './preparedSector.js';
import type { ElementsReader } from './roundedReader.js';
import { derivedParts, type SectorParts } from './sectorParts.js';
import { type BoundSector, RELATIVE, SectorProgram } from './sectorProgram.js';
import { type Judgement, NOTHING_LOST, type SectorState, SolvedSector } from './solvedSector.js';
import { holdsBareStates, SectorElements } from './stateElements.js';

export { NoSectorError } from './sectorParts.js';

const ENOUGH = 1e-11;

const MOST_WINDOWS = 64;

/** What rounding takes from the exponents along the way to a population, relative to them. */
const IN_EXPONENTS = 16 * Number.EPSILON;

/** The same between bare states, where a frequency is rounded once; relative to the sum of all baths' exponents. */
const IN_BARE_EXPONENTS = Number.EPSILON / 2;

/** Below it what cancels is no more than elsewhere. */
const RESONANT = 1.5;

/** No digit of a population is left, and its errors are still finite. */
const EVERYTHING = 1 / Number.EPSILON;

/** Beyond it e^−x is 0. */
const LARGEST_EXPONENT = 746;

/** Several transitions have one frequency. */
function distinctFrequencies(all: SectorParts['frequencies']): SectorParts['frequencies'] {
  const known = new Set<string>();
  return all.filter((one) => {
    const key = JSON.stringify(one);
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}

const compiledSectors = new Map<string, CompiledSector>();

let made = 0;

const keyOf = perObject((_: Machine | EquationOf): number => made++);

interface Compiled {
  readonly machine: Machine;
  readonly equationOf: EquationOf;
  readonly activity: string;
  readonly sector: CompiledSector;
}

/** What was asked for last: most devices have the same terms as the one before. */
let last: Compiled | null = null;

/**
 * The compiled machine of a device: made once for all devices with the same terms.
 * @param prepared what was made before for the terms of a key, if it was
 * @throws {NoSectorError} where no charge of the ladder is conserved; {EigenbasisError} where the global equation has no
 * eigenbasis in closed form
 */
export function compiledSector(
  machine: Machine,
  equationOf: EquationOf,
  values: Values,
  prepared: (activity: string) => SectorRecord | null = () => null,
): CompiledSector {
  const isLast = last?.machine === machine && last.equationOf === equationOf;
  if (last !== null && isLast && hasActivity(machine, last.activity, values)) return last.sector;
  const activity = activityKey(machine, values);
  const key = `${keyOf(machine)} ${keyOf(equationOf)} ${activity}`;
  let sector = compiledSectors.get(key);
  if (sector === undefined) {
    const record = prepared(activity);
    const active = () => activeMachine(machine, values);
    sector = new CompiledSector(
      record === null ? derivedParts(active(), equationOf) : partsOf(record, active, equationOf),
    );
    compiledSectors.set(key, sector);
  }
  last = { machine, equationOf, activity, sector };
  return sector;
}

/** A machine with its master equation and the terms that are there, ready for any window. */
export class CompiledSector {
  readonly program: SectorProgram;
  readonly flows: FlowProgram;
  readonly pairs: readonly PairPlaces[];
  /** Whether the unknowns of the sector are those between bare states, too. */
  readonly holdsBareStates: boolean;
  readonly #frequencies: SectorParts['frequencies'];
  readonly thermal: readonly string[];
  readonly departures: SectorParts['departures'];
  readonly departuresByBath: SectorParts['departuresByBath'];
  readonly #exponents: SectorParts['exponents'];
  readonly bareClasses: readonly ElementClass[];

  constructor(parts: SectorParts) {
    this.program = new SectorProgram(parts.plan, parts.tape);
    this.flows = new FlowProgram(parts.flows);
    this.pairs = parts.pairs;
    this.holdsBareStates = holdsBareStates(this.program, this.pairs);
    this.thermal = parts.thermal;
    this.departures = parts.departures;
    this.departuresByBath = parts.departuresByBath;
    this.bareClasses = parts.bareClasses;
    this.#exponents = parts.exponents;
    this.#frequencies = distinctFrequencies(parts.frequencies);
  }

  /** Of a machine, from its terms; {derivedParts} says what is thrown. */
  static of(machine: Machine, equationOf: EquationOf): CompiledSector {
    return new CompiledSector(derivedParts(machine, equationOf));
  }

  readonly #bound = new Map<string, BoundMachine>();
  #last: BoundMachine | null = null;

  /** On a window: the one that was made for it before, where it is still kept. */
  on(window: Window): BoundMachine {
    const { lmin, lmax } = this.#last?.sector.window ?? {};
    if (this.#last !== null && lmin === window.lmin && lmax === window.lmax) return this.#last;
    this.#last = this.#kept(window);
    return this.#last;
  }

  #kept(window: Window): BoundMachine {
    const key = `${window.lmin} ${window.lmax}`;
    let known = this.#bound.get(key);
    if (known === undefined) {
      if (this.#bound.size >= MOST_WINDOWS) this.#bound.clear();
      known = this.bind(window);
      this.#bound.set(key, known);
    }
    return known;
  }

  bind(window: Window): BoundMachine {
    return new BoundMachine(this, this.program.bind(window));
  }

  /**
   * The largest Bohr frequency ω at which a thermal bath acts on a window, whatever its sign, and the largest exponent
   * βω that float64 keeps; 0 without any.
   */
  largestOf(window: Window, numbers: Numbers): { frequency: number; exponent: number } {
    let frequency = 0;
    let exponent = 0;
    for (const { place, beta, range } of this.#frequencies) {
      const [first, end] = bounds(range, window.size);
      let largest = 0;
      if (place.kind === 'scalar') {
        if (first < end) largest = Math.abs(numbers.scalar(place.at));
      } else {
        const table = numbers.table(place.at);
        for (let i = first; i < end; i++) {
          const omega = Math.abs(table[i]);
          if (omega > largest) largest = omega;
        }
      }
      frequency = Math.max(frequency, largest);
      exponent = Math.max(exponent, numbers.scalar(beta) * largest);
    }
    return { frequency, exponent: Math.min(exponent, LARGEST_EXPONENT) };
  }

  /** Σ|βω| of the thermal baths between bare states, each at its largest, as far as float64 keeps e^−βω; else 0. */
  exponents(numbers: Numbers): number {
    let sum = 0;
    for (const { kind, at } of this.#exponents) {
      const largest =
        kind === 'scalar'
          ? Math.abs(numbers.scalar(at))
          : numbers.table(at).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      sum += Math.min(largest, LARGEST_EXPONENT);
    }
    return sum;
  }
}

/** What populations lose near a resonance of coherences, whatever the states are, relative to themselves. */
const resonant = (resonance: number): number => (resonance > RESONANT ? RELATIVE * resonance : 0);

/** Where an elimination of a state would end, which is looked for by those who eliminate. */
class EndingAtPeak implements Ending {
  readonly free: number;
  #centre: number | undefined;

  constructor(
    private readonly sector: BoundSector,
    private readonly x: Float64Array,
  ) {
    this.free = sector.siteWidth - 1;
  }

  get centre(): number {
    this.#centre ??= this.sector.peak(this.x);
    return this.#centre;
  }
}

/** A machine on a window, with memory for the numbers of one device at a time. */
export class BoundMachine {
  #madeExact: ExactNumbers | null = null;

  constructor(
    readonly compiled: CompiledSector,
    readonly sector: BoundSector,
  ) {}

  /**
   * The steady state of a device.
   * @param level where the populations are expected to be largest, by its index in the window
   * @param enough the relative error of a flow, or of populations, from which on more digits are computed
   * @throws {NonUniqueSteadyStateError}
   */
  steadyState(
    values: Values,
    level = -this.sector.window.lmin,
    enough: number = ENOUGH,
  ): SectorState {
    const { sector } = this;
    sector.numbers.fill(values);
    const start = sector.startAt(level);
    const ending = this.#solved(values, start);
    const { unknowns } = ending;
    const state = new SolvedSector(this, values, unknowns, ending, enough);
    if (!(relativeResidual(state.residual, state.scale) > RESIDUAL_TOLERANCE.f64)) return state;
    // Beside a very strong coupling, coherences are differences of populations that float64 has as equal.
    const found = exactUnknowns(sector, this.exactNumbersOf(values), ending, unknowns, 0);
    if (found === null) return state;
    const { centre, free } = ending;
    const closer = new SolvedSector(this, values, found.unknowns.high, { centre, free }, enough);
    return closer.residual < state.residual ? closer : state;
  }

  /**
   * The same in double-double throughout, and how far its populations may be off, relative to themselves; null where that
   * has no more digits.
   * @throws {NonUniqueSteadyStateError}
   */
  exactState(values: Values): { readonly state: SectorState; readonly relative: number } | null {
    const { sector } = this;
    sector.numbers.fill(values);
    const { unknowns, ...ending } = this.#solved(values, sector.startAt());
    const found = exactUnknowns(sector, this.exactNumbersOf(values), ending, unknowns, 0);
    if (found === null) return null;
    const state = new SolvedSector(this, values, found.unknowns.high, ending, ENOUGH);
    return { state, relative: found.relative };
  }

  /** By float64; in double-double where rounding has cut populations off from one another. */
  #solved(values: Values, start: number): NullVector {
    const { sector, compiled } = this;
    try {
      return conservingNullVector((centre) => sector.assemble(centre), start);
    } catch (error) {
      if (!(error instanceof NonUniqueSteadyStateError) || compiled.pairs.length === 0) throw error;
      const ending = { centre: sector.nearestEnding(start), free: sector.siteWidth - 1 };
      const numbers = this.exactNumbersOf(values);
      const found = exactUnknowns(sector, numbers, ending, null, 0);
      if (found === null) throw error;
      return { unknowns: found.unknowns.high, ...ending };
    }
  }

  /**
   * The state that has these unknowns, whoever solved for them.
   * @param x in the order of `sector.index`
   * @param lost what the solver may have lost of them
   * @param Reader what reads them first
   */
  stateOf(
    values: Values,
    x: Float64Array,
    lost = NOTHING_LOST,
    Reader?: typeof ElementsReader,
  ): SectorState {
    const { sector } = this;
    sector.numbers.fill(values);
    return new SolvedSector(this, values, x, new EndingAtPeak(sector, x), ENOUGH, lost, Reader);
  }

  /** The device's numbers with about 30 digits; made for the first state that needs them. */
  exactNumbersOf(values: Values): ExactNumbers {
    const { window, program } = this.sector;
    this.#madeExact ??= new ExactNumbers(program.tape, window.lmin, window.size);
    if (this.#madeExact.values !== values) this.#madeExact.fill(values);
    return this.#madeExact;
  }

  /**
   * How much of the populations may be lost between eigenstates, relative to themselves. There the load's share of their
   * equations cancels against what coherences bring: of each state what that may be off by, by what the slowest of the
   * thermal baths takes.
   * @param uncertain what coherences may bring too much or too little of to the populations of each state
   */
  #lostOf(uncertain: Float64Array, eigen: Elements): number {
    const { sector, compiled } = this;
    let most = 0;
    for (const { state, rates } of compiled.departures) {
      if (uncertain[state] === 0) continue;
      most = Math.max(most, uncertain[state] / plainMean(rates, sector, eigen));
    }
    return most;
  }

  /** What may be lost of the populations of a state that is read by others. */
  lostIn(unknowns: Float64Array): number {
    return this.judge(unknowns, true).lost;
  }

  /**
   * A state against its equations.
   * @param isKnown whether they are those that it was solved by
   */
  judge(unknowns: Float64Array, isKnown: boolean): Judgement {
    const { sector, compiled } = this;
    const { frequency, exponent } = compiled.largestOf(sector.window, sector.numbers);
    // e^x has x times the rounding of x.
    const ofBare = IN_BARE_EXPONENTS * compiled.exponents(sector.numbers);
    const exponential = IN_EXPONENTS * exponent + ofBare;
    const relative = RELATIVE + exponential;
    const { residual, scale, errors, resonance } = sector.judged(unknowns, relative, isKnown);
    const populations = populationsOf(sector, unknowns);
    // Between eigenstates `relative` has enough for the exponents of all levels.
    const farthest = growWithDistance(sector, unknowns, populations, errors, relative, ofBare);
    const eigen = new SectorElements(sector, unknowns, errors);
    const withPairs = compiled.pairs.length > 0;
    const coherent = withPairs ? sector.coherentFlow(unknowns) : null;
    const uncertain = sector.coherentFlow(errors);
    let lost = resonant(resonance);
    const elements = { x: unknowns, reader: eigen };
    if (withPairs) lost = Math.max(lost, this.#lostOf(uncertain, elements));
    else {
      const unit = Number.EPSILON / 2 / equationRounding(relative, isKnown);
      for (let state = 0; state < uncertain.length; state++) uncertain[state] *= unit;
      const byBath = compiled.departuresByBath;
      lost = Math.max(lost, lostByCoherences(sector, populations, elements, uncertain, byBath));
    }
    lost = Math.min(lost, EVERYTHING);
    return {
      residual,
      scale,
      frequency,
      exponent,
      exponential,
      relative,
      farthest,
      errors,
      eigen,
      coherent,
      lost,
    };
  }
}
