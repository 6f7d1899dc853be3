import { expect, test } from 'vitest';
import { errorsOf, known } from '../../src/thermo/flowEstimates.js';

test('a number is known where its error leaves it a sign', () => {
  expect(known({ value: 3, error: 2 })).toBe(3);
  expect(known({ value: -3, error: 2 })).toBe(-3);
  expect(known({ value: 3, error: 3 })).toBe(0);
  expect(known({ value: -3, error: 4 })).toBe(0);
  expect(known({ value: -3, error: 0 })).toBe(-3);
});

test('errors keep the names of what they are of', () => {
  const estimates = { Q1: { value: -2, error: 0.1 }, Q2: { value: 5, error: 0.2 } };
  expect(errorsOf(estimates)).toEqual({ Q1: 0.1, Q2: 0.2 });
});
