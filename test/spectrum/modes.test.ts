/** Modes against dense eigenvalues, an independent program's numbers, and the literature's exceptional point. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Charge } from '../../src/generator/symmetry.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import { rotorWindow } from '../../src/operators/window.js';
import { defaultValues, machineWindow } from '../../src/simulate/machineInputs.js';
import { MachineSystem } from '../../src/simulate/machineSystem.js';
import { millOperators } from '../../src/simulate/namedOperators.js';
import { eigenpairs } from '../../src/solve/complexSchur.js';
import { NonUniqueSteadyStateError } from '../../src/solve/conservingElimination.js';
import { isNeutral, opposite } from '../../src/spectrum/chargeSectors.js';
import { Spectrum } from '../../src/spectrum/modes.js';
import { denseEigenvalues } from '../support/denseLinear.js';
import { galleryMachine } from '../support/machines.js';
import { denseLindbladian, kinds, openSystem } from '../support/openSystems.js';

interface Reference {
  readonly parameters: Readonly<Record<string, number>>;
  readonly lmin: number;
  readonly lmax: number;
  readonly gapZeroSector: number;
  readonly slowest: readonly (readonly [number, number])[];
}

const references: readonly Reference[] = JSON.parse(
  readFileSync(new URL('../reference/fluctuations.json', import.meta.url), 'utf8'),
);

const mill = (changes: object, lmin: number, lmax: number) =>
  device(deviceParameters(changes), rotorWindow(lmin, lmax));

function gallery(name: string, values: Readonly<Record<string, number>> = {}): Spectrum {
  const described = galleryMachine(name);
  const all = { ...defaultValues(described), ...values };
  return new Spectrum(new MachineSystem(described).on(machineWindow(described), all).system);
}

describe.each(references)('the mill with beta2 = $parameters.beta2', (reference) => {
  test('gap and slowest modes, each within its error of nearly nothing', () => {
    const { system } = mill(reference.parameters, reference.lmin, reference.lmax);
    const spectrum = new Spectrum(system);
    const found = spectrum.modes(spectrum.neutral, reference.slowest.length);
    const rates = found?.modes.map(({ rate }) => rate) ?? [];
    expect(Math.abs(rates[0] / reference.gapZeroSector - 1)).toBeLessThan(1e-9);
    reference.slowest.forEach(([re], k) => {
      expect(Math.abs(rates[k] / re + 1)).toBeLessThan(1e-9);
    });
    for (const { rate, error } of found?.modes ?? []) expect(error).toBeLessThan(1e-10 * rate);
  });
});

/** Every charge difference that an element of ρ has. */
function chargesOf({ states, window }: OpenSystem, charges: readonly Charge[]): number[][] {
  const all = Array.from({ length: states }, (_, s) => s);
  const deltas = Array.from({ length: 2 * window.size - 1 }, (_, i) => i + 1 - window.size);
  const differences = deltas.flatMap((delta) =>
    all.flatMap((ket) =>
      all.map((bra) =>
        charges.map(({ offsets, perLevel }) => offsets[ket] - offsets[bra] + perLevel * delta),
      ),
    ),
  );
  return [...new Map(differences.map((charge) => [charge.join(), charge])).values()];
}

test('the sectors of random systems have the eigenvalues of the whole between them', () =>
  fc.assert(
    fc.property(
      kinds(6).filter(({ mixing, conserved }) => mixing && conserved !== 'jumps'),
      (kind) => {
        const system = openSystem(kind);
        const spectrum = new Spectrum(system);
        const found = chargesOf(system, spectrum.charges).flatMap(
          (charge) => spectrum.modes(charge, 100)?.modes ?? [],
        );
        const wanted = denseEigenvalues(denseLindbladian(system));
        const scale = wanted.reduce((most, { re, im }) => Math.max(most, Math.hypot(re, im)), 0);
        // All but the steady state.
        expect(found.length).toBe((kind.states * kind.size) ** 2 - 1);
        for (const { rate, frequency, condition } of found) {
          const distances = wanted.map(({ re, im }) => Math.hypot(re + rate, im - frequency));
          // Eigenvalues of the dense matrix are known to rounding in plain units alone.
          expect(Math.min(...distances)).toBeLessThan(1e-9 * scale * condition);
        }
        const trace = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);
        expect(trace(found.map(({ rate }) => -rate))).toBeCloseTo(
          trace(wanted.map(({ re }) => re)),
          8,
        );
      },
    ),
    { numRuns: 10 },
  ));

