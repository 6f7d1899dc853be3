/** Jumps of trajectories, one by one, against exact counting statistics. */
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { machineFluctuationsOf } from '../../src/simulate/machineFluctuations.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { MachineTrajectories } from '../../src/simulate/machineTrajectories.js';
import { galleryMachine } from '../support/machines.js';

/** Standard errors that a sample may be off: 6 · 10⁻⁷ of samples are by more. */
const BARS = 5;

test('the ticks of a clock: times between them, and how their number varies', async () => {
  const described = galleryMachine('ring-clock');
  const [values, window] = [defaultValues(described), machineWindow(described)];
  const { lmin, lmax } = window;
  const machine = {
    file: described.file,
    text: stringify(described.description),
    model: described.model,
  };
  const [end, count, tau] = [800, 80, 6];
  const set = new MachineTrajectories({
    ...{ machine, values, lmin, lmax, times: [1, end], seed: 4 },
  });
  const steps = 60;
  const times = Array.from({ length: steps + 1 }, (_, k) => (k * tau) / steps);
  const asked = {
    ...{ frequencies: null, fields: null },
    waiting: { jumps: [{ bath: 'link', direction: null }], times },
  };
  const exact = await machineFluctuationsOf(described, values, window, {}, { order: 2, asked });
  const { mean, variance, distribution } = exact.dynamics!.waiting!;

  // Far from the beginning, and so many that all of them are over in time.
  const [skipped, taken] = [10, 40];
  const waits: number[] = [];
  const gained: number[] = [];
  const all: number[] = [];
  for (let n = 0; n < count; n++) {
    const ticks = set.jumps(n);
    expect(ticks.every(({ bath }) => bath === 'link')).toBe(true);
    expect(new Set(ticks.map(({ jump }) => jump)).size).toBeLessThanOrEqual(2);
    expect(ticks.length).toBeGreaterThan(skipped + taken);
    for (let k = skipped; k < skipped + taken; k++) waits.push(ticks[k + 1].t - ticks[k].t);
    const late = ticks.filter(({ t }) => t > end / 4);
    gained.push(late.reduce((sum, { jump }) => sum + (jump === 0 ? 1 : -1), 0));
    all.push(ticks.length);
  }
  const average = (all: readonly number[]) => all.reduce((sum, x) => sum + x, 0) / all.length;
  const bar = BARS / Math.sqrt(waits.length);
  expect(Math.abs(average(waits) - mean!)).toBeLessThan(bar * Math.sqrt(variance!));
  // Simpson's rule.
  const short = distribution.reduce((sum, { density }, k) => {
    const weight = k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2;
    return sum + (weight * density * tau) / (3 * steps);
  }, 0);
  const share = waits.filter((wait) => wait < tau).length / waits.length;
  expect(Math.abs(share - short)).toBeLessThan(bar * Math.sqrt(short * (1 - short)));
  const [{ quanta }] = exact.baths;
  const length = (3 * end) / 4;
  const [rate, noise] = [Math.abs(quanta!.mean.value), quanta!.noise.value];
  const spread = Math.sqrt(noise / (length * count));
  expect(Math.abs(Math.abs(average(gained)) / length - rate)).toBeLessThan(BARS * spread);
  const centre = average(gained);
  const varied = average(gained.map((x) => (x - centre) ** 2)) / length;
  // Of a variance of so many that are nearly Gaussian; its first terms in 1/time are smaller than that.
  expect(Math.abs(varied / noise - 1)).toBeLessThan(BARS * Math.sqrt(2 / count));
  const [, { jumps }] = set.snapshots(set.moments(0, count));
  // The same trajectories as in the means.
  expect(jumps.link.mean).toBeCloseTo(average(all), 9);
});
