/**
 * coherenceErrors.ts as WebAssembly, and norms: the same operations on each number in the same order, and so the same to
 * the last bit. Places are addresses, distances bytes. Behind the last row of a band, and the last bound, there is room
 * for as many as one row reaches, which is 0.
 */
import { f64, f64x2, func, i32, i64x2, if_, type Local, local, return_, v128 } from 'wasmati';
import { LEAST_SQUARE } from '../norm.js';
import { type Address, nothing, whileLess } from '../whileLess.js';
import { byTwos, setTwo } from './alongRuns.js';

const NUMBER = 8;

type Two = Local<'v128'>;

const both = (value: number) => v128.const('f64x2', [value, value]);

/** Sets √(h² + v²) as functions.ts has it, twice; h and v are lost. */
function setHypotenuse(to: Two, h: Two, v: Two, larger: Two): void {
  local.set(h, f64x2.abs(h));
  local.set(v, f64x2.abs(v));
  local.set(larger, f64x2.max(h, v));
  local.set(h, f64x2.div(h, larger));
  local.set(v, f64x2.div(v, larger));
  local.set(to, f64x2.mul(f64x2.sqrt(f64x2.add(f64x2.mul(h, h), f64x2.mul(v, v))), larger));
  local.set(h, f64x2.eq(larger, both(0)));
  local.set(h, v128.or(h, f64x2.eq(larger, both(Number.POSITIVE_INFINITY))));
  local.set(to, v128.bitselect(larger, to, h));
}

/** Sets √(h² + v²) as coherenceErrors.ts has it, twice; h and v are lost. */
function setModulus(
  to: Two,
  h: Two,
  v: Two,
  { larger, root, isQuick }: Readonly<Record<'larger' | 'root' | 'isQuick', Two>>,
): void {
  local.set(root, f64x2.add(f64x2.mul(h, h), f64x2.mul(v, v)));
  f64x2.gt(root, both(LEAST_SQUARE));
  f64x2.lt(root, both(Number.POSITIVE_INFINITY));
  v128.and();
  f64x2.eq(h, both(0));
  f64x2.eq(v, both(0));
  v128.and();
  v128.or();
  local.set(isQuick);
  local.set(root, f64x2.sqrt(root));
  i64x2.all_true(isQuick);
  if_(
    nothing,
    () => local.set(to, root),
    () => {
      setHypotenuse(to, h, v, larger);
      local.set(to, v128.bitselect(root, to, isQuick));
    },
  );
}

/**
 * squares(at, first, pairs, vector): Σx² of two matrices, in which each number of a pair counts twice, of the second one
 * in the upper lane. Their vectors stand one after another, each unknown by unknown: the first unknown's numbers end at
 * `first`, those of pairs are so many bytes.
 */
