/** What `qmill trajectories` keeps in a checkpoint: means so far, on the window that they are of. */
import { z } from 'zod';
import { rotorWindow } from '../model/window.js';
import type { Moments } from '../simulate/moments.js';
import { quantityCount } from '../simulate/trajectories.js';
import { type CheckpointKind, float64, windowFields } from '../storage/checkpoint.js';

export interface TrajectoriesCheckpoint {
  readonly lmin: number;
  readonly lmax: number;
  /** By time. */
  readonly moments: readonly Moments[];
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
    .strictObject({ ...windowFields, moments: z.array(moments).length(times) })
    .refine(({ lmin, lmax }) => lmin < lmax, { error: 'a window of one level', abort: true })
    .refine(({ lmin, lmax, moments: all }) => {
      const quantities = quantityCount(rotorWindow(lmin, lmax));
      return all.every(
        (one) =>
          one.count === all[0].count &&
          one.count <= count &&
          [one.means.length, one.squares.length].every(
            (n) => n === quantities || (n === 0 && one.count === 0),
          ),
      );
    }, 'other counts than were asked for')
    // Before the first of them is done.
    .nullable(),
});
