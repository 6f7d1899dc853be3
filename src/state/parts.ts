/** The parts of a system, its subsystems and its ladder: reduced states and partial transposes. */
import { type ClassName, classKey, spaceOf } from '../generator/classes.js';
import { zeros } from '../zeros.js';
import type { DensityMatrix } from './densityMatrix.js';

export interface Subsystem {
  readonly name: string;
  /** Of how many levels. */
  readonly levels: number;
}

const SINGLE = { lmin: 0, lmax: 0, size: 1 };

export class Parts {
  readonly names: readonly string[];
  readonly #strides: readonly number[];

  /**
   * @param subsystems states are numbered so that the last one counts fastest
   * @param ladder its name; null where it is a single level
   */
  constructor(
    readonly subsystems: readonly Subsystem[],
    readonly ladder: string | null,
  ) {
    this.names = [...subsystems.map(({ name }) => name), ...(ladder === null ? [] : [ladder])];
    const strides: number[] = [];
    let stride = 1;
    for (const { levels } of [...subsystems].reverse()) {
      strides.unshift(stride);
      stride *= levels;
    }
    this.#strides = strides;
  }

  #levelOf(at: number, state: number): number {
    return Math.floor(state / this.#strides[at]) % this.subsystems[at].levels;
  }

  /** All but one of them. */
  others(name: string): string[] {
    return this.names.filter((other) => other !== name);
  }

  /** The state of some parts, the others traced out. */
  reduced({ space, elements }: DensityMatrix, kept: readonly string[]): DensityMatrix {
    const all = this.subsystems.map((_, at) => at);
    const inside = all.filter((at) => kept.includes(this.subsystems[at].name));
    const outside = all.filter((at) => !inside.includes(at));
    const hasLadder = this.ladder !== null && kept.includes(this.ladder);
    const window = hasLadder ? space.window : SINGLE;
    const states = inside.reduce((product, at) => product * this.subsystems[at].levels, 1);
    const within = (state: number) =>
      inside.reduce((n, at) => n * this.subsystems[at].levels + this.#levelOf(at, state), 0);
    const basis = { states, window };
    const names = new Map<number, ClassName>();
    const summed = space.classes.filter(
      ({ ket, bra, delta }) =>
        (hasLadder || delta === 0) &&
        outside.every((at) => this.#levelOf(at, ket) === this.#levelOf(at, bra)),
    );
    const nameOf = ({ ket, bra, delta }: ClassName): ClassName => ({
      ket: within(ket),
      bra: within(bra),
      delta,
    });
    for (const one of summed) {
      const name = nameOf(one);
      names.set(classKey(basis, name), name);
    }
    const smaller = spaceOf(basis, [...names.values()]);
    const sums = zeros(2 * smaller.size);
    for (const one of summed) {
      const { ket, bra, delta } = nameOf(one);
      const { offset } = smaller.classes[smaller.find(ket, bra, delta)];
      for (let p = 0; p < one.length; p++) {
        const at = 2 * (offset + (hasLadder ? p : 0));
        sums[at] += elements[2 * (one.offset + p)];
        sums[at + 1] += elements[2 * (one.offset + p) + 1];
      }
    }
    return { space: smaller, elements: sums };
  }

  /** The matrix with one part's ket and bra exchanged, by the same elements. */
  transposed({ space, elements }: DensityMatrix, name: string): DensityMatrix {
    const at = this.subsystems.findIndex((one) => one.name === name);
    const stride = this.#strides[at];
    const names = space.classes.map(({ ket, bra, delta }) => {
      if (name === this.ladder) return { ket, bra, delta: -delta };
      const change = (this.#levelOf(at, bra) - this.#levelOf(at, ket)) * stride;
      return { ket: ket + change, bra: bra - change, delta };
    });
    return { space: spaceOf(space, names), elements };
  }
}
