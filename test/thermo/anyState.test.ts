/** Heat, work, power and ergotropy of random states that are far from steady, against dense matrices. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lindbladian } from '../../src/generator/lindbladian.js';
import type { Estimate } from '../../src/lindblad/estimate.js';
import { type Device, device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import type { DensityMatrix } from '../../src/state/densityMatrix.js';
import { ergotropies } from '../../src/thermo/ergotropy.js';
import { SteadyFlowEstimates } from '../../src/thermo/flowEstimates.js';
import { globalHeat, heatEnergies, localHeat, localSteadyHeat } from '../../src/thermo/heat.js';
import { rotorPower } from '../../src/thermo/power.js';
import { type ChannelRates, channelRates } from '../../src/thermo/rates.js';
import { energyRate, firstLaw, workFlows } from '../../src/thermo/work.js';
import { numbers, numbersWithPotential } from '../support/arbitrary.js';
import {
  Dense,
  type DenseChannels,
  globalChannels,
  hamiltonians,
  localChannels,
  type Numbers,
  operators,
} from '../support/dense.js';
import { denseObservables, traceOfProduct } from '../support/denseThermodynamics.js';
import { denseOperator, spaceVector } from '../support/generators.js';

/** The numbers alone. */
const valuesOf = (estimates: object): Record<string, number> =>
  Object.fromEntries(
    Object.entries(estimates).map(([name, { value }]: [string, Estimate]) => [name, value]),
  );

const [LMIN, LMAX] = [-1, 1];
const window = rotorWindow(LMIN, LMAX);
const DIMENSION = 4 * window.size;

/** A state with coherences between all levels. */
const states = fc.integer({ min: 1, max: 2 ** 31 }).map((seed) => {
  let bits = seed;
  const next = () => {
    bits = (Math.imul(bits, 1664525) + 1013904223) | 0;
    return bits / 2 ** 31;
  };
  const a = Dense.from(DIMENSION, () => [next(), next()]);
  const positive = a.dot(a.dagger());
  return positive.times(1 / positive.trace()[0]);
});

interface Case {
  readonly own: Device;
  readonly rates: ChannelRates;
  readonly rho: DensityMatrix;
}

function caseOf(values: Numbers, dense: Dense, model: 'local' | 'global', cutoff?: number): Case {
  const parameters = deviceParameters({ ...values, model, ...(cutoff && { cutoff }) });
  const own = device(parameters, window);
  const whole = lindbladian(own.system, 'full');
  const rho = { space: whole.space, elements: spaceVector(whole.space, dense) };
  return { own, rho, rates: channelRates(whole, rho) };
}

/** Tr[X 𝓛[ρ]] of some channels together, from dense matrices. */
const denseRate = (rho: Dense, x: Dense, ...channels: readonly Dense[]): number =>
  channels.reduce(
    (sum, channel) => sum + traceOfProduct(x, Dense.ofVector(channel.apply(rho.vector()))),
    0,
  );

/** Rounding of sums over up to 12² elements, energies up to about 30 and rates up to about 100. */
const ROUNDING = 1e-10;

function expectAlike(found: object, wanted: object): void {
  for (const [name, value] of Object.entries(found)) {
    const difference = Math.abs(value - (wanted as Record<string, number>)[name]);
    expect(difference, name).toBeLessThan(ROUNDING);
  }
  expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
}

test('of the local model: heat, work, power, ergotropy and the first law', () => {
  fc.assert(
    fc.property(numbersWithPotential, states, (values, dense) => {
      const { own, rho, rates } = caseOf(values, dense, 'local');
      const channels = localChannels(values, LMIN, LMAX);
      const wanted = denseObservables(values, LMIN, LMAX, channels, dense);
      const heat = localHeat(own, rates);
      const work = workFlows(own, rates);
      expectAlike(heat, wanted.heat);
      expectAlike(work, wanted.work);
      expectAlike(rotorPower(own, rates, wanted.rotor.Lz), wanted.power);
      expectAlike(ergotropies(own, rho), wanted.ergotropy);
      // What is neither heat nor work of the baths' locality is the Hamiltonian's, which keeps its energy.
      const change = energyRate(own, rates);
      const total = hamiltonians(values, LMIN, LMAX).total;
      expect(Math.abs(change - denseRate(dense, total, channels.total))).toBeLessThan(ROUNDING);
      const balance = firstLaw(change, heat, work);
      expect(Math.abs(balance.residual)).toBeLessThan(ROUNDING);
      expect(Math.abs(balance.withoutWr - work.Wr)).toBeLessThan(ROUNDING);
    }),
    { numRuns: 3 },
  );
});

