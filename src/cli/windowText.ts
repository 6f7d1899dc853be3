/** A window and the populations of its edges, for people. */
import type { WindowEdges } from '../simulate/edgeProblems.js';

const edge = (population: number | null): string =>
  population === null ? 'whole' : population.toExponential(1);

/** `[-3, 3], edges 1.2e-9 3.4e-10`; `whole` where the ladder itself ends. */
export const windowText = ({ lmin, lmax, edgeLow, edgeHigh }: WindowEdges): string =>
  `[${lmin}, ${lmax}], edges ${edge(edgeLow)} ${edge(edgeHigh)}`;
