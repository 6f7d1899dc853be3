/** The methods by which a steady state is solved, by their names on the command line. */
import { bicgstab } from '../solve/bicgstab.js';
import { gmres } from '../solve/gmres.js';
import { type LinearSolver, once } from '../solve/linearSolver.js';

/**
 * direct: all sectors coupled, one factorisation. gmres, bicgstab: iterations around the sectors nearest to
 * the populations. power: inverse power iteration, each step by gmres. propagation: ρ ← exp(hL)ρ.
 */
export const METHODS = ['direct', 'gmres', 'bicgstab', 'power', 'propagation'] as const;
export type Method = (typeof METHODS)[number];

/** What of a density matrix is solved for: the sector of the populations, a band |δ| ≤ dmax, all of it. */
export type SpaceName = 'sector' | 'band' | 'full';

/** Steps of GMRES between restarts. */
export const RESTART = 40;

const solvers: Readonly<Record<Exclude<Method, 'propagation'>, LinearSolver>> = {
  direct: once,
  gmres: gmres(RESTART),
  bicgstab,
  power: gmres(RESTART),
};

export const solverOf = (method: Exclude<Method, 'propagation'>): LinearSolver => solvers[method];
