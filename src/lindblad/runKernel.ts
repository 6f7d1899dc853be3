/**
 * What BoundSector does along its runs as WebAssembly: the same operations on each number in the same order, and so the
 * same to the last bit. One code serves all sectors: which numbers meet is data, a record for each run.
 */
import { br, f64, f64x2, func, i8x16, i32, if_, type Local, local, loop, v128 } from 'wasmati';
import { type Address, nothing, whileLess } from '../whileLess.js';
import { alongRuns, byFours, byTwos, loadNext, overRuns, setNext, WALK } from './alongRuns.js';
import {
  COUNT,
  ELEMENTS,
  ERRORS,
  IS_TABLE,
  LAST,
  LOST,
  RECORD,
  SIGN,
  TABLE,
} from './runRecords.js';

const NUMBER = 8;

/** Bytes of the first numbers of two vectors, and of the second ones. */
const [FIRST, SECOND] = [0, 1].map((n) =>
  [n, n + 2].flatMap((k) => Array.from({ length: NUMBER }, (_, byte) => NUMBER * k + byte)),
);

const ofRuns = [i32, i32, i32] as const;

const SUMS_OF_TERM = Array.from({ length: 6 }, () => f64);

/** add(begin, end, step): to ← to + sign · value */
export const add = func({ in: [...ofRuns], locals: [...WALK], out: [] }, (given, locals) =>
  alongRuns(locals, given, ({ to, sign, value }) => {
    f64.store({}, to, f64.add(f64.load({}, to), f64.mul(sign, value)));
  }),
);

/**
 * turn(from, to, end, step, rows, gap): what stands in rows up to an address, to where it stands in columns, with so
 * many bytes between them.
 */
export const turn = func(
  {
    in: [i32, i32, i32, i32, i32, i32],
    locals: [i32, i32, i32, i32, i32, i32, i32, v128, v128],
    out: [],
  },
  ([from, to, end, step, rows, gap], [at, last, count, left, other, column, twoSteps, a, b]) => {
    local.set(last, i32.add(from, rows));
    local.set(count, i32.div_u(i32.sub(i32.add(i32.sub(end, from), step), 1), step));
    local.set(column, i32.add(i32.mul(count, NUMBER), gap));
    local.set(twoSteps, i32.mul(step, 2));
    const next = () => {
      local.set(at, from);
      local.set(left, count);
    };
    // Two columns at a time, two rows of each.
    local.set(rows, i32.sub(last, NUMBER));
    whileLess(from, rows, 2 * NUMBER, () => {
      next();
      local.set(other, i32.add(to, column));
      const onward = [
        [at, twoSteps],
        [to, 2 * NUMBER],
        [other, 2 * NUMBER],
      ] as const;
      byTwos(
        left,
        () => undefined,
        onward,
        (isTwo) => {
          local.set(a, v128.load({}, at));
          if (!isTwo) {
            v128.store64_lane({}, 0, to, a);
            v128.store64_lane({}, 1, other, a);
            local.set(other, i32.add(other, NUMBER));
            return;
          }
          local.set(b, v128.load({}, i32.add(at, step)));
          v128.store({}, to, i8x16.shuffle(FIRST, a, b));
          v128.store({}, other, i8x16.shuffle(SECOND, a, b));
        },
      );
      local.set(to, i32.add(other, gap));
    });
    whileLess(from, last, NUMBER, () => {
      next();
      loop(nothing, (again) => {
        f64.store({}, to, f64.load({}, at));
        local.set(to, i32.add(to, NUMBER));
        local.set(at, i32.add(at, step));
        i32.lt_u(at, end);
        if_(nothing, () => br(again));
      });
      local.set(to, i32.add(to, gap));
    });
  },
);

/** addMagnitudes(begin, end, step): to ← to + |value · from| */
export const addMagnitudes = func(
  { in: [...ofRuns], locals: [...WALK], out: [] },
  (given, locals) =>
    alongRuns(locals, given, ({ from, to, value }) => {
      local.set(value, f64.mul(value, f64.load({}, from)));
      f64.store({}, to, f64.add(f64.load({}, to), f64.abs(value)));
    }),
);

