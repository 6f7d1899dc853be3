import { describe, expect, test } from 'vitest';
import {
  classKey,
  fullSpace,
  populationClasses,
  populationsOf,
  spaceOf,
} from '../../src/generator/classes.js';
import { rotorWindow } from '../../src/operators/window.js';

const basis = { states: 3, window: rotorWindow(-2, 1) };

describe('the whole space', () => {
  test('has n²(2N − 1) classes and n²N² elements, each pair of kets and bras once', () => {
    const space = fullSpace(basis);
    expect(space.classes).toHaveLength(9 * 7);
    expect(space.size).toBe(9 * 16);
    const seen = new Set<string>();
    for (const { ket, bra, delta, first, length } of space.classes) {
      for (let p = first; p < first + length; p++) {
        expect(p).toBeLessThan(4);
        expect(p - delta).toBeGreaterThanOrEqual(0);
        expect(p - delta).toBeLessThan(4);
        seen.add(`${ket} ${p}, ${bra} ${p - delta}`);
      }
    }
    expect(seen.size).toBe(space.size);
  });

  test('lays its classes one after another, and finds each by its name', () => {
    const space = fullSpace(basis);
    let offset = 0;
    const keys = new Set<number>();
    space.classes.forEach((own, at) => {
      expect(own.offset).toBe(offset);
      offset += own.length;
      expect(space.find(own.ket, own.bra, own.delta)).toBe(at);
      keys.add(classKey(basis, own));
    });
    expect(keys.size).toBe(space.classes.length);
  });

  test('has no class wider than the window', () => {
    const space = fullSpace(basis);
    for (const delta of [4, -4, 5, -5, 8, -8]) expect(space.find(1, 1, delta)).toBe(-1);
    expect(space.find(1, 1, 3)).toBeGreaterThanOrEqual(0);
    expect(space.find(1, 1, -3)).toBeGreaterThanOrEqual(0);
  });
});

describe('a space of chosen classes', () => {
  const names = [
    { ket: 2, bra: 0, delta: -3 },
    { ket: 2, bra: 2, delta: 0 },
    { ket: 0, bra: 1, delta: 2 },
    { ket: 0, bra: 0, delta: 0 },
  ];
  test('keeps their order', () => {
    const space = spaceOf(basis, names);
    expect(space.classes.map(({ ket, bra, delta }) => ({ ket, bra, delta }))).toEqual(names);
    expect(space.classes.map(({ first, length, offset }) => [first, length, offset])).toEqual([
      [0, 1, 0],
      [0, 4, 1],
      [2, 2, 5],
      [0, 4, 7],
    ]);
    expect(space.size).toBe(11);
    expect(space.find(0, 2, -3)).toBe(-1);
    expect(space.find(1, 1, 0)).toBe(-1);
  });

  test('has the populations that are among them, in the order of their states', () => {
    const space = spaceOf(basis, names);
    expect(populationsOf(space)).toEqual([space.classes[3], space.classes[1]]);
    // The first class of a space too.
    const [, second, , last] = names;
    const small = spaceOf(basis, [second, last]);
    expect(populationsOf(small)).toEqual([small.classes[1], small.classes[0]]);
    expect(populationClasses(basis)).toEqual([0, 1, 2].map((s) => ({ ket: s, bra: s, delta: 0 })));
  });
});
