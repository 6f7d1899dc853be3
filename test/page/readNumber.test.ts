import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EntryError, readNumber } from '../../src/app/content/readNumber.js';

const names = { beta1: 0.1, B1: 4, pi: Math.PI };

describe('a typed number', () => {
  test.each([
    ['0.05', 0.05],
    [' 0.05 ', 0.05],
    ['0,05', 0.05],
    ['.5', 0.5],
    ['−0.1', -0.1],
    ['−0,25', -0.25],
    ['5e-5', 5e-5],
    ['5e−5', 5e-5],
    ['1.5E3', 1500],
    ['0.3*beta1', 0.3 * 0.1],
    ['0,3·beta1', 0.3 * 0.1],
    ['0.05/2', 0.025],
    ['2 − 3 × 4', -10],
    ['(1+2)*B1', 12],
    ['2*-3', -6],
    ['0,125', 0.125],
    ['pi/2', Math.PI / 2],
  ])('%s', (text, value) => {
    expect(readNumber(text, names)).toBe(value);
  });

  test('is read as it is written by the page, whatever it is', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = String(value);
        expect(readNumber(text, {})).toBe(value + 0);
        expect(readNumber(text.replaceAll('-', '−'), {})).toBe(value + 0);
      }),
    );
  });

  test.each([
    ['', /nothing was typed/],
    ['2^3', /can be typed/],
    ['2**3', /can be typed/],
    ['abc', /'abc' is not known: did you mean 'B1'/],
    ['0.3*betta1', /'betta1' is not known: did you mean 'beta1'/],
    ['toString', /not known/],
    ['0x10', /"0x10" is not a number/],
    ['1/0', /not a finite number/],
    ['1e999', /not a finite number/],
    ['0.05 0.06', /can be typed/],
    ['1 2', /can be typed/],
    ['[1]', /can be typed/],
    ['alert(1)', /can be typed/],
    ['"5"', /can be typed/],
    ['1 && 2', /can be typed/],
    ['~1', /can be typed/],
    ['1 +', /is not a number/],
    ['1,000', /1,000 may be 1\.000 or 1000/],
  ])('%s is refused', (text, why) => {
    expect(() => readNumber(text, names)).toThrow(EntryError);
    expect(() => readNumber(text, names)).toThrow(why);
  });
});
