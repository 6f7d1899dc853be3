/** Rules and generators of random systems, without charges and with sets of one operator a level, element by element. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/generator/apply.js';
import { generatorOf } from '../../src/generator/generator.js';
import { allRules, lindbladian, lindbladRules } from '../../src/generator/lindbladian.js';
import { magnitude } from '../../src/generator/magnitude.js';
import { reachOf, reachOfRules } from '../../src/generator/reach.js';
import { image, type Rule, rulesByPair } from '../../src/generator/rules.js';
import type { OpenSystem } from '../../src/operators/openSystem.js';
import { operator, type Transition } from '../../src/operators/operator.js';
import { rotorWindow } from '../../src/operators/window.js';
import { Dense, dissipator } from '../support/dense.js';
import { denseGenerator, denseState, spaceVector } from '../support/generators.js';
import { denseJumps, denseLindbladian, kinds, openSystem } from '../support/openSystems.js';
import { randomElements } from '../support/vectors.js';

const one = { re: 1, im: 0 };
const nothing = { operators: [], resolved: [] };

const matrix = (n: number, seed: number): Dense => {
  const x = randomElements(2 * n * n, seed);
  return Dense.from(n, (i, j) => [x[2 * (i * n + j)], x[2 * (i * n + j) + 1]]);
};

test('a random system’s generator is that of its matrices', () => {
  fc.assert(
    fc.property(kinds(6), (kind) => {
      const system = openSystem({ ...kind, conserved: kind.resolved ? 'none' : kind.conserved });
      const wanted = denseLindbladian(system);
      const found = denseGenerator(lindbladian(system, 'full').total);
      expect(found.plus(wanted, -1).max()).toBeLessThanOrEqual(1e-13 * Math.max(1, wanted.max()));
    }),
    { numRuns: 60 },
  );
});

describe('sets of one operator a level', () => {
  const window = rotorWindow(-1, 2);
  const tables = (seed: number, departure: number, arrival: number) =>
    [0, 1].map((s) => {
      const numbers = randomElements(window.size, seed + s);
      const inside = (k: number) => k >= 0 && k < window.size;
      return numbers.map((x, k) =>
        inside(k + departure) && inside(k + arrival) ? 0.3 + Math.abs(x) : 0,
      );
    });

  test.each([
    ['one level up', 0, 1],
    ['one level down', 1, 0],
    ['from a level to itself', -1, -1],
    ['two levels up', -1, 1],
  ])('parts that share amplitudes and parts that do not, %s', (_, departure, arrival) => {
    const shared = tables(3, departure, arrival);
    const from = { departure, arrival };
    const parts = [
      { ...from, to: 0, from: 1, sign: 1 as const, amplitudes: shared },
      { ...from, to: 1, from: 2, sign: -1 as const, amplitudes: shared },
      { ...from, to: 2, from: 0, sign: -1 as const, amplitudes: tables(7, departure, arrival) },
      { ...from, to: 0, from: 0, sign: 1 as const, amplitudes: tables(11, departure, arrival) },
    ];
    // Another set's operators do not interfere with these.
    const other = { to: 1, from: 1, departure: 0, arrival: 0, sign: 1 as const };
    const system: OpenSystem = {
      states: 3,
      window,
      hamiltonian: { window, transitions: [] },
      jumps: {
        bath: {
          operators: [],
          resolved: [{ parts }, { parts: [{ ...other, amplitudes: tables(5, 0, 0) }] }],
        },
      },
    };
    const wanted = denseJumps(system).reduce(
      (sum, jump) => sum.plus(dissipator(jump)),
      new Dense((3 * window.size) ** 2),
    );
    const found = denseGenerator(lindbladian(system, 'full').total);
    expect(found.plus(wanted, -1).max()).toBeLessThan(1e-14);
  });

  test('parts that leave from different levels', () => {
    const amplitudes = tables(3, 0, 1);
    const parts = [
      { to: 0, from: 1, departure: 0, arrival: 1, sign: 1 as const, amplitudes },
      { to: 0, from: 0, departure: 1, arrival: 1, sign: 1 as const, amplitudes },
      { to: 1, from: 0, departure: 1, arrival: 0, sign: -1 as const, amplitudes },
      // In the same state as the first, but at another level.
      { to: 0, from: 0, departure: 0, arrival: 0, sign: 1 as const, amplitudes },
    ];
    const system: OpenSystem = {
      states: 2,
      window,
      hamiltonian: { window, transitions: [] },
      jumps: { bath: { operators: [], resolved: [{ parts }] } },
    };
    const wanted = denseLindbladian(system);
    const found = denseGenerator(lindbladian(system, 'full').total);
    expect(found.plus(wanted, -1).max()).toBeLessThan(1e-14);
  });
});

describe('a rule', () => {
  const transition = (to: number, from: number, shift: number): Transition => ({
    ...{ to, from, shift, coefficient: one, table: null },
  });
  const ket: Rule = { ket: transition(2, 1, 3), bra: null, delta: null };
  const bra: Rule = { ket: null, bra: transition(0, 1, -2), delta: null };
  const both: Rule = { ket: transition(2, 1, 3), bra: transition(0, 1, -2), delta: 4 };

  test('sends a class where its ket and bra go, or does not act on it', () => {
    const from = { ket: 1, bra: 1, delta: 4 };
    expect(image(ket, from)).toEqual({ ket: 2, bra: 1, delta: 7 });
    expect(image(bra, from)).toEqual({ ket: 1, bra: 0, delta: 6 });
    expect(image(both, from)).toEqual({ ket: 2, bra: 0, delta: 9 });
    expect(image(both, { ...from, delta: 3 })).toBeNull();
    expect(image(both, { ...from, ket: 0 })).toBeNull();
    expect(image(both, { ...from, bra: 2 })).toBeNull();
    expect(image(ket, { ...from, ket: 2 })).toBeNull();
    expect(image(ket, { ket: 1, bra: 2, delta: 0 })).toEqual({ ket: 2, bra: 2, delta: 3 });
    expect(image(bra, { ...from, bra: 0 })).toBeNull();
    expect(image(bra, { ket: 2, bra: 1, delta: 0 })).toEqual({ ket: 2, bra: 0, delta: 2 });
  });

  test('is listed under every pair of states that it acts on', () => {
    const rules = [ket, bra, both];
    const listed = rulesByPair(3, rules);
    expect(listed).toHaveLength(9);
    for (let k = 0; k < 3; k++) {
      for (let b = 0; b < 3; b++) {
        const acting = rules.flatMap((rule, at) =>
          image(rule, { ket: k, bra: b, delta: 4 }) === null ? [] : [at],
        );
        expect(listed[3 * k + b]).toEqual(acting);
      }
    }
  });

  test('reaches as many levels as its ket or its bra moves, and at least one', () => {
    expect(reachOfRules([])).toBe(1);
    expect(reachOfRules([{ ket: transition(0, 0, 0), bra: null, delta: null }])).toBe(1);
    expect(reachOfRules([ket, bra])).toBe(3);
    expect(reachOfRules([bra])).toBe(2);
    expect(reachOfRules([{ ket: null, bra: transition(0, 0, 5), delta: null }, ket])).toBe(5);
    expect(reachOfRules([{ ket: transition(0, 0, -4), bra: null, delta: null }])).toBe(4);
  });
});

describe('the reach of a generator', () => {
  const window = rotorWindow(0, 8);
  /** Moves state 0 up and state 1 down, by 2 levels or by 3. */
  const system = (up: number, down: number): OpenSystem => ({
    states: 2,
    window,
    hamiltonian: { window, transitions: [] },
    jumps: {
      bath: {
        operators: [
          operator(window, [{ to: 0, from: 0, value: one }], { shift: up }),
          operator(window, [{ to: 1, from: 1, value: one }], { shift: -down }),
        ],
        resolved: [],
      },
    },
  });

  test('is the largest move of the lower level, up or down', () => {
    for (const [up, down] of [
      [2, 3],
      [3, 2],
      [1, 1],
      [4, 1],
      [1, 5],
    ]) {
      const { total } = lindbladian(system(up, down), 'full');
      expect(reachOf(total)).toBe(Math.max(up, down));
    }
  });

  test('is at least 1, of a generator that moves nothing too', () => {
    expect(reachOf(lindbladian(system(0, 0), 'full').total)).toBe(1);
  });

  test('is asked of some classes alone', () => {
    const { space, total } = lindbladian(system(2, 3), 'full');
    const ofState = (s: number) => (position: number) =>
      space.classes[position].ket === s && space.classes[position].bra === s;
    expect(reachOf(total, ofState(0))).toBe(2);
    expect(reachOf(total, ofState(1))).toBe(3);
    expect(reachOf(total, () => false)).toBe(1);
    // A coupling counts where both of its ends do.
    const [target, source] = [space.find(0, 0, 0), space.find(1, 1, 0)];
    const hop = operator(window, [{ to: 0, from: 1, value: one }], { shift: 4 });
    const hopping = { ...system(0, 0), jumps: { bath: { operators: [hop], resolved: [] } } };
    const hops = lindbladian(hopping, 'full').total;
    expect(reachOf(hops, (at) => at === source || at === target)).toBe(4);
    expect(reachOf(hops, (at) => at === source)).toBe(1);
    expect(reachOf(hops, (at) => at === target)).toBe(1);
  });
});

