/** A box of parameters as the unit box: ranges of positive numbers over a decade and more by their logarithms. */
import { ParameterError } from '../model/parameters.js';
import type { Range } from './search.js';

/** The ratio of its ends from which on a range is searched by the logarithm. */
const DECADE = 10;

export interface Axis extends Range {
  readonly name: string;
  readonly scale: 'linear' | 'logarithmic';
}

export class SearchSpace {
  readonly axes: readonly Axis[];

  /** @throws {ParameterError} where nothing varies, or a range does not rise */
  constructor(ranges: Readonly<Record<string, Range>>) {
    this.axes = Object.entries(ranges).map(([name, { from, to }]) => {
      if (!(from < to && Number.isFinite(from) && Number.isFinite(to))) {
        throw new ParameterError('over', `${name}=${from}:${to}`, `${name}=FROM:TO with FROM < TO`);
      }
      return { name, from, to, scale: from > 0 && to >= DECADE * from ? 'logarithmic' : 'linear' };
    });
    if (this.axes.length === 0) {
      throw new ParameterError('over', undefined, 'parameters with ranges, such as chi=-0.9:0.9');
    }
  }

  /** The parameters of a point of the unit box. */
  values(at: readonly number[]): Record<string, number> {
    return Object.fromEntries(
      this.axes.map(({ name, from, to, scale }, i) => {
        const t = at[i];
        if (t <= 0) return [name, from];
        if (t >= 1) return [name, to];
        return [name, scale === 'linear' ? from + t * (to - from) : from * (to / from) ** t];
      }),
    );
  }

  /** The point of the unit box of a set of parameters, or the nearest. */
  point(values: Readonly<Record<string, number>>): number[] {
    return this.axes.map(({ name, from, to, scale }) => {
      const value = Math.min(to, Math.max(from, values[name]));
      const share =
        scale === 'linear'
          ? (value - from) / (to - from)
          : Math.log(value / from) / Math.log(to / from);
      return Math.min(1, Math.max(0, share));
    });
  }

  /** By how much each parameter changes where its coordinate does. */
  slopes(at: readonly number[]): number[] {
    const values = this.values(at);
    return this.axes.map(({ name, from, to, scale }) =>
      scale === 'linear' ? to - from : values[name] * Math.log(to / from),
    );
  }
}
