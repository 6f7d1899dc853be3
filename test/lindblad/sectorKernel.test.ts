/** Sectors by code that was made for them, and without: equal to the last bit. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { ElementReader, ElementTable } from '../../src/lindblad/functional.js';
import { loadKernels } from '../../src/lindblad/kernels.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import type { BoundSector } from '../../src/lindblad/sectorProgram.js';
import { CompiledSector } from '../../src/lindblad/sectorSolution.js';
import type { SectorState } from '../../src/lindblad/solvedSector.js';
import {
  betweenBareStates,
  holdsBareStates,
  SectorElements,
  unknownsBetweenBareStates,
} from '../../src/lindblad/stateElements.js';
import { activeMachine } from '../../src/machine/machine.js';
import { mill } from '../../src/machine/mill.js';
import type { Values } from '../../src/machine/tape.js';
import { TapeRounding } from '../../src/machine/tapeRounding.js';
import { type Model, masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { numbers } from '../support/arbitrary.js';
import { galleryMachine, pairsOfQuanta } from '../support/machines.js';
import { randomElements } from '../support/vectors.js';

beforeAll(loadKernels);

const FAINT = 1e-180;

/** More than before code is made. */
const MANY = 101;

/** All that code is made for, of one device. */
function computed(sector: BoundSector, centre: number) {
  const { entries } = sector.assemble(centre);
  const matrix = entries.slice();
  const length = sector.sites * sector.siteWidth;
  const random = (seed: number) => randomElements(length, seed).slice(0, length);
  const x = random(centre);
  const [row, sizes, met] = [1, 2, 3].map((k) => random(centre + k));
  const { shares } = sector;
  const mean = 0.3;
  const { y, magnitudes } = sector.derivative(x);
  return {
    matrix,
    y,
    magnitudes,
    resonance: sector.resonance(),
    shares,
    remainders: [
      sector.remainder(x, shares, { row, mean, sizes: row }),
      sector.remainder(x, shares, { row, mean, sizes, met }),
      sector.remainder(x, shares, { row, mean, sizes }),
    ],
    known: sector.judged(x, Number.EPSILON, true),
    unknown: sector.judged(x, Number.EPSILON, false),
    // Of which squares leave the range of float64.
    faint: sector.judged(
      Float64Array.from(x, (value) => FAINT * value),
      Number.EPSILON,
      true,
    ),
  };
}

/** Compares a sector that has seen many devices with one that has seen none. */
function comparison(compiled: CompiledSector, lmin: number, size: number, first: Values) {
  const bind = () => compiled.program.bind(rotorWindow(lmin, lmin + size - 1));
  const used = bind();
  used.numbers.fill(first);
  for (let i = 0; i < MANY; i++) used.assemble(0);
  return (values: Values, centre: number) => {
    const fresh = bind();
    for (const sector of [used, fresh]) sector.numbers.fill(values);
    expect(computed(used, centre)).toEqual(computed(fresh, centre));
  };
}

test.each<[Model, number, number]>([
  ['local', -5, 12],
  ['global', -4, 9],
])('devices of the %s equation on levels from %i on', (model, lmin, size) => {
  const valuesFor = (input: object) =>
    valuesOf(deviceParameters({ model, ...input }), model === 'local' ? null : 20);
  const compiled = CompiledSector.of(activeMachine(mill, valuesFor({})), masterEquations[model].of);
  const compare = comparison(compiled, lmin, size, valuesFor({}));
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: size }), (device, centre) =>
      compare(valuesFor(device), centre),
    ),
    { numRuns: 15 },
  );
});

test.each<Model>(['local', 'global'])('weighted fluxes of the %s equation', (model) => {
  const valuesFor = (input: object) =>
    valuesOf(deviceParameters({ model, ...input }), model === 'local' ? null : 20);
  const { program } = CompiledSector.of(
    activeMachine(mill, valuesFor({})),
    masterEquations[model].of,
  );
  const bind = () => program.bind(rotorWindow(-4, 6));
  const read = (sector: BoundSector, values: Values) => {
    sector.numbers.fill(values);
    sector.assemble(0);
    const [x, z, origins] = [1, 2, 3].map((seed) =>
      randomElements(sector.sites * sector.siteWidth, seed).slice(
        0,
        sector.sites * sector.siteWidth,
      ),
    );
    return sector.fluxes(x, { z, origins }, new TapeRounding(program.losses, sector.numbers));
  };
  const used = bind();
  for (let n = 0; n < MANY; n++) read(used, valuesFor({ beta1: 0.1 + n / MANY }));
  const isLossy = used.runs.some(({ table }) => program.losses.isIn(table));
  expect(program.losses.kernelFor(used.numbers) !== null).toBe(isLossy);
  fc.assert(
    fc.property(numbers, (device) => {
      expect(read(used, valuesFor(device))).toEqual(read(bind(), valuesFor(device)));
    }),
    { numRuns: 15 },
  );
});

