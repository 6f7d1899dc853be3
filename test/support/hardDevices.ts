/** Devices by which errors are held: random, driven, resonant and wild ones. */
import fc from 'fast-check';
import { wildDevices } from '../wild/devices.js';
import { decades, drivenDevices, numbers, resonantDevices } from './arbitrary.js';

/** @param each so many of each kind */
export function hardDevices(model: 'local' | 'global', each: number): Record<string, number>[] {
  const random = (devices: fc.Arbitrary<Record<string, number>>, count: number) =>
    fc.sample(devices, { numRuns: count, unbiased: true });
  const seed = fc.readConfigureGlobal().seed ?? Date.now();
  return [
    ...random(numbers, each),
    ...random(drivenDevices(decades(0.1, 30), decades(1e-6, 1)), each),
    ...random(resonantDevices, each),
    ...wildDevices(model, each, seed).map(({ values }) => values),
  ].map(({ V, ...rest }) => rest);
}
