/**
 * coherenceErrors.ts as WebAssembly, and norms: the same operations on each number in the same order, and so the same to
 * the last bit. Places are addresses, distances bytes. Behind the last row of a band, and the last bound, there is room
 * for as many as one row reaches, which is 0.
 */
import { call, f64, f64x2, func, i32, if_, local, return_, v128 } from 'wasmati';
import { type Address, nothing, whileLess } from '../whileLess.js';
import { setTwo } from './alongRuns.js';

const NUMBER = 8;

/** hypotenuse(h, v), as functions.ts has it. */
const hypotenuse = func({ in: [f64, f64], locals: [f64], out: [f64] }, ([h, v], [larger]) => {
  local.set(h, f64.abs(h));
  local.set(v, f64.abs(v));
  local.set(larger, f64.max(h, v));
  i32.or(f64.eq(larger, 0), f64.eq(larger, Number.POSITIVE_INFINITY));
  if_(nothing, () => {
    local.get(larger);
    return_();
  });
  local.set(h, f64.div(h, larger));
  local.set(v, f64.div(v, larger));
  f64.mul(f64.sqrt(f64.add(f64.mul(h, h), f64.mul(v, v))), larger);
});

/**
 * squares(at, first, pairs, vector): Σx² of two matrices, in which each number of a pair counts twice, of the second one
 * in the upper lane. Their vectors stand one after another, each unknown by unknown: the first unknown's numbers end at
 * `first`, those of pairs are so many bytes.
 */
export const squares = func(
  { in: [i32, i32, i32, i32], locals: [i32, i32, i32, i32, v128, v128], out: [v128] },
  ([at, first, pairs, vector], [here, inPairs, end, unknown, x, sum]) => {
    local.set(unknown, i32.sub(first, at));
    whileLess(at, first, NUMBER, () => {
      local.set(here, at);
      local.set(inPairs, i32.add(at, pairs));
      local.set(end, i32.add(at, vector));
      const set = () => setTwo(x, here, vector);
      const add = () => local.set(sum, f64x2.add(sum, f64x2.mul(x, x)));
      whileLess(here, inPairs, unknown, () => {
        set();
        local.set(x, f64x2.mul(x, v128.const('f64x2', [Math.SQRT2, Math.SQRT2])));
        add();
      });
      whileLess(here, end, unknown, () => {
        set();
        add();
      });
    });
    local.get(sum);
  },
);

/** ofPopulations(x, end, errors, width, paired, relative): what is lost of populations, relative to themselves. */
export const ofPopulations = func(
  { in: [i32, i32, i32, i32, i32, f64], locals: [i32], out: [] },
  ([x, end, errors, width, paired, relative], [ofSite]) => {
    whileLess(x, end, 0, () => {
      local.set(ofSite, i32.add(x, width));
      local.set(x, i32.add(x, paired));
      local.set(errors, i32.add(errors, paired));
      whileLess(x, ofSite, NUMBER, () => {
        f64.store({}, errors, f64.mul(relative, f64.abs(f64.load({}, x))));
        local.set(errors, i32.add(errors, NUMBER));
      });
    });
  },
);

/** Runs the body for each pair of each site; then what is left of the site is passed over. */
function forPairs(
  {
    at,
    end,
    width,
    paired,
    ofSite,
  }: Readonly<Record<'at' | 'end' | 'width' | 'paired' | 'ofSite', Address>>,
  onward: readonly (readonly [address: Address, byPair: number])[],
  body: () => void,
): void {
  whileLess(at, end, 0, () => {
    local.set(ofSite, i32.add(at, paired));
    whileLess(at, ofSite, 2 * NUMBER, () => {
      body();
      for (const [address, byPair] of onward) local.set(address, i32.add(address, byPair));
    });
    local.set(ofSite, i32.sub(width, paired));
    local.set(at, i32.add(at, ofSite));
    for (const [address, byPair] of onward) {
      // Others have so many numbers of a site for each of the vector's; those of pairs alone have none left.
      if (byPair === 2 * NUMBER) local.set(address, i32.add(address, ofSite));
      if (byPair === 4 * NUMBER) local.set(address, i32.add(address, i32.mul(ofSite, 2)));
    }
  });
}

const number = (address: Address, n = 0) => f64.load({ offset: NUMBER * n }, address);

/**
 * system(magnitudes, end, width, paired, blocks, row, bound, diagonal, relative): the diagonal of the equations for
 * moduli, and their right-hand sides.
 */
export const system = func(
  {
    in: [i32, i32, i32, i32, i32, i32, i32, i32, f64],
    locals: [i32, f64, f64],
    out: [],
  },
  (
    [magnitudes, end, width, paired, blocks, row, bound, diagonal, relative],
    [ofSite, turning, mirroring],
  ) => {
    const pairs = { at: magnitudes, end, width, paired, ofSite };
    forPairs(pairs, [[blocks, 4 * NUMBER]], () => {
      i32.or(f64.ne(number(magnitudes), 0), f64.ne(number(magnitudes, 1), 0));
      if_(
        nothing,
        () => {
          f64.add(number(blocks), number(blocks, 3));
          f64.sub(number(blocks, 2), number(blocks, 1));
          call(hypotenuse);
          local.set(turning);
          f64.sub(number(blocks), number(blocks, 3));
          f64.add(number(blocks, 1), number(blocks, 2));
          call(hypotenuse);
          local.set(mirroring);
          f64.store({}, diagonal, f64.mul(f64.abs(f64.sub(turning, mirroring)), 0.5));
          number(magnitudes);
          number(magnitudes, 1);
          call(hypotenuse);
          local.set(turning);
          f64.store({}, bound, f64.mul(relative, turning));
        },
        () => {
          f64.store({}, diagonal, f64.const(1));
          f64.store({}, bound, f64.const(0));
        },
      );
      local.set(bound, i32.add(bound, NUMBER));
      local.set(diagonal, i32.add(diagonal, row));
    });
  },
);

