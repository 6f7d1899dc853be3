/** Trajectories of machines against their master equations. */
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import type { Values } from '../../src/machine/tape.js';
import { type MachineSnapshot, machineEvolution } from '../../src/simulate/machineEvolve.js';
import { defaultValues } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { MachineTrajectories } from '../../src/simulate/machineTrajectories.js';
import type { Estimate } from '../../src/simulate/moments.js';
import { galleryMachine } from '../support/machines.js';

type Machine = ReturnType<typeof galleryMachine>;

async function bothWays(
  described: Machine,
  times: readonly number[],
  count: number,
  [lmin, lmax]: readonly [number, number] = [described.ladder.lmin, described.ladder.lmax],
  changes: Values = {},
) {
  const { file, model } = described;
  const values = { ...defaultValues(described), ...changes };
  const { snapshots } = await machineEvolution(
    new MachineSystem(described),
    values,
    { lmin, lmax, size: lmax - lmin + 1 },
    times,
    { rtol: 1e-10, atol: 1e-13 },
    cpuBackend(),
  );
  const machine = { file, text: stringify(described.description), model };
  const trajectories = new MachineTrajectories({ machine, values, lmin, lmax, times, seed: 12 });
  return { wanted: snapshots, found: trajectories.snapshots(trajectories.moments(0, count)) };
}

/** Every mean that both have: its estimate, and its number. */
function pairs(
  found: Awaited<ReturnType<typeof bothWays>>['found'][number],
  wanted: MachineSnapshot,
): [string, Estimate, number][] {
  const named = (group: string, all: Readonly<Record<string, Estimate>>, numbers: object) =>
    Object.entries(all).map(([name, one]): [string, Estimate, number] => [
      `${group} ${name}`,
      one,
      (numbers as Record<string, number>)[name],
    ]);
  const observables = Object.entries(found.observables).flatMap(
    ([name, one]): [string, Estimate, number][] => {
      const mean = wanted.observables[name];
      if (!('re' in one)) return [[name, one, typeof mean === 'number' ? mean : mean.re]];
      const { re, im } = mean as { re: number; im: number };
      return [
        [`Re ${name}`, one.re, re],
        [`Im ${name}`, one.im, im],
      ];
    },
  );
  const { ladder } = found;
  return [
    ...Object.entries(found.populations).flatMap(([name, levels]) =>
      levels.map((one, k): [string, Estimate, number] => [
        `${name} ${k}`,
        one,
        wanted.populations[name][k],
      ]),
    ),
    ...named('energy', found.energies, wanted.energies),
    ...named('heat', found.heat, wanted.flows.heat),
    ...named('work', found.work, wanted.flows.work),
    ...observables,
    ...(ladder === null || wanted.ladder === null
      ? []
      : ([
          ['mean', ladder.mean, wanted.ladder.mean],
          ['mean square', ladder.meanSquare, wanted.ladder.meanSquare],
        ] as [string, Estimate, number][])),
  ];
}

test.each([
  ['flywheel', [0, 4], 400, undefined],
  ['piston', [0, 0.5], 60, [-4, 4]],
  ['measured-piston', [0, 0.5], 60, [-4, 4]],
  ['jaynes-cummings', [0, 1], 300, undefined],
  ['absorption-refrigerator', [0, 20], 300, undefined],
  ['two-qubit-rectifier', [0, 400], 300, undefined],
  ['ring-clock', [0, 2], 300, undefined],
] as [string, number[], number, [number, number] | undefined][])(
  '%s: means are those of its master equation',
  async (name, times, count, window) => {
    const { wanted, found } = await bothWays(galleryMachine(name), times, count, window);
    const bars: number[] = [];
    found.forEach((snapshot, i) => {
      for (const [what, { mean, error }, exact] of pairs(snapshot, wanted[i])) {
        const off = Math.abs(mean - exact) / ((error as number) + 1e-9);
        expect(off, `${what} at ${times[i]}: ${mean} ± ${error}, ${exact}`).toBeLessThan(5);
        bars.push(off);
      }
    });
    // Errors that are too large would pass, too.
    expect(Math.max(...bars)).toBeGreaterThan(0.2);
  },
);

test('from a pure state the first means are exact, of heat, work and what is not Hermitian', async () => {
  const machine = galleryMachine('quantum-mill');
  const { wanted, found } = await bothWays(machine, [0], 2, [-3, 3], { lambda: 0.7, gamma: 0.2 });
  for (const [what, { mean }, exact] of pairs(found[0], wanted[0])) {
    expect(Math.abs(mean - exact), what).toBeLessThan(1e-14 * (1 + Math.abs(exact)));
  }
  expect(found[0].heat.bath1.mean).toBeGreaterThan(1);
});

test('what jumps brought in is the heat of all times, where it is sharp, and nothing elsewhere', async () => {
  const steps = 41;
  const times = Array.from({ length: steps }, (_, i) => (2 * i) / (steps - 1));
  const changes = { lambda: 0.7, gamma: 0.05 };
  const mill = galleryMachine('quantum-mill');
  const { wanted, found } = await bothWays(mill, times, 400, [-4, 4], changes);
  for (const bath of ['bath1', 'bath2', 'load']) {
    // By Simpson's rule.
    const heat = wanted.map(({ flows }) => flows.heat[bath]);
    const total = heat.reduce(
      (sum, q, i) => sum + q * (i === 0 || i === steps - 1 ? 1 : i % 2 === 1 ? 4 : 2),
      0,
    );
    const { mean, error } = found[steps - 1].exchanged[bath] as Estimate;
    const exact = ((times[1] - times[0]) / 3) * total;
    expect(Math.abs(mean - exact), bath).toBeLessThan(4 * (error as number));
    expect(Math.abs(exact), bath).toBeGreaterThan(error as number);
  }
  // Jumps of the global master equation are between eigenstates; the flywheel's coupling counts as heat.
  const rectifier = await bothWays(galleryMachine('two-qubit-rectifier'), [1], 2);
  expect(rectifier.found[0].exchanged).toMatchObject({ hot: { mean: 0 }, cold: { mean: 0 } });
  const flywheel = await bothWays(galleryMachine('flywheel'), [1], 2);
  expect(flywheel.found[0].exchanged).toEqual({ hot: null, cold: null });
});

test('what is rare and did not happen is within the bars', async () => {
  // Ten runs of 100 trajectories would see it once.
  const machine = galleryMachine('single-level');
  const { wanted, found } = await bothWays(machine, [1], 100, undefined, { kh: 0.001, kc: 0 });
  const [{ populations, jumps }] = found;
  const level = Object.values(populations)[0][1];
  const exact = Object.values(wanted[0].populations)[0][1];
  expect(level).toMatchObject({ mean: 0, standardError: 0 });
  expect(exact).toBeGreaterThan(0);
  expect(exact).toBeLessThan(3 * (level.error as number));
  const most = Object.values(jumps).reduce((sum, { error }) => Math.max(sum, error as number), 0);
  expect(most).toBeGreaterThan(0.001);
});
