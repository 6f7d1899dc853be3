/** Machines in time against numbers that were not made here. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { describedMachine } from '../../src/machine/description/described.js';
import type { Values } from '../../src/machine/tape.js';
import { machineEvolution } from '../../src/simulate/machineEvolve.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { galleryMachine, steadyOf } from '../support/machines.js';

const entries: readonly { name: string; values: never; tolerance: number }[] = JSON.parse(
  readFileSync(new URL('../reference/gallery.json', import.meta.url), 'utf8'),
);
const entry = (name: string) => entries.find((one) => one.name.startsWith(name))!;

const TOLERANCES = { rtol: 1e-12, atol: 1e-15 };

function evolved(
  machine: ReturnType<typeof galleryMachine>,
  times: readonly number[],
  changes: Values = {},
  [lmin, lmax]: readonly [number, number] = [machine.ladder.lmin, machine.ladder.lmax],
) {
  const values = Object.fromEntries(machine.parameters.map((p) => [p.name, p.default]));
  return machineEvolution(
    new MachineSystem(machine),
    { ...values, ...changes },
    { lmin, lmax, size: lmax - lmin + 1 },
    times,
    TOLERANCES,
    cpuBackend(),
  );
}

test('flywheel', async () => {
  const values: readonly { t: number; Lz: number; Lz2: number }[] =
    entry('mill as flywheel').values;
  const { snapshots } = await evolved(
    galleryMachine('flywheel'),
    values.map(({ t }) => t),
  );
  values.forEach(({ Lz, Lz2 }, i) => {
    // The reference is mesolve's at rtol 1e-10.
    expect(Math.abs((snapshots[i].ladder?.mean ?? 0) / Lz - 1)).toBeLessThan(1e-9);
    expect(Math.abs((snapshots[i].ladder?.meanSquare ?? 0) / Lz2 - 1)).toBeLessThan(1e-9);
    expect(snapshots[i].traceError).toBeLessThan(1e-13);
  });
});

test('a ladder without energy counts quanta: its mean and variance grow as current and noise', async () => {
  const { values, tolerance } = entry('mill as counting field');
  for (const { g, k, n_h: nh, n_c: nc, current, noise } of values as readonly Record<
    'g' | 'k' | 'n_h' | 'n_c' | 'current' | 'noise',
    number
  >[]) {
    // With I as large as floating point has it the kinetic energy is none.
    const [a, b] = g > 0.5 ? [100, 200] : [3000, 6000];
    const { snapshots } = await evolved(
      galleryMachine('flywheel'),
      [a, b],
      { g, k, nh, nc, I: 1e300 },
      [-80, 120],
    );
    const [x, y] = snapshots.map(({ ladder }) => ladder!);
    expect(Math.abs((y.mean - x.mean) / (b - a) / current - 1)).toBeLessThan(10 * tolerance);
    expect(Math.abs((y.variance - x.variance) / (b - a) / noise - 1)).toBeLessThan(10 * tolerance);
  }
});

test('a piston, which conserves no charge, comes to its steady state', async () => {
  const machine = galleryMachine('piston');
  const window = [-6, 6] as const;
  const { method, snapshots } = await evolved(machine, [120], {}, window);
  const steady = await steadyOf(machine, {}, window);
  expect(method).toBe('chebyshev');
  expect(Math.abs((snapshots[0].ladder?.mean ?? 0) - steady.ladder!.mean)).toBeLessThan(1e-9);
  expect(Math.abs(snapshots[0].flows.work.load - steady.flows.work.load)).toBeLessThan(1e-9);
});

test('one level that decays, by its closed form, from weights that are formulas', async () => {
  const machine = describedMachine(
    'm.yaml',
    'name: decay\nsubsystems: {atom: [g, e]}\nparameters: {k: 0.3, p: 0.8}\n' +
      'baths: {b: {temperature: none, jumps: ["sqrt(k)*T(atom, g, e)"]}}\n' +
      'initial: {atom: [1 - p, p]}\n',
  );
  const { snapshots } = await evolved(machine, [0, 1, 7]);
  for (const { t, populations } of snapshots) {
    expect(Math.abs(populations.atom[1] - 0.8 * Math.exp(-0.3 * t))).toBeLessThan(1e-12);
  }
});
