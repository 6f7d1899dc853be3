/** What populations lose beyond the rounding that the elimination of a few levels leaves of them. */
import { zeros } from '../zeros.js';
import type { ElementReader, Functional } from './functional.js';
import { type BoundSector, RELATIVE } from './sectorProgram.js';
import type { Departures } from './sectorQuantities.js';
import { meanOf } from './stateReader.js';

/** So many levels from the peak RELATIVE is enough; what each one beyond takes from populations. */
const LEVELS_NEAR = 16;
const BY_LEVEL = 2 * Number.EPSILON;

/** What is less is part of RELATIVE. */
const NOTICED = RELATIVE / 4;

/** Populations of each state, at whatever level. */
export function populationsOf(sector: BoundSector, x: Float64Array): Float64Array {
  const { siteWidth, sitePaired } = sector;
  const populations = zeros(sector.program.states);
  let k = sitePaired;
  // Four columns at a time, whose sums do not wait for one another.
  for (; k + 3 < siteWidth; k += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = k; i < x.length; i += siteWidth) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    populations[sector.stateOf(k)] += a;
    populations[sector.stateOf(k + 1)] += b;
    populations[sector.stateOf(k + 2)] += c;
    populations[sector.stateOf(k + 3)] += d;
  }
  for (; k < siteWidth; k++) {
    let sum = 0;
    for (let i = k; i < x.length; i += siteWidth) sum += x[i];
    populations[sector.stateOf(k)] += sum;
  }
  return populations;
}

/** The site where the population of the state that there is most of is largest. */
function peakOf(sector: BoundSector, x: Float64Array, populations: Float64Array): number {
  const { siteWidth, sitePaired } = sector;
  let common = 0;
  for (let s = 1; s < populations.length; s++) if (populations[s] > populations[common]) common = s;
  let largest = 0;
  let at = 0;
  for (let k = sitePaired; k < siteWidth; k++) {
    if (sector.stateOf(k) !== common) continue;
    for (let i = k; i < x.length; i += siteWidth) {
      if (x[i] > largest) {
        largest = x[i];
        at = i;
      }
    }
  }
  return Math.floor(at / siteWidth);
}

/**
 * Makes errors grow with the distance from the peak: the populations of a level follow from those of all levels on the
 * way there, and each of these takes some rounding from them.
 * @param relative what populations near the peak lose, relative to themselves
 * @param exponential what exponentials lose once more at each level
 * @returns by how much the errors have grown where that is most
 */
export function growWithDistance(
  sector: BoundSector,
  unknowns: Float64Array,
  populations: Float64Array,
  errors: Float64Array,
  relative: number,
  exponential: number,
): number {
  const { siteWidth, reach } = sector;
  const peak = peakOf(sector, unknowns, populations);
  const byLevel = (BY_LEVEL + exponential) / relative;
  const near = Math.floor(LEVELS_NEAR / reach);
  const below = Math.max(0, peak - near) * siteWidth;
  const above = (peak + near + 1) * siteWidth;
  let most = 1;
  for (let end = below, far = near + 1; end > 0; end -= siteWidth, far++) {
    most = 1 + (reach * far - LEVELS_NEAR) * byLevel;
    for (let i = end - siteWidth; i < end; i++) errors[i] *= most;
  }
  let other = 1;
  for (let begin = above, far = near + 1; begin < errors.length; begin += siteWidth, far++) {
    other = 1 + (reach * far - LEVELS_NEAR) * byLevel;
    for (let i = begin; i < begin + siteWidth; i++) errors[i] *= other;
  }
  return Math.max(most, other);
}

/**
 * What coherences cost populations between bare states, relative to these. Where a load moves coherences faster than
 * baths make them decay, what they bring to populations nearly cancels from level to level. What rounding leaves of
 * that moves populations from state to state. Against it stands what thermal baths move, where that is least: by one of
 * the baths, or by all of them out of one state.
 * @param populations of each state
 * @param uncertain what coherences may bring too much or too little of to the populations of each state, where one
 * rounding is taken from each term of their equations
 * @param byBath how fast each thermal bath takes each state elsewhere
 */
export function lostByCoherences(
  sector: BoundSector,
  populations: Float64Array,
  bare: Elements,
  uncertain: Float64Array,
  byBath: readonly (readonly Departures[])[],
): number {
  if (byBath.length === 0) return 0;
  const leaving = zeros(populations.length);
  let least = Number.POSITIVE_INFINITY;
  for (const departures of byBath) {
    let moved = 0;
    for (const { state, rates } of departures) {
      const flow = flowOut(rates, sector, populations[state], bare);
      leaving[state] += flow;
      moved += flow;
    }
    // Half of it there, half of it back.
    least = Math.min(least, moved / 2);
  }
  let most = 0;
  for (let state = 0; state < leaving.length; state++) {
    const against = leaving[state] > 0 ? Math.min(least, leaving[state]) : least;
    if (uncertain[state] > most * against) most = uncertain[state] / against;
  }
  return most > NOTICED ? most : 0;
}

/** Σ rate × population; rates without a level need no more than the sum of all levels. */
function flowOut(
  rates: Functional,
  sector: BoundSector,
  population: number,
  bare: Elements,
): number {
  let flow = 0;
  for (const part of rates) {
    flow +=
      part.re?.kind === 'scalar'
        ? sector.numbers.scalar(part.re.at) * population
        : plainMean([part], sector, bare);
  }
  return flow;
}

/** A state's unknowns, and what reads its elements. */
export interface Elements {
  readonly x: Float64Array;
  readonly reader: ElementReader;
}

/** The value of `meanOf`, to the same bits, without elements of its own and their errors where it can be had so. */
export function plainMean(
  functional: Functional,
  sector: BoundSector,
  { x, reader }: Elements,
): number {
  const { numbers, siteWidth } = sector;
  if (sector.reach !== 1) return meanOf(functional, numbers, reader, 0).high;
  let value = 0;
  for (const { place, first, count, element, weight } of sector.termsOf(functional)) {
    const table = place.kind === 'table' ? numbers.table(place.at) : null;
    // Every other number has a sum of its own: an addition does not wait for the one before.
    let sum = 0;
    let other = 0;
    const last = first + count - 1;
    let i = first;
    let at = element;
    if (table === null) {
      for (; i < last; i += 2, at += 2 * siteWidth) {
        sum += x[at];
        other += x[at + siteWidth];
      }
      if (i === last) sum += x[at];
    } else {
      for (; i < last; i += 2, at += 2 * siteWidth) {
        sum += table[i] * x[at];
        other += table[i + 1] * x[at + siteWidth];
      }
      if (i === last) sum += table[i] * x[at];
    }
    sum += other;
    value += weight * (place.kind === 'scalar' ? sum * numbers.scalar(place.at) : sum);
  }
  return value;
}
