/** What is known of the flows of a machine by cuts of its ladder, whatever its numbers. */
import { perObject } from '../perObject.js';
import {
  type AcrossCuts,
  ANY_OF_LEVEL,
  type CurrentOnWindow,
  CutCurrent,
  cutWeight,
} from './cutCurrents.js';
import type { Derivation } from './flowPlan.js';

export class DerivedCuts {
  #currents: readonly CutCurrent[] | null | undefined;
  /** By the size of a window. */
  readonly #onWindows = new Map<number, readonly CurrentOnWindow[] | null>();
  readonly #across = new Map<number, AcrossCuts | null>();

  constructor(private readonly flows: Derivation) {}

  /**
   * What the channels carry through cuts of the ladder, in their order, on a window of so many levels; null where that is
   * not known of all of them.
   */
  on(size: number): readonly CurrentOnWindow[] | null {
    let known = this.#onWindows.get(size);
    if (known === undefined) {
      known = allOf(this.#known?.map((current) => current.on(size)) ?? null);
      this.#onWindows.set(size, known);
    }
    return known;
  }

  get #known(): readonly CutCurrent[] | null {
    if (this.#currents === undefined) {
      const { channels, forms, tape } = this.flows;
      const any = forms.ofLevel(ANY_OF_LEVEL);
      const all = channels.map((channel) => {
        const action = this.flows.actionOf(any, channel);
        return action && new CutCurrent(tape, action.form, action.representation);
      });
      this.#currents = allOf(all);
    }
    return this.#currents;
  }

  /** The flow that is the mean at a place, by cuts; null where it is not known so. */
  acrossAt(place: number): AcrossCuts | null {
    let known = this.#across.get(place);
    if (known === undefined) {
      known = this.#findAcross(place);
      this.#across.set(place, known);
    }
    return known;
  }

  #findAcross(place: number): AcrossCuts | null {
    const { flows } = this;
    for (const [name, { bare }] of Object.entries(flows.forms.quantities)) {
      for (const [channel, by] of flows.channels.entries()) {
        const { action } = flows.flow(name, by);
        if (bare === null || action === null || action.isNothing || action.place !== place)
          continue;
        const isBare = action.representation === 'bare';
        const weight = cutWeight(flows.forms.bare, channel, bare, isBare);
        if (weight !== null) return { channel, weight: flows.tape.place(weight) };
      }
    }
    return null;
  }
}

/** Null where one is. */
const allOf = <T>(some: readonly (T | null)[] | null): readonly T[] | null =>
  some === null || some.includes(null) ? null : (some as readonly T[]);

/** Found once. */
export const cutsOf = perObject((flows: Derivation) => new DerivedCuts(flows));
