/**
 * Steady states of a machine in the sector of its populations: compiled once for the terms that are there, bound once
 * for each window, then solved device after device.
 */

import { ExactNumbers } from '../machine/exactNumbers.js';
import { constant, level, productOf, sumOf } from '../machine/expression.js';
import { activeMachine, activityKey, type Machine } from '../machine/machine.js';
import { ladderOperator, type OperatorForm, real, sum } from '../machine/operatorForm.js';
import { bounds, EVERYWHERE } from '../machine/range.js';
import type { Numbers, Place, Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import {
  conservingNullVector,
  type Ending,
  NonUniqueSteadyStateError,
  type NullVector,
} from '../solve/conservingElimination.js';
import { zeros } from '../zeros.js';
import { conservedCharges } from './charges.js';
import { EigenbasisError, type PairEigenbasis, type PairPlaces } from './eigenbasis.js';
import { type ElementClass, type EquationForm, movesOf } from './equation.js';
import { type ExactState, exactStateOf, exactUnknowns } from './exactState.js';
import {
  type ElementReader,
  type ElementTable,
  type Estimate,
  FlowProgram,
  type Functional,
  functionalOf,
  meanOf,
  type Quantity,
  type Reader,
  ROUNDING,
  type StateReader,
} from './flows.js';
import { type EquationOf, hamiltonianOf, localEquation } from './masterEquation.js';
import { type BoundSector, RELATIVE, SectorProgram } from './sectorProgram.js';
import { rowOf } from './sectorRow.js';
import { StateErrors } from './stateErrors.js';

/** Charges that are tried as multiples of one another. */
const TRIED = [-1, 0, 1] as const;
const MOST_CHARGES = 3;

/**
 * Σ_s Σ_l (c_s + m l)|s, l⟩⟨s, l| of small combinations of the conserved charges.
 * @param equation between bare states: pairs that H mixes have one charge, which so is that of their eigenstates
 */
function chargeOperators(equation: EquationForm): OperatorForm[] {
  const { states } = equation;
  const charges = conservedCharges(movesOf(equation))
    .filter((c) => c[states] !== 0 || c.some((x, s) => s < states && x !== c[0]))
    .slice(0, MOST_CHARGES);
  let combinations: Float64Array[] = [new Float64Array(states + 1)];
  for (const charge of charges) {
    combinations = combinations.flatMap((c) =>
      TRIED.map((t) => c.map((x, i) => x + t * charge[i])),
    );
  }
  const found: OperatorForm[] = [];
  for (const c of combinations) {
    // Of a charge and its negative one is enough, and a constant is none.
    const first = c.findIndex((x, s) => (s === states ? x !== 0 : x !== c[0]));
    const relative = first === states ? c[states] : c[first] - c[0];
    if (first < 0 || relative < 0) continue;
    found.push(
      Array.from({ length: states }, (_, s) => ({
        to: s,
        from: s,
        shift: 0,
        range: EVERYWHERE,
        f: real(sumOf(constant(c[s] - c[0]), productOf(constant(c[states]), level))),
      })),
    );
  }
  return found;
}

/** The relative error of a flow that is good enough for no other way to be tried, and for no more digits. */
const GOOD = 1e-12;
const ENOUGH = 1e-11;
/** Where populations may lose more, relative to themselves, errors of single elements are too large for most flows. */
const LOST_BY_ELEMENTS = 16 * RELATIVE;
const MOST_WINDOWS = 64;
/** What rounding takes from the exponents along the way to a population, relative to them. */
const IN_EXPONENTS = 32 * Number.EPSILON;
/** Below it what cancels is no more than elsewhere. */
const RESONANT = 1.5;
/** No digit of a population is left, and its errors are still finite. */
const EVERYTHING = 1 / Number.EPSILON;
/** Beyond it e^−x is 0. */
const LARGEST_EXPONENT = 746;

/** Why there is no sector to solve in. */
export class NoSectorError extends Error {
  override readonly name = 'NoSectorError';
}

const compiledSectors = new Map<string, CompiledSector>();
const keys = new WeakMap<Machine | EquationOf, number>();
let made = 0;

function keyOf(part: Machine | EquationOf): number {
  let key = keys.get(part);
  if (key === undefined) {
    key = made++;
    keys.set(part, key);
  }
  return key;
}

/** The compiled machine of a device: made once for all devices with the same terms. */
export function compiledSector(
  machine: Machine,
  equationOf: EquationOf,
  values: Values,
): CompiledSector {
  const key = `${keyOf(machine)} ${keyOf(equationOf)} ${activityKey(machine, values)}`;
  let known = compiledSectors.get(key);
  if (known === undefined) {
    known = new CompiledSector(activeMachine(machine, values), equationOf);
    compiledSectors.set(key, known);
  }
  return known;
}

/** A machine with its master equation and the terms that are there, ready for any window. */
export class CompiledSector {
  readonly program: SectorProgram;
  readonly flows: FlowProgram;
  readonly pairs: readonly PairPlaces[];
  readonly #frequencies: readonly {
    readonly place: Place;
    /** Of the bath, its inverse temperature. */
    readonly beta: number;
    readonly range: (size: number) => readonly [number, number];
  }[];
  readonly quantities: Readonly<Record<string, Quantity>>;
  /** Baths of which the master equation makes the jumps. */
  readonly thermal: readonly string[];
  /** The rates at which each thermal bath takes each eigenstate elsewhere; none where there are no eigenstates. */
  readonly departures: readonly Departures[];
  /** The classes of the sector between bare states. */
  readonly bareClasses: readonly ElementClass[];

  /**
   * @throws {NoSectorError} where no charge of the ladder is conserved; {EigenbasisError} where the global equation
   * has no eigenbasis in closed form
   */
  constructor(machine: Machine, equationOf: EquationOf) {
    const { equation, basis, frequencies } = equationOf(machine);
    const eigen = basis === null ? null : equation;
    const bare = eigen === null ? equation : localEquation(machine).equation;
    const program = SectorProgram.of(equation);
    if (program === null) {
      throw new NoSectorError(`no charge of the ladder is conserved by ${machine.name}`);
    }
    this.program = program;
    this.thermal = machine.baths.filter(({ kind }) => kind === 'thermal').map(({ name }) => name);
    this.quantities = quantitiesOf(machine, basis);
    this.flows = new FlowProgram(program.tape, {
      bare,
      eigen,
      thermal: new Set(this.thermal),
      balances: [
        ...chargeOperators(bare).map((q, k) => ({
          key: `charge ${k}`,
          bare: q,
          eigen: q,
          isCharge: true,
        })),
        ...machine.energies.map(({ name }) => this.quantities[name]),
      ],
    });
    this.pairs =
      basis?.pairs.map((pair) => ({
        ...pair,
        cosine: program.tape.place(basis.cosine(pair)),
        sine: program.tape.place(basis.sine(pair)),
      })) ?? [];
    this.departures = eigen === null ? [] : departuresOf(program, eigen, this.thermal);
    this.bareClasses = [...program.classes];
    for (const { u, v, apart } of this.pairs) {
      if (program.classOf(u, v) >= 0) continue;
      this.bareClasses = [
        ...this.bareClasses,
        { ket: u, bra: v, apart: -apart },
        { ket: v, bra: u, apart },
      ];
    }
    this.#frequencies = frequencies.map(({ term, quantum, beta }) => ({
      place: program.tape.place(quantum),
      beta: program.tape.scalar(beta),
      range: (size: number) => bounds(term.range, size),
    }));
  }

  readonly #bound = new Map<string, BoundMachine>();

  /** On a window: the one that was made for it before, where it is still kept. */
  on(window: Window): BoundMachine {
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
      const [first, end] = range(window.size);
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
}

