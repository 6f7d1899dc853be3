/** How many points are asked for at once: as many as take about a tenth of a second. */

/** A newer request need not wait longer for what is under way. */
const TASK_MS = 100;
const MOST = 2048;
/** What the latest task counts for. */
const WEIGHT = 0.3;

export class Pace {
  #each: number | null = null;

  /** @param first points of the first tasks, before any time is known */
  constructor(private readonly first = 16) {}

  get points(): number {
    if (this.#each === null) return this.first;
    return Math.min(MOST, Math.max(1, Math.round(TASK_MS / this.#each)));
  }

  /** Takes the time of so many points. */
  async timed<T>(points: number, solve: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const found = await solve();
    const each = (performance.now() - begin) / points;
    this.#each = this.#each === null ? each : WEIGHT * each + (1 - WEIGHT) * this.#each;
    return found;
  }
}
