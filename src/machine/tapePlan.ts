/** In which order a GPU computes a tape's tables, at which levels, and where it keeps them. */
import type { Range } from './range.js';
import {
  GROUPS,
  type Group,
  groupOf,
  type Operation,
  operandsOf,
  type Reading,
} from './tapeOperations.js';

/** What is computed before the next pass may read it at other levels. */
export interface Pass {
  /** Polynomials and given tables, which need no other ones. */
  readonly first: readonly number[];
  readonly stages: readonly Stage[];
  /** Whether at the levels near the window's edges alone. */
  readonly isAtEdges: boolean;
}

/** Of each group, what is computed next. */
type Stage = Readonly<Record<Group, number[]>>;

/** Of a table, how many of the lowest and of the highest levels it is needed at, or more: at all of them. */
type Extent = readonly [lowest: number, highest: number];
const EVERYWHERE = Number.POSITIVE_INFINITY;

const extentOf = ({ head, tail }: Range): Extent => [
  Number.isFinite(head) || !Number.isFinite(tail) ? head : 0,
  Number.isFinite(tail) ? (Number.isFinite(head) ? 0 : tail) : 0,
];

const largest = (numbers: Iterable<number>): number => {
  let most = 0;
  for (const number of numbers) most = Math.max(most, number);
  return most;
};

/** The tables that these are made of, with themselves. */
export function neededFor(
  operations: readonly Operation[],
  wanted: readonly Reading[],
): Set<number> {
  const needed = new Set<number>();
  const visit = (at: number) => {
    if (needed.has(at)) return;
    needed.add(at);
    for (const of of operandsOf(operations[at])) visit(of.at);
  };
  for (const { at } of wanted) visit(at);
  return needed;
}

export class TapePlan {
  readonly passes: readonly Pass[];
  /** Tables that there must be room for, and where each is. */
  readonly slotOf: ReadonlyMap<number, number>;
  readonly slots: number;
  /** Levels below and above a window at which tables are computed, too. */
  readonly margin: number;
  /** The lowest levels, as many of the highest ones, that passes at the edges compute: with the margins. */
  readonly edge: number;

  /** @param wanted tables, and on which levels of a window */
  constructor(
    private readonly operations: readonly Operation[],
    wanted: readonly (Reading & { readonly range: Range })[],
  ) {
    const { beyond, extents } = this.#spread(wanted);
    this.margin = largest(beyond.values());
    const needed = [...beyond.keys()].sort((a, b) => a - b);
    const isEverywhere = (at: number) => extents.get(at)?.includes(EVERYWHERE) ?? true;
    const edges = needed.filter((at) => !isEverywhere(at));
    this.edge = this.margin + largest(edges.flatMap((at) => extents.get(at) ?? []));
    const done = new Set<number>();
    this.passes = [
      ...this.#scheduled(needed.filter(isEverywhere), done, false),
      ...this.#scheduled(edges, done, true),
    ];
    const { slotOf, slots } = this.#placed(new Set(wanted.map(({ at }) => at)));
    this.slotOf = slotOf;
    this.slots = slots;
  }

  /** Of all that is needed, how many levels beyond a window it is read at most, and on which levels of it. */
  #spread(wanted: readonly (Reading & { readonly range: Range })[]) {
    const beyond = new Map<number, number>();
    const extents = new Map<number, Extent>();
    const visit = ({ at, by }: Reading, farther: number, [low, high]: Extent) => {
      const away = Math.abs(by);
      const known = extents.get(at) ?? [0, 0];
      const most = Math.max(farther + away, beyond.get(at) ?? 0);
      const extent: Extent = [
        Math.max(known[0], low === 0 ? 0 : low + away),
        Math.max(known[1], high === 0 ? 0 : high + away),
      ];
      const isKnown = beyond.get(at) === most && known.every((n, edge) => n === extent[edge]);
      beyond.set(at, most);
      extents.set(at, extent);
      if (isKnown) return;
      for (const of of operandsOf(this.operations[at])) visit(of, most, extent);
    };
    for (const { range, ...reading } of wanted) visit(reading, 0, extentOf(range));
    return { beyond, extents };
  }

  /**
   * Each in the first pass, stage and group before which all that it is made of is done.
   * @param done before them, and by them
   */
  #scheduled(needed: readonly number[], done: Set<number>, isAtEdges: boolean): Pass[] {
    const passes: Pass[] = [];
    const isFirst = (at: number) => ['polynomial', 'given'].includes(this.operations[at].kind);
    let first = needed.filter(isFirst);
    let left = needed.filter((at) => !isFirst(at));
    while (first.length > 0 || left.length > 0) {
      const before = new Set(done);
      for (const at of first) done.add(at);
      const stages: Stage[] = [];
      for (;;) {
        const [stage, rest] = this.#nextStage(left, done, before);
        if (rest.length === left.length) break;
        stages.push(stage);
        left = rest;
      }
      passes.push({ first, stages, isAtEdges });
      first = [];
    }
    return passes;
  }

  /**
   * What can be computed in one stage, and what is left.
   * @param done before it, and by it
   * @param elsewhere what is done at other levels
   */
  #nextStage(
    wanted: readonly number[],
    done: Set<number>,
    elsewhere: ReadonlySet<number>,
  ): [Stage, number[]] {
    const stage: Record<Group, number[]> = {
      ...{ exponentials: [], trigonometry: [], mixing: [], ohmic: [] },
      ...{ powers: [], products: [] },
    };
    let left = [...wanted];
    for (const group of GROUPS) {
      const before = new Set(done);
      for (let found = true; found; ) {
        const ready = ({ at, by }: Reading) => (by === 0 ? before : elsewhere).has(at);
        const next = left.filter((at) => {
          const operation = this.operations[at];
          return groupOf(operation) === group && operandsOf(operation).every(ready);
        });
        stage[group].push(...next);
        for (const at of next) done.add(at);
        left = left.filter((at) => !done.has(at));
        // Products are made one after another.
        found = group === 'products' && next.length > 0;
        for (const at of next) before.add(at);
      }
    }
    return [stage, left];
  }

  /** Tables that nothing reads any more make room for others: at once, or after the pass where other levels read them. */
  #placed(wanted: ReadonlySet<number>): { slotOf: Map<number, number>; slots: number } {
    const slotOf = new Map<number, number>();
    const order = this.passes.map(({ first, stages }) => [
      ...first,
      ...stages.flatMap((stage) => GROUPS.flatMap((group) => stage[group])),
    ]);
    const last = new Map<number, number>();
    for (const at of order.flat()) {
      for (const of of operandsOf(this.operations[at])) last.set(of.at, at);
    }
    let slots = 0;
    const free: number[] = [];
    for (const pass of order) {
      const readings = pass.flatMap((at) => operandsOf(this.operations[at]));
      const elsewhere = new Set(readings.filter(({ by }) => by !== 0).map(({ at }) => at));
      const afterwards: number[] = [];
      for (const at of pass) {
        slotOf.set(at, free.pop() ?? slots++);
        for (const { at: of } of operandsOf(this.operations[at])) {
          const slot = slotOf.get(of);
          if (last.get(of) !== at || wanted.has(of) || slot === undefined) continue;
          last.delete(of);
          (elsewhere.has(of) ? afterwards : free).push(slot);
        }
      }
      free.push(...afterwards);
    }
    return { slotOf, slots };
  }
}
