/** Whether a window holds a state. */

/**
 * Edges with more population than is tolerated, in words.
 * @param edges populations of the lowest and the highest level
 * @param open whether levels beyond an edge are cut off
 */
export const edgeProblems = (
  [low, high]: readonly [number, number],
  open: { readonly below: boolean; readonly above: boolean },
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