/** Σ_j A_j†A_j of one bath on one state. */
interface Departures {
  readonly state: number;
  readonly rates: Functional;
}

const departuresOf = (
  { tape, states }: SectorProgram,
  { dissipators }: EquationForm,
  baths: readonly string[],
): Departures[] =>
  dissipators
    .filter(({ name }) => baths.includes(name))
    .flatMap(({ decay }) =>
      Array.from({ length: states }, (_, state) => ({
        state,
        rates: functionalOf(
          tape,
          decay.filter(({ to, from }) => to === state && from === state),
        ),
      })),
    )
    .filter(({ rates }) => rates.length > 0);

function quantitiesOf(machine: Machine, basis: PairEigenbasis | null): Record<string, Quantity> {
  const { states, energies } = machine;
  const quantity = (key: string, form: OperatorForm): [string, Quantity] => [
    key,
    { key, bare: form, eigen: basis?.rotated(form) ?? null, isCharge: false },
  ];
  return {
    ...Object.fromEntries(energies.map(({ name, operator }) => quantity(name, operator))),
    ...Object.fromEntries([
      quantity('free', sum(...energies.filter((e) => e.isHeat).map(({ operator }) => operator))),
      quantity('level', ladderOperator(states, 0, level)),
    ]),
    total: {
      key: 'total',
      bare: hamiltonianOf(machine),
      eigen: basis?.hamiltonian() ?? null,
      isCharge: false,
    },
  };
}

