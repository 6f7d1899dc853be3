/** How the threads of a stencil's kernels lie over its pairs of qubit states. */
import type { Stencil, StencilTerm } from './stencil.js';

/** By how much a pair's delta and level differ from the diagonal and the level of its thread. */
export interface Offset {
  readonly delta: number;
  readonly level: number;
}

/** What a part reads of a pair: diagonals and levels around a thread's own, its own always among them. */
export interface Reads {
  first: number;
  last: number;
  low: number;
  high: number;
}

/** Pairs that terms connect with each other and with no other: a kernel of its own. */
export interface Part {
  readonly pairs: readonly number[];
  readonly terms: readonly StencilTerm[];
  readonly reads: ReadonlyMap<number, Reads>;
  /** Diagonals beyond a thread's own that it reads, to either side. */
  readonly reach: number;
}

/** Where a term reads, seen from its thread. */
export function relative(
  { target, source, deltaShift, levelShift }: StencilTerm,
  offsets: readonly Offset[],
): { readonly diagonal: number; readonly level: number } {
  return {
    diagonal: deltaShift + offsets[target].delta - offsets[source].delta,
    level: levelShift + offsets[target].level - offsets[source].level,
  };
}

/**
 * The parts of a stencil. Their pairs are moved against each other so that most terms connect what belongs to
 * the same thread: neighbours along terms between different pairs get relative shift 0.
 */
export function stencilParts({ pairs, terms }: Stencil): { offsets: Offset[]; parts: Part[] } {
  const found: (Offset | undefined)[] = pairs.map(() => undefined);
  const groups: number[][] = [];
  for (let root = 0; root < pairs.length; root++) {
    if (found[root] !== undefined) continue;
    found[root] = { delta: 0, level: 0 };
    const queue = [root];
    groups.push(queue);
    for (const at of queue) {
      const here = found[at];
      if (here === undefined) continue;
      for (const { target, source, deltaShift, levelShift } of terms) {
        if (target === at && found[source] === undefined) {
          found[source] = { delta: here.delta + deltaShift, level: here.level + levelShift };
          queue.push(source);
        } else if (source === at && found[target] === undefined) {
          found[target] = { delta: here.delta - deltaShift, level: here.level - levelShift };
          queue.push(target);
        }
      }
    }
  }
  const offsets = found.map((offset) => offset ?? { delta: 0, level: 0 });
  const parts = groups.map((group) => {
    const own = terms.filter(({ target }) => group.includes(target));
    const reads = new Map<number, Reads>(
      group.map((pair) => [pair, { first: 0, last: 0, low: 0, high: 0 }]),
    );
    for (const term of own) {
      const { diagonal, level } = relative(term, offsets);
      const read = reads.get(term.source);
      if (read === undefined) continue;
      read.first = Math.min(read.first, diagonal);
      read.last = Math.max(read.last, diagonal);
      read.low = Math.min(read.low, level);
      read.high = Math.max(read.high, level);
    }
    const reach = Math.max(...[...reads.values()].map(({ first, last }) => Math.max(-first, last)));
    return { pairs: group, terms: own, reads, reach };
  });
  return { offsets, parts };
}
