/**
 * The numbers of a tape as WebAssembly: a call for each operation without a level, then loops over the levels, two at a
 * time, one for all tables that depend on the same parameters. To the last bit what `Numbers` computes step by step. One
 * serves all windows up to its size, one at a time. A function that is another one a level on is copied from there where
 * its polynomials are the same there to the last bit: what rounding takes from these depends on where they begin. What
 * depends on none of the parameters that are other ones than at the last run is left as it is; polynomials are computed
 * again where a coefficient, or the window, is another one.
 */
import { br, call, func, i32, if_, type Local, local, loop, v128 } from 'wasmati';
import type { DoubleDouble } from '../numbers/doubleDouble.js';
import { nothing } from '../whileLess.js';
import { ROOM_OF_CALLS } from './exactGraphs.js';
import type { GraphCode } from './graph.js';
import { compiledOn, PAGE, VECTOR, writeLoop } from './graphModule.js';
import { polynomialOf } from './polynomialKernel.js';
import { type NextPolynomial, repeatedCalls } from './repeatedCalls.js';
import { bitOf, EVERYTHING, masksOf, REGISTER, whereChanged, writeScalars } from './scalarCode.js';
import type { ScalarProgram } from './scalarProgram.js';
import { Layout, type PlacedPolynomial, TableGraphs } from './tableGraph.js';
import { calledScalar, givenOn, type TableStep, type Values } from './tapeSteps.js';

/** What is computed, by places on the tape and in its program. */
export interface Wanted {
  readonly tables: readonly number[];
  /** Operations, operands first. */
  readonly operations: readonly number[];
}

type Run = (bytes: number, isSameWindow: number, changed: number) => void;

/** Whose numbers are computed. */
export interface KernelUser {
  readonly lmin: number;
  readonly size: number;
}

/** A result of a function of numbers without a level. */
interface Answer extends DoubleDouble {
  readonly operands: readonly DoubleDouble[];
}

/** Operands before one count so many times as much in what stands for all of them. */
const MIXED = Math.PI;
/** Answers of one call that are kept. */
const MOST_ANSWERS = 1024;

/** Bytes. */
const NUMBER = 8;

/** Memory for those who read the numbers, in bytes; what of it is not used takes no space. */
const LENT = 4 << 20;

export class TapeKernel {
  /** Whose numbers it has. */
  user: KernelUser | null = null;
  /** Of each table its place on the tape, and where it is. */
  readonly #placed: ReadonlyMap<number, number>;
  readonly #graph: TableGraphs;
  /** So many levels above a window are computed, too. */
  readonly above: number;
  readonly memory: WebAssembly.Memory;
  /** Where memory that nobody has begins. */
  #free: number;
  /** Two parts for each operation, one after the other. */
  readonly results: Float64Array;
  readonly operations: readonly number[];
  readonly #parameters: readonly (readonly [name: string, operation: number])[];
  /** Of each operation a mask of the parameters that it depends on. */
  readonly #masks: ReadonlyMap<number, number>;
  readonly #run: Run;
  /** Room for calls of functions, in bytes. */
  readonly #calls: number;
  /** Whether all operations have results of the last device. */
  #isWhole = false;

