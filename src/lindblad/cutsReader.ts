/** What reads the state of another solver, which nobody solves with more digits: flows by cuts of the ladder, too. */
import { CutFlows } from './cutFlows.js';
import { cutsOf, type DerivedCuts } from './derivedCuts.js';
import type { ExactEstimate } from './estimate.js';
import type { FoundCuts } from './readingSteps.js';
import { type ReadMachine, SteppedReader } from './roundedReader.js';
import type { HeldStates } from './sectorCuts.js';

export class CutsReader extends SteppedReader {
  readonly #machine: ReadMachine;
  readonly #states: HeldStates;
  #known: DerivedCuts | undefined;
  #flows: CutFlows | undefined;

  constructor(...of: ConstructorParameters<typeof SteppedReader>) {
    super(...of);
    [this.#machine] = of;
    const { bare, heldBare } = this.between;
    this.#states = { eigen: this.held, bare: bare === this.eigen ? this.held : heldBare };
  }

  acrossCuts(place: number): ExactEstimate | null {
    const { sector, held } = this;
    this.#known ??= cutsOf(this.#machine.compiled.flows.derived());
    const currents = this.#known.on(sector.window.size);
    const across = this.#known.acrossAt(place);
    if (currents === null || across === null) return null;
    const byCode = sector.heldFlow(this.#states, currents, [place, across]);
    if (byCode !== null) return byCode;
    const readers = { eigen: this.eigen, bare: this.between.bare };
    this.#flows ??= new CutFlows(sector, currents, readers, held.rounding);
    return this.#flows.flow(across);
  }

  foundCuts(): FoundCuts | null {
    return this.sector.foundCuts(this.#states);
  }
}
