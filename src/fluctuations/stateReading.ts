/**
 * What is read off a steady state itself, whoever has solved for it: how often it jumps, its entropy, and what each bath
 * produces of it.
 */
import type { Estimate } from '../lindblad/estimate.js';
import type { ElementReader, Unknowns } from '../lindblad/functional.js';
import type { BoundSector } from '../lindblad/sectorProgram.js';
import { bareErrors, bareVector } from './bareState.js';
import type { EntropyOfState, StateErrors } from './entropyProduction.js';
import { LogarithmErrors } from './logarithmErrors.js';
import { bareOf, type FluctuatingMachine, type FluctuationProgram } from './program.js';
import { logarithmOf, type SectorLogarithm } from './sectorLogarithm.js';

/** A state as a vector of a sector, with its logarithm, and what both may be off by. */
interface LoggedState extends SectorLogarithm {
  readonly sector: BoundSector;
  readonly x: Float64Array;
  /** Null where it is known to rounding. */
  readonly off: StateErrors | null;
}

function logged(sector: BoundSector, x: Float64Array, errors: Float64Array | null): LoggedState {
  const off = errors && { errors, ofLogarithm: new LogarithmErrors(sector, { x, errors }) };
  return { sector, x, off, ...logarithmOf(sector, x) };
}

/** Everything of it is asked for while the sector's numbers are the machine's. */
export class StateReading {
  #own: LoggedState | undefined;
  #bare: LoggedState | undefined;

  /**
   * @param state in the sector; without errors where it is known to rounding
   * @param between the same between bare states
   */
  constructor(
    private readonly program: FluctuationProgram,
    private readonly machine: FluctuatingMachine,
    private readonly sector: BoundSector,
    private readonly state: Pick<Unknowns, 'x'> & { readonly errors: Float64Array | null },
    private readonly between: () => ElementReader,
  ) {}

  get #logged(): LoggedState {
    const { x, errors } = this.state;
    this.#own ??= logged(this.sector, x, errors);
    return this.#own;
  }

  /** The state between bare states. */
  get #loggedBare(): LoggedState {
    if (this.#bare === undefined) {
      const elements = this.between();
      const { sector } = bareOf(this.machine).on(this.sector.window);
      const errors = this.state.errors && bareErrors(sector, elements);
      this.#bare = logged(sector, bareVector(sector, elements), errors);
    }
    return this.#bare;
  }

  /** How often a bath makes it jump. @param bath by its place */
  activity(bath: number): Estimate {
    const { x, errors } = this.state;
    const elements = this.program.baths[bath].jumps.on(this.sector);
    return { value: elements.rate(x), error: elements.rateError(x, errors) };
  }

  /** −Tr ρ ln ρ */
  get entropy(): number {
    return this.#logged.entropy;
  }

  /** @param bath by its place */
  entropyProduction(bath: number): EntropyOfState {
    const { entropy, isBare } = this.program.baths[bath];
    const { sector, x, logarithm, off } = isBare ? this.#loggedBare : this.#logged;
    if (isBare) sector.numbers.fill(this.machine.values);
    return entropy.read(sector, x, logarithm, off);
  }
}