  /** @param most levels of a window */
  constructor(
    private readonly program: ScalarProgram,
    steps: readonly TableStep[],
    { tables, operations }: Wanted,
    most: number,
  ) {
    const layout = new Layout();
    const registers = Math.max(0, ...operations) + 1;
    layout.numbers(2 * registers);
    this.#calls = layout.numbers(ROOM_OF_CALLS);
    this.#parameters = operations.flatMap((n) => {
      const operation = program.operations[n];
      return operation.kind === 'parameter' ? [[operation.name, n] as const] : [];
    });
    const parameters = this.#parameters.map(([, n]) => n);
    this.#masks = masksOf(program.operations, operations, parameters);
    const numbers = {
      registerOf: (at: number) => REGISTER * program.operationOf(at),
      maskOf: (at: number) => this.#masks.get(program.operationOf(at)) ?? 0,
    };
    const { repeated, above } = repeatedCalls(steps, program.steps, tables);
    this.above = above;
    this.#graph = new TableGraphs(steps, repeated, numbers, layout, most + above);
    this.#placed = new Map(tables.map((at) => [at, this.#graph.placed(at)]));
    this.#free = layout.bytes;
    this.memory = new WebAssembly.Memory({ initial: Math.ceil((layout.bytes + LENT) / PAGE) });
    this.results = new Float64Array(this.memory.buffer, 0, 2 * registers);
    this.operations = operations;
    for (const n of operations) {
      const operation = program.operations[n];
      if (operation.kind === 'constant') this.results[2 * n] = operation.value;
    }
    this.#run = this.#compiled();
  }

  /** What it computes, each table with its place on the tape, on windows of a size. */
  tables(size: number): (readonly [at: number, values: Float64Array])[] {
    const { buffer } = this.memory;
    return [...this.#placed].map(([at, address]) => [at, new Float64Array(buffer, address, size)]);
  }

  /** Where a table is, in bytes; undefined where it is none of its own. */
  tableAt(at: number): number | undefined {
    return this.#placed.get(at);
  }

  /** Where a number without a level is, in bytes; undefined where it is none of its own. */
  scalarAt(at: number): number | undefined {
    const operation = this.program.operationOf(at);
    return this.operations.includes(operation) ? REGISTER * operation : undefined;
  }

  /** Memory beside the numbers for one who reads them: where it begins, in bytes; null where there is none left. */
  lend(bytes: number): number | null {
    const at = this.#free;
    const end = at + VECTOR * Math.ceil(bytes / VECTOR);
    if (end > this.memory.buffer.byteLength) return null;
    this.#free = end;
    return at;
  }

  /** Levels that are computed, two by two. */
  #pairsOf({ size }: KernelUser): number {
    return Math.ceil((size + this.above) / 2);
  }

  /** Computes all of it for a device. */
  run(user: KernelUser, values: Values): void {
    const isSame = this.user === user;
    if (!isSame) this.#enter(user);
    const changed = this.#changed(values);
    this.#isWhole = false;
    this.#run(VECTOR * this.#pairsOf(user), Number(isSame), changed);
    this.#isWhole = true;
  }

  /** Puts in parameters. @returns a mask of those that are other ones than at the last run */
  #changed(values: Values): number {
    const { results } = this;
    let changed = 0;
    for (let k = 0; k < this.#parameters.length; k++) {
      const [name, n] = this.#parameters[k];
      const value = values[name];
      if (Object.is(results[2 * n], value)) continue;
      results[2 * n] = value;
      changed |= bitOf(k);
    }
    return this.#isWhole ? changed : EVERYTHING;
  }

  /** Puts down what is the same for all devices on a window. */
  #enter(user: KernelUser): void {
    const { buffer } = this.memory;
    const { lmin, size } = user;
    const padded = 2 * this.#pairsOf(user);
    const levels = new Float64Array(buffer, this.#graph.levels, padded);
    for (let i = 0; i < padded; i++) levels[i] = lmin + i;
    for (const { at, step } of this.#graph.given) {
      givenOn(step, new Float64Array(buffer, at, size));
    }
    this.user = user;
  }

  #compiled(): Run {
    const { levels, polynomials } = this.#graph;
    const stages = this.#graph.stages.map(({ mask, graph, repeats }) => ({
      mask,
      code: graph.code(),
      repeats: repeats && {
        where: [...repeats.where.values()],
        copied: repeats.copied.code(),
        computed: repeats.computed.code(),
      },
    }));
    const codes = stages.flatMap(({ code, repeats }) =>
      repeats ? [code, repeats.computed, repeats.copied] : [code],
    );
    const most = codes.reduce((some, { locals }) => Math.max(some, locals.length), 0);
    const own = Array.from({ length: most }, () => v128);
    const run = func(
      { in: [i32, i32, i32], locals: [i32, i32, v128, ...own], out: [] },
      ([bytes, isSame, ofParameters], [offset, end, changed, ...numbers]) => {
        const answer = (n: number) => this.#answer(n);
        const { operations } = this.program;
        writeScalars(operations, this.operations, this.#masks, ofParameters, {
          answer,
          room: this.#calls,
        });
        local.set(end, i32.add(bytes, levels));
        for (const placed of polynomials) {
          writePolynomial(placed, levels, { end, isSame, changed });
        }
        // On another window all tables are others.
        i32.eqz(isSame);
        if_(nothing, () => local.set(ofParameters, i32.const(EVERYTHING)));
        const overLevels = (code: GraphCode) => writeLoop(code, numbers, offset, bytes);
        for (const { mask, code, repeats } of stages) {
          whereChanged(mask, ofParameters, () => {
            if (!code.isEmpty) overLevels(code);
            if (repeats === null) return;
            writeDifferences(repeats.where, changed, offset, bytes);
            v128.any_true(changed);
            if_(
              nothing,
              () => overLevels(repeats.computed),
              () => overLevels(repeats.copied),
            );
          });
        }
      },
    );
    return compiledOn(run, this.memory);
  }

  /** What calls were answered before, by their operands: along the lines of a map the same come again and again. */
  readonly #answers = new Map<number, Map<number, Answer>>();

  /** Calls a function between other operations, where it has not been called for these operands. */
  #answer(n: number): void {
    const operation = this.program.operations[n];
    if (operation.kind !== 'call') throw new Error('no call');
    const { results } = this;
    const { of, step } = operation;
    let answers = this.#answers.get(n);
    if (answers === undefined) {
      answers = new Map();
      this.#answers.set(n, answers);
    }
    const key = this.#keyOf(of);
    let answer = answers.get(key);
    if (answer === undefined || !this.#isOf(answer.operands, of)) {
      const operands = of.map((a) => ({ high: results[2 * a], low: results[2 * a + 1] }));
      answer = { operands, ...calledScalar(step.name, operands) };
      if (answers.size >= MOST_ANSWERS) answers.clear();
      answers.set(key, answer);
    }
    results[2 * n] = answer.high;
    results[2 * n + 1] = answer.low;
  }

  /** One number for the operands of a call, which few others share. */
  #keyOf(of: readonly number[]): number {
    let key = 0;
    for (let k = 0; k < of.length; k++) key = MIXED * key + this.results[2 * of[k]];
    return key;
  }

  /** Whether these are the operands of a call; what is no number is never the same. */
  #isOf(operands: readonly DoubleDouble[], of: readonly number[]): boolean {
    for (let k = 0; k < operands.length; k++) {
      const { high, low } = operands[k];
      if (high !== this.results[2 * of[k]] || low !== this.results[2 * of[k] + 1]) return false;
    }
    return true;
  }
}

