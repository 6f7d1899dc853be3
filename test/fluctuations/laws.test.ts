/** Laws of fluctuations that hold whatever the numbers of a device: symmetries under reversal, and what follows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fluctuations, fluctuations } from '../../src/fluctuations/fluctuations.js';
import { programOf } from '../../src/fluctuations/program.js';
import { apply } from '../../src/generator/apply.js';
import { localEquation } from '../../src/lindblad/masterEquation.js';
import { compiledSector } from '../../src/lindblad/sectorSolution.js';
import { describedMachine } from '../../src/machine/description/described.js';
import type { DescribedMachine } from '../../src/machine/description/describedMachine.js';
import { mill } from '../../src/machine/mill.js';
import type { Values } from '../../src/machine/tape.js';
import { oscillators } from '../../src/model/collision.js';
import { device } from '../../src/model/device.js';
import { initialState } from '../../src/model/initial.js';
import { masterEquationOf } from '../../src/model/masterEquations/registry.js';
import { type DeviceParameters, deviceParameters, truncation } from '../../src/model/parameters.js';
import { rotorWindow } from '../../src/operators/window.js';
import { collisionMaps } from '../../src/simulate/collisionMaps.js';
import { onCpu } from '../../src/simulate/evolutionStage.js';
import { Evolution } from '../../src/simulate/evolve.js';
import { cutoffOn, valuesOf } from '../../src/simulate/millSector.js';
import { between, decades, numbers, smallWindow } from '../support/arbitrary.js';

const ofMachine = (
  { machine, parameters }: DescribedMachine,
  changes: Values,
  order = 2,
): Fluctuations =>
  fluctuations({
    machine,
    of: localEquation,
    values: { ...Object.fromEntries(parameters.map((p) => [p.name, p.default])), ...changes },
    window: { lmin: 0, lmax: 0, size: 1 },
    betas: {},
    order,
  });

const near = (found: number | null | undefined, wanted: number, relative: number, name = '') =>
  expect(Math.abs((found ?? Number.NaN) / wanted - 1), name).toBeLessThan(relative);

/** Qubits of the mill, detuned; what its rotor turns by at I → ∞ is the exchanged quanta. */
const qubitPair = describedMachine(
  'pair.yaml',
  `name: pair
subsystems: {a: 2, b: 2}
parameters: {detuning: 0, lambda: 1, k1: 1, k2: 1, n1: 1, n2: 0.5}
hamiltonian:
  energies: detuning*sz(a)
  exchange: lambda*(sp(a)*sm(b) + hc)
baths:
  one: {temperature: none, jumps: [sqrt(k1*(n1 + 1))*sm(a), sqrt(k1*n1)*sp(a)]}
  two: {temperature: none, jumps: [sqrt(k2*(n2 + 1))*sm(b), sqrt(k2*n2)*sp(b)]}
`,
);

test('at I → ∞ the rotor counts: ⟨L_z⟩ and Var(L_z) of the evolved mill grow by current and noise', async () => {
  const parameters = deviceParameters({
    ...{ beta1: 0.2, beta2: 0.9, B1: 1, B2: 1.3, g: 1.1, chi: 0.2, lambda: 0.7 },
    ...{ gamma: 0, I: 1e300 },
  });
  const { beta1, beta2, B1, B2, g, chi, lambda } = parameters;
  const [one] = ofMachine(qubitPair, {
    ...{ detuning: B1 - B2, lambda, k1: (g * (1 - chi)) ** 2, k2: (g * (1 + chi)) ** 2 },
    ...{ n1: 1 / Math.expm1(2 * beta1 * B1), n2: 1 / Math.expm1(2 * beta2 * B2) },
  }).baths;
  const [a, b] = [40, 80];
  const request = {
    parameters,
    truncation: truncation({ lmin: -60, lmax: 60 }),
    initial: initialState(parameters),
    times: [a, b],
    tolerances: { rtol: 1e-12, atol: 1e-15 },
    angles: 0,
    states: false,
  };
  const run = await Evolution.start(request, onCpu);
  const { snapshots } = await run.run(async () => {});
  run.close();
  const [x, y] = snapshots.map(({ rotor: { Lz, Lz2 } }) => ({ mean: Lz, variance: Lz2 - Lz ** 2 }));
  // What bath 1 brings in is what the rotor loses, or gains: the interaction raises it where qubit 1 is raised.
  near(one.quanta?.mean.value, -(y.mean - x.mean) / (b - a), 1e-9);
  near(one.quanta?.noise.value, (y.variance - x.variance) / (b - a), 1e-9);
});

