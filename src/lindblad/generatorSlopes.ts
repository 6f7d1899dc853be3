/** The derivatives of z𝓛x by the numbers of a sector's 𝓛, for two solutions of linear equations z and x. */
import { SAFETY } from '../machine/scalarSlopes.js';
import { extentOf } from '../machine/tableSlopes.js';
import type { TapeSlopes } from '../machine/tapeSlopes.js';
import { perObject } from '../perObject.js';
import { CodeForMany, emptySlot } from '../slot.js';
import { zeros } from '../zeros.js';
import { commonOf } from './adjointEquations.js';
import { arrivals, levelsOf } from './run.js';
import type { BoundSector } from './sectorProgram.js';
import { type AdjointSolution, ROUNDING, type Solution } from './solution.js';

/** Writes code for it, where it is loaded. */
export const generatorCode = emptySlot<typeof import('./generatorKernel.js')>();

/** Derivatives after which code for a sector pays. */
const BEFORE_KERNEL = 100;

const codeOf = perObject(
  (sector: BoundSector) =>
    new CodeForMany(
      generatorCode,
      BEFORE_KERNEL,
      ({ GeneratorKernel }) => new GeneratorKernel(sector),
    ),
);

/**
 * Adds the derivatives of factor · z𝓛x by the numbers of 𝓛. What these bring to a population counts by how far z there
 * is from what counts as nothing for where it comes from, as all that comes from there adds up to 0 whatever the
 * parameters are; and so does what z is off by.
 * @param shares as `sharesFromPairs` has them
 */
export function addGenerator(
  sector: BoundSector,
  shares: Float64Array,
  z: AdjointSolution,
  x: Solution,
  factor: number,
  slopes: TapeSlopes,
): void {
  const kernel = codeOf(sector).next();
  if (kernel !== null) {
    kernel.add(shares, z, x, factor, slopes);
    return;
  }
  const lost = zeros(x.x.length);
  for (let i = 0; i < lost.length; i++) lost[i] = x.lost[i] + ROUNDING * Math.abs(x.x[i]);
  const { siteWidth, sitePaired, runs } = sector;
  const size = Math.abs(factor);
  const parts = [z.x, z.left, z.rounded].map((x) => ({ x, common: commonOf(sector, shares, x) }));
  const { toPairs, toPopulations } = arrivals(runs, sitePaired);
  for (const some of [toPairs, toPopulations]) {
    const isApart = some === toPopulations;
    for (const run of some) {
      const { source, target, from, to, first, stride, count, sign, table } = run;
      const { slope, error } = slopes.table(table, extentOf(levelsOf(run), sector.window.size));
      const weight = factor * sign;
      let p = first;
      let at = source * siteWidth + from;
      let out = target * siteWidth + to;
      const apart = (k: 0 | 1 | 2) => {
        const { x, common } = parts[k];
        return isApart ? x[out] - common[at] : x[out];
      };
      for (let i = 0; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
        const counted = apart(0);
        const off = Math.abs(apart(1)) + Math.abs(apart(2));
        slope[p] += weight * counted * x.x[at];
        error[p] += size * (Math.abs(counted) * lost[at] + SAFETY * off * Math.abs(x.x[at]));
      }
    }
  }
}
