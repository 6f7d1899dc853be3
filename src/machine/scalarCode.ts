/**
 * The operations of a scalar program as WebAssembly, on registers in memory: one call for each, or for two functions that
 * may be computed side by side.
 */
import { call, f64, f64x2, i32, i64x2, if_, importFunc, type Local, v128 } from 'wasmati';
import { NOTHING } from '../numbers/doubleDouble.js';
import { nothing } from '../whileLess.js';
import {
  addInMemory,
  divideInMemory,
  multiplyInMemory,
  squareRootInMemory,
} from './doubleDoubleKernel.js';
import { CALLS, callsOf } from './exactGraphs.js';
import type { FunctionName } from './functions.js';
import type { Operation } from './scalarProgram.js';

/** Bytes of a register: a number in two parts. */
export const REGISTER = 16;
const BINARY = { add: addInMemory, multiply: multiplyInMemory, divide: divideInMemory };

const NUMBER = 8;

/** How calls are answered. */
export interface Calls {
  /** Answers one that there is no code for, or of numbers that are out of its range. */
  readonly answer: (operation: number) => void;
  /** Where `ROOM_OF_CALLS` numbers have room, in bytes. */
  readonly room: number;
}

/** The last bit of a mask stands for all parameters from its own on. */
const LAST_BIT = 31;

/** What stands for a parameter in a mask, by its place among them. */
export const bitOf = (k: number): number => 1 << Math.min(k, LAST_BIT);

const operandsOf = (operation: Operation): readonly number[] => {
  switch (operation.kind) {
    case 'parameter':
    case 'constant':
      return [];
    case 'add':
    case 'multiply':
    case 'divide':
      return [operation.a, operation.b];
    case 'squareRoot':
      return [operation.a];
    case 'call':
      return operation.of;
    case 'cancel':
      return [operation.a, ...operation.terms];
  }
};

/**
 * Of each operation a mask of the parameters that it depends on.
 * @param order those that are needed, operands first
 * @param parameters those of them that are parameters
 */
export function masksOf(
  operations: readonly Operation[],
  order: readonly number[],
  parameters: readonly number[],
): ReadonlyMap<number, number> {
  const masks = new Map(parameters.map((n, k) => [n, bitOf(k)]));
  for (const n of order) {
    const of = operandsOf(operations[n]);
    if (of.length > 0)
      masks.set(
        n,
        of.reduce((all, a) => all | (masks.get(a) ?? 0), 0),
      );
  }
  return masks;
}

/** What depends on more parameters comes after what depends on some of them alone. */
export function byParameters<T>(groups: ReadonlyMap<number, T>): (readonly [mask: number, T])[] {
  const bits = (mask: number) => [...(mask >>> 0).toString(2)].filter((b) => b === '1').length;
  return [...groups].sort(([a], [b]) => bits(a) - bits(b));
}

/** Writes what is run where one of the parameters of a mask has changed; what depends on none, where all have. */
export function whereChanged(mask: number, changed: Local<'i32'>, write: () => void): void {
  if (mask === 0) i32.eq(changed, i32.const(EVERYTHING));
  else i32.and(changed, i32.const(mask));
  if_(nothing, write);
}

/**
 * Writes operations; parameters and constants are in their registers, which begin at address 0.
 * @param order those that are needed, operands first
 * @param masks of each the parameters that it depends on
 * @param changed a mask of the parameters that are other ones now: what depends on none of them is left as it is
 */
export function writeScalars(
  operations: readonly Operation[],
  order: readonly number[],
  masks: ReadonlyMap<number, number>,
  changed: Local<'i32'>,
  { answer, room }: Calls,
): void {
  const elsewhere = importFunc({ in: [i32], out: [] }, answer);
  const groups = new Map<number, number[]>();
  for (const n of order) {
    if (operandsOf(operations[n]).length === 0) continue;
    const mask = masks.get(n) ?? 0;
    groups.set(mask, [...(groups.get(mask) ?? []), n]);
  }
  for (const [mask, group] of byParameters(groups)) {
    whereChanged(mask, changed, () => {
      for (const round of inRounds(operations, group)) {
        for (const n of round.others) writeOperation(operations[n], n);
        for (const [name, calls] of round.calls) {
          for (let k = 0; k < calls.length; k += 2) {
            writeCalls(name, calls.slice(k, k + 2), operations, room, elsewhere);
          }
        }
      }
    });
  }
}

