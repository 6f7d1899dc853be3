/** What is read off a state that a GPU has solved for, against the CPU's own. */
import { expect } from 'vitest';
import { programOf } from '../../src/fluctuations/program.js';
import { type FluctuatingDevice, FluctuationReading } from '../../src/fluctuations/reading.js';
import { StateReading } from '../../src/fluctuations/stateReading.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import type { SectorState } from '../../src/lindblad/solvedSector.js';

/** What rounding leaves of a rate. */
const ROUNDING = 1e-13;

/**
 * Holds activities and entropy productions to their errors.
 * @param promised what the state may take from an entropy production that is sharp, relative to it
 * @returns how many there were, and how many of them sharp
 */
export function expectReadWithinErrors(
  device: FluctuatingDevice,
  state: SectorState,
  promised: number,
) {
  const { machine, of, values, window } = device;
  const { compiled, sector } = compiledSector(machine, of, values).on(window);
  const program = programOf(compiled, device);
  sector.numbers.fill(values);
  const read = new StateReading(program, device, sector, state.unknowns, () => state.elements);
  const found = program.baths.map((_, b) => ({
    activity: read.activity(b),
    entropy: read.entropyProduction(b),
  }));
  const exact = new FluctuationReading(device);
  let [compared, sharp] = [0, 0];
  program.baths.forEach(({ name }, b) => {
    const what = `${name} of ${JSON.stringify(values)}`;
    const { activity, entropy } = found[b];
    const rate = exact.activity(name);
    // Where the errors of the state are beyond all numbers, so are these.
    if (!Number.isNaN(activity.error)) {
      const off = Math.abs(activity.value - rate);
      expect(off, what).toBeLessThanOrEqual(activity.error + ROUNDING * rate);
    }
    const { value, error, reason } = exact.entropyProduction(name);
    expect(entropy.reason).toBe(reason);
    if (value === null || error === null || entropy.value === null) return;
    const known = error + (entropy.error as number);
    expect(Math.abs(entropy.value - value), what).toBeLessThanOrEqual(known);
    compared++;
    sharp += Number(entropy.lost < promised * value);
  });
  return { compared, sharp };
}
