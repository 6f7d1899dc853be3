/** Whether a window holds a state. */
import type { Window } from '../operators/window.js';

/** Which levels beyond a window are cut off. */
export interface OpenEnds {
  readonly below: boolean;
  readonly above: boolean;
}

/** A rotor has levels without end. */
export const WITHOUT_END: OpenEnds = { below: true, above: true };

/** The levels of a window, and the populations of its edges; null where the ladder itself ends there. */
export interface WindowEdges {
  readonly lmin: number;
  readonly lmax: number;
  readonly edgeLow: number | null;
  readonly edgeHigh: number | null;
}

/** @param edges populations of the lowest and the highest level */
export const windowEdges = (
  { lmin, lmax }: Pick<Window, 'lmin' | 'lmax'>,
  [low, high]: readonly [number, number],
  open: OpenEnds,
): WindowEdges => ({
  lmin,
  lmax,
  edgeLow: open.below ? low : null,
  edgeHigh: open.above ? high : null,
});

/**
 * Edges with more population than is tolerated, in words.
 * @param edges populations of the lowest and the highest level
 */
export const edgeProblems = (
  [low, high]: readonly [number, number],
  open: OpenEnds,
  tolerance: number,
): string[] =>
  (
    [
      ['lowest', low, open.below],
      ['highest', high, open.above],
    ] as const
  )
    .filter(([, population, isOpen]) => isOpen && population > tolerance)
    .map(
      ([side, population]) =>
        `the population of the ${side} level is ${population.toExponential(1)}: a window that reaches farther is needed`,
    );
