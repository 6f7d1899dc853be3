/**
 * An open system on state vectors whose blocks have one or two states, as flat tables for a kernel: a state
 * that starts in one block is always in one block, because every jump operator leads from block to block.
 */
import type { KetSystem } from './kets.js';

/** G = mean + M of one block, M = [[p, b], [c, −p]]; of a block with one state M = 0. Complex as [re, im]. */
export interface KetPair {
  readonly components: Int32Array;
  readonly mean: readonly [number, number];
  readonly p: readonly [number, number];
  readonly b: readonly [number, number];
  readonly c: readonly [number, number];
  /** M² as a number: p² + bc. */
  readonly square: readonly [number, number];
  readonly jumps: readonly PairJump[];
}

/** One target of a jump operator: the amplitude there is from0·ψ0 + from1·ψ1. */
export interface PairJump {
  readonly operator: number;
  readonly block: number;
  /** Which of the target block's states, 0 or 1. */
  readonly position: number;
  readonly bath: number;
  readonly energy: number;
  readonly from0: readonly [number, number];
  readonly from1: readonly [number, number];
}

type Complex = readonly [number, number];

const product = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];

/**
 * The tables, one for each block.
 * @returns null where a block has more than two states, or a jump leads from one block into several
 */
export function ketPairs(system: KetSystem): KetPair[] | null {
  const { blocks, blockOf } = system;
  if (blocks.some(({ length }) => length > 2)) return null;
  const pairs = blocks.map((components): KetPair => {
    const element = (i: number, j: number): Complex => {
      const { starts, columns, re, im } = system.generator;
      if (i >= components.length || j >= components.length) return [0, 0];
      for (let e = starts[components[i]]; e < starts[components[i] + 1]; e++) {
        if (columns[e] === components[j]) return [re[e], im[e]];
      }
      return [0, 0];
    };
    const [first, b, c] = [element(0, 0), element(0, 1), element(1, 0)];
    const second = components.length === 1 ? first : element(1, 1);
    const p: Complex = [(first[0] - second[0]) / 2, (first[1] - second[1]) / 2];
    const [pp, bc] = [product(p, p), product(b, c)];
    return {
      components,
      mean: [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2],
      p,
      b,
      c,
      square: [pp[0] + bc[0], pp[1] + bc[1]],
      jumps: jumpsOf(system, components),
    };
  });
  const single = pairs.every(({ jumps }) =>
    jumps.every(({ operator, block }) =>
      jumps.every((other) => other.operator !== operator || other.block === block),
    ),
  );
  return single && blockOf.every((block) => block >= 0) ? pairs : null;
}

/** In the order in which the components' entries name the targets. */
function jumpsOf({ jumps, blockOf, blocks }: KetSystem, components: Int32Array): PairJump[] {
  const bySlot = new Map<number, [Complex, Complex]>();
  components.forEach((c, position) => {
    for (let e = jumps.starts[c]; e < jumps.starts[c + 1]; e++) {
      const from = bySlot.get(jumps.slots[e]) ?? [
        [0, 0],
        [0, 0],
      ];
      from[position] = [jumps.re[e], jumps.im[e]];
      bySlot.set(jumps.slots[e], from);
    }
  });
  return [...bySlot].map(([slot, [from0, from1]]) => {
    const target = jumps.targets[slot];
    return {
      operator: jumps.operators[slot],
      block: blockOf[target],
      position: blocks[blockOf[target]].indexOf(target),
      bath: jumps.baths[slot],
      energy: jumps.energies[slot],
      from0,
      from1,
    };
  });
}
