import { expect, test } from 'vitest';
import { defaultPage } from '../../src/app/state/page.js';
import { amplitudesOf, initialOf } from '../../src/app/views/evolution/initial.js';
import { initialState } from '../../src/model/initial.js';
import { deviceParameters } from '../../src/model/parameters.js';

const { settings } = defaultPage();

test('amplitudes are read level by level', () => {
  expect(amplitudesOf('0:1 1:-0.5i')).toEqual({ 0: '1', 1: '-0.5i' });
  expect(amplitudesOf(' −2 ; 3:2 ')).toEqual({ '-2': '1', 3: '2' });
});

test.each(['level', 'thermal', 'superposition', 'packet'] as const)(
  'a rotor of the kind %s is one of the command line',
  (rotor) => {
    const initial = initialOf({ ...settings, rotor, qubit1: 'up' });
    expect(() => initialState(deviceParameters(), initial)).not.toThrow();
    expect(initial.qubit1).toBe('up');
    expect('qubit2' in initial).toBe(false);
  },
);

test('what is no state is refused by name', () => {
  const initial = initialOf({ ...settings, rotor: 'superposition', amplitudes: 'x:1' });
  expect(() => initialState(deviceParameters(), initial)).toThrow(/rotor/);
});
