/** Populations and means that are read without elements of their own, against those that are read by elements. */
import { expect, test } from 'vitest';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { plainMean } from '../../src/lindblad/populationLosses.js';
import { CompiledSector } from '../../src/lindblad/sectorSolution.js';
import { SectorElements } from '../../src/lindblad/stateElements.js';
import { meanOf } from '../../src/lindblad/stateReader.js';
import { activeMachine, type Machine } from '../../src/machine/machine.js';
import { mill } from '../../src/machine/mill.js';
import type { Values } from '../../src/machine/tape.js';
import { masterEquations } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { pairsOfQuanta } from '../support/machines.js';
import { randomElements } from '../support/vectors.js';

const ofMill = (model: 'local' | 'global') => {
  const values = valuesOf(deviceParameters({ model, beta1: 0.2, lambda: 0.3 }), 20);
  return [mill, values, masterEquations[model].of] as const;
};

const pairs = pairsOfQuanta();
const ofPairs: readonly [Machine, Values, typeof localEquation] = [
  pairs.machine,
  Object.fromEntries(pairs.parameters.map((p) => [p.name, p.default])),
  localEquation,
];

test.each([
  ['local', 1, ...ofMill('local')],
  ['global', 1, ...ofMill('global')],
  ['sites of two charges', 2, ...ofPairs],
] as const)('%s', (_, reach, machine, values, equation) => {
  const compiled = CompiledSector.of(activeMachine(machine, values), equation);
  const { sector } = compiled.bind(rotorWindow(-4, 4));
  expect(sector.reach).toBe(reach);
  sector.numbers.fill(values);
  const length = sector.sites * sector.siteWidth;
  const x = randomElements(length, 1).slice(0, length).map(Math.abs);
  const errors = randomElements(length, 2)
    .slice(0, length)
    .map((e) => Math.abs(e) + Number.MIN_VALUE);
  const elements = new SectorElements(sector, x, errors);
  const faintest = 0.1;
  const levels = new Float64Array(sector.window.size);
  let most = 0;
  for (let s = 0; s < machine.states; s++) {
    const table = elements.read(s, s, 0);
    table?.re.forEach((population, i) => {
      levels[i] += population;
      if (population > faintest) most = Math.max(most, table.error[i] / population);
    });
  }
  expect(elements.levels()).toEqual(levels);
  expect(elements.populationError(faintest)).toBe(most);
  const all = [...compiled.departures, ...compiled.departuresByBath.flat()];
  expect(all.length).toBeGreaterThan(0);
  for (const { rates } of all) {
    const { high } = meanOf(rates, sector.numbers, elements, 0);
    expect(plainMean(rates, sector, { x, reader: elements })).toBe(high);
  }
});
