/** Collisions, one after another, to their end. */
import { type CollisionRequest, CollisionRun } from '../../src/simulate/collide.js';

/** @throws {ParameterError} as its constructor */
export function collide(request: CollisionRequest): CollisionRun {
  const run = new CollisionRun(request);
  while (!run.complete) run.advance();
  return run;
}
