/** Energies of machines against numbers that were not made here, and against closed forms. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import { machineLevels } from '../../src/simulate/machineLevels.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { galleryMachine } from '../support/machines.js';

type Machine = ReturnType<typeof galleryMachine>;

function levelsOf(
  machine: Machine,
  changes: Record<string, number> = {},
  [lmin, lmax]: readonly [number, number] = [machine.ladder.lmin, machine.ladder.lmax],
) {
  const values = Object.fromEntries(machine.parameters.map((p) => [p.name, p.default]));
  const window = { lmin, lmax, size: lmax - lmin + 1 };
  return machineLevels(new MachineSystem(machine), { ...values, ...changes }, window);
}

test('transmon', () => {
  const entries: readonly { name: string; values: readonly number[]; tolerance: number }[] =
    JSON.parse(readFileSync(new URL('../reference/gallery.json', import.meta.url), 'utf8'));
  const entry = entries.find(({ name }) => name.startsWith('transmon'));
  const { energies, changes } = levelsOf(galleryMachine('transmon'));
  entry?.values.forEach((wanted, k) => {
    expect(Math.abs(energies[k] / wanted - 1)).toBeLessThanOrEqual(entry.tolerance);
    expect(changes[k]).toBeLessThan(1e-11 * Math.abs(wanted) + 1e-11);
  });
});

test('charges without a junction, two of which are degenerate at half an offset', () => {
  const { energies } = levelsOf(galleryMachine('transmon'), { EJ: 0, ng: 0.5, EC: 1 });
  expect(energies.slice(0, 6)).toEqual([1, 1, 9, 9, 25, 25]);
});

test('a qubit and an oscillator in resonance, on the ladder of their doublets', () => {
  const g = 0.03;
  const { energies, changes } = levelsOf(galleryMachine('jaynes-cummings'), { g });
  const wanted = [0, ...[1, 2, 3, 4].flatMap((n) => [n - g * Math.sqrt(n), n + g * Math.sqrt(n)])];
  wanted.forEach((energy, k) => {
    expect(Math.abs(energies[k] - energy)).toBeLessThan(1e-13);
    expect(changes[k]).toBeLessThan(1e-13);
  });
});

test('states without an energy of their own are there, too', () => {
  const machine = describedMachine(
    'm.yaml',
    'name: m\nsubsystems: {a: 2, b: 2}\nhamiltonian:\n  h: 0.3*(sp(a)*sm(b) + hc) + P(a, 1)*P(b, 1)\n',
  );
  const { energies, changes } = levelsOf(machine);
  expect(energies.map((x) => Number(x.toFixed(14)) + 0)).toEqual([-0.3, 0, 0.3, 1]);
  expect(changes).toEqual([0, 0, 0, 0]);
});

test('a window that is too small shows in the changes', () => {
  const { changes } = levelsOf(galleryMachine('transmon'), {}, [-4, 4]);
  expect(changes[0]).toBeGreaterThan(1e-9);
  expect(changes[8]).toBe(Number.POSITIVE_INFINITY);
});

test('two levels of a rotor, of which a smaller window has none', () => {
  const { energies, changes } = levelsOf(
    galleryMachine('transmon'),
    { EJ: 0, EC: 1, ng: 0 },
    [0, 1],
  );
  expect(energies).toEqual([0, 4]);
  expect(changes).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});