test('what Arnoldi finds is what the dense matrix has, and the left modes are found with it', () => {
  for (const [charge, reach] of [
    [[0, 0], 14],
    [[1, 1], 21],
  ] as const) {
    const spectrum = new Spectrum(mill({ gamma: 1e-3 }, -reach, reach).system);
    const [sector] = spectrum.sectors(charge);
    const all = eigenpairs(sector.dense());
    const found = spectrum.modes(charge, 8);
    expect(found?.method).toBe('arnoldi');
    const { shift, radius } = found!;
    for (const { rate, frequency, condition, error } of found!.modes) {
      const distances = Array.from(all.re, (x, k) => Math.hypot(x + rate, all.im[k] - frequency));
      expect(Math.min(...distances)).toBeLessThan(1e-11);
      expect(condition).toBeGreaterThanOrEqual(1);
      expect(condition).toBeLessThan(10);
      expect(error).toBeLessThan(1e-11);
    }
    // None within the radius is missing.
    const near = Array.from(all.re).filter(
      (x, k) => Math.hypot(x - shift.re, all.im[k] - shift.im) < radius! * (1 - 1e-9),
    );
    const neutral = isNeutral(charge) ? 1 : 0;
    expect(found!.modes.length + neutral).toBeGreaterThanOrEqual(near.length);
  }
});

test('opposite charges have conjugate modes', () => {
  const { system } = mill({}, -4, 4);
  const spectrum = new Spectrum(system);
  const modes = (charge: readonly number[]) =>
    spectrum.modes(charge, 500)!.modes.map(({ rate, frequency }) => [rate, Math.abs(frequency)]);
  const charge = [1, 1];
  const sorted = (list: number[][]) => list.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const [a, b] = [sorted(modes(charge)), sorted(modes(opposite(charge)))];
  a.forEach(([rate, frequency], k) => {
    expect(rate).toBeCloseTo(b[k][0], 10);
    expect(frequency).toBeCloseTo(b[k][1], 8);
  });
});

test('the slowest mode of the mill is its angular momentum', () => {
  const device = mill({}, -33, 33);
  const spectrum = new Spectrum(device.system);
  const [first] = spectrum.modes(spectrum.neutral, 2, millOperators(device))!.modes;
  expect(first.overlaps.Lz).toBeGreaterThan(0.95);
  expect(first.overlaps.interaction).toBeLessThan(0.01);
});

describe('two exchange-coupled qubits', () => {
  test('beside the exceptional point', () => {
    const rates = gallery('exchange-qubits', { g: 0.45, k: 1, nh: 1, nc: 0 });
    const found = rates.modes(rates.neutral, 5)!.modes.map(({ rate }) => rate);
    for (const wanted of [1.56411, 2.43589]) {
      expect(Math.min(...found.map((x) => Math.abs(x - wanted)))).toBeLessThan(1e-5);
    }
  });

  test('at it three modes are one, and said to be', () => {
    const spectrum = gallery('exchange-qubits', { g: 0.5, k: 1, nh: 1, nc: 0 });
    const { modes } = spectrum.modes(spectrum.neutral, 5)!;
    const defective = modes.filter(({ coalesced }) => coalesced > 1);
    expect(defective.length).toBe(3);
    for (const { coalesced, rate, condition } of defective) {
      expect(coalesced).toBe(3);
      expect(Math.abs(rate - 2)).toBeLessThan(1e-9);
      expect(condition).toBeGreaterThan(1e6);
    }
    // The fourth at −2 has a mode of its own.
    expect(
      modes.filter(({ coalesced, rate }) => coalesced === 1 && Math.abs(rate - 2) < 1e-9),
    ).toHaveLength(1);
  });

  test('cut apart there is more than one steady state', () => {
    const modes = (values: Readonly<Record<string, number>>) => {
      const spectrum = gallery('exchange-qubits', values);
      return spectrum.modes(spectrum.neutral, 2);
    };
    expect(() => modes({ k: 0 })).toThrow(NonUniqueSteadyStateError);
    expect(() => modes({ g: 0, nh: 0, nc: 0, k: 0 })).toThrow(NonUniqueSteadyStateError);
  });
});

test('a state that ends in a single level has modes too', () => {
  const spectrum = gallery('flywheel');
  const { modes } = spectrum.modes(spectrum.neutral, 3)!;
  expect(modes[0].rate).toBeGreaterThan(0);
});
