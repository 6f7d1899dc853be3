import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import {
  type SteadyObservables,
  steadyObservables,
  steadyStateOn,
} from '../../src/simulate/steady.js';
import { eigenvalues } from '../../src/state/spectrum.js';
import { globalHeat, localHeat } from '../../src/thermo/heat.js';
import { energyRate, firstLaw, workFlows } from '../../src/thermo/work.js';
import { models, numbers } from '../support/arbitrary.js';

const window = rotorWindow(-40, 40);
const given = truncation({ lmin: -40, lmax: 40 });

const steady = (values: object) => {
  const state = steadyStateOn(deviceParameters(values), window);
  return { state, o: steadyObservables(state, given) };
};

/** What one flow of energy is small against. */
const flowScale = ({ heat, work, power }: SteadyObservables): number =>
  Math.max(
    ...Object.values(heat).map(Math.abs),
    ...Object.values(work).map(Math.abs),
    ...Object.values(power).map(Math.abs),
  );

/** Rounding of Tr[H 𝓛ρ]: an energy times a rate, in float64. */
const rounding = (
  values: { B1: number; B2: number; g: number; lambda: number; gamma: number; I: number },
  { rotor }: SteadyObservables,
): number => {
  const energy =
    values.B1 + values.B2 + values.lambda + Number(rotor.Lz2) / values.I + 40 / values.I;
  return (
    1e-13 * energy * (values.B1 + values.B2 + values.lambda + 4 * values.g ** 2 + 40 / values.I)
  );
};

