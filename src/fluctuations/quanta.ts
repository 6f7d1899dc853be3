/** Quanta of several baths, which charges may let vary in proportion alone. */
import type { Estimate } from '../lindblad/estimate.js';
import type { Statistics } from './counting.js';

/** The better known of two estimates, relative to themselves. */
const relativeError = ({ value, error }: Estimate): number =>
  value === 0 ? Number.POSITIVE_INFINITY : error / Math.abs(value);

/** An estimate times a number. */
export const scaled = ({ value, error }: Estimate, by: number): Estimate => ({
  value: by * value,
  error: Math.abs(by) * error + 2 * Number.EPSILON * Math.abs(by * value),
});

/** Quanta of baths that vary in proportion: all of them from the best known. */
export class Quanta {
  #found: { readonly mean: number; readonly noise: number } | undefined;

  constructor(
    private readonly statistics: Statistics,
    /** Of their counters among those of the statistics. */
    private readonly places: readonly number[],
    private readonly multiples: readonly number[] | null,
  ) {}

  get #best() {
    this.#found ??= this.#findBest();
    return this.#found;
  }

  #findBest() {
    const { places, multiples, statistics } = this;
    const best = (loss: (place: number, multiple: number) => number) => {
      let [found, least] = [-1, Number.POSITIVE_INFINITY];
      places.forEach((place, at) => {
        if (multiples === null || multiples[at] === 0) return;
        const lost = loss(place, multiples[at]);
        if (found < 0 || lost < least) [found, least] = [at, lost];
      });
      return found;
    };
    return {
      mean: best((place) => relativeError(statistics.mean(place))),
      noise: best((place, multiple) => statistics.shotNoise(place) / multiple ** 2),
    };
  }

  mean(at: number): Estimate {
    const { multiples, places, statistics } = this;
    if (multiples === null) return statistics.mean(places[at]);
    if (multiples[at] === 0) return { value: 0, error: 0 };
    const { mean } = this.#best;
    return scaled(statistics.mean(places[mean]), multiples[at] / multiples[mean]);
  }

  covariance(a: number, b: number): Estimate {
    const { multiples, places, statistics } = this;
    if (multiples === null) return statistics.covariance(places[a], places[b]);
    if (multiples[a] === 0 || multiples[b] === 0) return { value: 0, error: 0 };
    const { noise } = this.#best;
    const by = (multiples[a] * multiples[b]) / multiples[noise] ** 2;
    return scaled(statistics.covariance(places[noise], places[noise]), by);
  }

  cumulants(at: number, order: number): number[] {
    const known = [this.mean(at).value, this.covariance(at, at).value].slice(0, order);
    if (order <= 2) return known;
    const { multiples, places, statistics } = this;
    if (multiples === null) return [...known, ...statistics.cumulants(places[at], order).slice(2)];
    if (multiples[at] === 0) return Array.from({ length: order }, () => 0);
    const { noise } = this.#best;
    const factor = multiples[at] / multiples[noise];
    const higher = statistics.cumulants(places[noise], order).slice(2);
    return [...known, ...higher.map((c, k) => c * factor ** (k + 3))];
  }
}
