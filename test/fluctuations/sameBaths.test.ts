/** Entropy production of devices one after another, of which some have a bath in common with the one before. */
import { expect, test } from 'vitest';
import { FluctuationReading } from '../../src/fluctuations/reading.js';
import { mill } from '../../src/machine/mill.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { fluctuatingDevice } from '../../src/simulate/millFluctuations.js';

const INPUTS = [
  { beta2: 0.4 },
  { beta2: 0.4, lambda: 0.7 },
  { beta2: 0.5, lambda: 0.7 },
  { beta2: 0.5, lambda: 0.7, gamma: 0.02 },
  // A jump of a bath that is so cold has no reverse.
  { beta2: 0.5, beta1: 900, lambda: 0.7, gamma: 0.02 },
  { beta2: 0.4 },
];

test.each(['local', 'global'] as const)('they are those of each alone: %s', (model) => {
  const windows = [rotorWindow(-4, 4), rotorWindow(-5, 5), rotorWindow(-4, 4)];
  for (const window of windows) {
    for (const input of INPUTS) {
      const device = fluctuatingDevice(deviceParameters({ ...input, model }), window);
      const read = (machine: typeof mill) => {
        const reading = new FluctuationReading({ ...device, machine });
        return reading.baths.map((bath) => reading.entropyProduction(bath));
      };
      // Of a machine that was never seen nothing is known.
      expect(read(mill)).toEqual(read({ ...mill }));
    }
  }
});
