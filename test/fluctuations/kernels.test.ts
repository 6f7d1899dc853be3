/** Means and covariances by code that is written for a machine, against those without it. */
import { expect, test, vi } from 'vitest';
import { CountingStatistics } from '../../src/fluctuations/counting.js';
import { type FluctuatingDevice, FluctuationReading } from '../../src/fluctuations/reading.js';
import { CountedKernel } from '../../src/lindblad/countedKernel.js';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { fluctuatingDevice } from '../../src/simulate/millFluctuations.js';
import { ConservingFactors } from '../../src/solve/conservingFactors.js';
import { turnedRotor } from '../support/machines.js';

/** More than before code is made. */
const MANY = 110;

/** Of which each bath has as many elements as there are levels less one: an odd number on eight levels. */
const { machine } = turnedRotor(1, [-4, 3]);
/** Devices that follow one another. */
const devices: Readonly<Record<string, (turn: number) => FluctuatingDevice>> = {
  local: (turn) =>
    fluctuatingDevice(deviceParameters({ lambda: 0.2 + 1e-3 * turn, I: 3 }), rotorWindow(-3, 4)),
  global: (turn) =>
    fluctuatingDevice(
      deviceParameters({ model: 'global', g: 0.3, lambda: 0.2 + 1e-3 * turn, I: 3 }),
      rotorWindow(-3, 3),
    ),
  rotor: (turn) => ({
    machine,
    of: localEquation,
    values: { k: 0.9, I: 3 + 1e-3 * turn },
    window: rotorWindow(-4, 3),
    betas: {},
  }),
};

/** Of all pairs of counters, quanta and heat: their covariances, and the means of those that stand first. */
function read(device: FluctuatingDevice): readonly Estimate[] {
  const { sector, counters, relative } = new FluctuationReading(device).solved;
  const factors = ConservingFactors.of((centre) => sector.assemble(centre), sector.startAt());
  const statistics = new CountingStatistics(sector, factors, counters, relative);
  return counters.flatMap((_, a) => [
    statistics.mean(a),
    ...counters.slice(a).map((_, k) => statistics.covariance(a, a + k)),
  ]);
}

test('of both equations of the mill, and of a rotor', async () => {
  const without = Object.values(devices).map((device) => read(device(MANY)));
  await loadKernels();
  const byCode = vi.spyOn(CountedKernel.prototype, 'driven');
  Object.entries(devices).forEach(([name, device], k) => {
    for (let turn = 0; turn < MANY; turn++) read(device(turn));
    byCode.mockClear();
    const found = read(device(MANY));
    expect(byCode).toHaveBeenCalled();
    expect(found).toHaveLength(without[k].length);
    for (const [at, { value, error }] of found.entries()) {
      const expected = without[k][at];
      const label = `${name}, number ${at}`;
      expect(Math.abs(value - expected.value), label).toBeLessThanOrEqual(
        2 * expected.error + Number.MIN_VALUE,
      );
      // Errors are of the same size: a part left out of them would show.
      expect((error + Number.MIN_VALUE) / (expected.error + Number.MIN_VALUE)).toBeCloseTo(1, 2);
    }
  });
  byCode.mockRestore();
});
