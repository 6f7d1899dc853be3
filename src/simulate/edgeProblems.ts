/** Whether a window holds a state. */
import type { OpenEnds } from '../machine/description/ladder.js';
import type { Window } from '../operators/window.js';

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
export const edgesThatCut = (
  [low, high]: readonly [number, number],
  open: OpenEnds,
): Pick<WindowEdges, 'edgeLow' | 'edgeHigh'> => ({
  edgeLow: open.below ? low : null,
  edgeHigh: open.above ? high : null,
});

/** @param edges as for `edgesThatCut` */
export const windowEdges = (
  { lmin, lmax }: Pick<Window, 'lmin' | 'lmax'>,
  edges: readonly [number, number],
  open: OpenEnds,
): WindowEdges => ({ lmin, lmax, ...edgesThatCut(edges, open) });

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
