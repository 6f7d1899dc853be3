/** What `qmill trajectories` keeps in a checkpoint: means so far, on the window that they are of. */
import { z } from 'zod';
import { rotorWindow } from '../operators/window.js';
import type { Moments } from '../simulate/moments.js';
import { quantityCount } from '../simulate/trajectories.js';
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
 */
export const trajectoriesCheckpoint = (
  times: number,
  count: number,
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
    .refine(({ lmin, lmax }) => lmin < lmax, { error: 'a window of one level', abort: true })
    .refine(({ lmin, lmax, moments: whole, pieces }) => {
      const quantities = quantityCount(rotorWindow(lmin, lmax));
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
