import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullSpace } from '../../src/generator/classes.js';
import { type Lindbladian, lindbladian } from '../../src/generator/lindbladian.js';
import { sectorSteadyState } from '../../src/lindblad/sectorDensityMatrix.js';
import { device } from '../../src/model/device.js';
import { initialState } from '../../src/model/initial.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { DirectEvolution } from '../../src/solve/directEvolution.js';
import type { Tolerances } from '../../src/solve/evolver.js';
import { embedded } from '../../src/state/embed.js';
import { initialDensityMatrix, populatedClasses } from '../../src/state/initialState.js';
import * as arbitrary from '../support/arbitrary.js';
import { denseState } from '../support/generators.js';
import { taylorExponential } from '../support/taylor.js';

const tight: Tolerances = { rtol: 1e-13, atol: 1e-16 };
const none = async () => {};

const largest = (x: Float64Array, y: Float64Array) =>
  x.reduce((worst, v, i) => Math.max(worst, Math.abs(v - y[i])), 0);

async function evolved(
  { total }: Lindbladian,
  elements: Float64Array,
  t: number,
  tolerances = tight,
): Promise<Float64Array> {
  const evolution = new DirectEvolution(total, elements, tolerances);
  await evolution.advanceTo(t, none);
  return evolution.elements();
}

/** Coherent qubits, entangled with each other, and a rotor that has an angle. */
const coherent = {
  qubits: [
    [0.4, 0, 0, '0.1+0.2i'],
    [0, 0.1, '0.05i', 0],
    [0, '-0.05i', 0.2, 0],
    ['0.1-0.2i', 0, 0, 0.3],
  ],
  rotor: { superposition: { '-1': 1, 0: '1i', 1: 0.5 } },
};

const devices = fc.tuple(fc.oneof(arbitrary.device('local'), arbitrary.device('global')));

describe('sector by sector = the whole space by Taylor’s series, for random devices', () => {
  const compare = (input: unknown) =>
    fc.asyncProperty(devices, async ([values]) => {
      const window = rotorWindow(-1, 1);
      const parameters = deviceParameters(values);
      const { system } = device(parameters, window);
      const initial = initialState(parameters, input);
      const sectors = lindbladian(system, 'sector', populatedClasses(initial));
      const whole = lindbladian(system, 'full');
      const { elements } = initialDensityMatrix(initial, sectors.space);
      const found = denseState(sectors.space, await evolved(sectors, elements, 0.7));
      const all = initialDensityMatrix(initial, fullSpace(system));
      const wanted = denseState(whole.space, taylorExponential(whole.total, all.elements, 0.7));
      expect(found.plus(wanted, -1).max()).toBeLessThan(1e-11);
    });

  test('from populations', () => fc.assert(compare({}), { numRuns: 12 }));
  test('from coherences in every kind of sector', () =>
    fc.assert(compare(coherent), { numRuns: 8 }));
});

test('only the sectors that are populated are held', () => {
  const parameters = deviceParameters();
  const window = rotorWindow(-10, 10);
  const { system } = device(parameters, window);
  const sizeFor = (input: unknown) =>
    lindbladian(system, 'sector', populatedClasses(initialState(parameters, input))).space.classes
      .length;
  expect(sizeFor({})).toBe(6);
  expect(sizeFor({ rotor: { superposition: { 0: 1, 2: 1 } } })).toBe(18);
  expect(sizeFor({ rotor: { superposition: { 0: 1, 1: 1, 2: 1 } } })).toBe(30);
});

test('evolving by t1 + t2 is evolving by t1, then by t2', () =>
  fc.assert(
    fc.asyncProperty(
      devices,
      arbitrary.between(0.01, 50),
      arbitrary.between(0.01, 50),
      async ([values], t1, t2) => {
        const parameters = deviceParameters(values);
        const { system } = device(parameters, rotorWindow(-4, 5));
        const initial = initialState(parameters, { rotor: { superposition: { 0: 1, 2: '1i' } } });
        const generator = lindbladian(system, 'sector', populatedClasses(initial));
        const { elements } = initialDensityMatrix(initial, generator.space);
        const first = await evolved(generator, elements, t1);
        const second = await evolved(generator, first, t2);
        expect(largest(second, await evolved(generator, elements, t1 + t2))).toBeLessThan(2e-11);
      },
    ),
    { numRuns: 15 },
  ));

test('the tolerance asked for is the accuracy got, within the number of steps', () =>
  fc.assert(
    fc.asyncProperty(devices, async ([values]) => {
      const parameters = deviceParameters(values);
      const { system } = device(parameters, rotorWindow(-8, 8));
      const generator = lindbladian(system, 'sector');
      const { elements } = initialDensityMatrix(initialState(parameters), generator.space);
      const exact = await evolved(generator, elements, 30);
      for (const rtol of [1e-4, 1e-6, 1e-8, 1e-10]) {
        const evolution = new DirectEvolution(generator.total, elements, { rtol, atol: 0 });
        await evolution.advanceTo(30, none);
        const { accepted } = evolution.counts;
        const error = largest(await evolution.elements(), exact);
        expect(error).toBeLessThan(Math.max(2 * rtol * accepted, 1e-12));
      }
    }),
    { numRuns: 15 },
  ));

test('looser tolerances take fewer steps, and are less accurate', async () => {
  const parameters = deviceParameters();
  const { system } = device(parameters, rotorWindow(-20, 20));
  const generator = lindbladian(system, 'sector');
  const { elements } = initialDensityMatrix(initialState(parameters), generator.space);
  const exact = await evolved(generator, elements, 100);
  const run = async (rtol: number) => {
    const evolution = new DirectEvolution(generator.total, elements, { rtol, atol: 0 });
    await evolution.advanceTo(100, none);
    const error = largest(await evolution.elements(), exact);
    return { error, steps: evolution.counts.accepted };
  };
  const [loose, close] = [await run(1e-3), await run(1e-11)];
  expect(loose.steps).toBeLessThan(close.steps);
  expect(loose.error).toBeGreaterThan(close.error);
});

test('the long-time limit is the steady state to 1e-9, both models', () =>
  fc.assert(
    fc.asyncProperty(devices, async ([values]) => {
      const parameters = deviceParameters({ ...values, gamma: Math.max(values.gamma ?? 0, 1e-4) });
      const window = rotorWindow(-6, 7);
      const { system } = device(parameters, window);
      const generator = lindbladian(system, 'sector');
      const { elements } = initialDensityMatrix(initialState(parameters), generator.space);
      const found = sectorSteadyState(system);
      if (found === null) throw new Error('no sector');
      const steady = embedded(found, generator.space).elements;
      const late = await evolved(generator, elements, 1e8, { rtol: 1e-11, atol: 1e-14 });
      expect(largest(late, steady)).toBeLessThan(1e-9);
    }),
    { numRuns: 40 },
  ));

test('a state that is not made of numbers is an error, not an endless loop', async () => {
  const parameters = deviceParameters();
  const { system } = device(parameters, rotorWindow(-4, 4));
  const generator = lindbladian(system, 'sector');
  const { elements } = initialDensityMatrix(initialState(parameters), generator.space);
  elements[0] = Number.NaN;
  await expect(evolved(generator, elements, 1)).rejects.toThrow('not made of finite numbers');
});
