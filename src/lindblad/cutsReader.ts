/** What reads the state of another solver, which nobody solves with more digits: flows by cuts of the ladder, too. */
import { CutFlows } from './cutFlows.js';
import { cutsOf, type DerivedCuts } from './derivedCuts.js';
import type { ExactEstimate } from './estimate.js';
import { ElementsReader } from './roundedReader.js';

export class CutsReader extends ElementsReader {
  readonly #known: DerivedCuts;
  readonly #flows: CutFlows | null;

  constructor(
    ...[machine, eigen, held, between, enough, floor]: ConstructorParameters<typeof ElementsReader>
  ) {
    super(machine, eigen, held, between, enough, floor);
    const { sector, compiled } = machine;
    this.#known = cutsOf(compiled.flows.derived());
    const readers = { eigen, bare: between.bare };
    this.#flows = CutFlows.of(sector, this.#known.currents, readers, held.rounding);
  }

  acrossCuts(place: number): ExactEstimate | null {
    const across = this.#flows && this.#known.acrossAt(place);
    return across && (this.#flows as CutFlows).flow(across);
  }
}
