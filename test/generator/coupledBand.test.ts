/** The sites of a coupled band: what is beside one another, and how large they are. */
import { expect, test } from 'vitest';
import { coupledBand } from '../../src/generator/coupledBand.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { reachOf } from '../../src/generator/reach.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { galleryMachine } from '../support/machines.js';

function bandOf(name: string, [lmin, lmax]: readonly [number, number]) {
  const machine = galleryMachine(name);
  const window = { lmin, lmax, size: lmax - lmin + 1 };
  const { system } = new MachineSystem(machine).on(window, defaultValues(machine));
  const { total } = lindbladian(system, 'sector');
  return { total, window, band: coupledBand(total, () => true, 0) };
}

test.each([
  ['piston', [-8, 8]],
  ['measured-piston', [-7, 8]],
  ['pendulum', [-6, 6]],
  ['jaynes-cummings', [0, 9]],
] as const)('%s: each site is coupled to itself and the two beside it', (name, range) => {
  const { band, total } = bandOf(name, range);
  const { start, places, rowStart, columns } = band;
  const siteOf = new Int32Array(places.length);
  for (let s = 0; s + 1 < start.length; s++) siteOf.fill(s, start[s], start[s + 1]);
  for (let i = 0; i < places.length; i++) {
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      expect(Math.abs(siteOf[i] - siteOf[columns[k]])).toBeLessThanOrEqual(1);
    }
  }
  // Of each pair of conjugate elements one is there, as two real numbers; of populations one.
  expect(new Set(places).size).toBe(places.filter((_, i) => band.parts[i] === 0).length);
  expect(places.length).toBe(total.space.size);
});

test('what moves one level by two is ordered by the sums of both: a quarter of the work', () => {
  const { band, total, window } = bandOf('piston', [-12, 12]);
  expect(reachOf(total)).toBe(2);
  const { start } = band;
  const sizes = Array.from(start.subarray(1), (end, s) => end - start[s]);
  // By lower levels, two to a site, the first one would have all pairs of its two levels with others.
  const widest = 2 * (2 * window.size - 1 + 2 * window.size - 3);
  expect(Math.max(...sizes)).toBeLessThan(0.55 * widest);
});
