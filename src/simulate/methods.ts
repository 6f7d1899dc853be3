/** The methods by which a steady state is solved, by their names on the command line. */
import { gmres } from '../solve/gmres.js';
import { type LinearSolver, once } from '../solve/linearSolver.js';

export const METHODS = ['direct', 'gmres'] as const;
export type Method = (typeof METHODS)[number];

/** Steps of GMRES between restarts. */
const RESTART = 40;

export function solverOf(method: Method): LinearSolver {
  return method === 'direct' ? once : gmres(RESTART);
}
