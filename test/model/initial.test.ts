import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { initialState, occupiedLevels } from '../../src/model/initial.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { cosine, sine } from '../../src/model/potential.js';
import { rotorWindow } from '../../src/operators/window.js';
import { angleDensity } from '../../src/state/angle.js';
import {
  expectation,
  hermiticityError,
  qubitPopulations,
  rotorPopulations,
  trace,
} from '../../src/state/densityMatrix.js';
import { initialDensityMatrix, populatedClasses } from '../../src/state/initialState.js';
import { between } from '../support/arbitrary.js';
import { cpuSeconds } from '../support/cpuTime.js';
import { denseEigenvalues } from '../support/denseSpectrum.js';

const parameters = deviceParameters({ I: 2 });

function stateOf(input: unknown, lmin = -12, lmax = 12) {
  const window = rotorWindow(lmin, lmax);
  const initial = initialState(parameters, input);
  const { system } = device(parameters, window);
  const { space } = lindbladian(system, 'sector', populatedClasses(initial));
  return initialDensityMatrix(initial, space);
}

describe('qubits', () => {
  test('are thermal at their own baths unless told otherwise', () => {
    const { beta1, beta2, B1, B2 } = parameters;
    const up1 = 1 / (1 + Math.exp(2 * beta1 * B1));
    const up2 = 1 / (1 + Math.exp(2 * beta2 * B2));
    const wanted = [(1 - up1) * (1 - up2), (1 - up1) * up2, up1 * (1 - up2), up1 * up2];
    qubitPopulations(stateOf({})).forEach((p, s) => {
      expect(p).toBeCloseTo(wanted[s], 15);
    });
  });

  test.each([
    [{ qubit1: 'up', qubit2: 'down' }, [0, 0, 1, 0]],
    [{ qubit1: 'down', qubit2: 'up' }, [0, 1, 0, 0]],
    [
      {
        qubit1: [
          [0.25, 0],
          [0, 0.75],
        ],
        qubit2: 'up',
      },
      [0, 0.25, 0, 0.75],
    ],
    [
      {
        qubits: [
          [0.1, 0, 0, 0],
          [0, 0.2, 0, 0],
          [0, 0, 0.3, 0],
          [0, 0, 0, 0.4],
        ],
      },
      [0.1, 0.2, 0.3, 0.4],
    ],
  ])('%j', (input, wanted) => {
    expect(qubitPopulations(stateOf(input))).toEqual(wanted);
  });

  test.each([
    ['0.5i', 0, 0.5],
    ['-0.5i', 0, -0.5],
    ['0.25 - 0.25i', 0.25, -0.25],
    ['.1+2e-1i', 0.1, 0.2],
    ['1e-1', 0.1, 0],
    ['0.1-i', 0.1, -1],
  ])('complex numbers are read: %s', (text, re, im) => {
    const conjugate = `${re}${im > 0 ? '-' : '+'}${Math.abs(im)}i`;
    // Positivity is judged after the numbers are read, so that this says what was read.
    const rho = [
      [0.5, text],
      [conjugate, 0.5],
    ];
    if (re * re + im * im <= 0.25) {
      expect(initialState(parameters, { qubit1: rho }).qubits[0][2]).toEqual({
        re: re * (1 - 1 / (1 + Math.exp(2 * parameters.beta2 * parameters.B2))),
        im: im * (1 - 1 / (1 + Math.exp(2 * parameters.beta2 * parameters.B2))),
      });
    } else {
      expect(() => initialState(parameters, { qubit1: rho })).toThrow('positive');
    }
  });

  test.each(['', 'i0', '1+2', 'abc', '1i2', '0.5ii'])('and nothing else: "%s"', (text) => {
    expect(() =>
      initialState(parameters, {
        qubit1: [
          [0.5, text],
          [0, 0.5],
        ],
      }),
    ).toThrow('qubit1');
  });

  test('both together, and one of them, contradict', () => {
    const qubits = [
      [1, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    expect(() => initialState(parameters, { qubits, qubit1: 'up' })).toThrow('absent where');
  });
});

describe('the rotor', () => {
  test('thermal: Boltzmann’s weights of L_z²/2I', () => {
    const p = rotorPopulations(stateOf({ rotor: { thermal: 1.5 } }, -20, 20));
    expect(p[23] / p[20]).toBeCloseTo(Math.exp((-1.5 * 9) / 4), 13);
    expect(p[17]).toBe(p[23]);
  });

  test('a superposition is normalised and keeps its phases', () => {
    const rho = stateOf({ rotor: { superposition: { '-1': 3, 1: '4i' } } });
    const p = rotorPopulations(rho);
    expect(p[11]).toBeCloseTo(9 / 25, 14);
    expect(p[13]).toBeCloseTo(16 / 25, 14);
    // ψ(φ) ∝ 3e^{−iφ} + 4i e^{iφ}: |ψ|² ∝ 25 − 24 sin 2φ
    angleDensity(rho, 16).forEach((density, k) => {
      const phi = (2 * Math.PI * k) / 16;
      expect(density).toBeCloseTo((25 - 24 * Math.sin(2 * phi)) / 25 / (2 * Math.PI), 13);
    });
  });

  test('an angle packet has von Mises’ density and the momentum asked for', () => {
    const kappa = 3;
    const rho = stateOf({ rotor: { angle: -0.7, concentration: kappa, momentum: 2 } }, -20, 24);
    const shape = (phi: number) => Math.exp(kappa * Math.cos(phi + 0.7));
    const grid = Array.from({ length: 64 }, (_, k) => (2 * Math.PI * k) / 64);
    const norm = (grid.reduce((sum, phi) => sum + shape(phi), 0) * 2 * Math.PI) / 64;
    angleDensity(rho, 64).forEach((density, k) => {
      expect(density).toBeCloseTo(shape(grid[k]) / norm, 12);
    });
    const mean = rotorPopulations(rho).reduce((sum, p, i) => sum + p * (i - 20), 0);
    expect(mean).toBeCloseTo(2, 12);
  });

  test('without concentration a packet is one level', () => {
    const initial = initialState(parameters, { rotor: { angle: 1, concentration: 0 } });
    expect(occupiedLevels(initial)).toEqual({ lmin: 0, lmax: 0 });
  });
});

test('whatever is given, the state is a density matrix, and P(φ) has its ⟨cos φ⟩ and ⟨sin φ⟩', () =>
  fc.assert(
    fc.property(
      between(-4, 4),
      between(0, 6),
      fc.integer({ min: -2, max: 2 }),
      between(0, 1),
      between(0, 1),
      (angle, concentration, momentum, p, c) => {
        const coherence = c * Math.sqrt(p * (1 - p)) * 0.999;
        const rho = stateOf(
          {
            qubit1: [
              [p, `${coherence}i`],
              [`${-coherence}i`, 1 - p],
            ],
            rotor: { angle, concentration, momentum },
          },
          -22,
          22,
        );
        expect(trace(rho)).toBeCloseTo(1, 12);
        expect(hermiticityError(rho)).toBeLessThan(1e-16);
        const density = angleDensity(rho, 128);
        const mean = (f: (phi: number) => number) =>
          density.reduce((sum, P, k) => sum + P * f((2 * Math.PI * k) / 128), 0) * (Math.PI / 64);
        const { window } = rho.space;
        expect(mean(() => 1)).toBeCloseTo(1, 12);
        expect(mean(Math.cos)).toBeCloseTo(expectation(rho, cosine(window)).re, 11);
        expect(mean(Math.sin)).toBeCloseTo(expectation(rho, sine(window)).re, 11);
        expect(Math.min(...density)).toBeGreaterThan(-1e-12);
      },
    ),
    { numRuns: 20 },
  ));

test('an entangled pair of qubits is held as it is given', () => {
  const bell = [
    [0.5, 0, 0, '0.5i'],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    ['-0.5i', 0, 0, 0.5],
  ];
  const rho = stateOf({ qubits: bell }, -1, 1);
  const spectrum = denseEigenvalues(rho).sort();
  expect(spectrum[spectrum.length - 1]).toBeCloseTo(1, 13);
  expect(spectrum[0]).toBeGreaterThan(-1e-14);
});

describe('what would occupy too many levels is refused before anything is allocated', () => {
  const refused = (rotor: unknown, device = {}) => {
    const begin = cpuSeconds();
    let message = '';
    try {
      initialState(deviceParameters(device), { rotor });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(cpuSeconds() - begin).toBeLessThan(2);
    return message;
  };

  test.each([
    [1e9, 'rotor = 1000000000: must be a level l (|l| ≤ 524288)'],
    [{ angle: 0, concentration: 1e9 }, 'κ from 0 to 100000'],
    [{ angle: 0, concentration: 1, momentum: 1e9 }, 'rotor = {"angle":0'],
    [{ superposition: { '0': 1, '1000000000': 1 } }, 'levels within 4096 of one another'],
    [{ superposition: { '9999999': 1 } }, '|l| ≤ 524288'],
    [{ thermal: 1e-12 }, 'must be {thermal: β} with β ≥ 0.0000222 at I = 1'],
  ])('%j', (rotor, message) => {
    expect(refused(rotor)).toContain(message);
  });

  test('and what is just allowed is right', () => {
    const { rotor } = initialState(deviceParameters(), {
      rotor: { angle: 0, concentration: 1e5 },
    });
    const { lmin, lmax } = occupiedLevels({ qubits: [], rotor });
    expect(lmax - lmin + 1).toBeLessThan(4096);
    const thermal = refused({ thermal: 1e-12 }).match(/β ≥ ([\d.]+)/)?.[1];
    expect(refused({ thermal: Number(thermal) })).toBe('');
  });
});
