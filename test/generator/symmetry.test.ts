/** Conserved charges found from the terms, and systems that are none. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkedSystem, OpenSystemError } from '../../src/generator/checkedSystem.js';
import { symmetryOf } from '../../src/generator/symmetry.js';
import { device, type OpenSystem } from '../../src/model/device.js';
import { operator, sum, zero } from '../../src/model/operator.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/model/window.js';
import { coupledSectors } from '../../src/simulate/refinedSteady.js';
import { Dense } from '../support/dense.js';
import { denseOperator } from '../support/generators.js';
import { denseJumps, kinds, openSystem } from '../support/openSystems.js';

const window = rotorWindow(-4, 4);
const one = { re: 1, im: 0 };

describe('the charges of a device', () => {
  test.each(['local', 'global'] as const)('are n1 + n2 and n2 + l in the %s model', (model) => {
    const { charges, breaking } = symmetryOf(device(deviceParameters({ model }), window).system);
    expect(breaking.transitions).toEqual([]);
    // Of both, whatever multiples of one another are added: 2 equations for c_00 = 0, c_01, c_10, c_11 and m.
    expect(charges).toHaveLength(2);
    for (const { offsets, perLevel } of charges) {
      const [c00, c01, c10, c11] = offsets;
      expect(c00).toBe(0);
      // σ1⁺σ2⁻e^{iφ} changes nothing, and each qubit's jumps do the same whatever the other's state.
      expect(c01 - c10).toBe(perLevel);
      expect(c11).toBe(c01 + c10);
    }
  });

  test('are broken by V cos φ alone', () => {
    const parameters = deviceParameters({ V: 1.5 });
    const { system, energies } = device(parameters, window);
    const found = symmetryOf(system);
    expect(found.countsLevels).toBe(true);
    const difference = (a: Dense, b: Dense) => a.plus(b, -1).max();
    expect(difference(denseOperator(found.breaking), denseOperator(energies.potential))).toBe(0);
  });

  test('the sectors inverted together are those of bound states in V cos φ, 4√(VI) + 5', () => {
    for (const [V, I] of [
      [1, 1],
      [4, 1],
      [-10, 0.7],
      [0.1, 3],
    ]) {
      const wide = rotorWindow(-200, 190);
      const found = symmetryOf(device(deviceParameters({ V, I }), wide).system);
      const wanted = Math.ceil(4 * Math.sqrt(Math.abs(V) * I) + 5 - 1e-9);
      expect(coupledSectors(found, wide, null)).toBe(wanted);
    }
  });
});

test('a jump that moves by two different numbers leaves nothing that counts levels', () => {
  const both = operator(window, [{ to: 0, from: 0, value: one }], { shift: 1 }, { shift: -1 });
  const { charges, countsLevels, breaking } = symmetryOf({
    states: 1,
    window,
    hamiltonian: both,
    jumps: { bath: { operators: [both], resolved: [] } },
  });
  expect(countsLevels).toBe(false);
  expect(charges).toEqual([]);
  // Nothing to keep, and so nothing that breaks it.
  expect(breaking.transitions).toEqual([]);
});

test('charges found commute with what is kept of H, and each jump changes them by one number', () => {
  fc.assert(
    fc.property(kinds(14), (kind) => {
      const system = openSystem(kind);
      const { states, window } = system;
      const { charges, hamiltonian, countsLevels, breaking } = symmetryOf(system);
      expect(countsLevels).toBe(charges.some(({ perLevel }) => perLevel !== 0));
      if (kind.conserved === 'all' && !kind.mixing) expect(breaking.transitions).toEqual([]);
      const h = denseOperator(hamiltonian, states);
      for (const { offsets, perLevel } of charges) {
        expect([...offsets, perLevel].every(Number.isInteger)).toBe(true);
        const q = offsets.flatMap((c) =>
          Array.from({ length: window.size }, (_, i) => c + perLevel * (window.lmin + i)),
        );
        const charge = Dense.from(q.length, (i, j) => (i === j ? q[i] : 0));
        expect(h.dot(charge).plus(charge.dot(h), -1).max()).toBe(0);
        for (const jump of denseJumps(system)) {
          const changes = new Set<number>();
          for (let i = 0; i < jump.n; i++) {
            for (let j = 0; j < jump.n; j++) {
              const at = i * jump.n + j;
              if (jump.re[at] !== 0 || jump.im[at] !== 0) changes.add(q[i] - q[j]);
            }
          }
          expect(changes.size).toBeLessThanOrEqual(1);
        }
      }
      const whole = denseOperator(sum(window, hamiltonian, breaking), states);
      expect(whole.plus(denseOperator(system.hamiltonian, states), -1).max()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

describe('a system that is none is refused, by what is wrong with it', () => {
  const good: OpenSystem = {
    states: 2,
    window,
    hamiltonian: zero(window),
    jumps: { bath: { operators: [], resolved: [] } },
  };
  const jump = (to: number, shift: number, f?: (l: number) => number) =>
    operator(window, [{ to, from: 0, value: one }], f === undefined ? { shift } : { shift, f });
  const withJump = (x: ReturnType<typeof jump>): OpenSystem => ({
    ...good,
    jumps: { bath: { operators: [x], resolved: [] } },
  });

  test.each<[string, OpenSystem, string]>([
    ['states', { ...good, states: 0 }, 'states: 0'],
    ['window', { ...good, window: { lmin: 0, lmax: 3, size: 3 } }, 'window: [0, 3] of 3 levels'],
    ['Hamiltonian', { ...good, hamiltonian: jump(0, 1) }, 'hamiltonian: not Hermitian'],
    ['name', { ...good, jumps: { hamiltonian: { operators: [], resolved: [] } } }, 'named'],
    ['state', withJump(jump(2, 0)), 'bath, jump operator 1: |2⟩⟨0|'],
    ['number', withJump(jump(1, 0, () => Number.NaN)), 'a number of a table is not finite'],
    ['other window', withJump(operator(rotorWindow(0, 3), [], { shift: 0 })), 'its window'],
  ])('%s', (_, system, message) => {
    expect(() => checkedSystem(system)).toThrow(OpenSystemError);
    expect(() => checkedSystem(system)).toThrow(message);
    expect(checkedSystem(good)).toBe(good);
  });
});