interface PolynomialLocals {
  readonly end: Local<'i32'>;
  readonly isSame: Local<'i32'>;
  readonly changed: Local<'v128'>;
}

function writePolynomial(
  { from, first, at }: PlacedPolynomial,
  level: number,
  { end, isSame, changed }: PolynomialLocals,
): void {
  local.set(changed, v128.const('i64x2', [0n, 0n]));
  from.forEach((register, n) => {
    const now = v128.load({ offset: register }, i32.const(0));
    const before = v128.load({ offset: first + VECTOR * n }, i32.const(0));
    local.set(changed, v128.or(changed, v128.xor(now, before)));
  });
  i32.or(v128.any_true(changed), i32.eqz(isSame));
  if_(nothing, () => {
    from.forEach((register, n) => {
      i32.const(0);
      v128.load({ offset: register }, i32.const(0));
      v128.store({ offset: first + VECTOR * n });
    });
    const polynomial = polynomialOf(from.length - 1);
    call(polynomial, [i32.const(first), i32.const(level), end, i32.const(at)]);
  });
}

/** Sets bits where a polynomial is not the same as another one a level on; behind the last level there is none. */
function writeDifferences(
  where: readonly NextPolynomial[],
  differences: Local<'v128'>,
  offset: Local<'i32'>,
  bytes: Local<'i32'>,
): void {
  const compare = (load: typeof v128.load64_zero | typeof v128.load) => {
    for (const [here, before] of where) {
      const difference = v128.xor(
        load({ offset: here }, offset),
        load({ offset: before + NUMBER }, offset),
      );
      local.set(differences, v128.or(differences, difference));
    }
  };
  local.set(differences, v128.const('i64x2', [0n, 0n]));
  local.set(offset, i32.sub(bytes, VECTOR));
  compare(v128.load64_zero);
  loop(nothing, (again) => {
    local.set(offset, i32.sub(offset, VECTOR));
    i32.ge_s(offset, 0);
    if_(nothing, () => {
      compare(v128.load);
      br(again);
    });
  });
}
