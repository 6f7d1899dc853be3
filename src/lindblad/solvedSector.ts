/** What is read off one steady state, by its elements, by the adjoint, or with more digits. */

import type { ExactNumbers } from '../machine/exactNumbers.js';
import type { Values } from '../machine/tape.js';
import type { Window } from '../operators/window.js';
import type { Ending } from '../solve/conservingElimination.js';
import type { PairPlaces } from './eigenbasis.js';
import type { ElementClass } from './equation.js';
import type { Estimate } from './estimate.js';
import { type ExactState, exactStateOf } from './exactState.js';
import type { FlowProgram } from './flows.js';
import type { ElementReader, Unknowns } from './functional.js';
import { AdjointReader, type ElementsReader, SteppedReader } from './roundedReader.js';
import { type BoundSector, RELATIVE } from './sectorProgram.js';
import { bareStateOf, type SectorElements } from './stateElements.js';
import { StateErrors } from './stateErrors.js';
import { type Readers, ROUNDING, type StateReader } from './stateReader.js';

/** Where populations may lose more, relative to themselves, errors of single elements are too large for most flows. */
const LOST_BY_ELEMENTS = 16 * RELATIVE;

/** By so many times what another solver has lost of populations a flow may be off, and no more digits are asked for. */
const OF_POPULATIONS = 16;

/** A steady state: its elements between bare states with their errors, and what can be asked of it. */
export interface SectorState {
  readonly window: Window;
  /** In double-double where float64 has lost too much of them. */
  readonly elements: ElementReader;
  /** The classes that it has elements in. */
  readonly classes: readonly ElementClass[];
  /**
   * What may be lost of a population between bare states at most, relative to itself; null where only its elements tell.
   */
  readonly populationError: number | null;
  /** ‖𝓛ρ‖ (Frobenius norm), and the same of the magnitudes of all terms: what it is judged against. */
  readonly residual: number;
  readonly scale: number;
  /** The numbers that were solved for, in the order of the sector's index. */
  readonly unknowns: Unknowns;
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
  /** Whether it solved the sector's own equations, with numbers that are right to the same rounding. */
  readonly isOfEquations: boolean;
}

export const NOTHING_LOST: Lost = { relative: 0, absolute: 0, isOfEquations: true };

/** How good a state is, as its equations tell. */
export interface Judgement {
  /** ‖𝓛ρ‖, and the same of the magnitudes of all terms. */
  readonly residual: number;
  readonly scale: number;
  readonly frequency: number;
  /** The largest exponent βω. */
  readonly exponent: number;
  /** What exponentials lose, and what populations near the peak lose by rounding alone, relative to themselves. */
  readonly exponential: number;
  readonly relative: number;
  /** By how much more that is where it is most, far from the peak. */
  readonly farthest: number;
  /** Of each unknown, but for what `lost` adds. */
  readonly errors: Float64Array;
  readonly eigen: SectorElements;
  /** What coherences bring to the populations of each state, in magnitude; null where no states are paired. */
  readonly coherent: Float64Array | null;
  /** What populations lose beyond rounding, relative to themselves. */
  readonly lost: number;
}

/** A machine on a window, as far as its states know it. */
export interface SolvedMachine {
  readonly sector: BoundSector;
  readonly compiled: {
    readonly flows: FlowProgram;
    readonly pairs: readonly PairPlaces[];
    readonly holdsBareStates: boolean;
    /** The classes of the sector between bare states. */
    readonly bareClasses: readonly ElementClass[];
  };
  exactNumbersOf(values: Values): ExactNumbers;
  judge(unknowns: Float64Array, isKnown: boolean): Judgement;
}

