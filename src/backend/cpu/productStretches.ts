/** What a product does, written down class by class for the loops of productKernels.ts. */
import type { Space } from '../../generator/classes.js';
import { type GatherLayout, ONE_TABLE } from '../gather.js';
import {
  type Coefficient,
  type Coefficients,
  GROUP_WORDS,
  isConstant,
  type Pattern,
} from './productTerms.js';

/** Terms that one loop adds up: wasmati hands a whole function's bytes over as arguments, of which an engine has a limit. */
const MOST_TERMS = 32;

/** Words of a coupling in a GatherLayout: begin, end, source, rule, first table, second table. */
export const COUPLING = 6;

/** A stretch of a vector, in floats, and its address in the memory. */
export interface Copy {
  readonly offset: number;
  readonly length: number;
  readonly address: number;
}

/** The position of the class that an element belongs to. */
export function classOf({ classes }: Space, element: number): number {
  let low = 0;
  let high = classes.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (classes[middle].offset <= element) low = middle;
    else high = middle;
  }
  return low;
}

/** The address of an element of a class that has been placed. */
function addressOf(copies: ReadonlyMap<number, Copy>, c: number, element: number): number {
  const copy = copies.get(c);
  if (copy === undefined) throw new Error('a batch lacks one of its classes');
  return copy.address + 8 * (2 * element - copy.offset);
}

/** A term of the elements begin ≤ p < end of y, with addresses for the first of them. */
interface Term {
  readonly coefficient: Coefficient;
  readonly begin: number;
  readonly end: number;
  readonly source: number;
  readonly tables: readonly number[];
}

/** Stretches with the same pattern and constants. */
interface GroupOfStretches {
  /** Which of the parts of its stretches' terms it adds up: later ones add to what earlier ones have written. */
  readonly part: number;
  readonly pattern: number;
  readonly constants: readonly number[];
  readonly words: number[];
}

/** Cuts classes into stretches with the same terms throughout, and writes these down, batch by batch. */
export class StretchWriter {
  readonly words: number[] = [];
  readonly patterns: Pattern[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly groups = new Map<string, GroupOfStretches>();

  constructor(
    private readonly space: Space,
    private readonly layout: GatherLayout,
    readonly coefficients: Coefficients,
  ) {}

  /** Adds a class's stretches to the batch. */
  add(target: number, inputs: ReadonlyMap<number, Copy>, outputs: ReadonlyMap<number, Copy>): void {
    const { offset, length } = this.space.classes[target];
    const terms = this.termsOf(target, inputs);
    const edges = new Set([offset, offset + length]);
    for (const { begin, end } of terms) edges.add(begin).add(end);
    const cuts = [...edges].sort((a, b) => a - b);
    for (let i = 1; i < cuts.length; i++) {
      const [begin, end] = [cuts[i - 1], cuts[i]];
      const covers = (term: Term) => term.begin <= begin && end <= term.end;
      // An element at the edge has its class's pattern, so that there are few, with 0 for what it lacks.
      const here = end - begin === 1 ? terms : terms.filter(covers);
      const parts = Math.max(1, Math.ceil(here.length / MOST_TERMS));
      for (let part = 0; part < parts; part++) {
        const own = here.slice(part * MOST_TERMS, (part + 1) * MOST_TERMS);
        const { words } = this.groupOf(own, part);
        words.push(addressOf(outputs, target, begin), 16 * (end - begin));
        for (const term of own) {
          const present = covers(term);
          const skipped = present ? begin - term.begin : 0;
          words.push(present ? term.source + 16 * skipped : this.coefficients.zero);
          for (const table of term.tables) words.push(table + term.coefficient.stride * skipped);
        }
      }
    }
  }

  /** Writes the batch down, group after group. */
  close(): void {
    const inOrder = [...this.groups.values()].sort((a, b) => a.part - b.part);
    for (const { pattern, constants, words } of inOrder) {
      this.words.push(pattern, 4 * (GROUP_WORDS + constants.length + words.length), ...constants);
      for (const word of words) this.words.push(word);
    }
    this.groups.clear();
  }

  /** In the order of their coefficients, by which the same terms are recognised. */
  private termsOf(target: number, inputs: ReadonlyMap<number, Copy>): Term[] {
    const { space, coefficients, layout } = this;
    const { classes, couplings } = layout;
    const levels = space.window.size;
    const terms: Term[] = [];
    const first = COUPLING * classes[3 * target + 1];
    const last = first + COUPLING * classes[3 * target + 2];
    for (let k = first; k < last; k += COUPLING) {
      const begin = couplings[k];
      const from = begin + couplings[k + 2];
      const u = couplings[k + 4] + begin;
      const v = couplings[k + 5] + begin;
      const tables = [Math.floor(u / levels), Math.floor(v / levels)];
      const two = couplings[k + 3] !== ONE_TABLE;
      const coefficient = coefficients.of(couplings[k + 3], tables[0], two ? tables[1] : tables[0]);
      const { addresses, stride } = coefficient;
      terms.push({
        coefficient,
        begin,
        end: couplings[k + 1],
        source: addressOf(inputs, classOf(space, from), from),
        tables: isConstant(coefficient)
          ? []
          : addresses.map((a, i) => a + stride * ((i === 0 ? u : v) - tables[i] * levels)),
      });
    }
    return terms.sort((a, b) => a.coefficient.order - b.coefficient.order);
  }

  private groupOf(terms: readonly Term[], part: number): GroupOfStretches {
    const key = [part, ...terms.map(({ coefficient }) => coefficient.order)].join();
    let group = this.groups.get(key);
    if (group === undefined) {
      const constants = terms.map((t) => t.coefficient).filter(isConstant);
      const pattern = this.patternOf(terms, part > 0);
      const values = constants.map(({ addresses }) => addresses[0]);
      group = { part, pattern, constants: values, words: [] };
      this.groups.set(key, group);
    }
    return group;
  }

  private patternOf(terms: readonly Term[], adds: boolean): number {
    const kinds = terms.map(({ coefficient: { from, parts } }) => ({ from, parts }));
    const pattern = { terms: kinds, adds };
    const key = JSON.stringify(pattern);
    const number = this.numbers.get(key) ?? this.patterns.push(pattern) - 1;
    this.numbers.set(key, number);
    return number;
  }
}
