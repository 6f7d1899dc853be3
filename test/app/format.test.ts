import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brief, exact } from '../../src/app/components/format.js';

const read = (text: string) => Number(text.replaceAll('−', '-'));

test('a number keeps twelve digits, whatever its size, and no zeros that say nothing', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(read(exact(value))).toBe(Number(value.toPrecision(12)) + 0);
    }),
  );
  expect(exact(5.285e-20)).toBe('5.285e−20');
  expect(exact(-100)).toBe('−100');
  expect(exact(0.7)).toBe('0.7');
  expect(exact(0)).toBe('0');
  expect(exact(null)).toBe('–');
});

test('a few digits as print has them', () => {
  expect(brief(2511.886)).toBe('2512');
  expect(brief(-0.8707349, 6)).toBe('−0.870735');
  expect(brief(1.54e-24, 2)).toBe('1.5×10⁻²⁴');
});
