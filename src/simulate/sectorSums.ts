/** The numbers that shaders/sector_observe.wgsl leaves of each point, in their order. */

/** Sums over the levels, Σp among them. */
export const TOTALS = { local: 11, global: 14 } as const;
/** Sums of the magnitudes that some of these are differences of. */
const GROSSES = { local: 4, global: 7 } as const;
/** The verdict comes before the totals; both edges and the residual between them and the magnitudes. */
const OTHERS = 4;

/** Numbers that come back for each point. */
export const SUM_NUMBERS = {
  local: OTHERS + TOTALS.local + GROSSES.local,
  global: OTHERS + TOTALS.global + GROSSES.global,
} as const;
