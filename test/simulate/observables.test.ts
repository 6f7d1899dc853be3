/** The records of observables, and what is derived from them. */
import { expect, test } from 'vitest';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import {
  describedObservable,
  OBSERVABLE_NAMES,
  observableRecord,
  variableName,
} from '../../src/simulate/observableRecords.js';
import { asNumber, numberOf, observed } from '../../src/simulate/observe.js';
import { steadyObservables, steadyState } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';

test('names are one level deep, and stay apart as variables', () => {
  for (const name of OBSERVABLE_NAMES) expect(name).toMatch(/^\w+(\.\w+)?$/);
  expect(new Set(OBSERVABLE_NAMES.map(variableName)).size).toBe(OBSERVABLE_NAMES.length);
});

test('functions of others name others that stand before them', () => {
  OBSERVABLE_NAMES.forEach((name, at) => {
    const { is } = observableRecord(name);
    if (is.kind !== 'others') return;
    for (const other of is.of) expect(OBSERVABLE_NAMES.slice(0, at)).toContain(other);
  });
});

test('every value is of the kind that its record promises', () => {
  for (const beta2 of [0.03, 0.08, 0.1, 0.2]) {
    const found = steadyObservables(
      steadyState(deviceParameters({ beta2 }), truncation()),
      truncation(),
    );
    for (const name of OBSERVABLE_NAMES) {
      const { words, isFlag, absent } = observableRecord(name);
      const value = observed(found, name);
      if (words !== undefined) expect(words).toContain(value);
      else if (isFlag === true) expect(typeof value).toBe('boolean');
      else if (absent !== undefined && value === null) continue;
      else expect(Number.isFinite(value), name).toBe(true);
    }
  }
});

test('the numbers of a sweep are those of a single device', () => {
  const state = steadyState(deviceParameters({ beta2: 0.08 }), truncation());
  const found = steadyObservables(state, truncation());
  const reading = new SteadyReading(state);
  for (const name of OBSERVABLE_NAMES) {
    expect(numberOf(name, reading), name).toBe(asNumber(name, observed(found, name)));
  }
  expect(numberOf('operation', reading)).toBe(2);
  expect(numberOf('boundExceeded', reading)).toBe(0);
  expect(numberOf('efficiency', reading)).toBeNaN();
});

test('attributes say where an observable is in the paper', () => {
  expect(describedObservable('heat.Q1')).toBe('heat flow from bath 1, Eqs. (18), (19), (29)');
  expect(describedObservable('heat.Qr')).toBe('heat flow from the load, Eq. (21)');
  expect(describedObservable('operation')).toBe('operation, Table I');
  expect(describedObservable('rotor.cos')).toBe('mean cosine of the angle');
});
