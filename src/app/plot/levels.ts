/** The rotor's populations as bars: few enough to draw, however large the window is. */

export interface LevelRow {
  /** The level, or of a bar that stands for several the one that is populated most. */
  readonly l: number;
  readonly population: number;
  /** The ends of the bar. */
  readonly left: number;
  readonly right: number;
}

/** So many bars can be told apart at most. */
export const MOST_BARS = 400;
const HALF = 0.45;

/**
 * Bars of the levels that are populated, with one more at each end.
 * @param smallest levels at the ends of the window with less are left out
 */
export function levelBars(
  populations: readonly number[],
  lmin: number,
  smallest: number,
): LevelRow[] {
  const end = populations.length - 1;
  const first = Math.max(0, populations.findIndex((p) => p >= smallest) - 1);
  const last = Math.min(end, populations.findLastIndex((p) => p >= smallest) + 1);
  const step = Math.ceil((last - first + 1) / MOST_BARS);
  const rows: LevelRow[] = [];
  for (let from = first; from <= last; from += step) {
    const to = Math.min(last, from + step - 1);
    let at = from;
    for (let i = from; i <= to; i++) if (populations[i] > populations[at]) at = i;
    rows.push({
      l: lmin + at,
      population: populations[at],
      left: lmin + from - HALF,
      right: lmin + to + HALF,
    });
  }
  return rows;
}
