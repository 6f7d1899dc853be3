/** Flows of a steady state by what goes through each cut of the ladder, of the two sums for it the one that loses less. */
import type { Place } from '../machine/tape.js';
import { zeros } from '../zeros.js';
import type { AcrossCuts, CutCurrent, CutRun } from './cutCurrents.js';
import { type ExactEstimate, estimated } from './estimate.js';
import type { ElementReader, Representation } from './functional.js';
import type { BoundSector } from './sectorProgram.js';
import { ROUNDING } from './stateReader.js';

/** Currents through the cuts, and what they may be off by. */
interface Through {
  readonly current: Float64Array;
  readonly error: Float64Array;
}

interface CurrentOnWindow {
  readonly representation: Representation;
  readonly runs: readonly CutRun[];
}

export class CutFlows {
  #all: readonly Through[] | undefined;
  readonly #best: (Through | undefined)[] = [];

  private constructor(
    private readonly sector: BoundSector,
    private readonly currents: readonly CurrentOnWindow[],
    private readonly readers: Readonly<Record<Representation, ElementReader>>,
    private readonly rounding: number,
  ) {}

  /**
   * Null where the currents are not known.
   * @param rounding what it takes from a term, relative to its magnitude
   */
  static of(
    sector: BoundSector,
    currents: readonly CutCurrent[] | null,
    readers: Readonly<Record<Representation, ElementReader>>,
    rounding: number,
  ): CutFlows | null {
    const onWindow: CurrentOnWindow[] = [];
    for (const current of currents ?? []) {
      const runs = current.on(sector.window.size);
      if (runs === null) return null;
      onWindow.push({ representation: current.representation, runs });
    }
    return currents && new CutFlows(sector, onWindow, readers, rounding);
  }

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
    const weights = this.#numbers(weight);
    let [sum, lost] = [0, 0];
    for (let cut = 0; cut < current.length; cut++) {
      const w = weights(cut);
      sum += w * current[cut];
      lost += Math.abs(w) * (error[cut] + ROUNDING * Math.abs(current[cut]));
    }
    return estimated(sum, 0, lost);
  }

  /** That of a channel, or what all others carry back. */
  #bestOf(channel: number): Through {
    const all = this.byChannel;
    const own = all[channel];
    const best = { current: own.current.slice(), error: own.error.slice() };
    for (let cut = 0; cut < own.current.length; cut++) {
      let [sum, lost] = [0, 0];
      for (const other of all) {
        if (other === own) continue;
        sum -= other.current[cut];
        lost += other.error[cut];
      }
      if (!(lost < own.error[cut])) continue;
      best.current[cut] = sum;
      best.error[cut] = lost;
    }
    return best;
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

  #add({ first, end, at, ...run }: CutRun, reader: ElementReader, sums: Through): void {
    const elements = reader.read(run.ket, run.bra, run.apart);
    if (elements === null) return;
    for (const [place, x, errors, sign] of [
      [run.re, elements.re, elements.error, 1],
      [run.im, elements.im, elements.imError ?? elements.error, -1],
    ] as const) {
      if (place === null || x === null) continue;
      const numbers = this.#numbers(place);
      for (let i = first; i < end; i++) {
        const number = sign * numbers(i);
        const term = number * x[i];
        sums.current[i + at] += term;
        sums.error[i + at] += this.rounding * Math.abs(term) + Math.abs(number) * errors[i];
      }
    }
  }

  #numbers(place: Place): (level: number) => number {
    const { numbers } = this.sector;
    if (place.kind === 'table') {
      const table = numbers.table(place.at);
      return (level) => table[level];
    }
    const number = numbers.scalar(place.at);
    return () => number;
  }
}