describe('reversal', () => {
  test('a collision without load and its reverse differ by the heat that they take from each bath', () => {
    fc.assert(
      fc.property(numbers, smallWindow, decades(0.01, 1), (p, { lmin, lmax }, tau) => {
        const parameters = deviceParameters({ ...p, gamma: 0 });
        const built = device(parameters, rotorWindow(lmin, lmax));
        const baths = oscillators(parameters, { tau, nmax: 2, weightTolerance: 1e-12 });
        const { collision } = collisionMaps(built, baths, tau, [0, 0]);
        const { classes, size } = collision.space;
        // ln of the weight with which a collision finds an oscillator, by the quanta that it then gives away.
        const potential = classes.flatMap(({ ket, first, length }) =>
          Array.from({ length }, (_, i) => {
            const [n1, n2, l] = [ket >> 1, ket & 1, lmin + first + i];
            return -2 * (p.beta1 * p.B1 * (n1 - l) + p.beta2 * p.B2 * (n2 + l));
          }),
        );
        const columns = Array.from({ length: size }, (_, j) => {
          const unit = new Float64Array(2 * size);
          unit[2 * j] = 1;
          return apply(collision, unit);
        });
        let largest = 0;
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < i; j++) {
            const ratio = Math.exp((potential[j] - potential[i]) / 2);
            for (const part of [0, 1]) {
              const there = columns[j][2 * i + part] * ratio;
              const back = columns[i][2 * j + part] / ratio;
              largest = Math.max(largest, Math.abs(there));
              expect(Math.abs(there - back)).toBeLessThan(1e-12);
            }
          }
        }
        expect(largest).toBeGreaterThan(0);
      }),
      { numRuns: 10 },
    );
  });

  /**
   * The generator in which the heat h of each bath has the factor e^{χh}, on the orthonormal Hermitian operators, and
   * the sign of each under transposition.
   */
  function tilted(parameters: DeviceParameters, chi: Values) {
    const window = rotorWindow(-1, 1);
    const { of } = masterEquationOf(parameters);
    const values = valuesOf(parameters, cutoffOn(parameters, window));
    const compiled = compiledSector(mill, of, values);
    const { baths } = programOf(compiled, { machine: mill, of, values });
    const { sector } = compiled.on(window);
    sector.numbers.fill(values);
    const { sites, siteWidth, sitePaired } = sector;
    const size = sites * siteWidth;
    const [rows, sizes] = [0, 1].map(() =>
      Array.from({ length: size }, () => new Float64Array(size)),
    );
    for (let j = 0; j < size; j++) {
      const unit = new Float64Array(size);
      unit[j] = 1;
      sector.derivative(unit).y.forEach((y, i) => {
        rows[i][j] = y;
        sizes[i][j] = Math.abs(y);
      });
    }
    for (const { name, jumps, quantum } of baths) {
      const elements = jumps.on(sector);
      const heat = elements.weight(quantum === null ? 0 : 1);
      elements.value.forEach((rate, e) => {
        rows[elements.to[e]][elements.from[e]] += Math.expm1(chi[name] * heat[e]) * rate;
      });
    }
    // Coherences come in pairs of real and imaginary part, each of one element and its conjugate.
    const isPaired = (i: number) => i % siteWidth < sitePaired;
    rows.forEach((row, i) => {
      row.forEach((_, j) => {
        if (isPaired(i) !== isPaired(j)) row[j] *= isPaired(i) ? Math.SQRT2 : Math.SQRT1_2;
      });
    });
    const signs = rows.map((_, i) => (isPaired(i) && (i % siteWidth) % 2 === 1 ? -1 : 1));
    return { rows, sizes, signs };
  }

  test.each(['local', 'global'] as const)(
    'heat of the %s mill without load: the generator at χ, transposed, is that at β − χ',
    (model) => {
      fc.assert(
        fc.property(numbers, between(-0.5, 1.5), between(-0.5, 1.5), (p, s1, s2) => {
          const parameters = deviceParameters({ ...p, gamma: 0, model });
          const { beta1, beta2 } = parameters;
          const { rows, sizes, signs } = tilted(parameters, {
            bath1: s1 * beta1,
            bath2: s2 * beta2,
          });
          const other = tilted(parameters, {
            bath1: (1 - s1) * beta1,
            bath2: (1 - s2) * beta2,
          }).rows;
          rows.forEach((row, i) => {
            row.forEach((value, j) => {
              const error = Math.abs(value - signs[i] * signs[j] * other[j][i]);
              const size = Math.abs(value) + sizes[i][j] + sizes[j][i];
              expect(error).toBeLessThanOrEqual(1e-12 * size);
            });
          });
        }),
        { numRuns: 10 },
      );
    },
  );

  test('cumulants of collisions in their limit: ⟨e^{−A N}⟩ neither grows nor falls', () => {
    fc.assert(
      fc.property(
        fc.record({
          ...{ detuning: between(-1, 1), lambda: decades(0.1, 3), k1: decades(0.3, 3) },
          ...{ k2: decades(0.3, 3), n1: decades(0.3, 3), A: between(-0.2, 0.2) },
        }),
        ({ n1, A, ...rest }) => {
          fc.pre(Math.abs(A) > 1e-3);
          // ln n1/(n1 + 1) − ln n2/(n2 + 1) = A
          const n2 = 1 / Math.expm1(Math.log1p(1 / n1) + A);
          const [one] = ofMachine(qubitPair, { ...rest, n1, n2 }, 10).baths;
          const terms = (one.quanta?.cumulants ?? []).map((c, k) => {
            let term = c;
            for (let m = 1; m <= k + 1; m++) term *= -A / m;
            return term;
          });
          expect(terms).toHaveLength(10);
          const sum = terms.reduce((total, term) => total + term, 0);
          expect(Math.abs(sum / terms[0])).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 20 },
    );
  });
});

