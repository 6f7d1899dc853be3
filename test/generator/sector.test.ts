import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/backend/cpu/apply.js';
import {
  applyHermitian,
  fromUnknowns,
  hermitianExpectation,
  hermitianNorm,
  toUnknowns,
} from '../../src/generator/hermitian.js';
import { HAMILTONIAN, lindbladian } from '../../src/generator/lindbladian.js';
import { hermitianSector } from '../../src/generator/sector.js';
import { BATHS, device, type OpenSystem } from '../../src/model/device.js';
import { millInteraction } from '../../src/model/hamiltonian.js';
import { scale, sum } from '../../src/model/operator.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/model/window.js';
import { steadyObservables, steadyStateOn } from '../../src/simulate/steady.js';
import { sectorSteadyState } from '../../src/solve/sectorSteadyState.js';
import { expectation, norm } from '../../src/state/densityMatrix.js';
import { between, models, numbers, smallWindow } from '../support/arbitrary.js';

/** Devices whose rules differ in shape: with and without interaction, with and without load. */
const anyDevice = fc
  .tuple(numbers, models, fc.boolean(), fc.boolean())
  .map(([values, model, coupled, loaded]) =>
    deviceParameters({
      ...values,
      model,
      lambda: coupled ? values.lambda : 0,
      gamma: loaded ? values.gamma : 0,
    }),
  );

/** The sector acts on random unknowns as the generator does, channel by channel. */
function expectSameAction(system: OpenSystem, random: () => number): void {
  const { layout, channels } = hermitianSector(system);
  const { space, channels: couplings } = lindbladian(system, 'sector');
  expect(layout.space.classes).toEqual(space.classes);
  const unknowns = toUnknowns(layout, new Float64Array(2 * space.size)).map(random);
  const elements = fromUnknowns(layout, unknowns);
  const x = toUnknowns(layout, elements);
  for (const channel of [HAMILTONIAN, ...BATHS]) {
    const y = new Float64Array(x.length);
    applyHermitian(channels[channel], x, y);
    const found = fromUnknowns(layout, y);
    const wanted = apply(couplings[channel], elements);
    const scale = Math.max(1, ...wanted.map(Math.abs));
    for (let i = 0; i < found.length; i++) {
      expect(Math.abs(found[i] - wanted[i])).toBeLessThanOrEqual(1e-13 * scale);
    }
  }
}

describe('the sector in real numbers', () => {
  test('acts on Hermitian matrices as the generator does, each channel, in any order of devices', () => {
    fc.assert(
      fc.property(
        anyDevice,
        smallWindow,
        fc.noShrink(fc.infiniteStream(between(-1, 1))),
        (parameters, { lmin, lmax }, stream) => {
          const { system, energies } = device(parameters, rotorWindow(lmin, lmax));
          const { layout } = hermitianSector(system);
          const { space } = lindbladian(system, 'sector');
          const unknowns = toUnknowns(layout, new Float64Array(2 * space.size)).map(
            () => stream.next().value,
          );
          const elements = fromUnknowns(layout, unknowns);
          const x = toUnknowns(layout, elements);
          const rho = { space, elements };
          expect(hermitianNorm(layout, x)).toBeCloseTo(norm(rho), 12);
          expect(hermitianExpectation(layout, x, energies.interaction)).toBeCloseTo(
            expectation(rho, energies.interaction).re,
            12,
          );
          expectSameAction(system, () => stream.next().value);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('knows a term that was switched off, or turned, from one that is on', () => {
    const { system } = device(deviceParameters({ lambda: 0 }), rotorWindow(-2, 3));
    const { hamiltonian } = system;
    let turn = 0;
    const random = () => Math.sin(++turn);
    const factors = [0, 1, 0, 0.5, { re: 0, im: 1 }, { re: 1, im: 2 }, 1, 0];
    for (const factor of factors) {
      const coupling = scale(millInteraction(system.window, 1), factor);
      expectSameAction(
        { ...system, hamiltonian: sum(system.window, hamiltonian, coupling) },
        random,
      );
    }
  });

  test('gives the steady state of the generator that is made afresh', () => {
    fc.assert(
      fc.property(numbers, models, smallWindow, (values, model, { lmin, lmax }) => {
        const window = rotorWindow(lmin, lmax);
        const parameters = deviceParameters({ ...values, model });
        const { rho } = steadyStateOn(parameters, window);
        const { total } = lindbladian(device(parameters, window).system, 'sector');
        const wanted = sectorSteadyState(total, -lmin);
        for (let i = 0; i < wanted.length; i++) {
          expect(Math.abs(rho.elements[i] - wanted[i])).toBeLessThan(1e-13);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an earlier state keeps its numbers while others are computed, on more windows than are kept', () => {
    const given = truncation({ lmin: -10, lmax: 10 });
    const first = steadyStateOn(deviceParameters(), rotorWindow(-10, 10));
    const before = steadyObservables(first, given);
    for (let reach = 11; reach < 40; reach++) {
      steadyStateOn(deviceParameters({ model: 'global', beta2: 0.07 }), rotorWindow(-reach, reach));
    }
    expect(steadyObservables(first, given)).toEqual(before);
    const again = steadyStateOn(deviceParameters(), rotorWindow(-10, 10));
    expect(steadyObservables(again, given)).toEqual(before);
  });
});
