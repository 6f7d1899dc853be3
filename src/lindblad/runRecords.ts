/** What code along runs reads, as records of fixed length, and what it does with them. */

/** Numbers at equal distances in a table, and what they lead from and to. Places are addresses, distances bytes. */
export interface RunRecord {
  readonly table: number;
  readonly stride: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
  readonly sign: 1 | -1;
  /** Where what rounding takes from the numbers is, where that is asked for. */
  readonly lost?: number;
}

/** Where the parts of a record are, in bytes, and how long it is. */
export const TABLE = 0;
export const STRIDE = 4;
export const COUNT = 8;
export const FROM = 12;
export const TO = 16;
export const LOST = 20;
export const SIGN = 24;
export const RECORD = 32;

/** Puts down records, one after another. @returns where they end */
export function putRecords(memory: DataView, at: number, runs: readonly RunRecord[]): number {
  let place = at;
  for (const { table, stride, count, from, to, sign, lost = 0 } of runs) {
    [table, stride, count, from, to, lost].forEach((value, k) => {
      memory.setInt32(place + 4 * k, value, true);
    });
    memory.setFloat64(place + SIGN, sign, true);
    place += RECORD;
  }
  return place;
}

/** A term of a mean: elements side by side with their errors, each times a number of a table or one for all. */
export interface TermRecord {
  /** Where the first number is, or the only one. */
  readonly coefficient: number;
  readonly isTable: boolean;
  readonly count: number;
  /** Where they begin, and their errors; of a term without a table, where their sums are. */
  readonly elements: number;
  readonly errors: number;
  /** 0 where of the elements only the errors count. */
  readonly weight: 1 | -1 | 0;
  /** 1 where a mean ends with it, else 0; of a current's term, where that is. */
  readonly last: number;
}

/** Where the parts of a term's record are, in bytes; it is as long as a run's. */
export const IS_TABLE = 4;
export const ELEMENTS = 12;
export const ERRORS = 16;
export const LAST = 20;

/** Puts down a term's record. */
export function putTerm(memory: DataView, at: number, term: TermRecord): void {
  const { coefficient, isTable, count, elements, errors, weight, last } = term;
  [coefficient, Number(isTable), count, elements, errors, last].forEach((value, k) => {
    memory.setInt32(at + 4 * k, value, true);
  });
  memory.setFloat64(at + SIGN, weight, true);
}

type Along = (begin: number, end: number, step: number) => void;

/** What there is to do along runs, whose records stand from one address to another. */
export interface RunCode {
  readonly add: Along;
  readonly apply: Along;
  readonly derive: Along;
  readonly applyApart: Along;
  readonly shares: (begin: number, end: number) => void;
  readonly addShares: (begin: number, end: number) => void;
  readonly remain: (
    ...of: readonly [
      ...places: readonly [at: number, row: number, sizes: number, shares: number],
      ...lengths: readonly [count: number, beyond: number],
      mean: number,
    ]
  ) => void;
  readonly turn: (
    ...of: readonly [from: number, to: number, end: number, step: number, rows: number, gap: number]
  ) => void;
  readonly resonance: (begin: number, end: number, step: number) => number;
  readonly sizes: (begin: number, end: number, step: number, out: number) => void;
  readonly fluxes: (begin: number, end: number, step: number, apart: number, out: number) => void;
  readonly elementSums: (begin: number, end: number, out: number) => void;
  readonly means: (begin: number, end: number, rounding: number, out: number) => void;
}

/** What there is to do with terms of currents and of flows, as cutKernel.ts has it. */
export interface CutCode {
  readonly currents: (
    ...of: readonly [
      ...terms: readonly [begin: number, end: number, rounding: number],
      ...currents: readonly [begin: number, end: number, apart: number],
    ]
  ) => void;
  readonly better: (
    ...of: readonly [to: number, own: number, begin: number, end: number, apart: number]
  ) => void;
  readonly across: (begin: number, end: number, rounding: number, out: number) => void;
}

/** Where all of a pair is, and how far apart, as turnKernel.ts has it. */
export type TurnedBack = readonly [
  ...angle: readonly [cosines: number, sines: number, levels: number],
  ...elements: readonly [upper: number, lower: number, coherence: number],
  ...distances: readonly [step: number, apart: number],
];

export interface TurnCode {
  readonly turnBack: (...of: TurnedBack) => void;
}
