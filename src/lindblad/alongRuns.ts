/** Loops of WebAssembly along runs, whose records are as runRecords.ts has them. */
import { br, f64, f64x2, i32, if_, type Local, local, loop, v128 } from 'wasmati';
import { type Address, nothing, whileLess } from '../whileLess.js';
import { COUNT, FROM, RECORD, SIGN, STRIDE, TABLE, TO } from './runRecords.js';

/** Where the record of a run is, and what is read from it. */
interface RunLocals {
  readonly run: Address;
  readonly table: Address;
  readonly left: Address;
  readonly from: Address;
  readonly to: Address;
  /** Where the distance of a table's numbers is asked for. */
  readonly stride?: Address;
}

/** Runs the body for each record from one address to another, with its parts in these locals. */
export function overRuns(
  [begin, end]: readonly [begin: Address, end: Address],
  { run, table, left, from, to, stride }: RunLocals,
  body: () => void,
): void {
  local.set(run, begin);
  whileLess(run, end, RECORD, () => {
    const parts = [
      [table, TABLE],
      [left, COUNT],
      [from, FROM],
      [to, TO],
    ] as const;
    for (const [part, offset] of parts) local.set(part, i32.load({ offset }, run));
    if (stride !== undefined) local.set(stride, i32.load({ offset: STRIDE }, run));
    body();
  });
}

/** Bytes of two numbers. */
const TWO = 16;

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
  overRuns([begin, end], { run, table, stride, left, from, to }, () => {
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

/** Two numbers at a distance in one vector. */
export function setTwo(two: Local<'v128'>, at: Address, distance: Address): void {
  local.set(two, v128.load64_zero({}, at));
  local.set(two, v128.load64_lane({}, 1, i32.add(at, distance), two));
}

/** The same, or the first one alone. */
export function setNext(two: Local<'v128'>, at: Address, distance: Address, isTwo: boolean): void {
  if (isTwo) setTwo(two, at, distance);
  else local.set(two, v128.load64_zero({}, at));
}

/**
 * Runs the body as long as so many are left: for two numbers at once, and at last for a single one.
 * @param set puts the numbers into vectors
 * @param onward addresses, and by how many bytes each goes on for two
 */
export function byTwos(
  left: Address,
  set: (isTwo: boolean) => void,
  onward: readonly (readonly [at: Address, by: Address | number])[],
  body: (isTwo: boolean) => void,
): void {
  loop(nothing, (again) => {
    i32.gt_u(left, 1);
    if_(nothing, () => {
      set(true);
      body(true);
      for (const [at, by] of onward) local.set(at, i32.add(at, by));
      local.set(left, i32.sub(left, 2));
      br(again);
    });
  });
  local.get(left);
  if_(nothing, () => {
    set(false);
    body(false);
  });
}

/**
 * The same for numbers that stand side by side, for four at once as long as there are as many.
 * @param places addresses of numbers
 * @param body at a distance from them, in bytes
 */
export function byFours(
  left: Address,
  places: readonly Address[],
  body: (isTwo: boolean, offset: number) => void,
): void {
  loop(nothing, (again) => {
    i32.gt_u(left, 3);
    if_(nothing, () => {
      for (const offset of [0, TWO]) body(true, offset);
      for (const at of places) local.set(at, i32.add(at, 2 * TWO));
      local.set(left, i32.sub(left, 4));
      br(again);
    });
  });
  const onward = places.map((at) => [at, TWO] as const);
  byTwos(
    left,
    () => undefined,
    onward,
    (isTwo) => body(isTwo, 0),
  );
}

/** Two numbers that stand side by side, or the first one alone and 0. */
export const loadNext = (at: Address, isTwo: boolean, offset = 0) =>
  isTwo ? v128.load({ offset }, at) : v128.load64_zero({ offset }, at);

/** Stores two numbers side by side, or the first one alone. */
export function storeNext(at: Address, value: Local<'v128'>, isTwo: boolean, offset = 0): void {
  if (isTwo) v128.store({ offset }, at, value);
  else v128.store64_lane({ offset }, 0, at, value);
}

/** at ← at + value of two numbers that stand side by side, or of the first one alone. The value is lost. */
export function addNext(at: Address, value: Local<'v128'>, isTwo: boolean, offset = 0): void {
  local.set(value, f64x2.add(loadNext(at, isTwo, offset), value));
  storeNext(at, value, isTwo, offset);
}
