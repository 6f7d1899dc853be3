/** How many eigenstates jumps are made between, where those are numbers. */

/**
 * n eigenstates in blocks of b make n b³ numbers of what a bath does to a state, at most: 10 s on one core, and 1.5 GB.
 */
export const MOST_ELEMENTS = 1e6;
