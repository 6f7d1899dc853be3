/** The order in which sites are eliminated. */
import type { BlockTridiagonal } from './conservingElimination.js';

/** Where the rows and columns of a site and of its inner neighbour are. */
export interface Step {
  readonly site: number;
  /** −1 for none. */
  readonly inner: number;
  /** The block of the inner neighbour's rows that belongs to this site. */
  readonly block: number;
  readonly reach: Int32Array;
}

/** From both ends to the centre, a site from each side in turn, as code goes: both give the same bits. */
export function stepsOf({ sites, centre, reach }: BlockTridiagonal): Step[] {
  const steps: Step[] = [];
  for (let k = 0; k < Math.max(centre, sites - 1 - centre); k++) {
    const [site, other] = [k, sites - 1 - k];
    if (site < centre) {
      steps.push({ site, inner: site + 1, block: site + 1 === centre ? 2 : 0, reach: reach.below });
    }
    if (other > centre) {
      steps.push({ site: other, inner: other - 1, block: 0, reach: reach.above });
    }
  }
  steps.push({ site: centre, inner: -1, block: 1, reach: reach.below });
  return steps;
}
