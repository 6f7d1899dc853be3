/**
 * The loops of a product y = L x, as WebAssembly: for each pattern of terms one loop that adds all of them
 * up in registers, a complex number in each, and writes y once.
 *
 * With real a_k and b_k, y = Σ_k a_k x_k + i Σ_k b_k x_k: two sums, to which the real and the imaginary
 * part of a coefficient contribute as two real numbers do, and one multiplication by i at the end.
 */
import {
  br_if,
  Const,
  call_indirect,
  type Dependency,
  f64,
  f64x2,
  func,
  funcref,
  i8x16,
  i32,
  importMemory,
  type Local,
  local,
  loop,
  Module,
  table,
  v128,
} from 'wasmati';
import { whileLess } from '../../whileLess.js';
import {
  addressesOf,
  CONJUGATE_WORDS,
  isConstant,
  numbersOf,
  type Pattern,
  STRETCH_WORDS,
} from './productTerms.js';

const FIRST = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const SECOND = [8, 9, 10, 11, 12, 13, 14, 15] as const;

type Vector = Local<'v128'>;

const swapped = (z: Vector) => i8x16.shuffle([...SECOND, ...FIRST], z, z);
const firstTwice = (z: Vector) => i8x16.shuffle([...FIRST, ...FIRST], z, z);
const secondTwice = (z: Vector) => i8x16.shuffle([...SECOND, ...SECOND], z, z);
/** i z. */
const timesI = (z: Vector) => f64x2.mul(swapped(z), v128.const('f64x2', [-1, 1]));

/** The loops for one pattern, given where a group's addresses of constants begin and where it ends. */
function kernel({ terms, adds }: Pattern): Dependency.Func {
  const words = terms.flatMap((term) => new Array<typeof i32>(addressesOf(term)).fill(i32));
  const constants = terms.filter(isConstant);
  const kept = constants.flatMap(({ parts }) =>
    new Array<typeof v128>(numbersOf(parts)).fill(v128),
  );
  return func(
    {
      in: [i32, i32],
      // Bytes of x and of half of it, y's address and bytes, then the sums and three values in passing.
      locals: [i32, i32, i32, i32, v128, v128, v128, v128, v128, ...words, ...kept],
      out: [],
    },
    ([group, end], [at, half, y, bytes, real, imaginary, x, a, b, ...others]) => {
      const addresses = others.slice(0, words.length) as Local<'i32'>[];
      const values = others.slice(words.length) as Vector[];
      // Of each term the locals with its addresses and, of a constant, its values.
      let nextAddress = 0;
      let nextValue = 0;
      const named = terms.map((kind) => {
        const [source, first, second] = addresses.slice(nextAddress);
        nextAddress += addressesOf(kind);
        const own = isConstant(kind)
          ? values.slice(nextValue, nextValue + numbersOf(kind.parts))
          : [];
        nextValue += own.length;
        return { kind, source, first, second, own };
      });

      /** Puts the coefficient's parts into locals: its real, its imaginary, or both. */
      const coefficient = ({ kind, first, second, own }: (typeof named)[number]) => {
        const { parts, from } = kind;
        if (from === 'constant') return own;
        if (parts !== 'complex') {
          local.set(a, v128.load64_splat({}, i32.add(first, half)));
          if (from !== 'table') {
            const other = v128.load64_splat({}, i32.add(second, half));
            local.set(a, from === 'sum' ? f64x2.add(a, other) : f64x2.mul(a, other));
          }
          return [a];
        }
        local.set(a, v128.load({}, i32.add(first, at)));
        if (from === 'sum') {
          local.set(b, v128.load({}, i32.add(second, at)));
          local.set(a, f64x2.add(a, b));
        } else if (from === 'product') {
          // (u + iv) b = u b + v (i b)
          local.set(b, v128.load({}, i32.add(second, at)));
          local.set(x, f64x2.mul(firstTwice(a), b));
          local.set(b, timesI(b));
          local.set(a, f64x2.mul(secondTwice(a), b));
          local.set(a, f64x2.add(a, x));
        }
        local.set(b, secondTwice(a));
        local.set(a, firstTwice(a));
        return [a, b];
      };

      const begun = new Set<Vector>(adds ? [real] : []);
      const addTo = (sum: Vector, value: Vector) => {
        const product = f64x2.mul(value, x);
        local.set(sum, begun.has(sum) ? f64x2.add(product, sum) : product);
        begun.add(sum);
      };

      named
        .filter(({ kind }) => isConstant(kind))
        .forEach(({ own }, k) => {
          local.set(at, i32.load({ offset: 4 * k }, group));
          own.forEach((value, part) => {
            local.set(value, v128.load64_splat({ offset: 8 * part }, at));
          });
        });
      local.set(group, i32.add(group, 4 * constants.length));

      loop({ in: [], out: [] }, (next) => {
        local.set(y, i32.load({}, group));
        local.set(bytes, i32.load({ offset: 4 }, group));
        addresses.forEach((address, k) => {
          local.set(address, i32.load({ offset: 4 * (STRETCH_WORDS + k) }, group));
        });
        local.set(at, i32.const(0));
        loop({ in: [], out: [] }, (again) => {
          local.set(half, i32.shr_u(at, 1));
          if (adds) local.set(real, v128.load({}, i32.add(y, at)));
          for (const term of named) {
            const parts = coefficient(term);
            local.set(x, v128.load({}, i32.add(term.source, at)));
            if (term.kind.parts !== 'imaginary') addTo(real, parts[0]);
            if (term.kind.parts !== 'real') addTo(imaginary, parts[parts.length - 1]);
          }
          if (begun.has(imaginary)) {
            local.set(imaginary, timesI(imaginary));
            if (begun.has(real)) local.set(imaginary, f64x2.add(imaginary, real));
          }
          v128.store({}, i32.add(y, at), begun.has(imaginary) ? imaginary : real);
          local.set(at, i32.add(at, 16));
          i32.lt_u(at, bytes);
          br_if(again);
        });
        local.set(group, i32.add(group, 4 * (STRETCH_WORDS + addresses.length)));
        i32.lt_u(group, end);
        br_if(next);
      });
    },
  );
}