/** addSizes(begin, end, step): to ← to + |value| */
export const addSizes = func({ in: [...ofRuns], locals: [...WALK], out: [] }, (given, locals) =>
  alongRuns(locals, given, ({ to, value }) => {
    f64.store({}, to, f64.add(f64.load({}, to), f64.abs(value)));
  }),
);

/** The sum of both lanes. */
const lanesOf = (two: Local<'v128'>) =>
  f64.add(f64x2.extract_lane(0, two), f64x2.extract_lane(1, two));

/** sizes(begin, end, step, out): of each run Σ |value · from| */
export const sizes = func(
  {
    in: [...ofRuns, i32],
    locals: [i32, i32, i32, i32, i32, i32, i32, i32, v128, v128, v128],
    out: [],
  },
  (
    [begin, end, step, out],
    [run, table, from, to, stride, left, twoStrides, twoSteps, value, x, sum],
  ) => {
    local.set(twoSteps, i32.mul(step, 2));
    overRuns([begin, end], { run, table, stride, left, from, to }, () => {
      local.set(twoStrides, i32.mul(stride, 2));
      local.set(sum, v128.const('f64x2', [0, 0]));
      const set = (isTwo: boolean) => {
        setNext(value, table, stride, isTwo);
        setNext(x, from, step, isTwo);
      };
      const onward = [
        [table, twoStrides],
        [from, twoSteps],
      ] as const;
      byTwos(left, set, onward, () => {
        local.set(sum, f64x2.add(sum, f64x2.abs(f64x2.mul(value, x))));
      });
      f64.store({}, out, lanesOf(sum));
      local.set(out, i32.add(out, NUMBER));
    });
  },
);

/**
 * fluxes(begin, end, step, apart, out): of each run Σ sign · value · w and Σ |lost · w| after it, of w = from · (to −
 * origin) where the origin is so many bytes apart from what is led from.
 */
export const fluxes = func(
  {
    in: [...ofRuns, i32, i32],
    locals: [i32, i32, i32, i32, i32, i32, i32, i32, v128, v128, v128, v128],
    out: [],
  },
  (
    [begin, end, step, apart, out],
    [run, table, from, to, origin, losses, stride, left, value, w, sum, lost],
  ) => {
    overRuns([begin, end], { run, table, stride, left, from, to }, () => {
      local.set(losses, i32.load({ offset: LOST }, run));
      local.set(origin, i32.add(from, apart));
      for (const part of [sum, lost]) local.set(part, v128.const('f64x2', [0, 0]));
      const onward = [
        ...[table, losses].map((at) => [at, stride] as const),
        ...[from, to, origin].map((at) => [at, step] as const),
      ];
      const setWeights = (isTwo: boolean) => {
        setNext(w, to, step, isTwo);
        setNext(value, origin, step, isTwo);
        local.set(w, f64x2.sub(w, value));
        setNext(value, from, step, isTwo);
        local.set(w, f64x2.mul(value, w));
      };
      byTwos(left, setWeights, [...onward, ...onward], (isTwo) => {
        setNext(value, table, stride, isTwo);
        local.set(sum, f64x2.add(sum, f64x2.mul(value, w)));
        setNext(value, losses, stride, isTwo);
        local.set(lost, f64x2.add(lost, f64x2.abs(f64x2.mul(value, w))));
      });
      f64.store({}, out, f64.mul(f64.load({ offset: SIGN }, run), lanesOf(sum)));
      f64.store({ offset: NUMBER }, out, lanesOf(lost));
      local.set(out, i32.add(out, 2 * NUMBER));
    });
  },
);

