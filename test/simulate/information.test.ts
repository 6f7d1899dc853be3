/** Entropies, correlations, coherence, negativity and parts of the ergotropy, against dense matrices and known states. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuBackend } from '../../src/backend/cpu/backend.js';
import { fullSpace } from '../../src/generator/classes.js';
import { device } from '../../src/model/device.js';
import { type DeviceInput, deviceParameters } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { informationCode } from '../../src/simulate/askedCode.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import * as code from '../../src/simulate/millInformation.js';
import type { ObservableName } from '../../src/simulate/observableRecords.js';
import { numberOf } from '../../src/simulate/observe.js';
import { steadyStateOn } from '../../src/simulate/steady.js';
import { SteadyReading } from '../../src/simulate/steadyReading.js';
import type { DensityMatrix } from '../../src/state/densityMatrix.js';
import { readMachinePlan } from '../../src/sweep/machinePlan.js';
import { machinePoint } from '../../src/sweep/machinePoint.js';
import { numbers } from '../support/arbitrary.js';
import { Dense, hamiltonians, hermitianEigenvalues, symmetricEigen } from '../support/dense.js';
import { denseErgotropy, hermitianFunction } from '../support/denseThermodynamics.js';
import { denseState, spaceVector } from '../support/generators.js';
import { galleryMachine } from '../support/machines.js';

informationCode.module = code;

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), 'utf8'));

const groups = ['entropy', 'mutualInformation', 'coherence', 'negativity'] as const;

interface Reference extends Readonly<Record<(typeof groups)[number], Record<string, number>>> {
  readonly parameters: DeviceInput;
  readonly lmin: number;
  readonly lmax: number;
}

const references: readonly Reference[] = read('fluctuations');

test.each(references)('independent values with beta2 = $parameters.beta2', (entry) => {
  const reading = new SteadyReading(
    steadyStateOn(deviceParameters(entry.parameters), rotorWindow(entry.lmin, entry.lmax)),
  );
  for (const group of groups) {
    for (const [member, wanted] of Object.entries(entry[group])) {
      const found = numberOf(`${group}.${member}` as ObservableName, reading);
      // Mutual information is a difference of entropies.
      const scale = group === 'mutualInformation' ? 1e-5 * entry.entropy.total : Math.abs(wanted);
      expect(Math.abs(found - wanted), `${group}.${member}`).toBeLessThanOrEqual(1e-9 * scale);
    }
  }
});

const window = rotorWindow(-1, 1);
const N = window.size;
const DIMENSION = 4 * N;
const space = fullSpace({ states: 4, window });
const built = device(deviceParameters({ B1: 1, B2: 1.7, lambda: 0.6, V: 0.3, betaR: 0.4 }), window);
const onSpace = (m: Dense): DensityMatrix => ({ space, elements: spaceVector(space, m) });
const informationOf = (m: Dense) => new code.MillInformation(built, onSpace(m), 1000);

const entropy = (m: Dense) =>
  hermitianEigenvalues(m).reduce((s, p) => (p > 1e-300 ? s - p * Math.log(p) : s), 0);

/** Digits of a basis state: both qubits and the level. */
const digits = (i: number) => [Math.floor(i / (2 * N)), Math.floor(i / N) % 2, i % N];
const SIZES = [2, 2, N];
const PARTS = ['qubit1', 'qubit2', 'rotor'] as const;

function denseReduced(m: Dense, kept: readonly number[]): Dense {
  const order = kept.reduce((n, k) => n * SIZES[k], 1);
  const place = (i: number) => kept.reduce((n, k) => n * SIZES[k] + digits(i)[k], 0);
  const result = new Dense(order);
  for (let i = 0; i < m.n; i++) {
    for (let j = 0; j < m.n; j++) {
      if ([0, 1, 2].some((k) => !kept.includes(k) && digits(i)[k] !== digits(j)[k])) continue;
      result.re[place(i) * order + place(j)] += m.re[i * m.n + j];
      result.im[place(i) * order + place(j)] += m.im[i * m.n + j];
    }
  }
  return result;
}

function denseTransposed(m: Dense, part: number): Dense {
  const place = (d: readonly number[]) => d.reduce((n, x, k) => n * SIZES[k] + x, 0);
  return Dense.from(m.n, (i, j) => {
    const [a, b] = [digits(i), digits(j)];
    [a[part], b[part]] = [b[part], a[part]];
    const at = place(a) * m.n + place(b);
    return [m.re[at], m.im[at]];
  });
}

