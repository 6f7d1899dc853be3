/** Heat and work of wild devices, each against many decimal digits and against its own error estimate. */
import { Decimal as Base, type Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import { highPrecisionHeat, highPrecisionPopulations } from '../solve/highPrecision.js';
import { highPrecisionGlobal } from '../solve/highPrecisionGlobal.js';
import { decades } from '../support/arbitrary.js';
import { figure2, type Numbers } from '../support/dense.js';
import { exactDecimal } from '../support/exactDecimal.js';

const DIGITS = 220;
const Many = Base.clone({ precision: DIGITS });
/** Below it float64 itself loses digits. */
const SMALLEST = 1e-290;
const [LMIN, LMAX] = [-1, 1];
/** The relative error of a flow from which on the solver asks for more digits. */
const ENOUGH = 1e-11;

/** Weak, lopsided and cold, with loads up to Iγ/β_r = 1e13. */
const wild = fc
  .record({
    beta1: decades(0.01, 10),
    beta2: decades(0.01, 10),
    betaR: decades(1e-6, 1),
    B1: decades(0.5, 5),
    B2: decades(0.5, 5),
    g: decades(1e-6, 1),
    chi: fc.constantFrom(0, 0.7, -0.99, 0.9999, -0.99999999, 0.9999999999),
    lambda: decades(1e-6, 1),
    gamma: decades(1e-8, 1),
    I: decades(0.5, 1e7),
    V: fc.constant(0),
  })
  .filter(({ beta1, beta2 }) => Math.abs(beta1 - beta2) > 1e-3 * beta1);

/**
 * Loads up to 1e16 times as strong as the baths: beyond, double-double, too, loses digits of the smallest flow. That
 * such flows know it is tested in test/wild.
 */
const withinReach = wild.filter(
  ({ I, gamma, betaR, g, chi }) => (I * gamma) / betaR < 1e16 * (g * (1 - Math.abs(chi))) ** 2,
);

const steadyOf = (values: DeviceInput) =>
  steadyStateOn(deviceParameters(values), rotorWindow(LMIN, LMAX));

function compare(name: string, { value, error }: Estimate, wanted: Decimal): void {
  const off = exactDecimal(Many, value).minus(wanted).abs().toNumber();
  const size = wanted.abs().toNumber();
  expect(off, `${name}: estimate`).toBeLessThanOrEqual(error + 5e-324);
  if (size > SMALLEST) expect(off / size, `${name}: relative error`).toBeLessThan(ENOUGH);
}

function compareLocal(values: Numbers): void {
  const wanted = highPrecisionHeat(values, LMIN, highPrecisionPopulations(values, LMIN, LMAX));
  const { heat, work } = new SteadyReading(steadyOf({ ...values, model: 'local' })).flowEstimates;
  for (const bath of ['Q1', 'Q2', 'Qr'] as const) compare(bath, heat[bath], wanted[bath]);
  const given = wanted.Q1.plus(wanted.Q2).plus(wanted.Qr);
  const found = exactDecimal(Many, work.interaction.value).plus(exactDecimal(Many, work.Wr.value));
  const off = found.plus(given).abs().toNumber();
  expect(off, 'work').toBeLessThanOrEqual(work.interaction.error + work.Wr.error);
}

function compareGlobal(values: Numbers): void {
  const state = steadyOf({ ...values, model: 'global', cutoff: 'max-bohr' });
  const Omega = state.device.cutoff ?? Number.NaN;
  const { heat, work } = highPrecisionGlobal({ ...values, Omega }, LMIN, LMAX, DIGITS);
  const found = new SteadyReading(state).flowEstimates;
  for (const bath of ['Q1', 'Q2', 'Qr'] as const) compare(bath, found.heat[bath], heat[bath]);
  compare('interaction', found.work.interaction, work.WQ);
  compare('Wr', found.work.Wr, work.Wr);
}

test('wild local devices', () => {
  fc.assert(fc.property(wild, compareLocal), { numRuns: 40, endOnFailure: true });
});

test('wild global devices', () => {
  fc.assert(fc.property(withinReach, compareGlobal), { numRuns: 25, endOnFailure: true });
});

test.each([
  ['a qubit all but uncoupled', { chi: 0.9999999999 }],
  ['weak coupling', { g: 1e-6 }],
  ['a strong load', { I: 1e6, gamma: 1, betaR: 1e-7 }],
])('%s', (_name, changes) => {
  compareLocal({ ...figure2, ...changes });
  compareGlobal({ ...figure2, ...changes });
});

test('⟨L_z⟩ has the digits of Q2 = 2B2γ⟨L_z⟩, however little of it there is', () => {
  for (const lambda of [1e-1, 1e-4, 1e-7, 1e-9]) {
    const parameters = deviceParameters({ lambda });
    const reading = new SteadyReading(steadyStateOn(parameters, rotorWindow(-30, 30)));
    const { Lz, heat, flowErrors } = reading;
    const { B2, gamma } = parameters;
    expect(Math.abs(heat.Q2 / (2 * B2 * gamma * Lz) - 1)).toBeLessThan(5e-13);
    expect(flowErrors?.Lz).toBeLessThan(1e-11 * Lz);
  }
});
