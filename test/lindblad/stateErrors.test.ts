/** Errors by the adjoint, against states that are off by known amounts. */
import { describe, expect, test } from 'vitest';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import { StateErrors } from '../../src/lindblad/stateErrors.js';
import { mill } from '../../src/machine/mill.js';
import { masterEquationOf } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { cutoffOn, valuesOf } from '../../src/simulate/millSector.js';
import { ConservingFactors } from '../../src/solve/conservingFactors.js';

const window = rotorWindow(-6, 12);

function solved(model: 'local' | 'global') {
  const parameters = deviceParameters({ model, g: 0.3, gamma: 0.02, lambda: 0.2 });
  const values = valuesOf(parameters, cutoffOn(parameters, window));
  const { sector } = compiledSector(mill, masterEquationOf(parameters).of, values).bind(window);
  sector.numbers.fill(values);
  const factors = ConservingFactors.of((centre) => sector.assemble(centre), sector.startAt());
  return { sector, rho: factors.nullVector };
}

const isPopulation = (i: number, { siteWidth, sitePaired }: ReturnType<typeof solved>['sector']) =>
  i % siteWidth >= sitePaired;

describe.each(['local', 'global'] as const)('%s', (model) => {
  const { sector, rho } = solved(model);

  test('a state that is off shows by how much a number that is read off it is', () => {
    for (let trial = 1; trial <= 20; trial++) {
      const off = rho.map((value, i) => value * (1 + 1e-5 * Math.sin(trial * (i + 1) ** 2)));
      const trace = off.reduce((sum, x, i) => (isPopulation(i, sector) ? sum + x : sum), 0);
      for (let i = 0; i < off.length; i++) off[i] /= trace;
      const row = rho.map((_, i) => Math.cos(trial + i * i));
      let error = 0;
      for (let i = 0; i < row.length; i++) error += row[i] * (off[i] - rho[i]);
      const lost = new StateErrors(sector, sector.startAt(), off, 0).lost(row);
      expect(lost).toBeGreaterThan(1.999 * Math.abs(error));
      expect(lost).toBeLessThan(2.001 * Math.abs(error) + 1e-12);
    }
  });

  test('no rounding of the numbers takes more from populations than is said', () => {
    const errors = new StateErrors(sector, sector.startAt(), rho, 0);
    const most = errors.ofPopulations / (4 * Number.EPSILON);
    const size = 1e-7;
    let largest = 0;
    for (let trial = 1; trial <= 40; trial++) {
      const matrix = sector.assemble(sector.startAt());
      for (let i = 0; i < matrix.entries.length; i++) {
        matrix.entries[i] *= 1 + size * Math.sign(Math.sin(trial * (i + 0.5)));
      }
      const { nullVector } = ConservingFactors.of(() => matrix, sector.startAt());
      for (let i = 0; i < rho.length; i++) {
        // At the window's ends some states are not there.
        if (!isPopulation(i, sector) || rho[i] === 0) continue;
        largest = Math.max(largest, Math.abs(nullVector[i] / rho[i] - 1) / size);
      }
    }
    expect(largest).toBeLessThan(most);
    expect(largest).toBeGreaterThan(most / 100);
  });
});