/** A steady state: its elements between bare states with their errors, and what can be asked of it. */
export interface SectorState {
  readonly window: Window;
  /** In double-double where float64 has lost too much of them. */
  readonly elements: ElementReader;
  /** The classes that it has elements in. */
  readonly classes: readonly ElementClass[];
  /** ‖𝓛ρ‖ (Frobenius norm), and the same of the magnitudes of all terms: what it is judged against. */
  readonly residual: number;
  readonly scale: number;
  /** d⟨quantity⟩/dt by channels together. */
  flow(quantity: string, channels: readonly string[]): Estimate;
  /** ⟨quantity⟩ */
  mean(quantity: string): Estimate;
}

/** What a solver's arithmetic may have lost of unknowns, beyond what rounding of float64 takes. */
export interface Lost {
  /** Of each population, relative to itself. */
  readonly relative: number;
  /** Of each unknown. */
  readonly absolute: number;
}

const NOTHING_LOST: Lost = { relative: 0, absolute: 0 };

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
    const { unknowns, ...ending } = this.#solved(values, start);
    return new SolvedSector(this, values, unknowns, ending, enough);
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
   */
  stateOf(values: Values, x: Float64Array, lost = NOTHING_LOST): SectorState {
    const { sector } = this;
    sector.numbers.fill(values);
    const ending = { centre: sector.peak(x), free: sector.siteWidth - 1 };
    return new SolvedSector(this, values, x, ending, ENOUGH, lost);
  }

  /** The device's numbers with about 30 digits; made for the first state that needs them. */
  exactNumbersOf(values: Values): ExactNumbers {
    const { window, program } = this.sector;
    this.#madeExact ??= new ExactNumbers(program.tape, window.lmin, window.size);
    if (this.#madeExact.values !== values) this.#madeExact.fill(values);
    return this.#madeExact;
  }

  /**
   * How much of the populations may be lost, relative to themselves. Between eigenstates the load's share of their
   * equations cancels against what coherences bring: of each state what that may be off by, by what the slowest of the
   * thermal baths takes. Near a resonance of the coherences it cancels whatever the states are.
   * @param uncertain what coherences may bring too much or too little of to the populations of each state
   */
  #lostOf(blocks: Float64Array, uncertain: Float64Array | null, eigen: ElementReader): number {
    const { sector, compiled } = this;
    let most = this.#resonant(blocks);
    if (uncertain === null) return most;
    for (const { state, rates } of compiled.departures) {
      if (uncertain[state] === 0) continue;
      const { high: rate } = meanOf(rates, sector.numbers, eigen, 0);
      most = Math.max(most, uncertain[state] / rate);
    }
    return Math.min(most, EVERYTHING);
  }

  /** What populations lose near a resonance of coherences, relative to themselves. */
  #resonant(blocks: Float64Array): number {
    const resonance = this.sector.resonance(blocks);
    return resonance > RESONANT ? RELATIVE * resonance : 0;
  }

  /** The same of a state that is read by others. */
  lostIn(unknowns: Float64Array): number {
    const { sector, compiled } = this;
    if (compiled.pairs.length === 0) return this.#resonant(sector.pairBlocks());
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
    const exponential = IN_EXPONENTS * exponent;
    const relative = RELATIVE + exponential;
    const { y, magnitudes } = sector.derivative(unknowns);
    const residual = sector.norm(y);
    const scale = sector.norm(magnitudes);
    const blocks = sector.pairBlocks();
    const errors = sector.errors(unknowns, blocks, magnitudes, relative, isKnown);
    const eigen = new SectorElements(sector, unknowns, errors);
    const withPairs = compiled.pairs.length > 0;
    const coherent = withPairs ? sector.coherentFlow(unknowns) : null;
    const uncertain = withPairs ? sector.coherentFlow(errors) : null;
    const lost = this.#lostOf(blocks, uncertain, eigen);
    return {
      residual,
      scale,
      frequency,
      exponent,
      exponential,
      relative,
      errors,
      eigen,
      coherent,
      lost,
    };
  }
}

