/**
 * Numbers of a device without a level, each a short sequence of operations on double-doubles; operations that occur
 * in several of them are done once for each device.
 */
import {
  add,
  type DoubleDouble,
  divide,
  fromNumber,
  multiply,
  NOTHING,
  squareRoot,
} from '../numbers/doubleDouble.js';
import type { FunctionName } from './functions.js';
import { calledScalar, type ScalarStep, type Values } from './tapeSteps.js';

/** What makes a number; operands are operations before it, by their places. */
export type Operation =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'add' | 'multiply' | 'divide'; readonly a: number; readonly b: number }
  | { readonly kind: 'squareRoot'; readonly a: number }
  | { readonly kind: 'call'; readonly step: ScalarStep & { kind: 'call' }; readonly of: number[] }
  /** The sum `a` of terms, and 0 where all of it has cancelled. */
  | { readonly kind: 'cancel'; readonly a: number; readonly terms: readonly number[] };

/** Operations, and which of them each number of a tape is the result of. */
export interface MadeOperations {
  readonly operations: readonly Operation[];
  readonly operationOf: readonly number[];
}

/** Equal where operations are. */
function keyOf(operation: Operation): string {
  const { kind } = operation;
  switch (kind) {
    case 'parameter':
      return `${kind} ${operation.name}`;
    case 'constant':
      return `${kind} ${operation.value}`;
    case 'squareRoot':
      return `${kind} ${operation.a}`;
    case 'call':
      return `${operation.step.name} ${operation.of.join(' ')}`;
    case 'cancel':
      return `${kind} ${operation.terms.join(' ')}`;
    default:
      return `${kind} ${operation.a} ${operation.b}`;
  }
}

/** The operations of a tape's numbers, which may become more at any time. */
export class ScalarProgram {
  readonly operations: Operation[];
  readonly #operationOf: number[];
  /** By their keys; found where there may be another one. */
  #known: Map<string, number> | undefined;

  /** @param made operations of the first steps, made before; steps are `given` where there are others */
  constructor(
    private readonly given: () => readonly ScalarStep[],
    made: MadeOperations = { operations: [], operationOf: [] },
  ) {
    this.operations = [...made.operations];
    this.#operationOf = [...made.operationOf];
  }

  /** How its numbers are computed. */
  get steps(): readonly ScalarStep[] {
    return this.given();
  }

  /** Those of all steps. */
  get made(): MadeOperations {
    const operationOf = this.steps.map((_, at) => this.operationOf(at));
    return { operations: this.operations, operationOf };
  }

  /** The operation whose result is a number of the tape. */
  operationOf(at: number): number {
    this.#operationOf[at] ??= this.#compile(this.steps[at]);
    return this.#operationOf[at];
  }

  #operation(operation: Operation): number {
    const { operations } = this;
    this.#known ??= new Map(operations.map((one, n) => [keyOf(one), n]));
    const key = keyOf(operation);
    const found = this.#known.get(key);
    if (found !== undefined) return found;
    operations.push(operation);
    this.#known.set(key, operations.length - 1);
    return operations.length - 1;
  }

  #constant = (value: number): number => this.#operation({ kind: 'constant', value });

  #binary = (kind: 'add' | 'multiply' | 'divide', a: number, b: number): number =>
    this.#operation({ kind, a, b });

  #compile(step: ScalarStep): number {
    if (step.kind === 'parameter') {
      return this.#operation(step);
    }
    if (step.kind === 'call') {
      const of = step.of.map((at) => this.operationOf(at));
      return this.#withoutCall(step.name, of[0]) ?? this.#operation({ kind: 'call', step, of });
    }
    const terms = step.terms.map(({ coefficient, factors }) => {
      const powers = factors.map(({ at, exponent }) => this.#power(this.operationOf(at), exponent));
      const all = coefficient === 1 ? powers : [this.#constant(coefficient), ...powers];
      return all.length === 0
        ? this.#constant(1)
        : all.reduce((product, factor) => this.#binary('multiply', product, factor));
    });
    if (terms.length === 0) return this.#constant(0);
    const a = terms.reduce((sum, term) => this.#binary('add', sum, term));
    if (terms.length === 1) return a;
    return this.#operation({ kind: 'cancel', a, terms });
  }

  /** What a function is that operations make; null where they do not. */
  #withoutCall(name: FunctionName, a: number): number | null {
    switch (name) {
      case 'whole':
        return a;
      case 'square':
        return this.#power(a, 2);
      case 'squareRoot':
        return this.#power(a, 0.5);
      case 'inverse':
        return this.#power(a, -1);
      default:
        return null;
    }
  }

  /** aⁿ, n a whole number or a half. */
  #power(a: number, exponent: number): number {
    if (!Number.isInteger(exponent)) {
      const root = this.#operation({ kind: 'squareRoot', a });
      return this.#power(root, 2 * exponent);
    }
    if (exponent < 0) return this.#binary('divide', this.#constant(1), this.#power(a, -exponent));
    let result = exponent === 0 ? this.#constant(1) : a;
    for (let i = 1; i < exponent; i++) result = this.#binary('multiply', result, a);
    return result;
  }
}