/** Random states, mixed and of low rank. */
const states = fc
  .record({
    rank: fc.integer({ min: 1, max: DIMENSION }),
    entries: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: 2 * DIMENSION * DIMENSION,
      maxLength: 2 * DIMENSION * DIMENSION,
    }),
  })
  .map(({ rank, entries }) => {
    const a = Dense.from(DIMENSION, (i, j) => {
      if (j >= rank) return 0;
      const at = 2 * (i * DIMENSION + j);
      return [entries[at] + (i === j ? 1 : 0), entries[at + 1]];
    });
    const square = a.dot(a.dagger());
    return square.times(1 / square.trace()[0]);
  });

const close = (found: number | null, wanted: number, name: string) =>
  expect(Math.abs((found ?? Number.NaN) - wanted), name).toBeLessThan(1e-10);

test('any state, as of its dense matrix', () => {
  fc.assert(
    fc.property(states, (m) => {
      const found = informationOf(m);
      const [s1, s2, sr, s12] = [[0], [1], [2], [0, 1]].map((k) => entropy(denseReduced(m, k)));
      const s = entropy(m);
      close(found.entropy(), s, 'total');
      close(found.entropy(['qubit2']), s2, 'qubit 2');
      close(found.entropy(['rotor']), sr, 'rotor');
      close(found.entropy(['qubit1', 'qubit2']), s12, 'qubits');
      close(
        found.mutual(['qubit1'], ['rotor']),
        s1 + sr - entropy(denseReduced(m, [0, 2])),
        'mutual',
      );
      close(found.totalCorrelation, s1 + s2 + sr - s, 'correlation');
      const diagonal = Dense.from(m.n, (i, j) => (i === j ? m.re[i * m.n + i] : 0));
      close(found.relativeEntropyOfCoherence, entropy(diagonal) - s, 'coherence');
      let l1 = 0;
      for (let i = 0; i < m.n; i++) {
        for (let j = 0; j < m.n; j++) {
          if (i !== j) l1 += Math.hypot(m.re[i * m.n + j], m.im[i * m.n + j]);
        }
      }
      close(found.coherence, l1, 'l1');
      PARTS.forEach((part, k) => {
        const values = hermitianEigenvalues(denseTransposed(m, k));
        close(
          found.negativity(part),
          values.reduce((sum, x) => sum + Math.max(0, -x), 0),
          `negativity of ${part}`,
        );
      });
    }),
    { numRuns: 6 },
  );
});

test('ergotropies and distances to equilibrium of any state', () => {
  fc.assert(
    fc.property(states, (m) => {
      const found = informationOf(m);
      const p = { ...built.parameters };
      const h = hamiltonians(p, window.lmin, window.lmax).total;
      const { values, vectors } = symmetricEigen(h);
      const populations = vectors.map((v) => {
        let sum = 0;
        for (let i = 0; i < m.n; i++) {
          for (let j = 0; j < m.n; j++) sum += v[i] * m.re[i * m.n + j] * v[j];
        }
        return sum;
      });
      const falling = [...populations].sort((a, b) => b - a);
      const incoherent = values.reduce((sum, e, k) => sum + e * (populations[k] - falling[k]), 0);
      close(found.ergotropyPart('incoherent'), incoherent, 'incoherent');
      close(found.ergotropyPart('coherent'), denseErgotropy(h, m) - incoherent, 'coherent');
      const thermal = (hamiltonian: Dense, beta: number) => {
        const weights = hermitianFunction(hamiltonian, (x) => Math.exp(-beta * x));
        return weights.times(1 / weights.trace()[0]);
      };
      const distance = (a: Dense, b: Dense) =>
        hermitianEigenvalues(a.plus(b, -1)).reduce((sum, x) => sum + Math.abs(x), 0) / 2;
      const qubit = (field: number) => Dense.from(2, (i, j) => (i === j ? field * (2 * i - 1) : 0));
      const rotor = Dense.from(N, (i, j) =>
        i === j ? (window.lmin + i) ** 2 / (2 * p.I) : Math.abs(i - j) === 1 ? p.V / 2 : 0,
      );
      const own = [qubit(p.B1), qubit(p.B2), rotor];
      [p.beta1, p.beta2, p.betaR].forEach((beta, k) => {
        const reduced = denseReduced(m, [k]);
        close(found.gibbsDistance(PARTS[k]), distance(reduced, thermal(own[k], beta)), PARTS[k]);
      });
      close(
        found.localErgotropy('qubit2'),
        denseErgotropy(qubit(p.B2), denseReduced(m, [1])),
        'qubit 2',
      );
    }),
    { numRuns: 6 },
  );
});