test('of the global model: the baths’ heat is all energy that they bring, and their work 0', () => {
  fc.assert(
    fc.property(numbers, states, fc.integer({ min: 1, max: 30 }), (values, dense, cutoff) => {
      const { own, rates } = caseOf(values, dense, 'global', cutoff);
      const channels = globalChannels(values, LMIN, LMAX, cutoff);
      const { total, kinetic, interaction } = hamiltonians(values, LMIN, LMAX);
      expectAlike(globalHeat(own, rates), {
        Q1: denseRate(dense, total, channels.bath1),
        Q2: denseRate(dense, total, channels.bath2),
        Qr: denseRate(dense, kinetic, channels.load),
      });
      expectAlike(workFlows(own, rates), {
        WQ: 0,
        Wr: denseRate(dense, interaction, channels.load),
        V: 0,
        interaction: denseRate(dense, interaction, channels.bath1, channels.bath2),
      });
    }),
    { numRuns: 2 },
  );
});

test('estimates of flows: each heat and work is the gain of the energy that its equation names', () => {
  fc.assert(
    fc.property(numbersWithPotential, states, (values, dense) => {
      const channels = localChannels(values, LMIN, LMAX);
      const h = hamiltonians(values, LMIN, LMAX);
      const quantities: Record<string, Dense> = {
        ...h,
        free: h.qubit1.plus(h.qubit2).plus(h.kinetic),
      };
      const flow = (quantity: string, ...names: string[]) => ({
        value: denseRate(
          dense,
          quantities[quantity],
          ...names.map((name) => channels[name as keyof DenseChannels]),
        ),
        error: 0,
      });
      const { heat, work, power } = denseObservables(values, LMIN, LMAX, channels, dense);
      const local = new SteadyFlowEstimates('free', flow);
      expectAlike(valuesOf(local.heat), heat);
      const { WQ: _, ...ofEstimates } = work;
      const { interaction, Wr, V } = local.work;
      expectAlike(valuesOf({ interaction, Wr, V }), ofEstimates);
      expect(Math.abs(local.intrinsic.value - power.intrinsic)).toBeLessThan(ROUNDING);
      const { Q1, Q2, Qr } = valuesOf(new SteadyFlowEstimates('total', flow).heat);
      const all = denseRate(dense, h.total, channels.bath1, channels.bath2);
      expect(Math.abs(Q1 + Q2 - all)).toBeLessThan(ROUNDING);
      expect(Math.abs(Qr - heat.Qr)).toBeLessThan(ROUNDING);
    }),
    { numRuns: 2 },
  );
});

test('the energies whose gain is heat: the free one, and all of it for the global model’s baths', () => {
  const values = { beta1: 0.1, beta2: 0.03, betaR: 0.09, B1: 4, B2: 10, I: 1.5, lambda: 0.7 };
  const { lower1, lower2, shift, z1, z2, Lz } = operators(LMIN, LMAX);
  const free = z1
    .times(4)
    .plus(z2, 10)
    .plus(Lz.dot(Lz), 1 / 3);
  const exchange = lower1.dagger().dot(lower2).dot(shift);
  const all = free.plus(exchange.plus(exchange.dagger()), 0.7);
  for (const model of ['local', 'global'] as const) {
    const found = heatEnergies(device(deviceParameters({ ...values, model }), window));
    const ofBaths = model === 'local' ? free : all;
    expect(denseOperator(found.bath1).plus(ofBaths, -1).max()).toBeLessThan(1e-14);
    expect(denseOperator(found.bath2).plus(ofBaths, -1).max()).toBeLessThan(1e-14);
    expect(denseOperator(found.load).plus(free, -1).max()).toBeLessThan(1e-14);
  }
});

test('the size of ρ̇, and what it is a remainder of', () => {
  fc.assert(
    fc.property(numbersWithPotential, states, (values, dense) => {
      const { rates } = caseOf(values, dense, 'local');
      const { total } = localChannels(values, LMIN, LMAX);
      const change = Dense.ofVector(total.apply(dense.vector()));
      const size = Math.sqrt(change.dot(change.dagger()).trace()[0]);
      expect(Math.abs(rates.norm - size)).toBeLessThan(ROUNDING);
      const moduli = (m: Dense) =>
        Dense.from(m.n, (i, j) => Math.hypot(m.re[i * m.n + j], m.im[i * m.n + j]));
      const largest = moduli(total).apply(moduli(dense).vector());
      // |a + ib| ≤ |a| + |b|, and what cancels within a coefficient counts twice.
      expect(rates.magnitude).toBeGreaterThan(Math.hypot(...largest) * (1 - 1e-12));
    }),
    { numRuns: 2 },
  );
});

test('of a steady state heat and power are the same numbers by way of its coherences', () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom('local' as const, 'global' as const), (values, model) => {
      const { device: own, rates } = steadyStateOn(deviceParameters({ ...values, model }), window);
      const heat = model === 'local' ? localSteadyHeat(own, rates) : globalHeat(own, rates);
      if (model === 'local') expectAlike(heat, localHeat(own, rates));
      const { kinetic, intrinsic, backAction } = rotorPower(own, rates, 0.7);
      expectAlike({ kinetic, backAction }, { kinetic: 0, backAction: -intrinsic });
      // The load alone moves the rotor of the local model.
      if (model === 'local') expectAlike({ intrinsic }, { intrinsic: -heat.Qr });
    }),
    { numRuns: 10 },
  );
});
