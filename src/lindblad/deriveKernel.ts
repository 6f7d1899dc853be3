/**
 * A map along the stretches of sites that it leads to (stretches.ts) as WebAssembly: each sum is made where numbers are
 * at hand, by the same operations in the same order as along runs.
 */
import { br, f64x2, func, i32, if_, type Local, local, loop, v128 } from 'wasmati';
import { type Address, nothing, whileLess } from '../whileLess.js';
import { loadNext, setNext, storeNext } from './alongRuns.js';
import { COUNT, FROM, RECORD, SIGN, STRIDE, TABLE, TO } from './runRecords.js';

const NUMBER = 8;
const TWO = 2 * NUMBER;
/** As many vectors of two sites are gone through at a time. */
const WIDE = 4;

/** Places in memory, and distances in bytes. */
interface Places {
  /** The first record of a stretch's runs, the one at hand, and where they end. */
  readonly first: Address;
  readonly run: Address;
  readonly last: Address;
  readonly stride: Address;
  /** From the stretch's first site: in a table, and in what stands unknown by unknown. */
  readonly inTable: Address;
  readonly along: Address;
  /** Of the site at hand. */
  readonly table: Address;
  readonly from: Address;
  readonly to: Address;
  readonly other: Address;
}

interface Numbers {
  readonly sums: readonly Local<'v128'>[];
  readonly magnitudes: readonly Local<'v128'>[];
  readonly sign: Local<'v128'>;
  readonly value: Local<'v128'>;
  readonly x: Local<'v128'>;
}

/** Writes the sums for as many vectors of two sites, or for a single one. */
function sumsOf(vectors: number, isTwo: boolean, isDense: boolean, at: Places, of: Numbers): void {
  const { sign, value, x } = of;
  const sums = of.sums.slice(0, vectors);
  const magnitudes = of.magnitudes.slice(0, vectors);
  for (const sum of [...sums, ...magnitudes]) local.set(sum, v128.const('f64x2', [0, 0]));
  local.set(at.run, at.first);
  whileLess(at.run, at.last, RECORD, () => {
    local.set(at.table, i32.add(i32.load({ offset: TABLE }, at.run), at.inTable));
    local.set(at.from, i32.add(i32.load({ offset: FROM }, at.run), at.along));
    local.set(sign, v128.load64_splat({ offset: SIGN }, at.run));
    sums.forEach((sum, n) => {
      if (isDense) local.set(value, loadNext(at.table, isTwo, TWO * n));
      else {
        setNext(value, at.table, at.stride, isTwo);
        local.set(at.table, i32.add(at.table, i32.mul(at.stride, 2)));
      }
      local.set(x, loadNext(at.from, isTwo, TWO * n));
      local.set(value, f64x2.mul(f64x2.mul(sign, value), x));
      local.set(sum, f64x2.add(sum, value));
      local.set(magnitudes[n], f64x2.add(magnitudes[n], f64x2.abs(value)));
    });
  });
  sums.forEach((sum, n) => {
    storeNext(at.to, sum, isTwo, TWO * n);
    storeNext(at.other, magnitudes[n], isTwo, TWO * n);
  });
}

const ADDRESSES = 11;
const VECTORS = 2 * WIDE + 3;

/**
 * derive(begin, end, beyond): of each stretch Σ sign · value · from, and the same of magnitudes so many bytes beyond. Its
 * record has how many sites there are, the distance of a table's numbers, where sums go, and in place of where it leads
 * from how many bytes the records of its runs take, which follow it. What runs lead from stands unknown by unknown.
 */
export const derive = func(
  {
    in: [i32, i32, i32],
    locals: [
      i32,
      ...Array.from({ length: ADDRESSES - 1 }, () => i32),
      ...Array.from({ length: VECTORS }, () => v128),
    ],
    out: [],
  },
  ([stretch, end, beyond], locals) => {
    const [first, run, last, stride, inTable, along, table, from, to, other, left] =
      locals as readonly Local[] as readonly Address[];
    const vectors = locals.slice(ADDRESSES) as readonly Local[] as readonly Local<'v128'>[];
    const [sign, value, x] = vectors.slice(2 * WIDE);
    const at = { first, run, last, stride, inTable, along, table, from, to, other };
    const of = {
      sums: vectors.slice(0, WIDE),
      magnitudes: vectors.slice(WIDE, 2 * WIDE),
      ...{ sign, value, x },
    };
    const go = (sites: number) => {
      const onward = (address: Address, by: number) => local.set(address, i32.add(address, by));
      local.set(inTable, i32.add(inTable, i32.mul(stride, sites)));
      for (const address of [along, to, other]) onward(address, NUMBER * sites);
      onward(left, -sites);
    };
    const whileThere = (sites: number, body: () => void) =>
      loop(nothing, (again) => {
        i32.gt_u(left, sites - 1);
        if_(nothing, () => {
          body();
          go(sites);
          br(again);
        });
      });
    whileLess(stretch, end, 0, () => {
      local.set(first, i32.add(stretch, RECORD));
      local.set(last, i32.add(first, i32.load({ offset: FROM }, stretch)));
      local.set(stride, i32.load({ offset: STRIDE }, stretch));
      local.set(left, i32.load({ offset: COUNT }, stretch));
      local.set(to, i32.load({ offset: TO }, stretch));
      local.set(other, i32.add(to, beyond));
      for (const distance of [inTable, along]) local.set(distance, i32.const(0));
      whileThere(2 * WIDE, () => {
        i32.eq(stride, NUMBER);
        if_(
          nothing,
          () => sumsOf(WIDE, true, true, at, of),
          () => sumsOf(WIDE, true, false, at, of),
        );
      });
      whileThere(2, () => sumsOf(1, true, false, at, of));
      whileThere(1, () => sumsOf(1, false, false, at, of));
      local.set(stretch, last);
    });
  },
);
