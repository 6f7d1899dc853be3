import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadKernels } from '../src/lindblad/kernels.js';
import { deviceParameters, truncation } from '../src/model/parameters.js';
import { rotorWindow } from '../src/operators/window.js';
import { steadyObservables, steadyStateOn } from '../src/simulate/steady.js';
import { lasting, recycling, usedAgain, zeros } from '../src/zeros.js';
import { device, models, smallWindow } from './support/arbitrary.js';

describe('recycled memory', () => {
  test('is zero again, however much of it there is', () => {
    const lengths = [1, 2000, 500, 2000, 9000, 2000, 2000, 2000, 70_000, 3];
    const fill = () => lengths.map((length) => zeros(length).fill(Number.NaN).buffer);
    const first = recycling(fill);
    recycling(() => {
      for (const [i, length] of lengths.entries()) {
        const array = zeros(length);
        expect(array.buffer).toBe(first[i]);
        expect(array.every((value) => value === 0)).toBe(true);
      }
    });
  });

  test('of a large array serves shorter ones', () => {
    const [long, next] = recycling(() => [zeros(5000).buffer, zeros(9000).buffer]);
    recycling(() => {
      const short = zeros(4000).fill(1);
      expect(short.length).toBe(4000);
      expect(short.buffer).toBe(long);
      expect(zeros(80_000).buffer).not.toBe(next);
    });
  });

  test('is not that of what outlives the run, nor that of anything made outside of one', () => {
    const cached = recycling(() => lasting(() => zeros(4)).fill(7));
    const outside = zeros(4).fill(7);
    recycling(() => zeros(4).fill(1));
    expect([...cached, ...outside]).toEqual(new Array(8).fill(7));
  });

  test('is known to be in use for others', () => {
    const outside = usedAgain();
    const [inside, kept] = recycling(() => [usedAgain(), lasting(usedAgain)]);
    expect([outside, inside, kept].map((isOver) => isOver())).toEqual([false, false, false]);
    recycling(() => {
      const now = usedAgain();
      expect([outside, inside, kept, now].map((isOver) => isOver())).toEqual([
        false,
        true,
        false,
        false,
      ]);
    });
  });

  test('is not used again while it is in use', () => {
    expect(() => recycling(() => recycling(() => zeros(1)))).toThrow('in use');
    recycling(() => zeros(1));
  });

  test('changes no digit of any device, whatever was solved before in the same memory', async () => {
    // Of the first devices nothing is computed by code, of the last ones most.
    await loadKernels();
    const solvable = fc.tuple(models.chain(device), smallWindow);
    fc.assert(
      fc.property(fc.array(solvable, { minLength: 2, maxLength: 24 }), (devices) => {
        const solve = ([parameters, { lmin, lmax }]: (typeof devices)[number]) =>
          steadyObservables(
            steadyStateOn(deviceParameters(parameters), rotorWindow(lmin, lmax)),
            truncation({ lmin, lmax }),
          );
        const found = devices.map((one) => recycling(() => solve(one)));
        expect(found).toEqual(devices.map(solve));
        // And once more, from what is cached by now.
        expect(devices.map((one) => recycling(() => solve(one)))).toEqual(found);
      }),
      { numRuns: 100 },
    );
  });
});