export const squares = func(
  { in: [i32, i32, i32, i32], locals: [i32, i32, i32, i32, v128, v128, v128], out: [v128] },
  ([at, first, pairs, vector], [here, inPairs, end, unknown, x, sum, other]) => {
    local.set(unknown, i32.sub(first, at));
    // Every other number has a sum of its own: an addition does not wait for the one before.
    const add = (to: Two, isPaired: boolean) => {
      setTwo(x, here, vector);
      if (isPaired) local.set(x, f64x2.mul(x, both(Math.SQRT2)));
      local.set(to, f64x2.add(to, f64x2.mul(x, x)));
      local.set(here, i32.add(here, unknown));
    };
    whileLess(at, first, NUMBER, () => {
      local.set(here, at);
      local.set(inPairs, i32.add(at, pairs));
      local.set(end, i32.add(at, vector));
      whileLess(here, inPairs, 0, () => {
        for (const to of [sum, other]) add(to, true);
      });
      local.set(inPairs, i32.sub(end, unknown));
      whileLess(here, inPairs, 0, () => {
        for (const to of [sum, other]) add(to, false);
      });
      whileLess(here, end, 0, () => add(sum, false));
    });
    f64x2.add(sum, other);
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

/** Where numbers of a pair are: of the first one of a site, from site to site, and from pair to pair within one. */
interface PairPlaces {
  readonly first: Address;
  readonly bySite: Address;
  readonly byPair: Address | number;
  /** Of the pair at hand. */
  readonly at: Address;
}

/** Runs the body for pairs of all sites, two neighbouring sites' at a time. @param paired of a site, in bytes of a vector */
function forPairs(
  [vector, ...others]: readonly PairPlaces[],
  { sites, paired, left, last }: Readonly<Record<'sites' | 'paired' | 'left' | 'last', Address>>,
  body: (isTwo: boolean) => void,
): void {
  const places = [vector, ...others];
  local.set(last, i32.add(vector.first, paired));
  whileLess(vector.first, last, vector.byPair, () => {
    for (const { at, first } of places) local.set(at, first);
    local.set(left, sites);
    const onward = places.flatMap(({ at, bySite }) => [
      [at, bySite] as const,
      [at, bySite] as const,
    ]);
    byTwos(left, () => undefined, onward, body);
    for (const { first, byPair } of others) local.set(first, i32.add(first, byPair));
  });
}

/** Sets the n-th number of a pair and that of the next site's, or 0. */
function setPair(to: Two, { at, bySite }: PairPlaces, n: number, isTwo: boolean): void {
  const place = { offset: NUMBER * n };
  local.set(to, v128.load64_zero(place, at));
  if (isTwo) local.set(to, v128.load64_lane(place, 1, i32.add(at, bySite), to));
}

/** The same of all numbers of a pair. */
const setPairs = (to: readonly Two[], places: PairPlaces, isTwo: boolean) => {
  for (const [n, part] of to.entries()) setPair(part, places, n, isTwo);
};

function putPair(from: Two, { at, bySite }: PairPlaces, n: number, isTwo: boolean): void {
  const place = { offset: NUMBER * n };
  v128.store64_lane(place, 0, at, from);
  if (isTwo) v128.store64_lane(place, 1, i32.add(at, bySite), from);
}

/** Sets whether there are numbers of a pair, by their magnitudes. */
const setIsThere = (to: Two, re: Two, im: Two) =>
  local.set(to, v128.or(f64x2.ne(re, both(0)), f64x2.ne(im, both(0))));

const number = (address: Address, n = 0) => f64.load({ offset: NUMBER * n }, address);

const TWOS = Array.from({ length: 12 }, () => v128);

/**
 * system(magnitudes, end, width, paired, blocks, row, bound, diagonal, relative): the diagonal of the equations for
 * moduli, and their right-hand sides.
 */
export const system = func(
  {
    in: [i32, i32, i32, i32, i32, i32, i32, i32, f64],
    locals: [i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, ...TWOS, v128, v128],
    out: [],
  },
  (
    [magnitudes, end, width, paired, blocks, row, bound, diagonal, relative],
    [sites, last, left, twoWidths, bounds, rows, atSize, atBlock, atBound, atRow, ...twos],
  ) => {
    const [a, b, c, d, h, v, turning, mirroring, re, im, isThere, ...others] = twos as Two[];
    const [larger, root, isQuick] = others;
    const by = { larger, root, isQuick };
    local.set(sites, i32.div_u(i32.sub(end, magnitudes), width));
    local.set(twoWidths, i32.mul(width, 2));
    local.set(bounds, i32.div_u(paired, 2));
    local.set(rows, i32.mul(row, i32.div_u(paired, 2 * NUMBER)));
    const sizes = { first: magnitudes, bySite: width, byPair: 2 * NUMBER, at: atSize };
    const ofBlocks = { first: blocks, bySite: twoWidths, byPair: 4 * NUMBER, at: atBlock };
    const ofBounds = { first: bound, bySite: bounds, byPair: NUMBER, at: atBound };
    const ofRows = { first: diagonal, bySite: rows, byPair: row, at: atRow };
    forPairs([sizes, ofBlocks, ofBounds, ofRows], { sites, paired, left, last }, (isTwo) => {
      setPairs([a, b, c, d], ofBlocks, isTwo);
      local.set(h, f64x2.add(a, d));
      local.set(v, f64x2.sub(c, b));
      setModulus(turning, h, v, by);
      local.set(h, f64x2.sub(a, d));
      local.set(v, f64x2.add(b, c));
      setModulus(mirroring, h, v, by);
      setPairs([re, im], sizes, isTwo);
      setIsThere(isThere, re, im);
      local.set(h, f64x2.mul(f64x2.abs(f64x2.sub(turning, mirroring)), both(0.5)));
      local.set(h, v128.bitselect(h, both(1), isThere));
      putPair(h, ofRows, 0, isTwo);
      setModulus(turning, re, im, by);
      local.set(h, f64x2.mul(f64x2.splat(relative), turning));
      local.set(h, v128.bitselect(h, both(0), isThere));
      putPair(h, ofBounds, 0, isTwo);
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

/** Leaves the function where the bounds have no solution. */
function unlessPositive(pivot: Local<'f64'>): void {
  i32.eqz(f64.gt(pivot, 0));
  if_(nothing, () => {
    i32.const(0);
    return_();
  });
}

/**
 * solveNext(diagonal, bound, end): as `solve` where a row reaches its neighbours alone. Each step waits for the one
 * before, so that nothing is read back from memory.
 */
export const solveNext = func(
  { in: [i32, i32, i32], locals: [i32, f64, f64, f64, f64, f64], out: [i32] },
  ([diagonal, bound, end], [begin, pivot, here, factor, beyond, next]) => {
    const row = 3 * NUMBER;
    local.set(begin, bound);
    local.set(pivot, number(diagonal));
    local.set(here, number(bound));
    whileLess(bound, end, NUMBER, () => {
      unlessPositive(pivot);
      local.set(factor, f64.div(number(diagonal, 2), pivot));
      f64.store({}, diagonal, f64.div(1, pivot));
      f64.store({}, bound, here);
      local.set(pivot, number(diagonal, 3));
      local.set(next, number(bound, 1));
      f64.ne(factor, 0);
      if_(nothing, () => {
        local.set(pivot, f64.sub(pivot, f64.mul(factor, number(diagonal, 1))));
        local.set(next, f64.sub(next, f64.mul(factor, here)));
      });
      local.set(here, next);
      local.set(diagonal, i32.add(diagonal, row));
    });
    local.set(here, f64.const(0));
    whileLess(begin, bound, 0, () => {
      local.set(bound, i32.sub(bound, NUMBER));
      local.set(diagonal, i32.sub(diagonal, row));
      local.set(beyond, f64.mul(number(diagonal, 1), here));
      local.set(here, f64.mul(f64.sub(number(bound), beyond), number(diagonal)));
      f64.store({}, bound, here);
    });
    i32.const(1);
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
      unlessPositive(pivot);
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
      f64.store({}, diagonal, f64.div(1, pivot));
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
      f64.store({}, bound, f64.mul(factor, number(diagonal)));
    });
    i32.const(1);
  },
);

/** spread(errors, end, width, paired, bound): to both parts of each pair its modulus. */
export const spread = func(
  {
    in: [i32, i32, i32, i32, i32],
    locals: [i32, i32, i32, i32, i32, i32, v128],
    out: [],
  },
  ([errors, end, width, paired, bound], [sites, last, left, bounds, atError, atBound, modulus]) => {
    local.set(sites, i32.div_u(i32.sub(end, errors), width));
    local.set(bounds, i32.div_u(paired, 2));
    const ofErrors = { first: errors, bySite: width, byPair: 2 * NUMBER, at: atError };
    const ofBounds = { first: bound, bySite: bounds, byPair: NUMBER, at: atBound };
    forPairs([ofErrors, ofBounds], { sites, paired, left, last }, (isTwo) => {
      setPair(modulus, ofBounds, 0, isTwo);
      for (const n of [0, 1]) putPair(modulus, ofErrors, n, isTwo);
    });
  },
);

/**
 * refine(errors, end, width, paired, magnitudes, among, blocks, ofEquation, worth): errors of real and imaginary parts
 * by those of their neighbours, where these are smaller. Returns whether one is by as much as is worth it.
 */
export const refine = func(
  {
    in: [i32, i32, i32, i32, i32, i32, i32, f64, f64],
    locals: [i32, i32, i32, i32, i32, i32, i32, i32, ...TWOS],
    out: [i32],
  },
  (
    [errors, end, width, paired, magnitudes, among, blocks, ofEquation, worth],
    [sites, last, left, twoWidths, atError, atSize, atAmong, atBlock, ...twos],
  ) => {
    const [a, b, c, d, u, w, v, determinant, error, isThere, isLess, isBetter] = twos as Two[];
    local.set(sites, i32.div_u(i32.sub(end, errors), width));
    local.set(twoWidths, i32.mul(width, 2));
    const inVector = (first: Address, at: Address) => ({
      first,
      bySite: width,
      byPair: 2 * NUMBER,
      at,
    });
    const ofErrors = inVector(errors, atError);
    const sizes = inVector(magnitudes, atSize);
    const brought = inVector(among, atAmong);
    const ofBlocks = { first: blocks, bySite: twoWidths, byPair: 4 * NUMBER, at: atBlock };
    const places = [ofErrors, sizes, brought, ofBlocks];
    forPairs(places, { sites, paired, left, last }, (isTwo) => {
      setPairs([a, b, c, d], ofBlocks, isTwo);
      setPairs([u, w], sizes, isTwo);
      setIsThere(isThere, u, w);
      [u, w].forEach((part, n) => {
        setPair(error, brought, n, isTwo);
        local.set(part, f64x2.add(f64x2.mul(f64x2.splat(ofEquation), part), error));
      });
      local.set(determinant, f64x2.abs(f64x2.sub(f64x2.mul(a, d), f64x2.mul(b, c))));
      for (const part of [a, b, c, d]) local.set(part, f64x2.abs(part));
      for (const [n, ofRe, ofIm] of [
        [0, d, b],
        [1, c, a],
      ] as const) {
        local.set(v, f64x2.add(f64x2.mul(ofRe, u), f64x2.mul(ofIm, w)));
        local.set(v, f64x2.div(v, determinant));
        setPair(error, ofErrors, n, isTwo);
        local.set(isLess, v128.and(f64x2.lt(v, f64x2.mul(f64x2.splat(worth), error)), isThere));
        local.set(isBetter, v128.or(isBetter, isLess));
        local.set(isLess, v128.and(f64x2.lt(v, error), isThere));
        local.set(error, v128.bitselect(v, error, isLess));
        putPair(error, ofErrors, n, isTwo);
      }
    });
    v128.any_true(isBetter);
  },
);
