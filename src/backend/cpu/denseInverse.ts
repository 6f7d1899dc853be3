/** Inverses of dense blocks in WebAssembly, two numbers at a time: row-major, of an order that is a multiple of four. */
import {
  br,
  call,
  f64,
  f64x2,
  func,
  i32,
  if_,
  type Local,
  local,
  loop,
  return_,
  v128,
} from 'wasmati';
import { nothing, whileLess } from '../../whileLess.js';

/** A pivot smaller than this share of the matrix's largest entry is rounding. */
const SMALLEST_PIVOT = 1e-16;
/** Columns that are eliminated at once. */
export const PANEL = 4;

type Vector = Local<'v128'>;

const panelIndices = Array.from({ length: PANEL }, (_, t) => t);

/** swap(a, b, bytes): exchanges two rows. */
const swapRows = func(
  { in: [i32, i32, i32], locals: [i32, v128], out: [] },
  ([a, b, bytes], [end, kept]) => {
    local.set(end, i32.add(a, bytes));
    whileLess(a, end, 16, () => {
      local.set(kept, v128.load({}, a));
      v128.store({}, a, v128.load({}, b));
      v128.store({}, b, kept);
      local.set(b, i32.add(b, 16));
    });
  },
);

/**
 * updateOthers(a, end, bytes, row, column, packed): rows of the panel that begins at `row`, in whose own columns
 * Gauss and Jordan are through, are replaced by what they are worth elsewhere, and added to all others.
 */
const updateOthers = func(
  {
    in: [i32, i32, i32, i32, i32, i32],
    locals: [i32, i32, i32, i32, v128, v128, v128, v128, v128, v128],
    out: [],
  },
  ([a, end, bytes, row, column, packed], [from, to, at, stop, v, w, ...factors]) => {
    // The panel's rows, their four numbers of a column side by side; 0 where the panel itself is.
    panelIndices.forEach((t) => {
      local.set(from, i32.add(row, i32.mul(bytes, t)));
      local.set(stop, i32.add(from, bytes));
      local.set(to, i32.add(packed, 16 * t));
      local.set(at, i32.add(from, column));
      local.set(v, v128.load({}, at));
      local.set(w, v128.load({ offset: 16 }, at));
      whileLess(from, stop, 16, () => {
        v128.store({}, to, v128.load({}, from));
        v128.store({}, from, v128.const('f64x2', [0, 0]));
        local.set(to, i32.add(to, 16 * PANEL));
      });
      v128.store({}, at, v);
      v128.store({ offset: 16 }, at, w);
      local.set(to, i32.add(packed, i32.mul(column, PANEL)));
      v128.store({ offset: 16 * t }, to, v128.const('f64x2', [0, 0]));
      v128.store({ offset: 16 * (t + PANEL) }, to, v128.const('f64x2', [0, 0]));
    });
    whileLess(a, end, bytes, () => {
      local.set(from, i32.add(a, column));
      factors.forEach((factor, t) => {
        local.set(factor, v128.load64_splat({ offset: 8 * t }, from));
      });
      local.set(to, packed);
      local.set(at, a);
      local.set(stop, i32.add(a, bytes));
      whileLess(at, stop, 32, () => {
        local.set(v, v128.load({}, at));
        local.set(w, v128.load({ offset: 16 }, at));
        factors.forEach((factor, t) => {
          local.set(v, f64x2.add(v, f64x2.mul(factor, v128.load({ offset: 16 * t }, to))));
          local.set(
            w,
            f64x2.add(w, f64x2.mul(factor, v128.load({ offset: 16 * (t + PANEL) }, to))),
          );
        });
        v128.store({}, at, v);
        v128.store({ offset: 16 }, at, w);
        local.set(to, i32.add(to, 32 * PANEL));
      });
    });
  },
);

/**
 * invert(a, n, packed, pivots): replaces a block by its inverse, by Gauss–Jordan elimination with partial
 * pivoting; 1 where it is singular. `packed` is room for four rows, `pivots` for n words.
 */
