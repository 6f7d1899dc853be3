/** Sectors that hold given elements: closed, whole, and told from their conjugates. */
import { expect, test } from 'vitest';
import { heldSectors } from '../../src/generator/heldSectors.js';
import { allRules, lindbladRules } from '../../src/generator/lindbladian.js';
import { image } from '../../src/generator/rules.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';

function heldIn(input: DeviceInput, ...names: Parameters<typeof heldSectors>[3][number][]) {
  const { system } = device(deviceParameters(input), rotorWindow(-4, 4));
  const rules = allRules(lindbladRules(system));
  const sectors = heldSectors(system, rules, 8, names);
  for (const { space } of sectors) {
    for (const c of space.classes) {
      expect(space.find(c.bra, c.ket, -c.delta)).toBeGreaterThanOrEqual(0);
      for (const rule of rules) {
        const next = image(rule, c);
        if (next === null || Math.abs(next.delta) > 8) continue;
        expect(space.find(next.ket, next.bra, next.delta)).toBeGreaterThanOrEqual(0);
      }
    }
  }
  return sectors;
}

test('what has one element of the populations has all of them', () => {
  const sectors = heldIn({ V: 1 }, { ket: 0, bra: 0, delta: 3 });
  expect(sectors).toMatchObject([{ hasPopulations: true, half: null }]);
});

test('odd diagonals are a sector where a potential leaves the parity of levels', () => {
  const names = [0, 1].map((delta) => ({ ket: 0, bra: 0, delta }));
  const sectors = heldIn({ V2: 1 }, ...names);
  expect(sectors.map(({ hasPopulations }) => hasPopulations).sort()).toEqual([false, true]);
  expect(sectors.map(({ half }) => half)).toEqual([null, null]);
  const [even, odd] = [true, false].map(
    (of) => sectors.find((s) => s.hasPopulations === of)?.space,
  );
  expect(even?.find(0, 0, 1)).toBe(-1);
  expect(odd?.find(0, 0, 0)).toBe(-1);
  expect(odd?.find(0, 0, -3)).toBeGreaterThanOrEqual(0);
});

test('of what changes a charge the conjugate is the other half', () => {
  const sectors = heldIn({ V: 1 }, { ket: 2, bra: 0, delta: 0 });
  expect(sectors).toHaveLength(1);
  const [{ space, half, hasPopulations }] = sectors;
  expect(hasPopulations).toBe(false);
  expect(half?.filter((isOwn) => isOwn)).toHaveLength(space.classes.length / 2);
  space.classes.forEach(({ ket, bra, delta }, c) => {
    expect(half?.[c]).toBe(!half?.[space.find(bra, ket, 0 - delta)]);
  });
});
