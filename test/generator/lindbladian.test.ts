import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/generator/apply.js';
import { HAMILTONIAN, lindbladian } from '../../src/generator/lindbladian.js';
import { BATHS, device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import { operator, type QubitOperator, sum } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { adjointGenerator } from '../support/adjointGenerator.js';
import { between, numbers, numbersWithPotential, smallWindow } from '../support/arbitrary.js';
import {
  commutator,
  Dense,
  type DenseChannels,
  dissipator,
  globalChannels,
  localChannels,
} from '../support/dense.js';
import { denseGenerator, denseOperator, places, spaceVector } from '../support/generators.js';

function expectChannels(system: OpenSystem, expected: DenseChannels, tolerance: number) {
  const { channels, total } = lindbladian(system, 'full');
  for (const name of [HAMILTONIAN, ...BATHS] as const) {
    const difference = denseGenerator(channels[name]).plus(expected[name], -1).max();
    expect(difference, name).toBeLessThanOrEqual(tolerance * expected[name].max());
  }
  const difference = denseGenerator(total).plus(expected.total, -1).max();
  expect(difference, 'total').toBeLessThanOrEqual(tolerance * expected.total.max());
}

describe('the generator equals the dense one of the paper’s equations, element by element', () => {
  test('local model, with potential, each channel', () => {
    fc.assert(
      fc.property(numbersWithPotential, smallWindow, (values, { lmin, lmax }) => {
        const { system } = device(deviceParameters(values), rotorWindow(lmin, lmax));
        expectChannels(system, localChannels(values, lmin, lmax), 1e-13);
      }),
      { numRuns: 12 },
    );
  });

  test('global model from dense eigenvectors and Eq. (A15), each channel', () => {
    fc.assert(
      fc.property(numbers, smallWindow, (values, { lmin, lmax }) => {
        const built = device(
          deviceParameters({ ...values, model: 'global', cutoff: 'max-bohr' }),
          rotorWindow(lmin, lmax),
        );
        const expected = globalChannels(values, lmin, lmax);
        expect(built.cutoff).toBeCloseTo(expected.cutoff, 10);
        expectChannels(built.system, expected, 1e-10);
      }),
      // The energies of two charges that nearly coincide must not mix what these do not.
      { numRuns: 10, examples: [[nearlyDegenerate, { lmin: -3, lmax: 0 }]] },
    );
  });

  test('global model without interaction: σ_i^∓ at the one frequency 2B_i', () => {
    const values = { ...example, lambda: 0 };
    const built = device(deviceParameters({ ...values, model: 'global' }), rotorWindow(-1, 1));
    expectChannels(built.system, globalChannels(values, -1, 1), 1e-12);
  });

  test('global model with a cutoff of one’s own', () => {
    const built = device(
      deviceParameters({ ...example, model: 'global', cutoff: 7 }),
      rotorWindow(-1, 2),
    );
    expect(built.cutoff).toBe(7);
    expectChannels(built.system, globalChannels(example, -1, 2, 7), 1e-11);
  });
});

const low = 0.010000000000000005;
const nearlyDegenerate = {
  ...{ beta1: low, beta2: low, betaR: low, B1: 0.5, B2: 0.5000000309664756, g: 0.2, chi: -0.9 },
  ...{ lambda: low, gamma: low, I: 0.5000000096500228, V: 0 },
};

const example = {
  beta1: 0.1,
  beta2: 0.03,
  betaR: 0.09,
  B1: 4,
  B2: 10,
  g: 1,
  chi: 0.2,
  lambda: 0.3,
  gamma: 1e-3,
  I: 1,
  V: 0,
};

const complex = fc.record({
  re: between(-2, 2),
  im: between(-2, 2),
});
const qubitOperator: fc.Arbitrary<QubitOperator> = fc.uniqueArray(
  fc.record({
    to: fc.integer({ min: 0, max: 3 }),
    from: fc.integer({ min: 0, max: 3 }),
    value: complex,
  }),
  { minLength: 1, maxLength: 5, selector: ({ to, from }) => 4 * to + from },
);
const rotorOperators = fc.uniqueArray(
  fc.record({
    shift: fc.integer({ min: -2, max: 2 }),
    values: fc.array(complex, { minLength: 4, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 3, selector: ({ shift }) => shift },
);

test('what a user adds, qubit operator ⊗ f(l) e^{ikφ} with any complex f, acts as its matrix does', () => {
  const window = rotorWindow(-1, 2);
  const { system } = device(deviceParameters(example), window);
  fc.assert(
    fc.property(
      fc.tuple(qubitOperator, rotorOperators),
      fc.tuple(qubitOperator, rotorOperators),
      (inHamiltonian, asJump) => {
        const build = ([qubits, rotor]: typeof asJump) =>
          operator(
            window,
            qubits,
            ...rotor.map(({ shift, values }) => ({ shift, f: (l: number) => values[l + 1] })),
          );
        const term = build(inHamiltonian);
        const jump = build(asJump);
        // The commutator is of whatever operator is given, Hermitian or not.
        const extended: OpenSystem = {
          states: system.states,
          window,
          hamiltonian: sum(window, system.hamiltonian, term),
          jumps: { ...system.jumps, bath1: { operators: [jump], resolved: [] } },
        };
        const { channels } = lindbladian(extended, 'full');
        const h = denseOperator(system.hamiltonian).plus(denseOperator(term));
        // Gρ + ρG† with G = −iH is the commutator where H is Hermitian.
        const one = Dense.identity(h.n);
        const g = h.times(0, -1);
        const twoSided = g.kron(one).plus(one.kron(g.conjugate()));
        const hamiltonian = denseGenerator(channels.hamiltonian).plus(twoSided, -1);
        expect(hamiltonian.max()).toBeLessThanOrEqual(1e-13 * Math.max(1, twoSided.max()));
        const expected = dissipator(denseOperator(jump));
        const difference = denseGenerator(channels.bath1).plus(expected, -1);
        expect(difference.max()).toBeLessThanOrEqual(1e-13 * Math.max(1, expected.max()));
      },
    ),
    { numRuns: 15 },
  );
});

test('a Hermitian operator in the Hamiltonian gives its commutator', () => {
  const { system } = device(deviceParameters({ ...example, V: 0.7 }), rotorWindow(-1, 1));
  const { channels } = lindbladian(system, 'full');
  const expected = commutator(denseOperator(system.hamiltonian));
  expect(denseGenerator(channels.hamiltonian).plus(expected, -1).max()).toBeLessThan(1e-13);
});

test.each(['local', 'global'] as const)('the adjoint is the conjugate transpose: %s', (model) => {
  const { system } = device(deviceParameters({ ...example, model }), rotorWindow(-1, 1));
  const { total } = lindbladian(system, 'full');
  const expected = denseGenerator(total).dagger();
  expect(denseGenerator(adjointGenerator(total)).plus(expected, -1).max()).toBe(0);
});

describe('spaces', () => {
  const models = [
    { ...example, model: 'local' as const },
    { ...example, model: 'global' as const },
  ];

  test.each(models)('without potential the sector has 4N + 2(N − 1) elements: $model', (values) => {
    const { system } = device(deviceParameters(values), rotorWindow(-3, 4));
    const { space } = lindbladian(system, 'sector');
    expect(space.classes).toHaveLength(6);
    expect(space.size).toBe(4 * 8 + 2 * 7);
  });

  test('with a potential it has six of the sixteen qubit pairs, and every delta', () => {
    const { system } = device(deviceParameters({ ...example, V: 1 }), rotorWindow(-2, 3));
    const { space } = lindbladian(system, 'sector');
    expect(new Set(space.classes.map(({ ket, bra }) => 4 * ket + bra)).size).toBe(6);
    expect(space.classes).toHaveLength(6 * (2 * 6 - 1));
  });

  test('a band holds the classes up to its delta', () => {
    const { system } = device(deviceParameters({ ...example, V: 1 }), rotorWindow(-2, 3));
    const { space } = lindbladian(system, { maxDelta: 2 });
    expect(space.classes).toHaveLength(6 * 5);
    expect(Math.max(...space.classes.map(({ delta }) => Math.abs(delta)))).toBe(2);
  });

  test('the whole space has 16N² elements', () => {
    const { system } = device(deviceParameters(example), rotorWindow(-2, 3));
    expect(lindbladian(system, 'full').space.size).toBe(16 * 36);
  });

  test.each([
    ...models.map((values) => ({
      name: `sector, ${values.model}`,
      values,
      choice: 'sector' as const,
    })),
    { name: 'sector with potential', values: { ...example, V: 1 }, choice: 'sector' as const },
  ])('a sector is invariant, and acts as the whole does: $name', ({ values, choice }) => {
    const { system } = device(deviceParameters(values), rotorWindow(-1, 2));
    const whole = lindbladian(system, 'full');
    const part = lindbladian(system, choice);
    const inside = new Set(places(part.space));
    const x = Float64Array.from({ length: 2 * part.space.size }, (_, i) => Math.sin(i + 1));
    const embedded = new Dense(4 * system.window.size);
    places(part.space).forEach((at, i) => {
      embedded.re[at] = x[2 * i];
      embedded.im[at] = x[2 * i + 1];
    });
    const y = apply(whole.total, spaceVector(whole.space, embedded));
    const expected = new Map<number, [number, number]>();
    places(whole.space).forEach((at, i) => {
      if (inside.has(at)) expected.set(at, [y[2 * i], y[2 * i + 1]]);
      else expect(Math.hypot(y[2 * i], y[2 * i + 1])).toBe(0);
    });
    const own = apply(part.total, x);
    places(part.space).forEach((at, i) => {
      const [re, im] = expected.get(at) as [number, number];
      expect(own[2 * i]).toBeCloseTo(re, 11);
      expect(own[2 * i + 1]).toBeCloseTo(im, 11);
    });
  });
});

describe('every generated map preserves probability', () => {
  test.each(['local', 'global'] as const)('trace and Hermiticity: %s', (model) => {
    fc.assert(
      fc.property(numbers, smallWindow, (values, { lmin, lmax }) => {
        const { system } = device(deviceParameters({ ...values, model }), rotorWindow(lmin, lmax));
        const { space, total } = lindbladian(system, 'full');
        const dimension = 4 * system.window.size;
        const state = Dense.from(dimension, (i, j) => [
          Math.cos(i + 2 * j) + Math.cos(j + 2 * i),
          Math.sin(i - j),
        ]);
        const y = new Dense(dimension);
        const out = apply(total, spaceVector(space, state));
        places(space).forEach((at, i) => {
          y.re[at] = out[2 * i];
          y.im[at] = out[2 * i + 1];
        });
        const size = y.max();
        expect(size).toBeGreaterThan(0);
        expect(Math.hypot(...y.trace())).toBeLessThan(1e-13 * size * dimension);
        expect(y.plus(y.dagger(), -1).max()).toBeLessThan(1e-13 * size);
      }),
      { numRuns: 10 },
    );
  });
});