/** The results of a program's operations for one device at a time, each computed when it is first asked for. */
export class ScalarResults {
  /** Two parts for each operation, one after the other. */
  #parts = new Float64Array(128);
  /** The device that each was computed for. */
  #deviceOf = new Float64Array(64);
  #device = 1;
  /** What is done elsewhere for each device, by operation, and the device that it was last taken over for. */
  #taken: readonly number[] = [];
  #isTaken: boolean[] = [];
  #takenFor = 0;
  #values: Values = {};

  constructor(private readonly program: ScalarProgram) {}

  get values(): Values {
    return this.#values;
  }

  fill(values: Values): void {
    this.#values = values;
    this.#device++;
  }

  /** A number of the tape, rounded. */
  number(at: number): number {
    const operation = this.program.operationOf(at);
    this.#compute(operation);
    return this.#parts[2 * operation];
  }

  doubleDouble(at: number): DoubleDouble {
    const operation = this.program.operationOf(at);
    this.#compute(operation);
    return this.#read(operation);
  }

  /** Whether a number is another one than before. */
  isOther(at: number, { high, low }: DoubleDouble): boolean {
    const operation = this.program.operationOf(at);
    this.#compute(operation);
    const parts = this.#parts;
    return !(Object.is(parts[2 * operation], high) && Object.is(parts[2 * operation + 1], low));
  }

  /** The operations that were done for any device. */
  get done(): number[] {
    return [...this.#deviceOf.keys()].filter((n) => this.#deviceOf[n] > 0 || this.#isTaken[n]);
  }

  /** Takes over what was computed elsewhere for this device, for which nothing else has been done. */
  take(parts: Float64Array, done: readonly number[]): void {
    if (parts.length > this.#parts.length) this.#grow();
    this.#parts.set(parts);
    this.#takenFor = this.#device;
    if (done === this.#taken) return;
    this.#taken = done;
    this.#isTaken = [];
    for (const n of done) this.#isTaken[n] = true;
  }

  #read(i: number): DoubleDouble {
    return { high: this.#parts[2 * i], low: this.#parts[2 * i + 1] };
  }

  #compute(i: number): void {
    if (this.#takenFor === this.#device && this.#isTaken[i] === true) return;
    if (i >= this.#deviceOf.length) this.#grow();
    if (this.#deviceOf[i] === this.#device) return;
    this.#deviceOf[i] = this.#device;
    const { high, low } = this.#result(this.program.operations[i]);
    this.#parts[2 * i] = high;
    this.#parts[2 * i + 1] = low;
  }

  #result(operation: Operation): DoubleDouble {
    switch (operation.kind) {
      case 'parameter':
        return fromNumber(this.#values[operation.name]);
      case 'constant':
        return fromNumber(operation.value);
      case 'add':
        this.#compute(operation.a);
        this.#compute(operation.b);
        return add(this.#read(operation.a), this.#read(operation.b));
      case 'multiply':
        this.#compute(operation.a);
        this.#compute(operation.b);
        return multiply(this.#read(operation.a), this.#read(operation.b));
      case 'divide':
        this.#compute(operation.a);
        this.#compute(operation.b);
        return divide(this.#read(operation.a), this.#read(operation.b));
      case 'squareRoot':
        this.#compute(operation.a);
        return squareRoot(this.#read(operation.a));
      case 'call': {
        for (const a of operation.of) this.#compute(a);
        return calledScalar(
          operation.step.name,
          operation.of.map((a) => this.#read(a)),
        );
      }
      case 'cancel': {
        this.#compute(operation.a);
        const sum = this.#read(operation.a);
        let magnitude = 0;
        for (const term of operation.terms) magnitude += Math.abs(this.#parts[2 * term]);
        return Math.abs(sum.high) < NOTHING * magnitude ? fromNumber(0) : sum;
      }
    }
  }

  #grow(): void {
    const count = 2 * this.program.operations.length;
    const [parts, deviceOf] = [this.#parts, this.#deviceOf];
    this.#parts = new Float64Array(2 * count);
    this.#parts.set(parts);
    this.#deviceOf = new Float64Array(count);
    this.#deviceOf.set(deviceOf);
  }
}
