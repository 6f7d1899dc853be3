/** Counting statistics of random devices and machines, against dense superoperators of the whole space. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantumOf } from '../../src/fluctuations/counters.js';
import { type Fluctuations, fluctuations } from '../../src/fluctuations/fluctuations.js';
import { conservedCharges } from '../../src/lindblad/charges.js';
import { movesOf } from '../../src/lindblad/equation.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { equationOf } from '../../src/lindblad/openSystem.js';
import { SectorProgram } from '../../src/lindblad/sectorProgram.js';
import type { Machine } from '../../src/machine/machine.js';
import { mill } from '../../src/machine/mill.js';
import { masterEquationOf } from '../../src/model/masterEquations/registry.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { valuesOf } from '../../src/simulate/millSector.js';
import { NoSteadyStateError } from '../../src/solve/verdict.js';
import { numbers } from '../support/arbitrary.js';
import {
  Dense,
  eigenoperators,
  globalChannels,
  hamiltonians,
  localChannels,
  type Numbers,
  operators,
} from '../support/dense.js';
import { type DenseBath, DenseCounting } from '../support/denseCounting.js';
import { hermitianFunction } from '../support/denseThermodynamics.js';
import { denseOperator } from '../support/generators.js';
import { denseLindbladian, kinds, openSystem } from '../support/openSystems.js';

const [LMIN, LMAX] = [-1, 1];
const ORDER = 4;

/** The mill's jumps and what they count, from the equations. */
function denseBaths(p: Numbers, model: 'local' | 'global') {
  const { lower1, lower2, Lz, cos, sin } = operators(LMIN, LMAX);
  const h = hamiltonians(p, LMIN, LMAX);
  const excitations = lower1.dagger().dot(lower1).plus(lower2.dagger().dot(lower2));
  const angular = Lz.plus(lower2.dagger().dot(lower2));
  const global = model === 'global' ? globalChannels(p, LMIN, LMAX) : null;
  const thermal = (lower: Dense, beta: number, field: number, g: number): Dense[] => {
    if (global === null) {
      const n = 1 / Math.expm1(2 * beta * field);
      return [lower.dagger().times(g * Math.sqrt(n)), lower.times(g * Math.sqrt(n + 1))];
    }
    const { cutoff } = global;
    return eigenoperators(h.total, lower).flatMap(({ omega, operator }) => {
      const J = (g * g * omega * cutoff * cutoff) / (omega * omega + cutoff * cutoff);
      const n = 1 / Math.expm1(beta * omega);
      return [operator.dagger().times(Math.sqrt(J * n)), operator.times(Math.sqrt(J * (n + 1)))];
    });
  };
  const e = cos.plus(sin, 0, 1);
  const amplitude = Math.sqrt((p.I * p.gamma) / p.betaR);
  const tilt = Lz.times(p.betaR / (4 * p.I));
  const load = [
    e.plus(e.dot(tilt), -1).times(amplitude),
    e.dagger().plus(e.dagger().dot(tilt)).times(amplitude),
  ];
  const heat = model === 'local' ? h.qubit1.plus(h.qubit2).plus(h.kinetic) : h.total;
  return {
    generator: (global ?? localChannels(p, LMIN, LMAX)).total,
    heat,
    baths: {
      bath1: {
        jumps: thermal(lower1, p.beta1, p.B1, p.g * (1 - p.chi)),
        quantity: excitations,
      },
      bath2: {
        jumps: thermal(lower2, p.beta2, p.B2, p.g * (1 + p.chi)),
        quantity: excitations,
      },
      load: { jumps: load, quantity: angular },
    } satisfies Record<string, DenseBath>,
    cutoff: global?.cutoff ?? null,
  };
}

function close(found: number | undefined, wanted: number, scale: number, name: string): void {
  expect(Math.abs((found ?? Number.NaN) - wanted), name).toBeLessThanOrEqual(1e-9 * scale);
}

const millOf = (p: Numbers, model: 'local' | 'global', cutoff: number | null): Fluctuations => {
  const parameters = deviceParameters({ ...p, model });
  return fluctuations({
    machine: mill,
    of: masterEquationOf(parameters).of,
    values: valuesOf(parameters, cutoff),
    window: rotorWindow(LMIN, LMAX),
    betas: { bath1: p.beta1, bath2: p.beta2, load: p.betaR },
    order: ORDER,
  });
};

/** Where the noise is much smaller than the number of jumps, dense matrices lose its digits. */
const scaleOf = (activity: number, value: number) => Math.max(Math.abs(value), 1e-4 * activity);