/** couplings(band, end, other): −max of both in place of the first, two at a time. */
export const couplings = func(
  { in: [i32, i32, i32], locals: [], out: [] },
  ([band, end, other]) => {
    whileLess(band, end, 2 * NUMBER, () => {
      const [a, b] = [band, other].map((at) => () => v128.load({}, at));
      v128.store({}, band, f64x2.neg(f64x2.max(a(), b())));
      local.set(other, i32.add(other, 2 * NUMBER));
    });
  },
);

/**
 * solve(diagonal, bound, end, row, reach): the moduli in place of the right-hand sides, which end there. Returns 0 where
 * they have no solution.
 */
export const solve = func(
  {
    in: [i32, i32, i32, i32, i32],
    locals: [i32, i32, i32, i32, i32, i32, i32, i32, f64, f64],
    out: [i32],
  },
  (
    [diagonal, bound, end, row, reach],
    [begin, down, at, last, target, left, right, lastRight, factor, pivot],
  ) => {
    local.set(begin, bound);
    local.set(down, i32.sub(row, NUMBER));
    whileLess(bound, end, NUMBER, () => {
      local.set(pivot, number(diagonal));
      i32.eqz(f64.gt(pivot, 0));
      if_(nothing, () => {
        i32.const(0);
        return_();
      });
      local.set(at, i32.add(diagonal, down));
      local.set(last, i32.add(diagonal, i32.mul(reach, down)));
      local.set(last, i32.add(last, NUMBER));
      local.set(target, bound);
      whileLess(at, last, down, () => {
        local.set(target, i32.add(target, NUMBER));
        local.set(factor, f64.div(number(at), pivot));
        f64.ne(factor, 0);
        if_(nothing, () => {
          local.set(left, i32.add(at, NUMBER));
          local.set(right, i32.add(diagonal, NUMBER));
          local.set(lastRight, i32.add(right, i32.mul(reach, NUMBER)));
          whileLess(right, lastRight, NUMBER, () => {
            f64.store({}, left, f64.sub(number(left), f64.mul(factor, number(right))));
            local.set(left, i32.add(left, NUMBER));
          });
          f64.store({}, target, f64.sub(number(target), f64.mul(factor, number(bound))));
        });
      });
      local.set(diagonal, i32.add(diagonal, row));
    });
    whileLess(begin, bound, 0, () => {
      local.set(bound, i32.sub(bound, NUMBER));
      local.set(diagonal, i32.sub(diagonal, row));
      local.set(factor, number(bound));
      local.set(left, i32.add(diagonal, NUMBER));
      local.set(right, i32.add(bound, NUMBER));
      local.set(last, i32.add(left, i32.mul(reach, NUMBER)));
      whileLess(left, last, NUMBER, () => {
        local.set(factor, f64.sub(factor, f64.mul(number(left), number(right))));
        local.set(right, i32.add(right, NUMBER));
      });
      f64.store({}, bound, f64.div(factor, number(diagonal)));
    });
    i32.const(1);
  },
);

/** spread(errors, end, width, paired, bound): to both parts of each pair its modulus. */
export const spread = func(
  { in: [i32, i32, i32, i32, i32], locals: [i32], out: [] },
  ([errors, end, width, paired, bound], [ofSite]) =>
    forPairs({ at: errors, end, width, paired, ofSite }, [[bound, NUMBER]], () => {
      f64.store({}, errors, number(bound));
      f64.store({ offset: NUMBER }, errors, number(bound));
    }),
);

/**
 * refine(errors, end, width, paired, magnitudes, among, blocks, ofEquation, worth): errors of real and imaginary parts
 * by those of their neighbours, where these are smaller. Returns whether one is by as much as is worth it.
 */
export const refine = func(
  {
    in: [i32, i32, i32, i32, i32, i32, i32, f64, f64],
    locals: [i32, i32, f64, f64, f64, f64],
    out: [i32],
  },
  (
    [errors, end, width, paired, magnitudes, among, blocks, ofEquation, worth],
    [ofSite, isBetter, u, w, v, determinant],
  ) => {
    const pairs = { at: errors, end, width, paired, ofSite };
    const onward = [
      [magnitudes, 2 * NUMBER],
      [among, 2 * NUMBER],
      [blocks, 4 * NUMBER],
    ] as const;
    const size = (n: number) => f64.abs(number(blocks, n));
    const bounded = (n: number) =>
      f64.add(f64.mul(ofEquation, number(magnitudes, n)), number(among, n));
    /** In place of v, which is needed no more after it. */
    const lessen = (n: number) => {
      f64.lt(v, f64.mul(worth, number(errors, n)));
      local.get(isBetter);
      i32.or();
      local.set(isBetter);
      f64.lt(v, number(errors, n));
      if_(nothing, () => f64.store({ offset: NUMBER * n }, errors, v));
    };
    forPairs(pairs, onward, () => {
      i32.or(f64.ne(number(magnitudes), 0), f64.ne(number(magnitudes, 1), 0));
      if_(nothing, () => {
        local.set(u, bounded(0));
        local.set(w, bounded(1));
        f64.mul(number(blocks), number(blocks, 3));
        f64.mul(number(blocks, 1), number(blocks, 2));
        f64.sub();
        f64.abs();
        local.set(determinant);
        for (const [n, a, b] of [
          [0, 3, 1],
          [1, 2, 0],
        ] as const) {
          local.set(v, f64.add(f64.mul(size(a), u), f64.mul(size(b), w)));
          local.set(v, f64.div(v, determinant));
          lessen(n);
        }
      });
    });
    local.get(isBetter);
  },
);