/** Three qubits in a chain, each at its own bath: two currents that are independent. */
const chain = describedMachine(
  'chain.yaml',
  `name: chain
subsystems: {a: 2, b: 2, c: 2}
parameters: {d: 0.3, u: 0.5, v: 0.8, ka: 1, kb: 1, kc: 1, na: 0.5, nb: 0.5, nc: 0.5}
hamiltonian:
  energies: d*sz(b)
  exchange: u*(sp(a)*sm(b) + hc) + v*(sp(b)*sm(c) + hc)
baths:
  one: {temperature: none, jumps: [sqrt(ka*(na + 1))*sm(a), sqrt(ka*na)*sp(a)]}
  two: {temperature: none, jumps: [sqrt(kb*(nb + 1))*sm(b), sqrt(kb*nb)*sp(b)]}
  three: {temperature: none, jumps: [sqrt(kc*(nc + 1))*sm(c), sqrt(kc*nc)*sp(c)]}
`,
);

test('near equilibrium currents answer forces as they fluctuate, and the answers are reciprocal', () => {
  fc.assert(
    fc.property(
      fc.record({
        ...{ d: between(-1, 1), u: decades(0.2, 2), v: decades(0.2, 2), n: decades(0.2, 3) },
        ...{ ka: decades(0.2, 2), kb: decades(0.2, 2), kc: decades(0.2, 2) },
      }),
      ({ n, ...rest }) => {
        const force = Math.log1p(1 / n);
        const STEP = 2e-3;
        const occupation = (change: number) => 1 / Math.expm1(force - change);
        const names = ['na', 'nb', 'nc'];
        const at = (k: number, change: number) =>
          ofMachine(chain, {
            ...rest,
            ...Object.fromEntries(names.map((name, i) => [name, occupation(i === k ? change : 0)])),
          });
        const equilibrium = at(-1, 0);
        const order = equilibrium.baths.map(({ name }) => name);
        const covariance = (i: number, k: number) =>
          i === k
            ? equilibrium.baths[i].quanta?.noise.value
            : equilibrium.covariances.find(
                ({ baths }) => baths.includes(order[i]) && baths.includes(order[k]),
              )?.covariance.value;
        const slopes = (k: number, step: number) => {
          const [more, less] = [at(k, step), at(k, -step)];
          return more.baths.map(
            ({ quanta }, i) =>
              ((quanta?.mean.value ?? NaN) - (less.baths[i].quanta?.mean.value ?? NaN)) /
              (2 * step),
          );
        };
        // Of two steps what both leave out in their second order is taken out.
        const answers = names.map((_, k) => {
          const [far, close] = [slopes(k, STEP), slopes(k, STEP / 2)];
          return close.map((slope, i) => (4 * slope - far[i]) / 3);
        });
        for (const i of [0, 1, 2]) {
          expect(equilibrium.baths[i].quanta?.mean.value).toBeCloseTo(0, 13);
          for (const k of [0, 1, 2]) {
            near(answers[k][i], answers[i][k], 1e-6, 'reciprocity');
            near(covariance(i, k), 2 * answers[k][i], 1e-6, 'fluctuation and dissipation');
          }
        }
      },
    ),
    { numRuns: 8 },
  );
});

test('where coherences die at once the mill is classical: its TUR is at least 2', () => {
  let flowing = 0;
  fc.assert(
    fc.property(numbers, decades(1e-3, 1e-2), (p, lambda) => {
      const found = fluctuations({
        machine: mill,
        of: localEquation,
        values: valuesOf(
          deviceParameters({ ...p, g: 1, chi: 0, lambda, gamma: lambda ** 2 }),
          null,
        ),
        window: rotorWindow(-4, 4),
        betas: {},
        order: 2,
      });
      const quanta = found.baths[0].quanta;
      const entropy = found.entropyProduction;
      // Near equilibrium what is produced is a difference of rounding.
      if (quanta == null || entropy === null || entropy.error > 1e-2 * entropy.value) return;
      flowing++;
      const { mean, noise } = quanta;
      const most =
        ((noise.value + noise.error) * (entropy.value + entropy.error)) / mean.value ** 2;
      // Off the limit by (λ/g²)².
      expect(most).toBeGreaterThan(2 * (1 - 10 * lambda ** 2));
    }),
    { numRuns: 40 },
  );
  expect(flowing).toBeGreaterThan(15);
});