/** How good a state is, as its equations tell. */
interface Judgement {
  /** ‖𝓛ρ‖, and the same of the magnitudes of all terms. */
  readonly residual: number;
  readonly scale: number;
  readonly frequency: number;
  /** The largest exponent βω. */
  readonly exponent: number;
  /** What exponentials lose, and what populations lose by rounding alone, relative to themselves. */
  readonly exponential: number;
  readonly relative: number;
  /** Of each unknown, but for what `lost` adds. */
  readonly errors: Float64Array;
  readonly eigen: SectorElements;
  /** What coherences bring to the populations of each state, in magnitude; null where no states are paired. */
  readonly coherent: Float64Array | null;
  /** What populations lose beyond rounding, relative to themselves. */
  readonly lost: number;
}

/** What is read off one solution; while the machine still has its numbers, or by putting them in again. */
class SolvedSector implements SectorState {
  readonly window: Window;
  readonly classes: readonly ElementClass[];
  readonly residual: number;
  readonly scale: number;
  readonly #bare: ElementReader;
  readonly #reader: StateReader;
  readonly #lost: number;
  readonly #isLossy: boolean;
  readonly #frequency: number;
  /** Which filling of the machine's numbers is this device's. */
  #device: number;
  readonly #exponent: number;
  #errors: StateErrors | undefined;
  #close: StateReader | undefined;
  #exact: ExactState | null | undefined;
  #elements: ElementReader | undefined;

  constructor(
    private readonly bound: BoundMachine,
    private readonly values: Values,
    private readonly unknowns: Float64Array,
    private readonly ending: Ending,
    private readonly enough: number,
    private readonly lost: Lost = NOTHING_LOST,
  ) {
    const { sector, compiled } = bound;
    const { window, numbers } = sector;
    const { pairs } = compiled;
    this.window = window;
    this.classes = compiled.bareClasses;
    this.#device = numbers.device;
    // Of another solver's equations nothing is known.
    const judged = bound.judge(unknowns, lost === NOTHING_LOST);
    const { exponential, relative, errors, eigen, coherent } = judged;
    this.residual = judged.residual;
    this.scale = judged.scale;
    this.#frequency = judged.frequency;
    this.#exponent = judged.exponent;
    this.#isLossy = lost === NOTHING_LOST && judged.lost > LOST_BY_ELEMENTS;
    this.#lost =
      judged.lost > enough && lost === NOTHING_LOST
        ? Math.min(judged.lost, this.#stateErrors().ofPopulations)
        : judged.lost + lost.relative;
    if (this.#lost > 0) {
      const more = 1 + this.#lost / relative;
      for (let i = 0; i < errors.length; i++) errors[i] = errors[i] * more + lost.absolute;
      eigen.forget();
    }
    const held = sector.hold(unknowns, errors);
    const bare = coherent === null ? eigen : betweenBareStates(eigen, pairs, numbers);
    this.#bare = bare;
    const rounding = ROUNDING + exponential;
    this.#reader = {
      isExact: false,
      good: GOOD,
      enough,
      floor: coherent === null ? 0 : RELATIVE * this.#cancelled(coherent),
      ...compiled.flows.room(),
      number: (at) => {
        const high = numbers.scalar(at);
        return { high, low: 0, error: Number.EPSILON * Math.abs(high) };
      },
      mean: (functional, representation) => {
        const read = representation === 'bare' ? bare : eigen;
        const found =
          read === eigen && held !== null ? sector.heldMean(functional, held, rounding) : null;
        return found ?? meanOf(functional, numbers, read, rounding);
      },
    };
  }

