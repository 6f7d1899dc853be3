/** Noise where nearly all populations are at an edge of the window, far from where an elimination starts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CountingStatistics } from '../../src/fluctuations/counting.js';
import { FluctuationReading } from '../../src/fluctuations/reading.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { fluctuatingDevice } from '../../src/simulate/millFluctuations.js';
import { ConservingFactors } from '../../src/solve/conservingFactors.js';
import { numbers } from '../support/arbitrary.js';

test.each(['local', 'global'] as const)(
  'what charges tie together fluctuates alike: %s',
  (model) => {
    const window = rotorWindow(-30, 30);
    let far = 0;
    // A weak load leaves the rotor to run to an edge.
    for (const input of fc.sample(numbers, { numRuns: 40, seed: 3, unbiased: true })) {
      const parameters = deviceParameters({ ...input, gamma: 1e-6, model });
      const { sector, rho, counters, relative } = new FluctuationReading(
        fluctuatingDevice(parameters, window),
      ).solved;
      const factors = ConservingFactors.of((at) => sector.assemble(at), sector.startAt());
      if (Math.abs(sector.peak(rho) - sector.startAt()) > 20) far++;
      const statistics = new CountingStatistics(sector, factors, counters, relative);
      const [one, ...others] = [...counters.keys()]
        .filter((at) => counters[at].kind === 'quanta')
        .map((at) => statistics.covariance(at, at));
      for (const { value, error } of others) {
        expect(Math.abs(value - one.value)).toBeLessThanOrEqual(error + one.error);
      }
    }
    expect(far).toBeGreaterThan(5);
  },
);
