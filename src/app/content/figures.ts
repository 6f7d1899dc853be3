/**
 * The paper's figures as the page lists them: those of one group are drawn from the same points. What
 * computes them is loaded by who computes.
 */

export interface FigureGroup {
  readonly names: readonly string[];
  /** How many points are counted. */
  readonly points: number;
}

/** Width over height of each figure's picture, and of its picture on a phone: the room that is kept for it. */
export const FIGURE_RATIOS: Readonly<Record<string, { page: number; phone: number }>> = {
  '2': { page: 0.84, phone: 0.611 },
  '3': { page: 1.374, phone: 1 },
  '4': { page: 1.208, phone: 1 },
  '5': { page: 1.157, phone: 1 },
  '6': { page: 1.214, phone: 0.508 },
  '7': { page: 1.287, phone: 0.586 },
  '8': { page: 0.6405, phone: 0.4708 },
};

export const FIGURE_GROUPS: readonly FigureGroup[] = [
  { names: ['2', '3'], points: 400 },
  { names: ['4', '5'], points: 600 },
  { names: ['6', '7'], points: 24 },
  { names: ['8'], points: 470 },
];

export const FIGURES: readonly string[] = FIGURE_GROUPS.flatMap(({ names }) => names);