describe('of every steady state', () => {
  test('trace 1, Hermitian, positive, with a residual at the floor', () => {
    fc.assert(
      fc.property(numbers, models, (values, model) => {
        const { state, o } = steady({ ...values, model });
        expect(o.traceError).toBeLessThan(1e-14);
        expect(o.hermiticityError).toBe(0);
        const spectrum = eigenvalues(state.rho);
        expect(Math.min(...spectrum)).toBeGreaterThanOrEqual(-1e-16);
        expect(spectrum.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        expect(o.residual).toBeLessThan(1e-13 * (40 / values.I + 20 + 8 * values.g ** 2));
      }),
      { numRuns: 60 },
    );
  });

  test('the first law closes: all heat and work sum to 0, and so do those that the rates of ρ give', () => {
    fc.assert(
      fc.property(numbers, models, (values, model) => {
        const { state, o } = steady({ ...values, model });
        expect(Math.abs(o.firstLaw)).toBeLessThan(rounding(values, o));
        const { device, rates } = state;
        const heat = (model === 'local' ? localHeat : globalHeat)(device, rates);
        const independent = firstLaw(energyRate(device, rates), heat, workFlows(device, rates));
        expect(Math.abs(independent.residual)).toBeLessThan(rounding(values, o));
      }),
      { numRuns: 60 },
    );
  });

  test('kinetic and net power vanish, and the intrinsic power is what the dissipators take', () => {
    fc.assert(
      fc.property(numbers, models, (values, model) => {
        const { state, o } = steady({ ...values, model });
        const small = rounding(values, o);
        const { kinetic } = state.device.energies;
        const dissipated = state.rates.rate(kinetic, 'bath1', 'bath2', 'load');
        expect(Math.abs(o.power.kinetic)).toBeLessThan(small);
        expect(Math.abs(o.power.net)).toBeLessThan(small * (1 + Math.abs(o.rotor.Lz)));
        expect(Math.abs(o.power.intrinsic + dissipated)).toBeLessThan(small);
        expect(o.power.backAction).toBe(-o.power.intrinsic);
      }),
      { numRuns: 40 },
    );
  });

  test('no ergotropy is negative, and that of a part is at most its energy above the ground', () => {
    fc.assert(
      fc.property(numbers, models, (values, model) => {
        const { o } = steady({ ...values, model });
        const energy = values.B1 + values.B2 + Number(o.rotor.Lz2) / values.I;
        for (const value of Object.values(o.ergotropy)) {
          expect(value).toBeGreaterThanOrEqual(-1e-13 * energy);
        }
        expect(o.ergotropy.qubits).toBeLessThanOrEqual(2 * (values.B1 + values.B2));
        expect(o.ergotropy.rotor).toBeLessThanOrEqual(Number(o.rotor.Lz2) / (2 * values.I) + 1e-12);
      }),
      { numRuns: 40 },
    );
  });
});

describe('of the local model', () => {
  test('one current flows: the baths’ heats, each from its own populations, are as Q1/Q2 = −B1/B2', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { state, o } = steady(values);
        const { Q1, Q2 } = localHeat(state.device, state.rates);
        const field = values.B1 + values.B2;
        expect(Math.abs(Q1 * values.B2 + Q2 * values.B1)).toBeLessThan(field * rounding(values, o));
        expect(o.heat.Q1 * values.B2).toBeCloseTo(-o.heat.Q2 * values.B1, 14);
        if (o.heat.Q2 !== 0) {
          expect(Math.abs((o.heat.Q1 * values.B2) / (o.heat.Q2 * values.B1) + 1)).toBeLessThan(
            1e-12,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('heat and work are those that populations and coherences give', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { state, o } = steady(values);
        const populations = localHeat(state.device, state.rates);
        for (const name of ['Q1', 'Q2', 'Qr'] as const) {
          expect(Math.abs(populations[name] - o.heat[name])).toBeLessThan(rounding(values, o));
        }
        const coherences = workFlows(state.device, state.rates);
        for (const name of ['WQ', 'Wr'] as const) {
          expect(Math.abs(coherences[name] - o.work[name])).toBeLessThan(rounding(values, o));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the intrinsic power is −Q_r, and Q2 = 2 B2 γ ⟨L_z⟩ where the window holds the rotor', () => {
    let held = 0;
    fc.assert(
      fc.property(numbers, (values) => {
        const { state, o } = steady(values);
        const scale = flowScale(o);
        const coherent = state.rates.rate(state.device.energies.kinetic, 'hamiltonian');
        expect(Math.abs(coherent + o.heat.Qr)).toBeLessThan(rounding(values, o));
        expect(o.power.intrinsic).toBe(-o.heat.Qr);
        const edge = Math.max(o.truncation.edgeLow, o.truncation.edgeHigh);
        if (edge > 1e-18) return;
        held++;
        const wanted = 2 * values.B2 * values.gamma * o.rotor.Lz;
        expect(Math.abs(o.heat.Q2 - wanted)).toBeLessThan(1e-9 * scale + rounding(values, o));
      }),
      { numRuns: 100 },
    );
    expect(held).toBeGreaterThan(5);
  });

  test('equal temperatures leave W^(Q) ≠ 0: local baths are no equilibrium', () => {
    const { o } = steady({ beta1: 0.1, beta2: 0.1, betaR: 0.1 });
    expect(o.work.WQ).toBeGreaterThan(1e-6);
  });
});

describe('of the global model', () => {
  test('without load, equal temperatures give the Gibbs state and no flow above 1e-13', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.constantFrom('max-bohr' as const, 'max-qubit' as const, 3),
        (values, cutoff) => {
          const beta = values.beta1;
          const parameters = deviceParameters({
            ...values,
            beta2: beta,
            gamma: 0,
            model: 'global',
            cutoff,
          });
          const small = rotorWindow(-4, 5);
          const state = steadyStateOn(parameters, small);
          const o = steadyObservables(state, truncation({ lmin: -4, lmax: 5 }));
          const scale = values.g ** 2 * (values.B1 + values.B2 + 25 / values.I);
          expect(Math.abs(o.heat.Q1)).toBeLessThan(1e-13 * Math.max(1, scale));
          expect(Math.abs(o.heat.Q2)).toBeLessThan(1e-13 * Math.max(1, scale));
          expect(o.heat.Qr).toBe(0);
          // p(11, l)/p(00, l) = e^{−2β(B1 + B2)} and p(00, l)/p(00, 0) = e^{−βl²/2I}.
          const { space, elements } = state.rho;
          const at = (s: number, l: number) =>
            elements[2 * (space.classes[space.find(s, s, 0)].offset + l + 4)];
          for (let l = -4; l <= 5; l++) {
            const rotor = at(0, 0) * Math.exp((-beta * l * l) / (2 * values.I));
            expect(Math.abs(at(0, l) - rotor)).toBeLessThan(1e-13);
            const excited = at(0, l) * Math.exp(-2 * beta * (values.B1 + values.B2));
            expect(Math.abs(at(3, l) - excited)).toBeLessThan(1e-13);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('the local baths’ work is 0; what they do to the interaction has a name of its own', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { state, o } = steady({ ...values, model: 'global' });
        const { device, rates } = state;
        expect(o.work.WQ).toBe(0);
        expect(workFlows(device, rates).WQ).toBe(0);
        const given = rates.rate(device.energies.interaction, 'bath1', 'bath2');
        expect(Math.abs(o.work.interaction - given)).toBeLessThan(rounding(values, o));
        expect(o).toMatchObject({ operation: 'other', efficiency: null, cop: null });
      }),
      { numRuns: 30 },
    );
  });

  test('with load and γ ≠ 0, equal temperatures leave flows of order γ', () => {
    const flow = (gamma: number) => {
      const { o } = steady({
        ...{ beta1: 0.1, beta2: 0.1, betaR: 0.1, g: 0.5, gamma },
        ...{ model: 'global', cutoff: 'max-bohr' },
      });
      return Math.abs(o.heat.Q1);
    };
    expect(flow(1e-8)).toBeGreaterThan(1e-11);
    expect(flow(1e-8) / flow(5e-9)).toBeCloseTo(2, 1);
  });

  test('as λ → 0 the state goes to the local model’s of the same rates, as λ²', () => {
    const values = { beta1: 0.1, beta2: 0.03, betaR: 0.3, B1: 4, B2: 10, gamma: 1e-3, I: 1 };
    const [g, chi, cutoff] = [0.5, 0.2, 20];
    // The local rates that the Ohmic density has at the qubits' own frequencies.
    const density = (coupling: number, omega: number) =>
      (coupling * coupling * omega * cutoff * cutoff) / (omega * omega + cutoff * cutoff);
    const root1 = Math.sqrt(density(g * (1 - chi), 2 * values.B1));
    const root2 = Math.sqrt(density(g * (1 + chi), 2 * values.B2));
    const local = { g: (root1 + root2) / 2, chi: (root2 - root1) / (root1 + root2) };
    const difference = (lambda: number) => {
      const a = steady({ ...values, lambda, g, chi, cutoff, model: 'global' }).o;
      const b = steady({ ...values, lambda, ...local }).o;
      return Math.max(
        ...a.rotor.populations.map((p, i) => Math.abs(p - b.rotor.populations[i])),
        ...a.qubits.populations.map((p, i) => Math.abs(p - b.qubits.populations[i])),
      );
    };
    const order = Math.log2(difference(0.02) / difference(0.01));
    expect(order).toBeGreaterThan(1.95);
    expect(order).toBeLessThan(2.05);
    expect(difference(0.001)).toBeLessThan(1e-5);
  });
});
