/** Of what shape a matrix is, for which code is made. */
export interface EliminationShape {
  /** Unknowns of a site: pairs (Re, Im), then populations. */
  readonly width: number;
  /** How many of them are in pairs. */
  readonly paired: number;
  /**
   * For each unknown of a site below (above) the centre, how many unknowns of the neighbour towards the centre, in
   * their order, it or an earlier one of the site is coupled to in either direction.
   */
  readonly reach: { readonly below: Int32Array; readonly above: Int32Array };
}

/** What an elimination by code gives that has met no closed population. */
export const DONE = -1;