/**
 * conjugate(begin, end): for each class between these addresses (from, to, bytes, sign) its numbers with their imaginary
 * parts times the sign.
 */
const conjugate = func(
  { in: [i32, i32], locals: [i32, i32, i32, v128], out: [] },
  ([begin, end], [from, to, last, signs]) =>
    whileLess(begin, end, 4 * CONJUGATE_WORDS, () => {
      local.set(from, i32.load({}, begin));
      local.set(to, i32.load({ offset: 4 }, begin));
      local.set(last, i32.add(from, i32.load({ offset: 8 }, begin)));
      const ones = v128.const('f64x2', [1, 1]);
      const sign = f64.convert_i32_s(i32.load({ offset: 12 }, begin));
      local.set(signs, f64x2.replace_lane(1, ones, sign));
      whileLess(from, last, 16, () => {
        v128.store({}, to, f64x2.mul(v128.load({}, from), signs));
        local.set(to, i32.add(to, 16));
      });
    }),
);

const compiled = new Map<string, WebAssembly.Module>();

/**
 * A module that imports a memory and exports `run(begin, end)`: does the groups of stretches that lie at the
 * addresses begin ≤ address < end (productTerms.ts), one after the other; and `conjugate(begin, end)`. It is the same
 * for the same patterns.
 */
export function compileKernels(patterns: readonly Pattern[]): WebAssembly.Module {
  const key = JSON.stringify(patterns);
  let module = compiled.get(key);
  if (module === undefined) {
    module = compile(patterns);
    compiled.set(key, module);
  }
  return module;
}

function compile(patterns: readonly Pattern[]): WebAssembly.Module {
  const kernels = patterns.map(kernel);
  const memory = importMemory({ min: 1 });
  const byPattern = table(
    { type: funcref, min: kernels.length },
    kernels.map((f) => Const.refFunc(f)),
  );
  const run = func({ in: [i32, i32], locals: [i32], out: [] }, ([begin, end], [next]) => {
    loop({ in: [], out: [] }, (again) => {
      local.set(next, i32.add(i32.load({ offset: 4 }, begin), begin));
      i32.add(begin, 8);
      local.get(next);
      i32.load({}, begin);
      call_indirect(byPattern, { in: [i32, i32], out: [] });
      local.tee(begin, next);
      local.get(end);
      i32.lt_u();
      br_if(again);
    });
  });
  return new WebAssembly.Module(
    Uint8Array.from(Module({ exports: { run, conjugate }, memory }).toBytes()),
  );
}