/** What is read off one solution; while the machine still has its numbers, or by putting them in again. */
export class SolvedSector implements SectorState, Readers {
  readonly window: Window;
  readonly classes: readonly ElementClass[];
  readonly populationError: number | null;
  readonly residual: number;
  readonly scale: number;
  readonly unknowns: Unknowns;
  readonly #bare: ElementReader;
  readonly #reader: StateReader;
  /** Whether that has too large errors for most flows. */
  readonly #isLossy: boolean;
  readonly #lost: number;
  readonly #frequency: number;
  /** Which filling of the machine's numbers is this device's. */
  #device: number;
  #errors: StateErrors | undefined;
  #close: StateReader | undefined;
  #exact: ExactState | null | undefined;
  #elements: ElementReader | undefined;

  constructor(
    private readonly bound: SolvedMachine,
    private readonly values: Values,
    x: Float64Array,
    private readonly ending: Ending,
    private readonly enough: number,
    private readonly lost: Lost = NOTHING_LOST,
    Reader: typeof ElementsReader = SteppedReader,
  ) {
    const { sector, compiled } = bound;
    const { window, numbers } = sector;
    this.window = window;
    this.classes = compiled.bareClasses;
    this.#device = numbers.device;
    const judged = bound.judge(x, lost.isOfEquations);
    const { exponential, relative, errors, eigen, coherent } = judged;
    this.unknowns = { x, errors };
    this.residual = judged.residual;
    this.scale = judged.scale;
    this.#frequency = judged.frequency;
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
    const rounding = ROUNDING + exponential;
    const held = { x, errors, rounding };
    const between = bareStateOf(compiled, sector, eigen, held);
    const { bare } = between;
    this.#bare = bare;
    const isSame = bare === eigen && lost.absolute === 0 && this.#lost <= enough;
    this.populationError = isSame ? (relative + this.#lost) * judged.farthest : null;
    const floor = coherent === null ? 0 : RELATIVE * this.#cancelled(coherent);
    const tolerated = Math.max(enough, OF_POPULATIONS * lost.relative);
    this.#reader = new Reader(bound, eigen, held, between, tolerated, floor);
  }

  /** Each reads with smaller errors than the one before, and takes longer. */
  get count(): number {
    return this.#isLossy ? 2 : 3;
  }

  reader(k: number): StateReader | null {
    const which = this.#isLossy ? k + 1 : k;
    if (which === 0) return this.#reader;
    return which === 1 ? this.#closeReader() : (this.#exactState()?.reader ?? null);
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
    const { centre, eliminated } = this.ending;
    this.#errors ??= new StateErrors(
      this.bound.sector,
      centre,
      this.unknowns.x,
      () => this.bound.exactNumbersOf(this.values),
      eliminated,
    );
    return this.#errors;
  }

  /** The same numbers with errors by the adjoint. Of another solver's state there are none. */
  #closeReader(): StateReader | null {
    if (this.lost !== NOTHING_LOST) return null;
    if (this.#close === undefined) {
      this.#close = new AdjointReader(this.bound, this.unknowns, this.#stateErrors(), this.enough);
    }
    return this.#close;
  }

  #exactState(): ExactState | null {
    // Of another solver's state there is none.
    if (this.lost !== NOTHING_LOST) return null;
    if (this.#exact === undefined) {
      const { sector, compiled } = this.bound;
      const { pairs } = compiled;
      this.#exact = exactStateOf({
        sector,
        numbers: this.bound.exactNumbersOf(this.values),
        ending: this.ending,
        unknowns: this.unknowns.x,
        lost: this.#lost,
        pairs,
        cancelled: (x) => (pairs.length === 0 ? 0 : this.#cancelled(sector.coherentFlow(x))),
      });
    }
    return this.#exact;
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
    const flow = this.bound.compiled.flows.flow(name, channels, this);
    if (flow !== null) return flow;
    throw new RangeError(`the flow of ${name} by ${channels.join(' and ')} is not known`);
  }

  mean(name: string): Estimate {
    this.#refill();
    const mean = this.bound.compiled.flows.mean(name, this);
    if (mean !== null) return mean;
    throw new RangeError(`the mean of ${name} is not known`);
  }
}
