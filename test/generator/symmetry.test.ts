/** Conserved charges found from the terms, and systems that are none. */
import fc from 'fast-check';
import { Matrix, SVD } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { checkedSystem, OpenSystemError } from '../../src/generator/checkedSystem.js';
import { symmetryOf } from '../../src/generator/symmetry.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import { type Operator, operator, sum } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
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

const rankOf = (rows: number[][]): number =>
  rows.length === 0 ? 0 : new SVD(new Matrix(rows), { autoTranspose: true }).rank;

/** The dimension of the space of all (c, m) that matrices conserve, and whether one of them has m ≠ 0. */
function conservedBy(
  states: number,
  size: number,
  hamiltonian: Dense,
  jumps: readonly Dense[],
): { dimension: number; countsLevels: boolean } {
  const rows: number[][] = [];
  /** q(row) − q(column) as coefficients of (c_0, …, m). */
  const change = (i: number, j: number): number[] => {
    const row = new Array<number>(states + 1).fill(0);
    row[Math.floor(i / size)] += 1;
    row[Math.floor(j / size)] -= 1;
    row[states] = (i % size) - (j % size);
    return row;
  };
  const changes = (m: Dense): number[][] => {
    const found: number[][] = [];
    for (let i = 0; i < m.n; i++) {
      for (let j = 0; j < m.n; j++) {
        if (m.re[i * m.n + j] !== 0 || m.im[i * m.n + j] !== 0) found.push(change(i, j));
      }
    }
    return found;
  };
  rows.push(...changes(hamiltonian));
  for (const jump of jumps) {
    const [first, ...others] = changes(jump);
    for (const other of others) rows.push(other.map((x, i) => x - first[i]));
  }
  const own = rankOf(rows);
  const levels = [...new Array<number>(states).fill(0), 1];
  return {
    dimension: states + 1 - own,
    countsLevels: rankOf([...rows, levels]) > own,
  };
}

test('no charge is missed, and no more of H is left out than breaks those that count levels', () => {
  fc.assert(
    fc.property(kinds(14), (kind) => {
      const system = openSystem(kind);
      const { states, window } = system;
      const found = symmetryOf(system);
      const jumps = denseJumps(system);
      const of = (h: Dense) => conservedBy(states, window.size, h, jumps);
      const kept = denseOperator(found.hamiltonian, states);
      const { dimension, countsLevels } = of(kept);
      // The trivial charge, 1, is not listed.
      expect(found.charges).toHaveLength(dimension - 1);
      expect(found.countsLevels).toBe(countsLevels);
      const rows = found.charges.map(({ offsets, perLevel }) => [...offsets, perLevel]);
      const trivial = [...new Array<number>(states).fill(1), 0];
      expect(rankOf([...rows, trivial])).toBe(dimension);
      for (const row of rows) {
        const divides = (d: number) => row.every((x) => Number.isInteger(x / d));
        expect([2, 3, 5, 7].some(divides)).toBe(false);
      }
      for (const t of found.breaking.transitions) {
        const term = denseOperator({ window, transitions: [t] }, states);
        expect(of(kept.plus(term)).countsLevels).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

describe('what is 0 conserves everything', () => {
  const still = (to: number, shift: number, value: number, f?: (l: number) => number) =>
    operator(window, [{ to, from: 0, value: { re: value, im: 0 } }], f ? { shift, f } : { shift });
  const system = (hamiltonian: Operator, ...operators: Operator[]): OpenSystem => ({
    ...{ states: 2, window, hamiltonian },
    jumps: { bath: { operators, resolved: [] } },
  });
  const both = [expect.objectContaining({ perLevel: 0 }), expect.objectContaining({ perLevel: 1 })];

  test('a term of H with coefficient 0, or a table of zeros', () => {
    expect(symmetryOf(system(still(1, 0, 0))).charges).toEqual(both);
    expect(symmetryOf(system(still(0, 1, 1, () => 0))).charges).toEqual(both);
    expect(symmetryOf(system(still(0, 1, 0))).breaking.transitions).toEqual([]);
    expect(symmetryOf(system(still(1, 0, 1))).charges).toHaveLength(1);
    // Imaginary numbers are numbers.
    const imaginary = operator(window, [{ to: 1, from: 0, value: { re: 0, im: 1 } }], { shift: 0 });
    expect(symmetryOf(system(imaginary)).charges).toHaveLength(1);
    const table = operator(window, [{ to: 1, from: 0, value: one }], {
      ...{ shift: 0, f: () => ({ re: 0, im: 2 }) },
    });
    expect(symmetryOf(system(table)).charges).toHaveLength(1);
  });

  test('a part of a jump operator that is 0', () => {
    const parts = (value: number) => sum(window, still(0, 1, 1), still(0, -1, value));
    expect(symmetryOf(system(sum(window), parts(0))).countsLevels).toBe(true);
    expect(symmetryOf(system(sum(window), parts(1))).countsLevels).toBe(false);
    const resolved = (amplitude: number): OpenSystem => {
      const part = { to: 1, from: 0, departure: 0, arrival: 0, sign: 1 as const };
      const amplitudes = (x: number) => [new Float64Array(window.size).fill(x)];
      const all = [
        { ...part, amplitudes: amplitudes(1) },
        { ...part, arrival: 1, amplitudes: amplitudes(amplitude) },
      ];
      return {
        ...system(sum(window)),
        jumps: { bath: { operators: [], resolved: [{ parts: all }] } },
      };
    };
    expect(symmetryOf(resolved(0)).countsLevels).toBe(true);
    expect(symmetryOf(resolved(1)).countsLevels).toBe(false);
  });

  test('a jump that is two states’ own counts their difference: c_1 − c_0 and the level together', () => {
    const jump = sum(window, still(1, 0, 1), still(0, 2, 1));
    expect(symmetryOf(system(sum(window), jump)).charges).toEqual([
      { offsets: [0, 2], perLevel: 1 },
    ]);
    const third = sum(window, still(1, 0, 1), still(0, 3, 1));
    const half = sum(
      window,
      still(1, 1, 1),
      operator(window, [{ to: 0, from: 1, value: one }], {
        ...{ shift: 4 },
      }),
    );
    expect(symmetryOf(system(sum(window), third)).charges).toEqual([
      { offsets: [0, 3], perLevel: 1 },
    ]);
    expect(symmetryOf(system(sum(window), half)).charges).toEqual([
      { offsets: [0, 3], perLevel: 2 },
    ]);
  });
});

describe('a system that is none is refused, by what is wrong with it', () => {
  const good: OpenSystem = {
    states: 2,
    window,
    hamiltonian: sum(window),
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
