import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/generator/apply.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { equationOf } from '../../src/lindblad/openSystem.js';
import { sectorSteadyState } from '../../src/lindblad/sectorDensityMatrix.js';
import { SectorProgram } from '../../src/lindblad/sectorProgram.js';
import { device } from '../../src/model/device.js';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyObservables, steadyStateOn } from '../../src/simulate/steady.js';
import { norm } from '../../src/state/densityMatrix.js';
import { between, models, numbers, smallWindow } from '../support/arbitrary.js';

/** Devices whose terms differ: with and without interaction, load and dephasing. */
const anyDevice = fc
  .tuple(numbers, models, fc.boolean(), fc.boolean(), fc.boolean())
  .map(([values, model, coupled, loaded, dephased]) =>
    deviceParameters({
      ...values,
      model,
      lambda: coupled ? values.lambda : 0,
      gamma: loaded ? values.gamma : 0,
      kappa1: dephased ? 0.3 : 0,
    }),
  );

/** The sector's real numbers act on random Hermitian matrices as the generator does. */
function expectSameAction(system: OpenSystem, random: () => number): void {
  const program = SectorProgram.of(equationOf(system));
  if (program === null) throw new Error('no sector');
  const sector = program.bind(system.window);
  sector.numbers.fill({});
  const { space, total } = lindbladian(system, 'sector');
  const { size } = system.window;
  const x = new Float64Array(sector.sites * sector.siteWidth);
  const rho = new Float64Array(2 * space.size);
  program.classes.forEach(({ ket, bra, apart }, c) => {
    const { unknown, conjugation } = program.unknownOf[c];
    if (conjugation < 0) return;
    const [own, mirror] = [space.find(ket, bra, -apart), space.find(bra, ket, apart)];
    const first = Math.max(0, -apart);
    for (let p = 0; p < size - Math.abs(apart); p++) {
      const at = sector.index(first + p + program.offsets[ket], unknown);
      x[at] = random();
      rho[2 * (space.classes[own].offset + p)] = x[at];
      rho[2 * (space.classes[mirror].offset + p)] = x[at];
      if (conjugation === 0) continue;
      x[at + 1] = random();
      rho[2 * (space.classes[own].offset + p) + 1] = x[at + 1];
      rho[2 * (space.classes[mirror].offset + p) + 1] = -x[at + 1];
    }
  });
  expect(sector.norm(x)).toBeCloseTo(norm({ space, elements: rho }), 12);
  const { y } = sector.derivative(x);
  const wanted = apply(total, rho);
  const scale = Math.max(1, ...wanted.map(Math.abs));
  program.classes.forEach(({ ket, bra, apart }, c) => {
    const found = sector.elements(y, c);
    const { offset, first, length } = space.classes[space.find(ket, bra, -apart)];
    for (let p = 0; p < length; p++) {
      const at = 2 * (offset + p);
      expect(Math.abs(found.re[first + p] - wanted[at])).toBeLessThanOrEqual(1e-13 * scale);
      expect(Math.abs((found.im?.[first + p] ?? 0) - wanted[at + 1])).toBeLessThanOrEqual(
        1e-13 * scale,
      );
    }
  });
}

describe('the sector in real numbers', () => {
  test('acts on Hermitian matrices as the generator does', () => {
    fc.assert(
      fc.property(
        anyDevice,
        smallWindow,
        fc.noShrink(fc.infiniteStream(between(-1, 1))),
        (parameters, { lmin, lmax }, stream) => {
          const { system } = device(parameters, rotorWindow(lmin, lmax));
          expectSameAction(system, () => stream.next().value);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of a compiled machine has the steady state of its operators as numbers', () => {
    fc.assert(
      fc.property(anyDevice, smallWindow, (given, { lmin, lmax }) => {
        const parameters = { ...given, gamma: given.gamma + 1e-3 };
        const window = rotorWindow(lmin, lmax);
        const { rho } = steadyStateOn(parameters, window);
        const wanted = sectorSteadyState(device(parameters, window).system);
        if (wanted === null) throw new Error('no sector');
        for (const { ket, bra, delta, offset, length } of wanted.space.classes) {
          const own = rho.space.classes[rho.space.find(ket, bra, delta)].offset;
          for (let i = 0; i < 2 * length; i++) {
            const difference = rho.elements[2 * own + i] - wanted.elements[2 * offset + i];
            expect(Math.abs(difference)).toBeLessThan(1e-12);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an earlier state keeps its numbers while others are computed, on more windows than are kept', () => {
    const given = truncation({ lmin: -10, lmax: 10 });
    const first = steadyStateOn(deviceParameters(), rotorWindow(-10, 10));
    const other = steadyStateOn(deviceParameters({ beta2: 0.05 }), rotorWindow(-10, 10));
    const before = steadyObservables(first, given);
    for (let reach = 11; reach < 40; reach++) {
      steadyStateOn(deviceParameters({ model: 'global', beta2: 0.07 }), rotorWindow(-reach, reach));
    }
    steadyObservables(other, given);
    expect(steadyObservables(first, given)).toEqual(before);
    const again = steadyStateOn(deviceParameters(), rotorWindow(-10, 10));
    expect(steadyObservables(again, given)).toEqual(before);
  });
});
