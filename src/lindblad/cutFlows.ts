/** Flows of a steady state by what goes through each cut of the ladder, of the two sums for it the one that loses less. */
import type { Place } from '../machine/tape.js';
import { zeros } from '../zeros.js';
import type { AcrossCuts, CurrentOnWindow, CutRun } from './cutCurrents.js';
import { type ExactEstimate, estimated } from './estimate.js';
import type { ElementReader, Representation } from './functional.js';
import type { BoundSector } from './sectorProgram.js';
import { ROUNDING } from './stateReader.js';

/** Currents through the cuts, and what they may be off by. */
interface Through {
  readonly current: Float64Array;
  readonly error: Float64Array;
}

export class CutFlows {
  #all: readonly Through[] | undefined;
  readonly #best: (Through | undefined)[] = [];

  /** @param rounding what it takes from a term, relative to its magnitude */
  constructor(
    private readonly sector: BoundSector,
    private readonly currents: readonly CurrentOnWindow[],
    private readonly readers: Readonly<Record<Representation, ElementReader>>,
    private readonly rounding: number,
  ) {}

  /** Of a steady state. */
  flow({ channel, weight }: AcrossCuts): ExactEstimate {
    this.#best[channel] ??= this.#bestOf(channel);
    return this.#sum(this.#best[channel], weight);
  }

  /** The same by its channel alone. */
  own({ channel, weight }: AcrossCuts): ExactEstimate {
    return this.#sum(this.byChannel[channel], weight);
  }

  #sum({ current, error }: Through, weight: Place): ExactEstimate {
    const { numbers } = this.sector;
    const table = weight.kind === 'table' ? numbers.table(weight.at) : null;
    const number = table === null ? numbers.scalar(weight.at) : 0;
    let sum = 0;
    let lost = 0;
    for (let cut = 0; cut < current.length; cut++) {
      const w = table === null ? number : table[cut];
      const through = current[cut];
      sum += w * through;
      lost += Math.abs(w) * (error[cut] + ROUNDING * Math.abs(through));
    }
    return estimated(sum, 0, lost);
  }

  /** That of a channel, or what all others carry back. */
  #bestOf(channel: number): Through {
    const all = this.byChannel;
    const own = all[channel];
    const others: Through = { current: zeros(own.current.length), error: zeros(own.error.length) };
    for (const [n, other] of all.entries()) {
      // Most channels do not move the ladder.
      if (n === channel || this.currents[n].runs.length === 0) continue;
      for (let cut = 0; cut < own.current.length; cut++) {
        others.current[cut] -= other.current[cut];
        others.error[cut] += other.error[cut];
      }
    }
    for (let cut = 0; cut < own.current.length; cut++) {
      if (others.error[cut] < own.error[cut]) continue;
      others.current[cut] = own.current[cut];
      others.error[cut] = own.error[cut];
    }
    return others;
  }

  /** What each channel carries itself. */
  get byChannel(): readonly Through[] {
    const { size } = this.sector.window;
    this.#all ??= this.currents.map(({ representation, runs }) => {
      const sums = { current: zeros(size - 1), error: zeros(size - 1) };
      for (const run of runs) this.#add(run, this.readers[representation], sums);
      return sums;
    });
    return this.#all;
  }

  #add(run: CutRun, reader: ElementReader, sums: Through): void {
    const elements = reader.read(run.ket, run.bra, run.apart);
    if (elements === null) return;
    const { re, im, error, imError } = elements;
    if (run.re !== null) this.#addPart(run, run.re, re, error, 1, sums);
    if (run.im !== null && im !== null) {
      this.#addPart(run, run.im, im, imError ?? error, -1, sums);
    }
  }

  #addPart(
    { first, end, at }: CutRun,
    place: Place,
    x: Float64Array,
    errors: Float64Array,
    sign: 1 | -1,
    { current, error }: Through,
  ): void {
    const { numbers } = this.sector;
    const { rounding } = this;
    const table = place.kind === 'table' ? numbers.table(place.at) : null;
    const same = table === null ? numbers.scalar(place.at) : 0;
    for (let i = first; i < end; i++) {
      const number = table === null ? same : table[i];
      const term = number * x[i];
      current[i + at] += sign * term;
      error[i + at] += rounding * Math.abs(term) + Math.abs(number) * errors[i];
    }
  }
}