/** As BoundSector.resonance has it, of the blocks that runs lead from and to. */
export const resonance = func(
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

/** Σ of elements, of their magnitudes, and of what they are off by, in two lanes each. */
interface Sums {
  readonly sum: Local<'v128'>;
  readonly magnitude: Local<'v128'>;
  readonly lost: Local<'v128'>;
}

/**
 * Sums the elements of a term, or what they are times the numbers of a table.
 * @param element where they are put, and then their magnitudes, and what they are off by
 */
function sumElements(
  { sum, magnitude, lost }: Sums,
  element: Local<'v128'>,
  [term, left, x, dx]: readonly Address[],
  times?: { readonly at: Address; readonly value: Local<'v128'> },
): void {
  local.set(left, i32.load({ offset: COUNT }, term));
  local.set(x, i32.load({ offset: ELEMENTS }, term));
  local.set(dx, i32.load({ offset: ERRORS }, term));
  for (const part of [sum, magnitude, lost]) local.set(part, v128.const('f64x2', [0, 0]));
  const add = (to: Local<'v128'>) => local.set(to, f64x2.add(to, element));
  byFours(left, times === undefined ? [x, dx] : [times.at, x, dx], (isTwo, offset) => {
    local.set(element, loadNext(x, isTwo, offset));
    if (times !== undefined) {
      local.set(times.value, loadNext(times.at, isTwo, offset));
      local.set(element, f64x2.mul(times.value, element));
    }
    add(sum);
    local.set(element, f64x2.abs(element));
    add(magnitude);
    local.set(element, loadNext(dx, isTwo, offset));
    if (times !== undefined) local.set(element, f64x2.mul(f64x2.abs(times.value), element));
    add(lost);
  });
}

/** elementSums(begin, end, out): of terms without tables Σ elements, Σ |elements|, and Σ of what they are off by. */
export const elementSums = func(
  {
    in: [i32, i32, i32],
    locals: [i32, i32, i32, i32, v128, v128, v128, v128],
    out: [],
  },
  ([begin, end, out], [term, left, x, dx, sum, magnitude, lost, element]) => {
    local.set(term, begin);
    whileLess(term, end, RECORD, () => {
      sumElements({ sum, magnitude, lost }, element, [term, left, x, dx]);
      [sum, magnitude, lost].forEach((part, n) => {
        f64.store({ offset: NUMBER * n }, out, lanesOf(part));
      });
      local.set(out, i32.add(out, 3 * NUMBER));
    });
  },
);

/**
 * means(begin, end, rounding, out): of terms, each mean and its error after it, one mean after another; as
 * `meanOf` has them. Of terms without tables the elements are summed already.
 */
export const means = func(
  {
    in: [i32, i32, f64, i32],
    locals: [i32, i32, i32, i32, i32, v128, v128, v128, v128, v128, ...SUMS_OF_TERM],
    out: [],
  },
  (
    [begin, end, rounding, out],
    [term, at, x, dx, left, sum, magnitude, lost, value, element, ...numbers],
  ) => {
    const [weight, all, allMagnitudes, allLost, total, error] = numbers as Local<'f64'>[];
    local.set(term, begin);
    whileLess(term, end, RECORD, () => {
      local.set(at, i32.load({ offset: TABLE }, term));
      local.set(weight, f64.load({ offset: SIGN }, term));
      i32.load({ offset: IS_TABLE }, term);
      if_(
        nothing,
        () => {
          const sums = { sum, magnitude, lost };
          sumElements(sums, element, [term, left, x, dx], { at, value });
          local.set(all, lanesOf(sum));
          local.set(allMagnitudes, lanesOf(magnitude));
          local.set(allLost, lanesOf(lost));
        },
        () => {
          local.set(x, i32.load({ offset: ELEMENTS }, term));
          local.set(all, f64.mul(f64.load({}, x), f64.load({}, at)));
          [allMagnitudes, allLost].forEach((part, n) => {
            f64.load({ offset: NUMBER * (n + 1) }, x);
            f64.abs(f64.load({}, at));
            f64.mul();
            local.set(part);
          });
        },
      );
      local.set(total, f64.add(total, f64.mul(weight, all)));
      f64.mul(f64.mul(rounding, f64.abs(weight)), allMagnitudes);
      local.get(allLost);
      f64.add();
      local.get(error);
      f64.add();
      local.set(error);
      i32.load({ offset: LAST }, term);
      if_(nothing, () => {
        f64.store({}, out, total);
        f64.store({ offset: NUMBER }, out, error);
        local.set(out, i32.add(out, 2 * NUMBER));
        for (const sum of [total, error]) local.set(sum, f64.const(0));
      });
    });
  },
);