export const invert = func(
  {
    in: [i32, i32, i32, i32],
    locals: [i32, i32, i32, i32, i32, i32, i32, i32, f64, f64, f64, v128, v128, v128, v128],
    out: [i32],
  },
  (
    [a, n, packed, pivots],
    [bytes, end, row, column, own, best, at, other, smallest, size, here, p, q, f, v],
  ) => {
    local.set(bytes, i32.shl(n, 3));
    local.set(end, i32.add(a, i32.mul(bytes, n)));
    local.set(at, a);
    local.set(v, v128.const('f64x2', [0, 0]));
    whileLess(at, end, 16, () => {
      local.set(v, f64x2.pmax(v, f64x2.abs(v128.load({}, at))));
    });
    local.set(
      smallest,
      f64.mul(f64.max(f64x2.extract_lane(0, v), f64x2.extract_lane(1, v)), SMALLEST_PIVOT),
    );

    local.set(row, a);
    local.set(column, i32.const(0));
    whileLess(column, bytes, 8 * PANEL, () => {
      panelIndices.forEach((t) => {
        local.set(own, i32.add(row, i32.mul(bytes, t)));
        local.set(size, f64.const(0));
        local.set(at, own);
        whileLess(at, end, bytes, () => {
          local.set(here, f64.abs(f64.load({ offset: 8 * t }, i32.add(at, column))));
          f64.gt(here, size);
          if_(nothing, () => {
            local.set(size, here);
            local.set(best, at);
          });
        });
        i32.eqz(f64.gt(size, smallest));
        if_(nothing, () => {
          i32.const(1);
          return_();
        });
        // In bytes, as a column.
        i32.store(
          { offset: 4 * t },
          i32.add(pivots, i32.shr_u(column, 1)),
          i32.shl(i32.div_u(i32.sub(best, a), bytes), 3),
        );
        i32.ne(best, own);
        if_(nothing, () => call(swapRows, [own, best, bytes]));

        // The four columns of the panel are p and q; the pivot's is overwritten by the inverse's.
        const [mine, lane] = [t >> 1, (t & 1) as 0 | 1];
        const withLane = (x: Vector, value: number) => {
          local.set(x, f64x2.replace_lane(lane, x, f64.const(value)));
        };
        local.set(at, i32.add(own, column));
        local.set(f, f64x2.splat(f64.div(1, f64.load({ offset: 8 * t }, at))));
        local.set(p, v128.load({}, at));
        local.set(q, v128.load({ offset: 16 }, at));
        withLane(mine === 0 ? p : q, 1);
        local.set(p, f64x2.mul(p, f));
        local.set(q, f64x2.mul(q, f));
        v128.store({}, at, p);
        v128.store({ offset: 16 }, at, q);
        local.set(at, a);
        whileLess(at, end, bytes, () => {
          i32.ne(at, own);
          if_(nothing, () => {
            local.set(other, i32.add(at, column));
            local.set(f, v128.load64_splat({ offset: 8 * t }, other));
            [p, q].forEach((pivot, half) => {
              local.set(v, v128.load({ offset: 16 * half }, other));
              if (half === mine) withLane(v, 0);
              v128.store({ offset: 16 * half }, other, f64x2.sub(v, f64x2.mul(f, pivot)));
            });
          });
        });
      });
      call(updateOthers, [a, end, bytes, row, column, packed]);
      local.set(row, i32.add(row, i32.mul(bytes, PANEL)));
    });

    // Rows that were exchanged are columns of the inverse to exchange, the last first.
    loop(nothing, (again) => {
      local.set(column, i32.sub(column, 8));
      local.set(other, i32.load({}, i32.add(pivots, i32.shr_u(column, 1))));
      i32.ne(other, column);
      if_(nothing, () => {
        local.set(at, a);
        whileLess(at, end, bytes, () => {
          local.set(size, f64.load({}, i32.add(at, column)));
          f64.store({}, i32.add(at, column), f64.load({}, i32.add(at, other)));
          f64.store({}, i32.add(at, other), size);
        });
      });
      local.get(column);
      if_(nothing, () => br(again));
    });
    i32.const(0);
  },
);
