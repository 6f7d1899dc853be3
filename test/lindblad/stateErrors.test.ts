/** Errors by the adjoint, against states that are off by known amounts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactUnknowns } from '../../src/lindblad/exactState.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import { StateErrors } from '../../src/lindblad/stateErrors.js';
import { mill } from '../../src/machine/mill.js';
import { masterEquationOf } from '../../src/model/masterEquations/registry.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { cutoffOn, valuesOf } from '../../src/simulate/millSector.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import { ConservingFactors } from '../../src/solve/conservingFactors.js';
import { decades } from '../support/arbitrary.js';

const wide = rotorWindow(-6, 12);

const device = { g: 0.3, gamma: 0.02, lambda: 0.2 };

function solved(model: 'local' | 'global', input: DeviceInput = device, window = wide) {
  const parameters = deviceParameters({ ...input, model });
  const values = valuesOf(parameters, cutoffOn(parameters, window));
  const compiled = compiledSector(mill, masterEquationOf(parameters).of, values);
  const bound = compiled.bind(window);
  const { sector } = bound;
  sector.numbers.fill(values);
  const factors = ConservingFactors.of((centre) => sector.assemble(centre), sector.startAt());
  const { ending, nullVector: rho } = factors;
  const numbers = () => bound.exactNumbersOf(values);
  const exact = () => exactUnknowns(sector, numbers(), ending, rho, 0);
  return { bound, sector, rho, centre: ending.centre, numbers, exact };
}

/** Its state has lost some digits to the solver itself, where a search for the worst rounding alone does not look. */
const lopsided = {
  ...{ beta1: 0.26, beta2: 7.93, betaR: 0.193, B1: 0.0159, B2: 0.4646, g: 1e-6, chi: -0.942 },
  ...{ lambda: 0.35, gamma: 3.1e-6, I: 0.557 },
};
const wild = fc.record({
  beta1: decades(0.01, 10),
  beta2: decades(0.01, 10),
  betaR: decades(1e-6, 1),
  B1: decades(0.01, 5),
  B2: decades(0.01, 5),
  g: decades(1e-4, 10),
  chi: fc.constantFrom(0, 0.7, -0.94, 0.9999),
  lambda: decades(1e-5, 1),
  gamma: decades(1e-6, 1),
  I: decades(0.5, 1e7),
});

/** Null where there is more than one steady state, as far as float64 can tell. */
function solvedOrRefused(model: 'local' | 'global', input: DeviceInput) {
  try {
    return solved(model, input, rotorWindow(-2, 1));
  } catch (error) {
    if (!(error instanceof NonUniqueSteadyStateError)) throw error;
    return null;
  }
}

const isPopulation = (i: number, { siteWidth, sitePaired }: ReturnType<typeof solved>['sector']) =>
  i % siteWidth >= sitePaired;

describe.each(['local', 'global'] as const)('%s', (model) => {
  const { sector, rho, numbers } = solved(model);

  test('a state that is off shows by how much a number that is read off it is', () => {
    for (let trial = 1; trial <= 20; trial++) {
      const off = rho.map((value, i) => value * (1 + 1e-5 * Math.sin(trial * (i + 1) ** 2)));
      const trace = off.reduce((sum, x, i) => (isPopulation(i, sector) ? sum + x : sum), 0);
      for (let i = 0; i < off.length; i++) off[i] /= trace;
      const row = rho.map((_, i) => Math.cos(trial + i * i));
      let error = 0;
      for (let i = 0; i < row.length; i++) error += row[i] * (off[i] - rho[i]);
      const lost = new StateErrors(sector, sector.startAt(), off, numbers).lost(row);
      expect(lost).toBeGreaterThan(1.999 * Math.abs(error));
      expect(lost).toBeLessThan(2.001 * Math.abs(error) + 1e-12);
    }
  });

  test('no rounding of the numbers takes more from populations than is said', () => {
    const errors = new StateErrors(sector, sector.startAt(), rho, numbers);
    const most = errors.ofPopulations / (8 * Number.EPSILON);
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

  test('populations of wild devices are off by no more than is said of all', () => {
    fc.assert(
      fc.property(wild, (input) => {
        const found = solvedOrRefused(model, input);
        if (found === null) return;
        const { sector, rho, centre } = found;
        const exact = found.exact();
        if (exact === null) return;
        const said = new StateErrors(sector, centre, rho, found.numbers).ofPopulations;
        // Where no digits are left, it does not matter by how much they are wrong.
        if (said > 0.01) return;
        let off = 0;
        for (let i = 0; i < rho.length; i++) {
          if (!isPopulation(i, sector) || !(rho[i] > 1e-290)) continue;
          const { high, low } = exact.unknowns;
          off = Math.max(off, Math.abs(rho[i] - high[i] - low[i]) / rho[i]);
        }
        expect(off).toBeLessThanOrEqual(said + exact.relative);
      }),
      { numRuns: 50, examples: [[lopsided]] },
    );
  });

  test('what rounding has taken from a number of a wild device is measured', () => {
    let sharpest = 1;
    fc.assert(
      fc.property(wild, fc.integer({ min: 1, max: 1e6 }), (input, trial) => {
        const found = solvedOrRefused(model, input);
        if (found === null) return;
        const { sector, rho, centre } = found;
        const exact = found.exact();
        if (exact === null) return;
        const errors = new StateErrors(sector, centre, rho, found.numbers);
        // Where no digits are left, it does not matter by how much they are wrong.
        if (errors.ofPopulations > 0.01) return;
        const row = rho.map((_, i) => (isPopulation(i, sector) ? Math.cos(trial + i * i) : 0));
        const { high, low } = exact.unknowns;
        let off = 0;
        let unsure = 0;
        for (let i = 0; i < row.length; i++) {
          off += row[i] * (rho[i] - high[i] - low[i]);
          // A sum of that many magnitudes has roundings of its own, which its mean's error has.
          unsure += Math.abs(row[i] * high[i]) * (exact.relative + 2 * Number.EPSILON);
        }
        const bounded = errors.lost(row);
        const judged = found.bound.judge(rho, true);
        const lost = Math.min(judged.lost, errors.ofPopulations);
        const ofEach = judged.errors.map((error) => error * (1 + lost / judged.relative));
        const measured = errors.lost(row, 2 ** -9 * bounded, ofEach);
        expect(measured).toBeLessThanOrEqual(bounded);
        expect(measured).toBeGreaterThanOrEqual(Math.abs(off) - unsure);
        expect(errors.lost(row, bounded, ofEach)).toBe(bounded);
        expect(errors.lost(row, 0, ofEach)).toBe(bounded);
        sharpest = Math.min(sharpest, measured / bounded);
      }),
      { numRuns: 50 },
    );
    expect(sharpest).toBeLessThan(2 ** -7);
  });
});
