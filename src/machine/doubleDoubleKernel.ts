/** The arithmetic of doubleDouble.ts as WebAssembly, on numbers in memory: the same operations in the same order. */
import { call, f64, func, i32, if_, type Local, local, return_, select } from 'wasmati';
import { LARGEST_SPLIT, SPLITTER } from '../numbers/doubleDouble.js';
import { nothing } from '../whileLess.js';

type Number = Local<'f64'>;

const finite = (x: Number) => f64.lt(f64.abs(x), f64.const(Number.POSITIVE_INFINITY));

/** Takes the two parts that a function has left. */
function take(high: Number, low: Number): void {
  local.set(low);
  local.set(high);
}

/** Leaves the function with (x, 0) where the condition on top of the stack holds. */
function leaveIf(x: Number): void {
  if_(nothing, () => {
    local.get(x);
    f64.const(0);
    return_();
  });
}

const quickSum = func(
  { in: [f64, f64], locals: [f64, f64], out: [f64, f64] },
  ([a, b], [high, low]) => {
    local.set(high, f64.add(a, b));
    local.set(low, f64.sub(b, f64.sub(high, a)));
    local.get(high);
    local.get(low);
    f64.const(0);
    finite(high);
    select();
  },
);

const exactSum = func(
  { in: [f64, f64], locals: [f64, f64, f64], out: [f64, f64] },
  ([a, b], [high, part, low]) => {
    local.set(high, f64.add(a, b));
    local.set(part, f64.sub(high, a));
    local.set(low, f64.sub(a, f64.sub(high, part)));
    local.set(low, f64.add(low, f64.sub(b, part)));
    local.get(high);
    local.get(low);
    f64.const(0);
    finite(high);
    select();
  },
);

const exactProduct = func(
  { in: [f64, f64], locals: [f64, f64, f64, f64, f64, f64], out: [f64, f64] },
  ([a, b], [high, aHigh, aLow, bHigh, bLow, low]) => {
    const split = (x: Number, upper: Number, lower: Number) => {
      local.set(upper, f64.mul(x, f64.const(SPLITTER)));
      local.set(lower, f64.sub(upper, x));
      local.set(upper, f64.sub(upper, lower));
      local.set(lower, f64.sub(x, upper));
    };
    local.set(high, f64.mul(a, b));
    split(a, aHigh, aLow);
    split(b, bHigh, bLow);
    local.set(low, f64.sub(f64.mul(aHigh, bHigh), high));
    local.set(low, f64.add(low, f64.mul(aHigh, bLow)));
    local.set(low, f64.add(low, f64.mul(aLow, bHigh)));
    local.set(low, f64.add(low, f64.mul(aLow, bLow)));
    local.get(high);
    local.get(low);
    f64.const(0);
    f64.lt(f64.abs(a), f64.const(LARGEST_SPLIT));
    f64.lt(f64.abs(b), f64.const(LARGEST_SPLIT));
    i32.and();
    finite(high);
    i32.and();
    select();
  },
);

const add = func(
  { in: [f64, f64, f64, f64], locals: [f64, f64, f64, f64], out: [f64, f64] },
  ([aHigh, aLow, bHigh, bLow], [high, low, restHigh, restLow]) => {
    call(exactSum, [aHigh, bHigh]);
    take(high, low);
    call(exactSum, [aLow, bLow]);
    take(restHigh, restLow);
    call(quickSum, [high, f64.add(low, restHigh)]);
    take(high, low);
    call(quickSum, [high, f64.add(low, restLow)]);
  },
);

const multiply = func(
  { in: [f64, f64, f64, f64], locals: [f64, f64], out: [f64, f64] },
  ([aHigh, aLow, bHigh, bLow], [high, low]) => {
    call(exactProduct, [aHigh, bHigh]);
    take(high, low);
    i32.eqz(finite(high));
    leaveIf(high);
    local.set(aHigh, f64.mul(aHigh, bLow));
    local.set(aHigh, f64.add(aHigh, f64.mul(aLow, bHigh)));
    call(quickSum, [high, f64.add(low, aHigh)]);
  },
);

/** Takes b times x away from the two parts. */
function subtractProduct(high: Number, low: Number, b: readonly [Number, Number], x: Number): void {
  local.get(high);
  local.get(low);
  local.get(b[0]);
  local.get(b[1]);
  local.get(x);
  f64.const(0);
  call(multiply);
  take(high, low);
  local.get(high);
  f64.neg();
  local.get(low);
  f64.neg();
  call(add);
  take(high, low);
}

/** Leaves the function with (x, 0) where x is 0 or beyond the range. */
function leaveAtEnds(x: Number): void {
  i32.eqz(finite(x));
  f64.eq(x, f64.const(0));
  i32.or();
  leaveIf(x);
}

const divide = func(
  { in: [f64, f64, f64, f64], locals: [f64, f64], out: [f64, f64] },
  ([high, low, bHigh, bLow], [first, second]) => {
    local.set(first, f64.div(high, bHigh));
    leaveAtEnds(first);
    subtractProduct(high, low, [bHigh, bLow], first);
    local.set(second, f64.div(high, bHigh));
    subtractProduct(high, low, [bHigh, bLow], second);
    call(quickSum, [first, second]);
    f64.div(high, bHigh);
    f64.const(0);
    call(add);
  },
);

const squareRoot = func(
  { in: [f64, f64], locals: [f64, f64], out: [f64, f64] },
  ([high, low], [root, zero]) => {
    local.set(root, f64.sqrt(high));
    leaveAtEnds(root);
    subtractProduct(high, low, [root, zero], root);
    call(quickSum, [root, f64.div(high, f64.mul(root, f64.const(2)))]);
  },
);

const LOW = { offset: 8 };

/** Of two numbers in memory to a third: each two parts, one after the other. */
const inMemory = (operation: typeof add) =>
  func({ in: [i32, i32, i32], locals: [f64, f64], out: [] }, ([out, a, b], [high, low]) => {
    f64.load({}, a);
    f64.load(LOW, a);
    f64.load({}, b);
    f64.load(LOW, b);
    call(operation);
    take(high, low);
    f64.store({}, out, high);
    f64.store(LOW, out, low);
  });

export const addInMemory = inMemory(add);
export const multiplyInMemory = inMemory(multiply);
export const divideInMemory = inMemory(divide);

export const squareRootInMemory = func(
  { in: [i32, i32], locals: [f64, f64], out: [] },
  ([out, a], [high, low]) => {
    f64.load({}, a);
    f64.load(LOW, a);
    call(squareRoot);
    take(high, low);
    f64.store({}, out, high);
    f64.store(LOW, out, low);
  },
);