/** The mask of all parameters. */
export const EVERYTHING = -1;

type Elsewhere = Parameters<typeof call>[0];

/** Operations that are done one after the other, and then calls that may be made together, by their functions. */
interface Round {
  readonly others: number[];
  readonly calls: Map<FunctionName, number[]>;
}

/** Operations, calls of one function as near to each other as what they need lets them. */
function inRounds(operations: readonly Operation[], group: readonly number[]): Round[] {
  const rounds: Round[] = [];
  const after = new Map<number, number>();
  for (const n of group) {
    const operation = operations[n];
    const round = operandsOf(operation).reduce((last, a) => Math.max(last, after.get(a) ?? 0), 0);
    rounds[round] ??= { others: [], calls: new Map() };
    after.set(n, operation.kind === 'call' ? round + 1 : round);
    if (operation.kind !== 'call') rounds[round].others.push(n);
    else {
      const { calls } = rounds[round];
      const { name } = operation.step;
      calls.set(name, [...(calls.get(name) ?? []), n]);
    }
  }
  return rounds;
}

/** Writes one or two calls of a function. */
function writeCalls(
  name: FunctionName,
  calls: readonly number[],
  operations: readonly Operation[],
  room: number,
  elsewhere: Elsewhere,
): void {
  const others = () => {
    for (const n of calls) call(elsewhere, [i32.const(n)]);
  };
  const both = callsOf(name);
  if (both === null) {
    others();
    return;
  }
  const [first, second = first] = calls.map((n) => operandsOf(operations[n]));
  const load = (offset: number) => f64.load({ offset }, i32.const(0));
  first.forEach((a, k) => {
    for (const part of [0, 1]) {
      const from = (operand: number) => REGISTER * operand + NUMBER * part;
      i32.const(0);
      f64x2.splat(load(from(a)));
      load(from(second[k]));
      f64x2.replace_lane(1);
      v128.store({ offset: room + CALLS.argument * k + REGISTER * part });
    }
  });
  call(both, [i32.const(room)]);
  i64x2.all_true(v128.load({ offset: room + CALLS.isInside }, i32.const(0)));
  if_(
    nothing,
    () => {
      calls.forEach((n, lane) => {
        for (const part of [0, 1]) {
          i32.const(0);
          load(room + CALLS.result + REGISTER * part + NUMBER * lane);
          f64.store({ offset: REGISTER * n + NUMBER * part });
        }
      });
    },
    others,
  );
}

function writeOperation(operation: Operation, n: number): void {
  const out = REGISTER * n;
  switch (operation.kind) {
    case 'parameter':
    case 'constant':
      break;
    case 'add':
    case 'multiply':
    case 'divide': {
      const [a, b] = [REGISTER * operation.a, REGISTER * operation.b];
      call(BINARY[operation.kind], [i32.const(out), i32.const(a), i32.const(b)]);
      break;
    }
    case 'squareRoot':
      call(squareRootInMemory, [i32.const(out), i32.const(REGISTER * operation.a)]);
      break;
    case 'call':
      throw new Error('calls are written together');
    case 'cancel':
      writeCancel(out, operation);
  }
}

/** A sum, and 0 where all of it has cancelled. */
function writeCancel(out: number, { a, terms }: Operation & { kind: 'cancel' }): void {
  const at = (place: number, offset = 0) => f64.load({ offset: place + offset }, i32.const(0));
  const sum = REGISTER * a;
  for (const offset of [0, 8]) {
    i32.const(0);
    at(sum, offset);
    f64.store({ offset: out + offset });
  }
  f64.abs(at(sum));
  f64.const(0);
  for (const term of terms) {
    f64.abs(at(REGISTER * term));
    f64.add();
  }
  f64.const(NOTHING);
  f64.mul();
  f64.lt();
  if_(nothing, () => {
    for (const offset of [0, 8]) {
      f64.store({ offset: out + offset }, i32.const(0), f64.const(0));
    }
  });
}
