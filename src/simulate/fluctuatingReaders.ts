/** Currents, noise and uncertainty with their derivatives, by the names of observables. */
import { productOfPowers } from '../sensitivity/differential.js';
import type { Differentiable } from '../sensitivity/machineSensitivity.js';
import type { Readers } from './sensitivity.js';

/** What is computed when it is first asked for. */
export function once<T>(compute: () => T): () => T {
  let found: { readonly of: T } | undefined;
  return () => {
    found ??= { of: compute() };
    return found.of;
  };
}

/** @param baths by what its current is called, such as `L` of `currents.L` */
export function fluctuatingReaders(
  machine: Pick<Differentiable<unknown>, 'currentAndNoise' | 'entropyProduction'>,
  baths: Readonly<Record<string, string>>,
): Readers {
  const entropy = once(() => machine.entropyProduction());
  const readers: Record<string, Readers[string]> = { 'entropyProduction.sum': entropy };
  for (const [name, bath] of Object.entries(baths)) {
    const counted = once(() => machine.currentAndNoise(bath));
    readers[`currents.${name}`] = async () => (await counted()).current;
    readers[`noise.${name}`] = async () => (await counted()).noise;
    readers[`TUR.${name}`] = async () => {
      const { current, noise } = await counted();
      return productOfPowers([
        [noise, 1],
        [await entropy(), 1],
        [current, -2],
      ]);
    };
  }
  return readers;
}