  /**
   * Between eigenstates what a strong load moves by itself cancels against what it moves through coherences. What
   * rounding leaves of that, the baths carry away.
   */
  #cancelled(coherent: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < coherent.length; i++) sum += coherent[i];
    return this.#frequency * sum;
  }

  /** Another device may have been put in since. */
  #refill(): void {
    const { numbers } = this.bound.sector;
    if (numbers.device === this.#device) return;
    numbers.fill(this.values);
    this.#device = numbers.device;
  }

  #stateErrors(): StateErrors {
    this.#errors ??= new StateErrors(
      this.bound.sector,
      this.ending.centre,
      this.unknowns,
      this.#exponent,
    );
    return this.#errors;
  }

  /** The same numbers with errors by the adjoint. Of another solver's state there are none. */
  readonly #closeReader = (): StateReader | null => {
    if (this.lost !== NOTHING_LOST) return null;
    if (this.#close === undefined) {
      const { sector, compiled } = this.bound;
      const { numbers } = sector;
      const { pairs } = compiled;
      const errors = this.#stateErrors();
      const eigen = new SectorElements(sector, this.unknowns, zeros(this.unknowns.length));
      const bare = pairs.length === 0 ? eigen : betweenBareStates(eigen, pairs, numbers);
      this.#close = {
        ...this.#reader,
        ...compiled.flows.room(),
        floor: 0,
        mean: (functional, representation) => ({
          ...meanOf(
            functional,
            numbers,
            representation === 'bare' ? bare : eigen,
            errors.rounding(functional),
          ),
          made: { kind: 'mean', functional, representation },
        }),
        lostOf: (made) => errors.lost(rowOf(made, sector, pairs)),
      };
    }
    return this.#close;
  };

  readonly #exactState = (): ExactState | null => {
    // Of another solver's state there is none.
    if (this.lost !== NOTHING_LOST) return null;
    if (this.#exact === undefined) {
      const { sector, compiled } = this.bound;
      const { pairs } = compiled;
      this.#exact = exactStateOf({
        sector,
        numbers: this.bound.exactNumbersOf(this.values),
        ending: this.ending,
        unknowns: this.unknowns,
        lost: this.#lost,
        pairs,
        cancelled: (x) => (pairs.length === 0 ? 0 : this.#cancelled(sector.coherentFlow(x))),
      });
    }
    return this.#exact;
  };

  /** Each reads with smaller errors than the one before, and takes longer. */
  get #readers(): readonly Reader[] {
    const finer = [this.#closeReader, this.#exactState];
    return this.#isLossy ? finer : [() => this.#reader, ...finer];
  }

  get elements(): ElementReader {
    if (this.#elements === undefined) {
      this.#refill();
      this.#elements =
        this.#lost > this.enough ? (this.#exactState()?.elements ?? this.#bare) : this.#bare;
    }
    return this.#elements;
  }

  flow(name: string, channels: readonly string[]): Estimate {
    this.#refill();
    const { flows, quantities } = this.bound.compiled;
    const flow = flows.flow(quantities[name], channels, this.#readers);
    if (flow !== null) return flow;
    throw new RangeError(`the flow of ${name} by ${channels.join(' and ')} is not known`);
  }

  mean(name: string): Estimate {
    this.#refill();
    const { flows, quantities } = this.bound.compiled;
    const mean = flows.mean(quantities[name], this.#readers);
    if (mean !== null) return mean;
    throw new RangeError(`the mean of ${name} is not known`);
  }
}

/** Reads the unknowns of a sector, each class when it is first asked for. */
class SectorElements implements ElementReader {
  #known: (ElementTable | undefined)[] = [];

  constructor(
    private readonly sector: BoundSector,
    private readonly unknowns: Float64Array,
    private readonly errors: Float64Array,
  ) {}

  get window(): Window {
    return this.sector.window;
  }

  read(ket: number, bra: number, apart: number): ElementTable | null {
    const { program } = this.sector;
    const c = program.classOf(ket, bra);
    if (c < 0 || program.classes[c].apart !== apart) return null;
    let known = this.#known[c];
    if (known === undefined) {
      known = {
        ...this.sector.elements(this.unknowns, c),
        ...this.sector.errorTables(this.errors, c),
      };
      this.#known[c] = known;
    }
    return known;
  }

  /** The errors are other ones now. */
  forget(): void {
    this.#known = [];
  }
}

/** The same state between bare states: each pair is turned back by its angle. */
function betweenBareStates(
  eigen: ElementReader,
  pairs: readonly PairPlaces[],
  numbers: Numbers,
): ElementReader {
  const states = 1 + pairs.reduce((most, { u, v }) => Math.max(most, u, v), 0);
  const turned: (ElementTable | undefined)[] = new Array(states * states);
  const inPair: boolean[] = new Array(states);
  for (const pair of pairs) {
    const { u, v } = pair;
    const { upper, lower, mixed } = turnedBack(eigen, pair, numbers);
    turned[u * states + u] = upper;
    turned[v * states + v] = lower;
    turned[u * states + v] = mixed;
    inPair[u] = true;
    inPair[v] = true;
  }
  return {
    window: eigen.window,
    read: (ket, bra, apart) => {
      const isNear = ket < states && bra < states;
      const found = isNear ? turned[ket * states + bra] : undefined;
      if (found !== undefined) return found;
      const other = isNear ? turned[bra * states + ket] : undefined;
      if (other !== undefined) {
        const adjoint = conjugated(other, apart);
        turned[ket * states + bra] = adjoint;
        return adjoint;
      }
      const table = eigen.read(ket, bra, apart);
      if (table !== null && (inPair[ket] || inPair[bra])) {
        throw new EigenbasisError('coherences between different pairs are not turned back');
      }
      return table;
    },
  };
}

/** The populations of both states of a pair, and ⟨u|ρ|v⟩, by the level of the ket. */
function turnedBack(
  eigen: ElementReader,
  { u, v, apart, cosine, sine }: PairPlaces,
  numbers: Numbers,
): { upper: ElementTable; lower: ElementTable; mixed: ElementTable } {
  const { size } = eigen.window;
  const upper = eigen.read(u, u, 0) as ElementTable;
  const lower = eigen.read(v, v, 0) as ElementTable;
  const coherence = eigen.read(u, v, -apart);
  const [p, q] = [zeros(size), zeros(size)];
  const [dp, dq] = [zeros(size), zeros(size)];
  p.set(upper.re);
  q.set(lower.re);
  dp.set(upper.error);
  dq.set(lower.error);
  const [re, im, error, imError] = [zeros(size), zeros(size), zeros(size), zeros(size)];
  const cosines = cosine.kind === 'table' ? numbers.table(cosine.at) : null;
  const sines = sine.kind === 'table' ? numbers.table(sine.at) : null;
  const cosine0 = cosine.kind === 'scalar' ? numbers.scalar(cosine.at) : 0;
  const sine0 = sine.kind === 'scalar' ? numbers.scalar(sine.at) : 0;
  for (let i = Math.max(0, -apart); i < size - Math.max(0, apart); i++) {
    const j = i + apart;
    const c = cosines === null ? cosine0 : cosines[i];
    const s = sines === null ? sine0 : sines[i];
    const gap = p[j] - q[i];
    const x = coherence === null ? 0 : coherence.re[j];
    const y = coherence === null || coherence.im === null ? 0 : coherence.im[j];
    const lost = coherence === null ? 0 : coherence.error[j];
    const imLost = coherence === null || coherence.imError === null ? 0 : coherence.imError[j];
    // Nothing cancels: sin²α is at most ½.
    const fromGap = s * s * gap;
    const fromCoherence = 2 * c * s * x;
    const moved = fromGap + fromCoherence;
    p[j] -= moved;
    q[i] += moved;
    const cs = Math.abs(c * s);
    const both = dp[j] + dq[i];
    const more =
      s * s * both + 2 * cs * lost + ROUNDING * (Math.abs(fromGap) + Math.abs(fromCoherence));
    dp[j] += more;
    dq[i] += more;
    re[j] = c * s * gap + (c * c - s * s) * x;
    im[j] = y;
    error[j] = cs * both + lost + ROUNDING * (cs * Math.abs(gap) + Math.abs(x));
    imError[j] = imLost + ROUNDING * Math.abs(y);
  }
  return {
    upper: { re: p, im: null, error: dp, imError: null },
    lower: { re: q, im: null, error: dq, imError: null },
    mixed: { re, im, error, imError },
  };
}

/** ⟨v|ρ|u⟩ of ⟨u|ρ|v⟩, by the level of its own ket. @param apart the level of its bra less that of its ket */
function conjugated(elements: ElementTable, apart: number): ElementTable {
  const size = elements.re.length;
  const moved = (values: Float64Array, sign: 1 | -1): Float64Array => {
    const out = new Float64Array(size);
    for (let i = Math.max(0, -apart); i < size - Math.max(0, apart); i++) {
      out[i] = sign * values[i + apart];
    }
    return out;
  };
  return {
    re: moved(elements.re, 1),
    im: elements.im && moved(elements.im, -1),
    error: moved(elements.error, 1),
    imError: elements.imError && moved(elements.imError, 1),
  };
}
