/**
 * What BoundSector does along its runs as WebAssembly: the same operations on each number in the same order, and so the
 * same to the last bit. One code serves all sectors: which numbers meet is data, a record for each run.
 */
import { br, f64, func, i32, if_, importMemory, type Local, local, loop, Module } from 'wasmati';
import { type Address, whileLess } from '../whileLess.js';
import {
  COUNT,
  ELEMENTS,
  ERRORS,
  FROM,
  IS_TABLE,
  RECORD,
  type RunCode,
  SIGN,
  STRIDE,
  TABLE,
  TO,
} from './runRecords.js';

const nothing: Parameters<typeof loop>[0] = { in: [], out: [] };
const NUMBER = 8;

interface Walk {
  readonly run: Address;
  readonly table: Address;
  readonly from: Address;
  readonly to: Address;
  readonly stride: Local<'i32'>;
  readonly left: Local<'i32'>;
  readonly sign: Local<'f64'>;
  readonly value: Local<'f64'>;
}

type I = typeof i32;
type F = typeof f64;
export const WALK: readonly [I, I, I, I, I, I, F, F] = [i32, i32, i32, i32, i32, i32, f64, f64];

type WalkLocals = readonly [
  Local<'i32'>,
  Local<'i32'>,
  Local<'i32'>,
  Local<'i32'>,
  Local<'i32'>,
  Local<'i32'>,
  Local<'f64'>,
  Local<'f64'>,
];

/** Runs the body for each number of each run, whose places go on by as many bytes. */
export function alongRuns(
  [run, table, from, to, stride, left, sign, value]: WalkLocals,
  [begin, end, step]: readonly Address[],
  body: (walk: Walk) => void,
): void {
  const walk = { run, table, from, to, stride, left, sign, value };
  local.set(run, begin);
  whileLess(run, end, RECORD, () => {
    local.set(table, i32.load({ offset: TABLE }, run));
    local.set(stride, i32.load({ offset: STRIDE }, run));
    local.set(left, i32.load({ offset: COUNT }, run));
    local.set(from, i32.load({ offset: FROM }, run));
    local.set(to, i32.load({ offset: TO }, run));
    local.set(sign, f64.load({ offset: SIGN }, run));
    loop(nothing, (again) => {
      local.set(value, f64.load({}, table));
      body(walk);
      local.set(table, i32.add(table, stride));
      local.set(from, i32.add(from, step));
      local.set(to, i32.add(to, step));
      local.set(left, i32.sub(left, 1));
      local.get(left);
      if_(nothing, () => br(again));
    });
  });
}

const ofRuns = [i32, i32, i32] as const;

/** add(begin, end, step): to ← to + sign · value */
const add = func({ in: [...ofRuns], locals: [...WALK], out: [] }, (given, locals) =>
  alongRuns(locals, given, ({ to, sign, value }) => {
    f64.store({}, to, f64.add(f64.load({}, to), f64.mul(sign, value)));
  }),
);

/** apply(begin, end, step, beyond): to ← to + sign · value · from, and its magnitude so many bytes beyond. */
const apply = func(
  { in: [...ofRuns, i32], locals: [i32, ...WALK], out: [] },
  ([begin, end, step, beyond], [other, ...locals]) =>
    alongRuns(locals, [begin, end, step], ({ from, to, sign, value }) => {
      local.set(value, f64.mul(f64.mul(sign, value), f64.load({}, from)));
      f64.store({}, to, f64.add(f64.load({}, to), value));
      local.set(other, i32.add(to, beyond));
      f64.store({}, other, f64.add(f64.load({}, other), f64.abs(value)));
    }),
);

/** addMagnitudes(begin, end, step): to ← to + |value · from| */
const addMagnitudes = func({ in: [...ofRuns], locals: [...WALK], out: [] }, (given, locals) =>
  alongRuns(locals, given, ({ from, to, value }) => {
    local.set(value, f64.mul(value, f64.load({}, from)));
    f64.store({}, to, f64.add(f64.load({}, to), f64.abs(value)));
  }),
);

/** addSizes(begin, end, step): to ← to + |value| */
const addSizes = func({ in: [...ofRuns], locals: [...WALK], out: [] }, (given, locals) =>
  alongRuns(locals, given, ({ to, value }) => {
    f64.store({}, to, f64.add(f64.load({}, to), f64.abs(value)));
  }),
);