describe.each(['local', 'global'] as const)('the %s mill', (model) => {
  test('quanta, heat, covariances and cumulants', () => {
    fc.assert(
      fc.property(numbers, (p) => {
        const { generator, heat, baths, cutoff } = denseBaths(p, model);
        const found = millOf(p, model, cutoff);
        const dense = new DenseCounting(generator);
        for (const { name, quanta, heat: flow } of found.baths) {
          const bath = baths[name as keyof typeof baths];
          const wanted = dense.cumulants(bath, ORDER);
          wanted.forEach((c, k) => {
            close(quanta?.cumulants[k], c, scaleOf(found.activity, c), `${name} ${k}`);
          });
          const [mean, noise] = dense.cumulants({ ...bath, quantity: heat }, 2);
          const quantum = Math.max(1, heat.max());
          close(flow?.mean.value, mean, quantum * scaleOf(found.activity, mean), `heat of ${name}`);
          close(
            flow?.noise.value,
            noise,
            quantum ** 2 * scaleOf(found.activity, noise),
            `noise ${name}`,
          );
        }
        for (const { baths: names, covariance } of found.covariances) {
          const [a, b] = names.map((name) => baths[name as keyof typeof baths]);
          const wanted = dense.covariance(a, b);
          close(covariance.value, wanted, scaleOf(found.activity, wanted), names.join());
        }
      }),
      { numRuns: 3 },
    );
  });
});

test.each(['local', 'global'] as const)('entropy production of a %s device', (model) => {
  fc.assert(
    fc.property(numbers, (p) => {
      const { generator, cutoff } = denseBaths(p, model);
      const found = millOf(p, model, cutoff);
      const channels =
        model === 'local' ? localChannels(p, LMIN, LMAX) : globalChannels(p, LMIN, LMAX);
      const rho = Dense.ofVector(new DenseCounting(generator).rho);
      const logarithm = hermitianFunction(rho, (x) => Math.log(Math.max(x, 1e-300)));
      const h = hamiltonians(p, LMIN, LMAX);
      const a = p.betaR / (4 * p.I);
      // ln of the load's populations, by detailed balance.
      const potential = [0];
      for (let l = LMIN; l < LMAX; l++) {
        potential.push(potential[l - LMIN] + 2 * Math.log((1 - a * l) / (1 + a * (l + 1))));
      }
      const size = potential.length;
      const fixed = {
        bath1: (model === 'local' ? h.qubit1 : h.total).times(-p.beta1),
        bath2: (model === 'local' ? h.qubit2 : h.total).times(-p.beta2),
        load: Dense.from(h.total.n, (i, j) => (i === j ? potential[i % size] : 0)),
      };
      for (const { name, entropyProduction: entropy } of found.baths) {
        const bath = name as keyof typeof fixed;
        const change = Dense.ofVector(channels[bath].apply(rho.vector()));
        const wanted = -change.dot(logarithm.plus(fixed[bath], -1)).trace()[0];
        if (entropy.value === null) {
          // A jump of the load is blocked.
          expect(Math.abs(a * LMIN) >= 1 || a * LMAX >= 1).toBe(true);
          continue;
        }
        expect(entropy.value).toBeGreaterThanOrEqual(-(entropy.error as number));
        close(entropy.value, wanted, Math.max(found.activity * 1e-4, Math.abs(wanted)), name);
      }
    }),
    { numRuns: 4 },
  );
});

test('random machines that conserve a charge', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      kinds(12).filter(
        ({ conserved, resolved, mixing }) => conserved === 'all' && !resolved && mixing,
      ),
      (kind) => {
        const system = openSystem(kind);
        const equation = equationOf(system);
        if (SectorProgram.of(equation) === null) return;
        const { states, window } = system;
        const machine: Machine = {
          name: 'random',
          states,
          energies: [],
          baths: equation.dissipators.map(({ name, jumps }) => ({ kind: 'explicit', name, jumps })),
        };
        const withEnergy: Machine = {
          ...machine,
          energies: [
            { name: 'energy', symbol: 'H', isHeat: false, operator: equation.hamiltonian },
          ],
        };
        let found: Fluctuations;
        try {
          found = fluctuations({
            ...{ machine: withEnergy, of: localEquation, values: {}, window, order: ORDER },
            betas: {},
          });
        } catch (error) {
          if (error instanceof NoSteadyStateError) return;
          throw error;
        }
        const dense = new DenseCounting(denseLindbladian(system));
        const charges = conservedCharges(movesOf(equation));
        for (const { name, quanta, activity } of found.baths) {
          if (quanta === null) continue;
          const forms = equation.dissipators.find((d) => d.name === name)!.jumps;
          const quantum = quantumOf(charges, states, forms)!;
          const norm = quantum.charges.reduce((sum, x) => sum + x * x, 0);
          const quantity = Dense.from(states * window.size, (i, j) => {
            if (i !== j) return 0;
            const [s, l] = [Math.floor(i / window.size), window.lmin + (i % window.size)];
            return charges.reduce(
              (sum, q, k) => sum + (quantum.charges[k] * (q[s] + q[states] * l)) / norm,
              0,
            );
          });
          const jumps = system.jumps[name].operators.map((x) => denseOperator(x, states));
          dense.cumulants({ jumps, quantity }, ORDER).forEach((c, k) => {
            close(quanta.cumulants[k], c, Math.max(activity, Math.abs(c)), `${name} ${k}`);
            compared++;
          });
        }
      },
    ),
    { numRuns: 12 },
  );
  expect(compared).toBeGreaterThan(40);
});
