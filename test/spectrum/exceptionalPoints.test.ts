/** Exceptional points where the literature has them in closed form, and of matrices that are made to have them. */
import { describe, expect, test } from 'vitest';
import { slowestOf } from '../../src/simulate/anyModes.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { type Eigenvalue, exceptionalPoints } from '../../src/spectrum/exceptionalPoints.js';
import { galleryMachine } from '../support/machines.js';

const spread = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));

describe('two exchange-coupled qubits', () => {
  const described = galleryMachine('exchange-qubits');
  const system = new MachineSystem(described);
  const window = machineWindow(described);
  const along = (name: string, set: Readonly<Record<string, number>>, values: readonly number[]) =>
    exceptionalPoints((at) => {
      const all = { ...defaultValues(described), ...set, [name]: at };
      return slowestOf(system.on(window, all).system, 6);
    }, values);

  /** Where 4g is the difference of the decay rates Γ = k(2n + 1), three modes have the rate (Γh + Γc)/2. */
  test.each([
    ['g', { k: 1, nh: 1, nc: 0 }, spread(0.2, 0.9, 5), 0.5, 2],
    ['g', { k: 1.3, nh: 2.2, nc: 0.3 }, spread(0.5, 2, 6), 1.235, 4.55],
    ['k', { g: 0.5, nh: 1, nc: 0.25 }, spread(0.4, 3, 6), 4 / 3, 3],
  ] as const)('along %s with %j', async (name, set, values, at, rate) => {
    const [point, ...others] = await along(name, set, values);
    expect(others).toEqual([]);
    expect(point.order).toBe(3);
    expect(Math.abs(point.at - at)).toBeLessThan(Math.max(point.error, 1e-13));
    expect(point.error).toBeLessThan(1e-12);
    expect(Math.abs(point.rate / rate - 1)).toBeLessThan(1e-12);
  });

  test('beside it there is none', async () => {
    expect(await along('g', {}, spread(0.6, 1.2, 4))).toEqual([]);
  });
});

test('pairs that become real in either direction, among eigenvalues that pass by', async () => {
  const root = (square: number): readonly [number, number] =>
    square < 0 ? [0, Math.sqrt(-square)] : [Math.sqrt(square), 0];
  const spectrum = (x: number): Eigenvalue[] => {
    const [a, b] = root(0.3 - x + 0.1 * x * x);
    const [c, d] = root(x - 0.7);
    return [
      ...[1, -1].map((s) => ({ re: -2 - 0.3 * x + s * a, im: s * b })),
      ...[1, -1].map((s) => ({ re: -5 + s * c, im: s * d })),
      { re: -1.2 - x, im: 0 },
      { re: -9, im: 0 },
    ].map((value) => ({ ...value, coalesced: 1, isKnown: true }));
  };
  const found = await exceptionalPoints(spectrum, spread(0.05, 0.95, 8));
  expect(found.map(({ order }) => order)).toEqual([2, 2]);
  const [first, second] = found;
  expect(first.at).toBeCloseTo((1 - Math.sqrt(1 - 0.12)) / 0.2, 12);
  expect(first.rate).toBeCloseTo(2 + 0.3 * first.at, 11);
  expect(second.at).toBeCloseTo(0.7, 12);
  expect(second.rate).toBeCloseTo(5, 11);
});

test('of a machine without a load, whose modes rounding alone decides, nothing is said', async () => {
  const described = galleryMachine('flywheel');
  const window = machineWindow(described);
  const system = new MachineSystem(described).on(window, defaultValues(described)).system;
  expect((await slowestOf(system, 4)).some(({ isKnown }) => isKnown)).toBe(false);
});
