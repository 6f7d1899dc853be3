/** Why a GPU has no answer, in words. */
import type { Unsolved } from './sectorChains.js';

/** Why the GPU has no answer for a point. */
export const DEVICE_FAILURES: Readonly<Record<Unsolved, string>> = {
  closed:
    'some populations never reach the others, so that the steady state may not be unique; ' +
    'the cpu backend tells',
  'off-centre': 'the populations span more decades than float32 has; use the cpu backend',
  wide: 'a level has more unknowns than the kernel takes; use the cpu backend',
};

/** Why a point's flows are left to the CPU. */
export const FAINT = 'the flows are smaller than float32’s exponents reach; use the cpu backend';
export const TOO_FEW_DIGITS =
  'the flows are small differences of larger ones, and lose more digits than the precision allows; ' +
  'use the cpu backend';
