/** The derivatives of z𝓛x by the numbers of a sector's 𝓛, for two solutions of linear equations z and x. */
import type { TapeSlopes } from '../machine/tapeSlopes.js';
import { perObject } from '../perObject.js';
import { CodeForMany, emptySlot } from '../slot.js';
import type { BoundSector } from './sectorProgram.js';
import { ROUNDING, type Solution } from './solution.js';

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

/** Adds the derivatives of factor · z𝓛x by the numbers of 𝓛. */
export function addGenerator(
  sector: BoundSector,
  z: Solution,
  x: Solution,
  factor: number,
  slopes: TapeSlopes,
): void {
  const kernel = codeOf(sector).next();
  if (kernel !== null) {
    kernel.add(z, x, factor, slopes);
    return;
  }
  const { siteWidth } = sector;
  const size = Math.abs(factor);
  for (const { source, target, from, to, first, stride, count, sign, table } of sector.runs) {
    const { slope, error, correction } = slopes.table(table);
    const weight = factor * sign;
    let p = first;
    let at = source * siteWidth + from;
    let out = target * siteWidth + to;
    for (let i = 0; i < count; i++, p += stride, at += siteWidth, out += siteWidth) {
      const [left, right] = [z.x[out], x.x[at]];
      slope[p] += weight * left * right;
      error[p] +=
        size *
        (Math.abs(left) * (x.lost[at] + ROUNDING * Math.abs(right)) +
          z.lost[out] * Math.abs(right));
      correction[p] += weight * (z.correction[out] * right + left * x.correction[at]);
    }
  }
}
