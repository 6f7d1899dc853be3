/** What `qmill trajectories` keeps in a checkpoint: means so far, on the window that they are of. */
import { z } from 'zod';
import type { Moments } from '../simulate/moments.js';
import { CHUNK, type TrajectoriesDone } from '../simulate/trajectoryPool.js';
import { type CheckpointKind, float64, windowFields } from '../storage/checkpoint.js';

export interface TrajectoriesCheckpoint extends TrajectoriesDone {
  readonly lmin: number;
  readonly lmax: number;
}

const moments = z.strictObject({
  count: z.int().nonnegative(),
  means: float64,
  squares: float64.refine((all) => all.every((x) => x >= 0), 'negative squares'),
});

/**
 * @param times how many times are asked for
 * @param count how many trajectories
 * @param others quantities beside the populations of levels
 */
export const trajectoriesCheckpoint = (
  times: number,
  count: number,
  others: number,
): CheckpointKind<TrajectoriesCheckpoint | null> => ({
  command: 'trajectories',
  field: 'checkpoint',
  state: z
    .strictObject({
      ...windowFields,
      moments: z.array(moments).length(times),
      pieces: z.array(
        z.strictObject({ first: z.int().nonnegative(), moments: z.array(moments).length(times) }),
      ),
    })
    .refine(({ lmin, lmax }) => lmin <= lmax, { error: 'a window of no level', abort: true })
    .refine(({ lmin, lmax, moments: whole, pieces }) => {
      const quantities = others + lmax - lmin + 1;
      const isOf = (all: readonly Moments[], most: number) =>
        all.every(
          (one) =>
            one.count === all[0].count &&
            one.count <= most &&
            [one.means.length, one.squares.length].every(
              (n) => n === quantities || (n === 0 && one.count === 0),
            ),
        );
      const before = whole[0].count;
      return (
        isOf(whole, count) &&
        new Set(pieces.map(({ first }) => first)).size === pieces.length &&
        pieces.every(
          ({ first, moments: all }) =>
            first >= before &&
            (first - before) % CHUNK === 0 &&
            all[0].count > 0 &&
            isOf(all, Math.min(CHUNK, count - first)),
        )
      );
    }, 'other counts than were asked for')
    // Before the first of them is done.
    .nullable(),
});
