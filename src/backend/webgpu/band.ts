/**
 * y = M⁻¹ x for a coupled band on a device. The band is eliminated once, in float64 on the host; what its many
 * solutions take from there lies on the device in float32, and nothing travels in them. Of the
 * schemes of dispatches the one is kept that is fastest on the device at hand.
 */
import type { CoupledBand } from '../../generator/coupledBand.js';
import type { LinearMap } from '../backend.js';
import { type EliminatedBand, elementsOf } from '../cpu/bandFactors.js';
import { type BandLayout, bandLayout } from './bandLayout.js';
import {
  BAND_SCHEMES,
  type BandScheme,
  type BandSweeps,
  bandSweeps,
  fitsDevice,
} from './bandSweeps.js';
import { secondsToSolve } from './chainFactors.js';
import { power } from './choices.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

/** A scheme is out whose first run takes so many seconds, which no warming-up does, and so many times the best. */
const TOO_SLOW = { seconds: 0.05, times: 2 };

/**
 * @param scheme for tests and measurements; the fastest one by default
 * @returns null where the device has no room for one of the band's levels
 * @throws {OutOfDeviceMemoryError}
 */
export async function bandOnDevice(
  vectors: DeviceVectors,
  band: CoupledBand,
  eliminated: EliminatedBand,
  scheme?: BandScheme,
): Promise<LinearMap<DeviceVector> | null> {
  const layout = bandLayout(band, eliminated.middle);
  if (elementsOf(band) > vectors.capacity || !fitsDevice(vectors.device, layout)) return null;
  const sweeps = await bandSweeps(vectors, layout, eliminated);
  try {
    return await sweeps.by(
      scheme ?? (await fastestScheme(vectors, layout, elementsOf(band), sweeps)),
    );
  } catch (error) {
    sweeps.release();
    throw error;
  }
}

async function fastestScheme(
  vectors: DeviceVectors,
  { steps, widest }: BandLayout,
  elements: number,
  sweeps: BandSweeps,
): Promise<BandScheme> {
  const place = await vectors.device.choices.fastest(
    `band of about 2^${power(steps.length)} levels, 2^${power(widest)} wide`,
    BAND_SCHEMES.map(({ name }) => name),
    () => placeOfFastest(vectors, elements, sweeps),
  );
  return BAND_SCHEMES[place];
}

async function placeOfFastest(
  vectors: DeviceVectors,
  elements: number,
  sweeps: BandSweeps,
): Promise<number> {
  const { device } = vectors;
  const [x, y] = [await vectors.allocate(elements), await vectors.allocate(elements)];
  try {
    vectors.clear(x);
    let best = Number.POSITIVE_INFINITY;
    let fastest = 0;
    for (const [place, scheme] of BAND_SCHEMES.entries()) {
      const map = await sweeps.by(scheme);
      const first = await secondsToSolve(device, map, x, y);
      if (first > TOO_SLOW.seconds && first > TOO_SLOW.times * best) continue;
      const seconds = await secondsToSolve(device, map, x, y);
      if (seconds >= best) continue;
      best = seconds;
      fastest = place;
    }
    return fastest;
  } finally {
    vectors.release(x);
    vectors.release(y);
  }
}