test('steady states of the sector, as of their dense matrices', () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom('local' as const, 'global' as const), (p, model) => {
      const state = steadyStateOn(deviceParameters({ ...p, model }), window);
      const m = denseState(state.rho.space, state.rho.elements);
      const found = new code.MillInformation(state.device, state.rho, 0);
      close(found.entropy(), entropy(m), 'entropy');
      close(found.entropy(['rotor']), entropy(denseReduced(m, [2])), 'rotor');
      PARTS.forEach((part, k) => {
        const values = hermitianEigenvalues(denseTransposed(m, k));
        const wanted = values.reduce((sum, x) => sum + Math.max(0, -x), 0);
        close(found.negativity(part), wanted, part);
      });
    }),
    { numRuns: 10 },
  );
});

describe('known states', () => {
  const pure = (amplitudes: Readonly<Record<number, number>>) =>
    Dense.from(DIMENSION, (i, j) => (amplitudes[i] ?? 0) * (amplitudes[j] ?? 0));
  const at = (n1: number, n2: number, l: number) => (2 * n1 + n2) * N + l - window.lmin;

  test('a Bell state of the qubits, with the rotor at rest', () => {
    const r = Math.SQRT1_2;
    const found = informationOf(pure({ [at(0, 1, 0)]: r, [at(1, 0, 0)]: r }));
    close(found.entropy(), 0, 'entropy');
    close(found.entropy(['qubit1']), Math.LN2, 'qubit 1');
    close(found.mutual(['qubit1'], ['qubit2']), 2 * Math.LN2, 'mutual');
    close(found.negativity('qubit1'), 0.5, 'negativity');
    close(found.negativity('rotor'), 0, 'negativity of the rotor');
    close(found.coherence, 1, 'l1');
    close(found.relativeEntropyOfCoherence, Math.LN2, 'relative entropy');
  });

  test('the same that goes with a level of the rotor: no two of the parts are entangled', () => {
    const r = Math.SQRT1_2;
    const found = informationOf(pure({ [at(0, 1, 0)]: r, [at(1, 0, 1)]: r }));
    for (const part of PARTS) close(found.negativity(part), 0.5, part);
    close(found.mutual(['qubit1'], ['qubit2']), Math.LN2, 'mutual');
    close(found.totalCorrelation, 3 * Math.LN2, 'total');
  });

  test('a product of equilibrium states', () => {
    const p = built.parameters;
    const h = hamiltonians({ ...p, lambda: 0 }, window.lmin, window.lmax);
    const weights = hermitianFunction(
      h.qubit1
        .times(p.beta1)
        .plus(h.qubit2, p.beta2)
        .plus(h.kinetic, p.betaR)
        .plus(h.potential, p.betaR),
      (x) => Math.exp(-x),
    );
    const found = informationOf(weights.times(1 / weights.trace()[0]));
    for (const part of PARTS) {
      close(found.gibbsDistance(part), 0, part);
      close(found.negativity(part), 0, part);
    }
    close(found.totalCorrelation, 0, 'correlation');
    close(found.localErgotropy('qubit1'), 0, 'ergotropy');
  });

  test.each([
    [0.09, 1.8e-3],
    [1, 1.8e-2],
    [4, 0.12],
  ])('a load alone at betaR = %d is off the Gibbs state by %d', (betaR, distance) => {
    const parameters = deviceParameters({ betaR, I: 1, lambda: 1e-9 });
    const reading = new SteadyReading(steadyStateOn(parameters, rotorWindow(-60, 60)));
    const found = numberOf('gibbsDistance.rotor', reading);
    expect(Math.abs(found / distance - 1)).toBeLessThan(0.05);
  });
});

test("the mill from a file has the paper's device's numbers", async () => {
  const parameters = deviceParameters({ beta2: 0.08, lambda: 1 });
  const names = ['entropy.q2', 'mutualInformation.total', 'negativity.ladder', 'coherence.l1'];
  const described = galleryMachine('quantum-mill');
  const own = Object.fromEntries(
    Object.entries(parameters).filter(([name]) =>
      described.parameters.some((one) => one.name === name),
    ),
  );
  const { beta2: _, ...fixed } = own;
  const plan = readMachinePlan(
    {
      machine: 'quantum-mill',
      parameters: fixed,
      axes: { beta2: [parameters.beta2] },
      observables: [...names, 'ergotropyParts.coherent'],
      truncation: { lmin: -20, lmax: 30 },
    },
    () => described,
  );
  const { columns } = await machinePoint(plan, new MachineSystem(described), 0, cpuBackend());
  const reading = new SteadyReading(steadyStateOn(parameters, rotorWindow(-20, 30)));
  for (const name of [...names, 'ergotropyParts.coherent']) {
    const wanted = numberOf(
      name.replace('ladder', 'rotor').replace('q2', 'qubit2') as ObservableName,
      reading,
    );
    close(columns[name], wanted, name);
  }
});