/** As BoundSector.resonance has it, of the blocks that runs lead from and to. */
const resonance = func(
  { in: [...ofRuns], locals: [f64, f64, f64, ...WALK], out: [f64] },
  (given, [most, product, least, ...locals]) => {
    const squares = (at: Address) => {
      const [a, b] = [0, NUMBER].map((offset) => () => f64.load({ offset }, at));
      f64.mul(a(), a());
      f64.mul(b(), b());
      return f64.add();
    };
    alongRuns(locals, given, ({ from, to, value }) => {
      f64.ne(value, 0);
      if_(nothing, () => {
        local.set(
          product,
          f64.abs(f64.mul(f64.load({ offset: NUMBER }, from), f64.load({ offset: NUMBER }, to))),
        );
        local.set(value, squares(from));
        local.set(least, squares(to));
        f64.lt(value, least);
        if_(nothing, () => {
          local.set(least, value);
        });
        f64.gt(product, f64.mul(most, least));
        if_(nothing, () => {
          local.set(most, f64.div(product, least));
        });
      });
    });
    local.get(most);
  },
);

/** mean(begin, end, step, rounding, out): the sum of terms, and its error after it; as `meanOf` has them. */
const mean = func(
  {
    in: [i32, i32, i32, f64, i32],
    locals: [i32, i32, i32, i32, i32, f64, f64, f64, f64, f64, f64, f64],
    out: [],
  },
  (
    [begin, end, step, rounding, out],
    [term, at, x, dx, left, sum, magnitude, lost, value, weight, total, error],
  ) => {
    const overElements = (add: () => void) =>
      loop(nothing, (again) => {
        add();
        local.set(x, i32.add(x, step));
        local.set(dx, i32.add(dx, step));
        local.set(left, i32.sub(left, 1));
        local.get(left);
        if_(nothing, () => br(again));
      });
    local.set(term, begin);
    whileLess(term, end, RECORD, () => {
      local.set(at, i32.load({ offset: TABLE }, term));
      local.set(left, i32.load({ offset: COUNT }, term));
      local.set(x, i32.load({ offset: ELEMENTS }, term));
      local.set(dx, i32.load({ offset: ERRORS }, term));
      for (const part of [sum, magnitude, lost]) local.set(part, f64.const(0));
      i32.load({ offset: IS_TABLE }, term);
      if_(
        nothing,
        () =>
          overElements(() => {
            local.set(value, f64.load({}, at));
            local.set(lost, f64.add(lost, f64.mul(f64.abs(value), f64.load({}, dx))));
            local.set(value, f64.mul(value, f64.load({}, x)));
            local.set(sum, f64.add(sum, value));
            local.set(magnitude, f64.add(magnitude, f64.abs(value)));
            local.set(at, i32.add(at, NUMBER));
          }),
        () => {
          overElements(() => {
            local.set(value, f64.load({}, x));
            local.set(sum, f64.add(sum, value));
            local.set(magnitude, f64.add(magnitude, f64.abs(value)));
            local.set(lost, f64.add(lost, f64.load({}, dx)));
          });
          local.set(value, f64.load({}, at));
          local.set(sum, f64.mul(sum, value));
          local.set(value, f64.abs(value));
          local.set(magnitude, f64.mul(magnitude, value));
          local.set(lost, f64.mul(lost, value));
        },
      );
      local.set(weight, f64.load({ offset: SIGN }, term));
      local.set(total, f64.add(total, f64.mul(weight, sum)));
      local.set(value, f64.mul(f64.mul(rounding, f64.abs(weight)), magnitude));
      local.set(error, f64.add(error, f64.add(value, lost)));
    });
    f64.store({}, out, total);
    f64.store({ offset: NUMBER }, out, error);
  },
);

let written: WebAssembly.Module | undefined;

/** The code on a memory of its user's; it is written once. */
export function runCode(memory: WebAssembly.Memory): RunCode {
  if (written === undefined) {
    const exports = { add, apply, addMagnitudes, addSizes, resonance, mean };
    const module = Module({ exports, memory: importMemory({ min: 1 }) });
    written = new WebAssembly.Module(Uint8Array.from(module.toBytes()));
  }
  const [{ module, name }] = WebAssembly.Module.imports(written);
  const { exports } = new WebAssembly.Instance(written, { [module]: { [name]: memory } });
  return exports as unknown as RunCode;
}
