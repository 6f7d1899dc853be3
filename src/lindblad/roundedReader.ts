/** What reads a state in float64: by its elements, or with errors by the adjoint. */
import { zeros } from '../zeros.js';
import type { PairPlaces } from './eigenbasis.js';
import { type Combination, type ExactEstimate, estimated } from './estimate.js';
import type { FlowProgram } from './flows.js';
import type { ElementReader, Functional, Representation, Unknowns } from './functional.js';
import type { FoundMeans, StepsBeingTaken } from './readingSteps.js';
import { roundedMean } from './roundedMean.js';
import type { HeldState } from './sectorMeans.js';
import type { BoundSector } from './sectorProgram.js';
import { rowOf } from './sectorRow.js';
import { type BareState, bareStateOf, SectorElements } from './stateElements.js';
import type { StateErrors } from './stateErrors.js';
import { meanOf, type Room, RoomForNumbers, type StateReader } from './stateReader.js';

/** The relative error of a flow that is good enough for no other way to be tried, beside what is lost of the state … */
const GOOD = 1e-12;
/** … and with it, in units of the one from which on more digits are computed. */
const GOOD_SHARE = 0.4;

/** Of a machine on a window, what its states are read with. */
export interface ReadMachine {
  readonly sector: BoundSector;
  readonly compiled: {
    readonly pairs: readonly PairPlaces[];
    readonly holdsBareStates: boolean;
    readonly flows: Pick<FlowProgram, 'room' | 'derived'>;
  };
}

abstract class RoundedReader extends RoomForNumbers implements StateReader {
  readonly isExact = false;
  abstract readonly good: number;
  abstract readonly floor: number;

  constructor(
    protected readonly sector: BoundSector,
    readonly enough: number,
    room: Room,
  ) {
    super(room);
  }

  rounded(at: number): number {
    return this.sector.numbers.scalar(at);
  }

  number(at: number): ExactEstimate {
    const high = this.rounded(at);
    return estimated(high, 0, Number.EPSILON * Math.abs(high));
  }

  abstract mean(functional: Functional, representation: Representation): ExactEstimate;
}

/** Reads elements with what each may be off by. */
export class ElementsReader extends RoundedReader {
  readonly good: number;

  /**
   * @param eigen the elements of a state as it is held
   * @param between the same between bare states
   * @param floor what any flow may be off by because populations are
   */
  constructor(
    { sector, compiled }: ReadMachine,
    protected readonly eigen: ElementReader,
    protected readonly held: HeldState,
    protected readonly between: BareState,
    enough: number,
    readonly floor: number,
  ) {
    super(sector, enough, compiled.flows.room);
    this.good = GOOD_SHARE * enough;
  }

  mean(functional: Functional, representation: Representation): ExactEstimate {
    const { eigen, held, sector } = this;
    const { bare, heldBare } = this.between;
    const read = representation === 'bare' ? bare : eigen;
    const state = read === eigen ? held : heldBare;
    const found = state && sector.heldMean(functional, state, read === eigen ? 'eigen' : 'bare');
    return found ?? meanOf(functional, sector.numbers, read, held.rounding);
  }
}

/** The same by ways that are known from states before. */
export class SteppedReader extends ElementsReader {
  foundMeans(representation: Representation): FoundMeans | null {
    const { eigen, held, sector } = this;
    const { bare, heldBare } = this.between;
    if (representation === 'eigen' || bare === eigen) return sector.foundMeans(held, 'eigen');
    return heldBare && sector.foundMeans(heldBare, 'bare');
  }

  writtenDown(steps: StepsBeingTaken): StateReader {
    return new WrittenReader(this, this.sector, steps);
  }
}

/** Reads the same numbers, and has it written down how. */
class WrittenReader extends RoundedReader {
  readonly good: number;
  readonly floor: number;

  constructor(
    private readonly reader: ElementsReader & Pick<StateReader, 'acrossCuts'>,
    sector: BoundSector,
    readonly steps: StepsBeingTaken,
  ) {
    super(sector, reader.enough, { flows: 0, means: 0 });
    this.good = reader.good;
    this.floor = reader.floor;
  }

  mean(functional: Functional, representation: Representation): ExactEstimate {
    const found = this.reader.mean(functional, representation);
    this.steps.read(found, { source: representation, of: functional });
    return found;
  }

  acrossCuts(place: number): ExactEstimate | null {
    const found = this.reader.acrossCuts?.(place) ?? null;
    if (found !== null) this.steps.read(found, { source: 'cuts', of: place });
    return found;
  }
}

/** The same numbers with errors by the adjoint. */
export class AdjointReader extends RoundedReader {
  readonly good = GOOD;
  readonly floor = 0;
  readonly #eigen: ElementReader;
  readonly #bare: ElementReader;
  readonly #pairs: readonly PairPlaces[];

  /** @param state its unknowns, and what each may be off by */
  constructor(
    { sector, compiled }: ReadMachine,
    private readonly state: Unknowns,
    private readonly errors: StateErrors,
    enough: number,
  ) {
    super(sector, enough, compiled.flows.room);
    const exact = { x: state.x, errors: zeros(state.x.length), rounding: 0 };
    this.#eigen = new SectorElements(sector, exact.x, exact.errors);
    this.#bare = bareStateOf(compiled, sector, this.#eigen, exact).bare;
    this.#pairs = compiled.pairs;
  }

  mean(functional: Functional, representation: Representation): ExactEstimate {
    const read = representation === 'bare' ? this.#bare : this.#eigen;
    const { numbers } = this.sector;
    return roundedMean(functional, representation, read, numbers, this.errors.rounding);
  }

  lostOf(made: Combination, tolerated: number): number {
    return this.errors.lost(rowOf(made, this.sector, this.#pairs), tolerated, this.state.errors);
  }
}
