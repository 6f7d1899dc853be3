/**
 * Random machines, as text and, independently of how that is read, as dense matrices: their steady states, heat flows
 * and observables are those of a dense solver. QMILL_MACHINES says how many.
 */
import { expect, test } from 'vitest';
import { describedMachine } from '../../src/machine/description/described.js';
import { commutator, Dense, dissipator } from '../support/dense.js';
import { denseState } from '../support/generators.js';
import { steadyOf } from '../support/machines.js';
import { nullSpace, stateOf } from '../support/nullSpace.js';
import { randomElements } from '../support/vectors.js';

const MACHINES = Number(process.env.QMILL_MACHINES ?? 100);
/** The largest Hilbert spaces, of most machines and of every tenth: superoperators have the fourth power of them. */
const LARGEST = { most: 12, tenth: 18 };

/** A formula, and what it means. */
interface Formula {
  readonly text: string;
  readonly matrix: Dense;
}

class Draws {
  #at = 64;
  readonly #numbers: Float64Array;

  constructor(seed: number) {
    this.#numbers = randomElements(2048, seed);
  }

  /** In [−1, 1), to three digits. */
  number(): number {
    return Number(this.#numbers[this.#at++].toFixed(3));
  }

  integer(min: number, max: number): number {
    return min + Math.floor(((this.#numbers[this.#at++] + 1) / 2) * (max - min + 1 - 1e-12));
  }

  chance(p: number): boolean {
    return (this.#numbers[this.#at++] + 1) / 2 < p;
  }
}

interface Shape {
  /** Levels of each subsystem. */
  readonly subsystems: readonly number[];
  /** Levels −1, 0, … of a rotor; 1 for none. */
  readonly levels: number;
}

function shapeOf(draws: Draws, largest: number): Shape {
  for (;;) {
    const subsystems = Array.from({ length: draws.integer(1, 3) }, () => draws.integer(2, 3));
    const states = subsystems.reduce((a, b) => a * b, 1);
    const levels = draws.chance(0.5) ? draws.integer(2, 6) : 1;
    if (states * levels <= largest) return { subsystems, levels };
  }
}

/** The operators that are multiplied into terms. */
class Operators {
  readonly dimension: number;

  constructor(
    readonly shape: Shape,
    readonly draws: Draws,
  ) {
    this.dimension = shape.subsystems.reduce((a, b) => a * b, shape.levels);
  }

  #embed(at: number, small: Dense): Dense {
    const sizes = [...this.shape.subsystems, this.shape.levels];
    return sizes
      .map((n, k) => (k === at ? small : Dense.identity(n)))
      .reduce((all, one) => all.kron(one));
  }

  #entry(at: number, n: number, to: number, from: number): Dense {
    return this.#embed(
      at,
      Dense.from(n, (i, j) => (i === to && j === from ? 1 : 0)),
    );
  }

  /** A transition or a matrix of one subsystem. */
  ofSubsystem(): Formula {
    const { draws, shape } = this;
    const at = draws.integer(0, shape.subsystems.length - 1);
    const n = shape.subsystems[at];
    const name = `s${at}`;
    const [to, from] = [draws.integer(0, n - 1), draws.integer(0, n - 1)];
    if (n === 2 && draws.chance(0.5)) {
      const [up, down] = [this.#entry(at, 2, 1, 0), this.#entry(at, 2, 0, 1)];
      const choices: [string, Dense][] = [
        ['sp', up],
        ['sm', down],
        ['sx', up.plus(down)],
        ['sy', down.plus(up, -1).times(0, 1)],
        ['sz', this.#entry(at, 2, 1, 1).plus(this.#entry(at, 2, 0, 0), -1)],
      ];
      const [word, matrix] = choices[draws.integer(0, 4)];
      return { text: `${word}(${name})`, matrix };
    }
    return { text: `T(${name}, ${to}, ${from})`, matrix: this.#entry(at, n, to, from) };
  }

  /** What moves the rotor, or depends on its level. */
  ofLadder(): Formula {
    const { draws, shape } = this;
    const n = shape.levels;
    const at = shape.subsystems.length;
    const shift = (k: number) =>
      this.#embed(
        at,
        Dense.from(n, (i, j) => (i - j === k ? 1 : 0)),
      );
    const level = this.#embed(
      at,
      Dense.from(n, (i, j) => (i === j ? i - 1 : 0)),
    );
    const k = draws.integer(1, 2);
    const [up, down] = [shift(k), shift(-k)];
    const choices: [string, Dense][] = [
      [`exp(i*${k}*phi)`, up],
      [`exp(-${k}*i*phi)`, down],
      [`cos(${k}*phi)`, up.plus(down).times(0.5)],
      [`(1 - sin(${k}*phi)/2)`, Dense.identity(this.dimension).plus(up.plus(down, -1), 0, 0.25)],
      ['(L + 0.5)', level.plus(Dense.identity(this.dimension), 0.5)],
      [
        'sqrt(L + 2)',
        this.#embed(
          at,
          Dense.from(n, (i, j) => (i === j ? Math.sqrt(i + 1) : 0)),
        ),
      ],
    ];
    const [text, matrix] = choices[draws.integer(0, choices.length - 1)];
    return { text, matrix };
  }

  /** A product of a number and of one to three operators, in this order. */
  term(): Formula {
    const { draws, shape } = this;
    const [re, im] = [draws.number(), draws.chance(0.4) ? draws.number() : 0];
    let text = im === 0 ? `${re}` : `(${re} + ${im}*i)`;
    let matrix = Dense.identity(this.dimension).times(re, im);
    for (let n = draws.integer(1, 3); n > 0; n--) {
      const ladder = shape.levels > 1 && draws.chance(0.5);
      const factor = ladder ? this.ofLadder() : this.ofSubsystem();
      text += `*${factor.text}`;
      matrix = matrix.dot(factor.matrix);
    }
    return { text, matrix };
  }

  hermitian(): Formula {
    const { text, matrix } = this.term();
    return { text: `${text} + hc`, matrix: matrix.plus(matrix.dagger()) };
  }

  /** Jumps that leave no state, and no level, alone. */
  mixing(): Formula[] {
    const { shape } = this;
    const found = shape.subsystems.flatMap((n, at) =>
      Array.from(
        { length: n },
        (_, k): Formula => ({
          text: `0.7*T(s${at}, ${(k + 1) % n}, ${k})`,
          matrix: this.#entry(at, n, (k + 1) % n, k).times(0.7),
        }),
      ),
    );
    if (shape.levels === 1) return found;
    const at = shape.subsystems.length;
    return [
      ...found,
      ...[1, -1].map((k): Formula => {
        const step = this.#embed(
          at,
          Dense.from(shape.levels, (i, j) => (i - j === k ? 1 : 0)),
        );
        return { text: `${0.8 + 0.1 * k}*exp(${k}*i*phi)`, matrix: step.times(0.8 + 0.1 * k) };
      }),
    ];
  }
}

async function expectMachine(seed: number): Promise<void> {
  const draws = new Draws(seed);
  const shape = shapeOf(draws, seed % 10 === 0 ? LARGEST.tenth : LARGEST.most);
  const operators = new Operators(shape, draws);
  const energies = Array.from({ length: draws.integer(1, 4) }, () => operators.hermitian());
  const jumps = Array.from({ length: draws.integer(1, 3) }, () => operators.term());
  const mixing = operators.mixing();
  const observable = operators.term();
  const usesLadder = shape.levels > 1;
  const text = [
    `name: random machine ${seed}`,
    `subsystems: {${shape.subsystems.map((n, k) => `s${k}: ${n}`).join(', ')}}`,
    usesLadder ? `ladder: {kind: rotor, window: [-1, ${shape.levels - 2}]}` : '',
    'hamiltonian:',
    ...energies.map((one, k) => `  e${k}: ${one.text}`),
    'baths:',
    '  some:',
    '    temperature: 1.5',
    '    jumps:',
    ...jumps.map((one) => `      - ${one.text}`),
    '  mixing:',
    '    temperature: none',
    '    jumps:',
    ...mixing.map((one) => `      - ${one.text}`),
    'observables:',
    `  x: ${observable.text}`,
  ].join('\n');
  const hamiltonian = energies.map(({ matrix }) => matrix).reduce((a, b) => a.plus(b));
  const some = jumps.map(({ matrix }) => dissipator(matrix)).reduce((a, b) => a.plus(b));
  const all = mixing
    .map(({ matrix }) => dissipator(matrix))
    .reduce((a, b) => a.plus(b), some.plus(commutator(hamiltonian)));
  const kept = Array.from({ length: operators.dimension ** 2 }, (_, k) => k);
  const { vector } = nullSpace(all, kept);
  if (vector === null) throw new Error(`machine ${seed} has no unique steady state`);
  const rho = stateOf(vector);

  const described = describedMachine('random.yaml', text);
  const { solution, relativeResidual, flows, observables } = await steadyOf(described);
  const where = `machine ${seed}:\n${text}`;
  expect(relativeResidual, where).toBeLessThan(1e-12);
  const found = denseState(solution.rho.space, solution.rho.elements);
  expect(found.plus(rho, -1).max(), where).toBeLessThan(1e-10);
  const x = observables.x;
  const [xRe, xIm] = observable.matrix.dot(rho).trace();
  const [foundRe, foundIm] = typeof x === 'number' ? [x, 0] : [x.re, x.im];
  expect(Math.hypot(foundRe - xRe, foundIm - xIm), where).toBeLessThan(1e-10);
  const [heat] = hamiltonian.dot(Dense.ofVector(some.apply(rho.vector()))).trace();
  const scale = Math.max(1, hamiltonian.max());
  expect(Math.abs(flows.heat.some - heat), where).toBeLessThan(1e-10 * scale);
  expect(Math.abs(flows.balance), where).toBeLessThan(1e-10 * scale);
}

test(
  `${MACHINES} random machines are those of a dense solver`,
  async () => {
    for (let seed = 1; seed <= MACHINES; seed++) await expectMachine(seed);
  },
  60_000 + 3000 * MACHINES,
);
