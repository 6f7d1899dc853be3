/** What populations, coherences and flows of the local model say that they are off by, against double-double. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactUnknowns } from '../../src/lindblad/exactState.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import { mill } from '../../src/machine/mill.js';
import { masterEquationOf } from '../../src/model/masterEquations/registry.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { cutoffOn, valuesOf } from '../../src/simulate/millSector.js';
import { conservingNullVector } from '../../src/solve/conservingElimination.js';
import { between, decades } from '../support/arbitrary.js';

const wide = rotorWindow(-20, 40);

function bound(input: DeviceInput, window = wide) {
  const parameters = deviceParameters({ ...input, model: 'local' });
  const values = valuesOf(parameters, cutoffOn(parameters, window));
  const compiled = compiledSector(mill, masterEquationOf(parameters).of, values);
  return { values, machine: compiled.on(window) };
}

/** By how much each unknown is farther off than it says, at its most: it is true up to 1. */
function worstOfUnknowns(input: DeviceInput, window = wide): number {
  const { values, machine } = bound(input, window);
  const { sector } = machine;
  sector.numbers.fill(values);
  const found = conservingNullVector((centre) => sector.assemble(centre), sector.startAt());
  const exact = exactUnknowns(sector, machine.exactNumbersOf(values), found, found.unknowns, 0);
  if (exact === null) throw new Error('the mill has exact numbers');
  const { errors, relative, lost } = machine.judge(found.unknowns, true);
  let worst = 0;
  found.unknowns.forEach((x, i) => {
    if (Math.abs(x) < 1e-290) return;
    const off = Math.abs(x - exact.unknowns.high[i] - exact.unknowns.low[i]);
    worst = Math.max(worst, off / (errors[i] * (1 + lost / relative)));
  });
  return worst;
}

const FLOWS = [
  ['qubit1', 'bath1'],
  ['qubit2', 'bath2'],
  ['kinetic', 'load'],
  ['interaction', 'bath1'],
  ['interaction', 'bath2'],
] as const;

/** The same of flows: those of a state that asks for no more digits, and of one that asks for all. */
function worstOfFlows(input: DeviceInput): number {
  const { values, machine } = bound(input);
  const level = -wide.lmin;
  const quick = machine.steadyState(values, level, 1);
  const all = FLOWS.map(([quantity, bath]) => quick.flow(quantity, [bath]));
  const close = machine.steadyState(values, level, 0);
  return FLOWS.reduce((worst, [quantity, bath], k) => {
    const exact = close.flow(quantity, [bath]);
    const { value, error } = all[k];
    return Math.max(worst, Math.abs(value - exact.value) / (error + exact.error));
  }, 0);
}

/** A load that moves the rotor faster than cold, weakly coupled baths flip the qubits. */
const strongLoad = {
  ...{ beta1: 2.6813078622320603, beta2: 4.808825887819174, betaR: 1.6243197757790167 },
  ...{ B1: 0.08665746663692979, B2: 5.5576799229561225, g: 0.005645180524228486 },
  ...{ chi: 0.44167712004855275, lambda: 0.04878028744239563, gamma: 0.08788903466536904 },
  I: 10.872875494410886,
};

const loaded = fc.record({
  beta1: decades(0.01, 10),
  beta2: decades(0.01, 10),
  betaR: decades(0.003, 3),
  B1: decades(0.05, 20),
  B2: decades(0.05, 20),
  g: decades(1e-4, 1e-1),
  chi: between(-0.99, 0.99),
  lambda: decades(1e-2, 2),
  gamma: decades(1e-4, 1e-1),
  I: decades(0.2, 50),
});

const anyDevice = fc.record({
  beta1: decades(1e-3, 1e3),
  beta2: decades(1e-3, 1e3),
  betaR: decades(1e-3, 10),
  B1: decades(0.01, 20),
  B2: decades(0.01, 20),
  g: decades(1e-4, 5),
  chi: between(-0.99, 0.99),
  lambda: decades(1e-6, 2),
  gamma: decades(1e-7, 1),
  I: decades(0.2, 1e3),
});

const RUNS = { numRuns: 150, seed: 34 };

describe('the local model says by how much it is off', () => {
  test('where coherences cancel under a strong load', () => {
    expect(worstOfUnknowns(strongLoad)).toBeLessThan(1);
    expect(worstOfFlows(strongLoad)).toBeLessThan(1);
  });

  test('unknowns of devices with a strong load', () => {
    fc.assert(
      fc.property(loaded, (input) => worstOfUnknowns(input) < 1),
      RUNS,
    );
  });

  test('flows of devices with a strong load', () => {
    fc.assert(
      fc.property(loaded, (input) => worstOfFlows(input) <= 1),
      RUNS,
    );
  });

  test('far from the peak of a long window, and beside baths that freeze', () => {
    const long = rotorWindow(-100, 150);
    fc.assert(
      fc.property(anyDevice, (input) => worstOfUnknowns(input, long) < 1),
      { ...RUNS, numRuns: 60 },
    );
  });

  test('where exponents are large', () => {
    const frozen = {
      ...{ beta1: 1000, beta2: 52.32846289537597, betaR: 0.48555493663324545 },
      ...{ B1: 0.0800071755781463, B2: 6.0713379850668705, g: 0.00006297872358218734 },
      ...{ chi: 0.9999500327210427, lambda: 0.000028697357795676553, gamma: 0.40718060212505136 },
      I: 0.45820720119472613,
    };
    expect(worstOfUnknowns(frozen, rotorWindow(-3, 3))).toBeLessThan(1);
  });
});
