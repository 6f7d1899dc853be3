/** What `--out` writes, and as what. */

/** The commands whose results can be written. */
export type Reporting =
  | 'steady'
  | 'fluctuations'
  | 'sensitivity'
  | 'modes'
  | 'correlate'
  | 'levels'
  | 'evolve'
  | 'collide'
  | 'trajectories'
  | 'rectify'
  | 'optimise';

/** Of files, each of a format. */
export const ENDINGS = ['.json', '.csv', '.nc'] as const;
export type Ending = (typeof ENDINGS)[number];
