/** How far the terms of a generator reach, in levels, and what can take no more than one. */

/** A term moves a ket or a bra by more levels than a solver can take. */
export class ReachError extends Error {
  override readonly name = 'ReachError';
}