describe('what a residual is a remainder of', () => {
  test('of rates between populations: all that comes and goes, by hand', () => {
    const window = rotorWindow(0, 1);
    const [down, up] = [0.49, 0.09];
    const jump = (to: number, from: number, rate: number) =>
      operator(window, [{ to, from, value: { re: Math.sqrt(rate), im: 0 } }], { shift: 0 });
    const { total, space } = lindbladian(
      {
        states: 2,
        window,
        hamiltonian: { window, transitions: [] },
        jumps: { bath: { operators: [jump(0, 1, down), jump(1, 0, up)], resolved: [] } },
      },
      'sector',
    );
    const [p0, p1] = [0.4, 0.1];
    const x = spaceVector(
      space,
      Dense.from(4, (i, j) => (i !== j ? 0 : i < 2 ? p0 : p1)),
    );
    // Four populations, each of which loses and gains once.
    expect(magnitude(total, x)).toBeCloseTo(2 * (down * p1 + up * p0), 14);
  });

  test('of a coherence: its frequency times its parts', () => {
    const window = rotorWindow(0, 1);
    const hamiltonian = operator(window, [{ to: 1, from: 1, value: { re: -3, im: 0 } }], {
      shift: 0,
    });
    const { total, space } = lindbladian(
      { states: 2, window, hamiltonian, jumps: { bath: nothing } },
      'full',
    );
    const x = spaceVector(
      space,
      Dense.from(4, (i, j) => (i === 2 && j === 0 ? [0.25, -0.5] : 0)),
    );
    expect(magnitude(total, x)).toBeCloseTo(3 * 0.75, 14);
  });

  test('of both together: a coherence turns, and fades with half of what leaves its states', () => {
    const window = rotorWindow(0, 1);
    const term = (to: number, from: number, value: number) =>
      operator(window, [{ to, from, value: { re: value, im: 0 } }], { shift: 0 });
    const { total, space } = lindbladian(
      {
        states: 2,
        window,
        hamiltonian: term(1, 1, 3),
        jumps: { bath: { operators: [term(0, 1, 0.7), term(1, 0, 0.3)], resolved: [] } },
      },
      'full',
    );
    const [p0, p1] = [0.4, 0.1];
    const x = Dense.from(4, (i, j) => {
      if (i === j) return i < 2 ? p0 : p1;
      return i === 2 && j === 0 ? [0.25, -0.5] : 0;
    });
    const [turns, fades, flows] = [3 * 0.75, 0.5 * (0.49 + 0.09) * 0.75, 0.49 * p1 + 0.09 * p0];
    const wanted = Math.hypot(turns + fades, 2 * flows);
    expect(magnitude(total, spaceVector(space, x))).toBeCloseTo(wanted, 14);
    const reversed = { space, couplings: total.couplings.toReversed() };
    expect(magnitude(reversed, spaceVector(space, x))).toBeCloseTo(wanted, 14);
  });

  test('is at least |L| |x|, and at most twice that where no numbers cancel', () => {
    fc.assert(
      fc.property(kinds(6), (kind) => {
        const system = openSystem(kind);
        const { total, space } = lindbladian(system, 'full');
        const x = matrix(system.states * system.window.size, kind.seed);
        const moduli = (m: Dense) =>
          Dense.from(m.n, (i, j) => Math.hypot(m.re[i * m.n + j], m.im[i * m.n + j]));
        const vector = spaceVector(space, x);
        const found = magnitude(total, vector);
        const dense = moduli(denseGenerator(total)).apply(moduli(x).vector());
        expect(found).toBeGreaterThan(Math.hypot(...dense) * (1 - 1e-12));
        // Coupling by coupling nothing cancels.
        const sums = new Float64Array(dense.length);
        for (const coupling of total.couplings) {
          const alone = moduli(denseGenerator({ space, couplings: [coupling] }));
          const part = alone.apply(moduli(x).vector());
          for (let i = 0; i < sums.length; i++) sums[i] += part[i];
        }
        expect(found).toBeLessThan(2 * Math.hypot(...sums) * (1 + 1e-12));
        expect(
          magnitude(
            total,
            vector.map((v) => -3 * v),
          ),
        ).toBeCloseTo(3 * found, 8);
      }),
      { numRuns: 10 },
    );
  });
});

test('what a rule sends out of a space is dropped, and the rest is as it was', () => {
  fc.assert(
    fc.property(kinds(6), (kind) => {
      const system = openSystem(kind);
      const whole = lindbladian(system, 'full');
      const { space } = lindbladian(system, { maxDelta: 1 });
      const part = generatorOf(space, allRules(lindbladRules(system)));
      const x = denseState(space, randomElements(2 * space.size, kind.seed));
      const all = denseState(whole.space, apply(whole.total, spaceVector(whole.space, x)));
      const found = denseState(space, apply(part, spaceVector(space, x)));
      const kept = denseState(space, spaceVector(space, all));
      expect(found.plus(kept, -1).max()).toBeLessThan(1e-12);
    }),
    { numRuns: 20 },
  );
});