test.each<Model>(['local', 'global'])(
  'what is read off states, and off one when another has been solved: %s',
  (model) => {
    const valuesFor = (input: object) =>
      valuesOf(deviceParameters({ model, ...input }), model === 'local' ? null : 20);
    const compiled = CompiledSector.of(
      activeMachine(mill, valuesFor({})),
      masterEquations[model].of,
    );
    const bind = () => compiled.bind(rotorWindow(-5, 6));
    const used = bind();
    for (let i = 0; i < MANY; i++) used.steadyState(valuesFor({}));
    const read = (state: SectorState) => ({
      flows: [
        state.flow(model === 'local' ? 'free' : 'total', ['bath1']),
        state.flow('interaction', ['load']),
        state.flow('kinetic', ['load']),
        state.flow('interaction', ['bath1', 'bath2']),
      ],
      level: state.mean('level'),
    });
    fc.assert(
      fc.property(numbers, numbers, (device, other) => {
        const [first, second] = [device, other].map((one) => used.steadyState(valuesFor(one)));
        expect(read(second)).toEqual(read(bind().steadyState(valuesFor(other))));
        expect(read(first)).toEqual(read(bind().steadyState(valuesFor(device))));
      }),
      { numRuns: 6 },
    );
  },
);

test('between bare states unknowns are turned back in place as elements are', () => {
  const valuesFor = (input: object) =>
    valuesOf(deviceParameters({ model: 'global', ...input }), 20);
  const { program, pairs } = CompiledSector.of(
    activeMachine(mill, valuesFor({})),
    masterEquations.global.of,
  );
  expect(holdsBareStates(program, pairs)).toBe(true);
  const [used, fresh] = [0, 1].map(() => program.bind(rotorWindow(-4, 6)));
  const { window } = used;
  const length = used.sites * used.siteWidth;
  const first = valuesFor({});
  for (let i = 0; i < MANY; i++) {
    used.numbers.fill(first);
    used.assemble(0);
  }
  const nothing = { x: new Float64Array(length), errors: new Float64Array(length) };
  expect([used, fresh].map((sector) => sector.turnedBack(nothing, []))).toEqual([nothing, null]);
  fc.assert(
    fc.property(numbers, (device) => {
      for (const sector of [used, fresh]) sector.numbers.fill(valuesFor(device));
      const [x, errors] = [1, 2].map((seed) => randomElements(length, seed).slice(0, length));
      const expected = betweenBareStates(
        new SectorElements(fresh, x, errors),
        pairs,
        fresh.numbers,
      );
      const [byCode, found] = [used, fresh].map((sector) =>
        unknownsBetweenBareStates({ x, errors }, pairs, sector),
      );
      expect(byCode).toEqual(found);
      const turned = new SectorElements(fresh, found.x, found.errors);
      for (const { ket, bra, apart } of program.classes) {
        // Where a part of an element is beyond the window there is none.
        const read = (elements: ElementReader) => {
          const { re, im, error, imError } = elements.read(ket, bra, apart) as ElementTable;
          return [re, im, error, imError].map((part) =>
            part?.slice(Math.max(0, -apart), window.size - Math.max(0, apart)),
          );
        };
        expect(read(turned)).toEqual(read(expected));
      }
    }),
    { numRuns: 15 },
  );
});

test.each([
  ['neighbouring sites', galleryMachine('jaynes-cummings'), 1],
  ['sites of two charges', pairsOfQuanta(), 2],
])('a described machine: %s', (_, { machine, parameters }, reach) => {
  const values = Object.fromEntries(parameters.map((p) => [p.name, p.default]));
  const compiled = CompiledSector.of(activeMachine(machine, values), localEquation);
  expect(compiled.program.reach).toBe(reach);
  const compare = comparison(compiled, 0, 9, values);
  for (const centre of [0, 2, 8]) compare(values, centre);
});
