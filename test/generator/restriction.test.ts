/** What a space smaller than the whole leaves of a generator. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/generator/apply.js';
import { lindbladian } from '../../src/generator/lindbladian.js';
import { device } from '../../src/model/device.js';
import { deviceParameters } from '../../src/model/parameters.js';
import { identity, lowering } from '../../src/model/qubits.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import { operator } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { numbersWithPotential, smallWindow } from '../support/arbitrary.js';
import { type Dense, dissipator } from '../support/dense.js';
import { denseOfFactors, projectOperator } from '../support/denseModel.js';
import { denseGenerator, places } from '../support/generators.js';

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

const withJump = (system: OpenSystem, jump: ReturnType<typeof operator>): OpenSystem => ({
  states: system.states,
  window: system.window,
  hamiltonian: system.hamiltonian,
  jumps: { ...system.jumps, bath1: { operators: [jump], resolved: [] } },
});

/** The places in vec(ρ) that repeated action of a superoperator reaches from the populations. */
function reached(l: Dense): Set<number> {
  const d = l.n;
  const n = Math.round(Math.sqrt(d));
  const found = Array.from({ length: n }, (_, i) => i * (n + 1));
  const known = new Set(found);
  for (const column of found) {
    for (let row = 0; row < d; row++) {
      if (known.has(row) || (l.re[row * d + column] === 0 && l.im[row * d + column] === 0))
        continue;
      known.add(row);
      found.push(row);
    }
  }
  return known;
}

describe('the sector that is found', () => {
  const window = rotorWindow(-1, 2);
  const plain = device(deviceParameters(example), window).system;
  const pendulum = device(deviceParameters({ ...example, V: 1 }), window).system;
  const uncoupled = device(deviceParameters({ ...example, lambda: 0 }), window).system;

  test.each([
    { name: 'no potential', system: plain },
    { name: 'a potential', system: pendulum },
    { name: 'no interaction', system: uncoupled },
    {
      name: 'a jump that lowers qubit 1 and raises the rotor by two',
      system: withJump(plain, operator(window, lowering(1), { shift: 2 })),
    },
    {
      name: 'a jump with two shifts, which makes coherences of the rotor',
      system: withJump(uncoupled, operator(window, identity, { shift: 0 }, { shift: 1 })),
    },
  ])(
    'holds every element that the populations reach, and no class that they do not: $name',
    ({ system }) => {
      const whole = denseGenerator(lindbladian(system, 'full').total);
      const { space } = lindbladian(system, 'sector');
      const at = places(space);
      const inside = new Set(at);
      const wanted = reached(whole);
      for (const element of wanted) expect(inside.has(element)).toBe(true);
      for (const { offset, length } of space.classes) {
        expect(at.slice(offset, offset + length).some((element) => wanted.has(element))).toBe(true);
      }
    },
  );
});

describe('a band', () => {
  test('acts on what it holds as the whole map does, and drops what leaves it', () => {
    fc.assert(
      fc.property(
        numbersWithPotential,
        smallWindow,
        fc.integer({ min: 0, max: 3 }),
        (values, { lmin, lmax }, maxDelta) => {
          const { system } = device(deviceParameters(values), rotorWindow(lmin, lmax));
          const whole = denseGenerator(lindbladian(system, 'full').total);
          const { space, total } = lindbladian(system, { maxDelta });
          const at = places(space);
          for (const { delta } of space.classes)
            expect(Math.abs(delta)).toBeLessThanOrEqual(maxDelta);
          const scale = whole.max();
          const unit = new Float64Array(2 * space.size);
          for (let j = 0; j < space.size; j++) {
            unit[2 * j] = 1;
            const column = apply(total, unit);
            unit[2 * j] = 0;
            for (let i = 0; i < space.size; i++) {
              const place = at[i] * whole.n + at[j];
              const difference = Math.hypot(
                column[2 * i] - whole.re[place],
                column[2 * i + 1] - whole.im[place],
              );
              if (difference > 1e-15 * scale) expect(difference).toBe(0);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  test('as wide as the window is the sector', () => {
    const window = rotorWindow(-2, 2);
    const { system } = device(deviceParameters({ ...example, V: 1 }), window);
    const names = (choice: 'sector' | { maxDelta: number }) =>
      lindbladian(system, choice).space.classes.map(({ ket, bra, delta }) => [ket, bra, delta]);
    expect(names({ maxDelta: 4 })).toEqual(names('sector'));
    expect(names({ maxDelta: 40 })).toEqual(names('sector'));
    expect(names({ maxDelta: 3 })).toHaveLength(6 * 7);
  });
});

/** cos kφ, whose images of ket and bra lie up to 2k levels apart. */
const cosineOf = (k: number) => ({
  qubits: [0, 1, 2, 3].map((s) => ({ to: s, from: s, value: { re: 0.5, im: 0 } })),
  rotor: [
    { shift: k, f: null },
    { shift: -k, f: null },
  ],
});

function jumpError(size: number, k: number): number {
  const window = rotorWindow(0, size - 1);
  const { system } = device(deviceParameters(example), window);
  const extended = withJump(system, projectOperator(window, cosineOf(k)));
  const found = denseGenerator(lindbladian(extended, 'full').channels.bath1);
  return found.plus(dissipator(denseOfFactors(window, cosineOf(k))), -1).max();
}

describe('a jump operator cos kφ acts as its matrix does', () => {
  test('on windows wider than 2k levels', () => {
    for (const k of [1, 2, 3]) expect(jumpError(2 * k + 1, k)).toBe(0);
  });

  test('on any window', () => {
    for (let size = 2; size <= 5; size++) {
      for (const k of [1, 2, 3, 4]) {
        expect(jumpError(size, k), `N = ${size}, k = ${k}`).toBe(0);
      }
    }
  });
});
