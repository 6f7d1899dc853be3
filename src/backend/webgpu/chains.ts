/**
 * y = M⁻¹ x for chains on a device, in float32: assembled, factorised and solved there.
 *
 * Nothing but the couplings goes up. Pivots are chosen within the blocks, relative to their rows; a chain
 * that float32 finds singular is judged in float64 on the host. Of the two schemes the one is kept that
 * solves faster on the device at hand, in one run of each: which one that is depends on how many chains
 * the device can have under way at once.
 */
import { chainsOf } from '../../generator/chains.js';
import type { Generator } from '../../generator/generator.js';
import type { Sector } from '../../generator/siteMatrix.js';
import type { LinearMap } from '../backend.js';
import { factoriseChains } from '../cpu/chains.js';
import {
  type DeviceFactors,
  deviceFactors,
  SCHEMES,
  type Scheme,
  secondsToSolve,
} from './chainFactors.js';
import type { ChainLayout } from './chainLayout.js';
import { power } from './choices.js';
import type { DeviceVector, DeviceVectors } from './vectors.js';

/**
 * @param layout that of the generator's sectors, whose elements must fit into one buffer of a vector
 * @param scheme for tests and measurements; the faster one by default
 * @throws {SingularMatrixError | OutOfDeviceMemoryError}
 */
export async function factoriseOnDevice(
  vectors: DeviceVectors,
  generator: Generator,
  layout: ChainLayout,
  scheme?: Scheme,
): Promise<LinearMap<DeviceVector>> {
  const factors = await (scheme === undefined
    ? fasterFactors(vectors, layout)
    : deviceFactors(vectors, layout, scheme));
  const suspects: Sector[] = layout.sectors.filter((_, k) => factors.singular[k] !== 0);
  try {
    if (suspects.length > 0) factoriseChains(chainsOf(generator, suspects));
  } catch (error) {
    factors.release();
    throw error;
  }
  return factors;
}

async function fasterFactors(vectors: DeviceVectors, layout: ChainLayout): Promise<DeviceFactors> {
  const { width, sites } = layout;
  let measured: DeviceFactors | undefined;
  const place = await vectors.device.choices.fastest(
    `chains of ${width} unknowns, about 2^${power(sites.length)}, 2^${power(sites[0] ?? 0)} long`,
    SCHEMES,
    async () => {
      const { fastest, factors } = await measuredSchemes(vectors, layout);
      measured = factors;
      return fastest;
    },
  );
  return measured ?? deviceFactors(vectors, layout, SCHEMES[place]);
}

/** The place of the scheme that solves faster, and its factors. */
async function measuredSchemes(
  vectors: DeviceVectors,
  layout: ChainLayout,
): Promise<{ readonly fastest: number; readonly factors: DeviceFactors | undefined }> {
  const { device } = vectors;
  const [x, y] = [await vectors.allocate(layout.elements), await vectors.allocate(layout.elements)];
  vectors.clear(x);
  const seconds: number[] = [];
  let factors: DeviceFactors | undefined;
  try {
    for (const scheme of SCHEMES) {
      factors?.release();
      factors = undefined;
      factors = await deviceFactors(vectors, layout, scheme);
      // Once to warm up.
      await factors.apply(x, y);
      seconds.push(await secondsToSolve(device, factors, x, y));
    }
  } catch (error) {
    factors?.release();
    throw error;
  } finally {
    vectors.release(x);
    vectors.release(y);
  }
  const fastest = seconds.indexOf(Math.min(...seconds));
  if (fastest === SCHEMES.length - 1) return { fastest, factors };
  factors?.release();
  return { fastest, factors: undefined };
}
