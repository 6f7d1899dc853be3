import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ParameterError } from '../../src/model/parameters.js';
import { readTimes } from '../../src/simulate/times.js';

test('lists, ranges, and both together', () => {
  expect(readTimes('0, 1,lin:2:4:3')).toEqual([0, 1, 2, 3, 4]);
  expect(readTimes(['log:0.1:10:3', 20])).toEqual([0.1, 1, 10, 20]);
  expect(readTimes(5)).toEqual([5]);
});

test.each([
  ['3,2,1', '2 does not come after 3'],
  ['1,1', '1 does not come after 1'],
  ['1,,2', 'one is empty'],
  ['-1', '-1 is negative'],
  ['1,x', 'x is no number'],
  ['1e300', '1e+300 is later than 1e+30'],
  ['log:0:10:5', 'log:0:10:5 does not start above 0'],
  ['lin:5:1:3', 'lin:5:1:3 does not rise'],
  ['lin:0:10:1000000000', 'the COUNT of lin:0:10:1000000000 is no integer from 2 to 1000000'],
  ['lin:0:1:2.5', 'the COUNT of lin:0:1:2.5 is no integer'],
  ['lin:0:1:600000,lin:2:3:600000', 'there are more than 1000000'],
  [[], 'there is none'],
])('%j is refused with its own reason', (input, why) => {
  expect(() => readTimes(input)).toThrow(`(${why}`);
});

test('whatever is given: right, or refused', () => {
  const item = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'0123456789.e+-,:linog NaInfty'), maxLength: 20 }),
    fc.double(),
    fc.constantFrom(null, true, {}, 'lin:0:1:3', 'log:1:9:2'),
  );
  fc.assert(
    fc.property(fc.oneof(item, fc.array(item, { maxLength: 4 })), (input) => {
      let times: number[];
      try {
        times = readTimes(input);
      } catch (error) {
        expect(error).toBeInstanceOf(ParameterError);
        return;
      }
      expect(times.length).toBeGreaterThan(0);
      times.forEach((t, i) => {
        expect(t >= 0 && t <= 1e30 && (i === 0 || t > times[i - 1])).toBe(true);
      });
    }),
    { numRuns: 500 },
  );
});
