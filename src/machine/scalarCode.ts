/** The operations of a scalar program as WebAssembly, on registers in memory: one call for each. */
import { call, f64, i32, if_, importFunc } from 'wasmati';
import { NOTHING } from '../numbers/doubleDouble.js';
import {
  addInMemory,
  divideInMemory,
  multiplyInMemory,
  squareRootInMemory,
} from './doubleDoubleKernel.js';
import type { Operation } from './scalarProgram.js';

/** Bytes of a register: a number in two parts. */
export const REGISTER = 16;
const nothing: Parameters<typeof if_>[0] = { in: [], out: [] };
const BINARY = { add: addInMemory, multiply: multiplyInMemory, divide: divideInMemory };

/**
 * Writes operations; parameters and constants are in their registers, which begin at address 0.
 * @param order those that are needed, operands first
 * @param answer answers a call of a function
 */
export function writeScalars(
  operations: readonly Operation[],
  order: readonly number[],
  answer: (operation: number) => void,
): void {
  const elsewhere = importFunc({ in: [i32], out: [] }, answer);
  for (const n of order) {
    const operation = operations[n];
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
        call(elsewhere, [i32.const(n)]);
        break;
      case 'cancel':
        writeCancel(out, operation);
    }
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
