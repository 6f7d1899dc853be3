import { getOrInsert } from '../maps.js';

/** What is made of each of several counters, when it is first asked for. */
export class ByName<S, T> {
  readonly #made = new Map<string, T>();

  constructor(
    private readonly sources: ReadonlyMap<string, S>,
    private readonly make: (source: S, name: string) => T,
  ) {}

  /** @throws {RangeError} for a name that there is not */
  source(name: string): S {
    const found = this.sources.get(name);
    if (found === undefined) throw new RangeError(`nothing is counted by the name of ${name}`);
    return found;
  }

  of(name: string): T {
    return getOrInsert(this.#made, name, () => this.make(this.source(name), name));
  }
}
