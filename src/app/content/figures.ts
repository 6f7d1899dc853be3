/**
 * The paper's figures as the page lists them: those of one group are drawn from the same points. What
 * computes them is loaded by who computes.
 */

export interface FigureGroup {
  readonly names: readonly string[];
  /** How many points are counted. */
  readonly points: number;
}

/** Width over height of each figure's picture: the room that is kept for it. */
export const FIGURE_RATIOS: Readonly<Record<string, number>> = {
  '2': 0.846,
  '3': 1.374,
  '4': 1.208,
  '5': 1.157,
  '6': 1.59,
  '7': 1.813,
  '8': 0.66,
};

export const FIGURE_GROUPS: readonly FigureGroup[] = [
  { names: ['2', '3'], points: 400 },
  { names: ['4', '5'], points: 600 },
  { names: ['6', '7'], points: 24 },
  { names: ['8'], points: 470 },
];

export const FIGURES: readonly string[] = FIGURE_GROUPS.flatMap(({ names }) => names);
