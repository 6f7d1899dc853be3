/**
 * One pass of the substitutions of conservingFactors.ts as WebAssembly for one shape of matrices: a site's numbers and
 * those of its inner neighbour are in registers while its equations are gone through.
 */
import { br, call, f64, func, i32, if_, type Local, local, loop, v128 } from 'wasmati';
import { type Address, nothing } from '../whileLess.js';
import type { EliminationShape } from './eliminationShape.js';
import { type Kind, NUMBER, type SiteAddresses, SitePlaces } from './sitePlaces.js';
import { substituteSite } from './siteSubstitution.js';
import { TransposedSite } from './transposedSite.js';

type Plain = 'pivots' | 'forward' | 'substitute';
type Transposed = 'substituteTransposed' | 'forwardTransposed';
type Operation = Plain | Transposed;

const isTransposed = (operation: Operation): operation is Transposed =>
  operation === 'substituteTransposed' || operation === 'forwardTransposed';

const ADDRESSES = [i32, i32, i32, i32, i32, i32] as const;

function addressesOf(addresses: readonly Address[]): SiteAddresses {
  const [rows, innerRows, pivots, own, inner, apart] = addresses;
  return { rows, innerRows, pivots, own, inner, apart };
}

/** The locals of code for one site. */
interface Registers {
  readonly x: readonly Local<'f64'>[];
  readonly y: readonly Local<'f64'>[];
  readonly a: Local<'f64'>;
  readonly b: Local<'f64'>;
  readonly sums: Local<'v128'>;
}

/** Writes the code for one kind of site. */
class SiteCode {
  constructor(
    private readonly places: SitePlaces,
    private readonly at: SiteAddresses,
    private readonly registers: Registers,
  ) {}

  #entry(r: number, k: number) {
    return f64.load(this.places.entry(r, k), this.at.rows);
  }

  #beyond(r: number, k: number) {
    return f64.load(this.places.beyond(r, k), this.at.innerRows);
  }

  #pivot(j: number, k: 0 | 1) {
    return f64.load(this.places.pivot(j, k), this.at.pivots);
  }

  substitute(): void {
    const { shape, count } = this.places;
    const { rows, own, inner: beyond } = this.at;
    const { x, y: odd, sums } = this.registers;
    const met = (j: number) => this.places.met(j);
    substituteSite({ shape, count, met, isAdded: true }, { rows, own, beyond }, { x, odd, sums });
  }

  pivots(): void {
    const { width, paired } = this.places.shape;
    const { a, b } = this.registers;
    const store = (j: number, k: 0 | 1, value: () => unknown) => {
      local.get(this.at.pivots);
      value();
      f64.store(this.places.pivot(j, k));
    };
    for (let j = 0; j < paired; j += 2) {
      const first = f64.mul(this.#entry(j, j), this.#entry(j + 1, j + 1));
      const second = f64.mul(this.#entry(j, j + 1), this.#entry(j + 1, j));
      local.set(a, f64.div(1, f64.sub(first, second)));
      store(j, 0, () => f64.mul(this.#entry(j + 1, j + 1), a));
      store(j, 1, () => f64.mul(f64.neg(this.#entry(j, j + 1)), a));
      store(j + 1, 0, () => f64.mul(f64.neg(this.#entry(j + 1, j)), a));
      store(j + 1, 1, () => f64.mul(this.#entry(j, j), a));
    }
    for (let j = paired; j < this.places.count; j++) {
      local.set(b, f64.const(0));
      for (let t = j + 1; t < width; t++) local.set(b, f64.add(b, this.#entry(t, j)));
      for (let t = paired; t < this.places.met(j); t++)
        local.set(b, f64.add(b, this.#beyond(t, j)));
      store(j, 0, () => f64.div(-1, b));
    }
  }

  /** The inverse pivot of a group times its numbers. */
  #turn(j: number, next: number): void {
    const { x, a } = this.registers;
    if (next === j + 1) {
      local.set(x[j], f64.mul(this.#pivot(j, 0), x[j]));
      return;
    }
    const sum = (k: 0 | 1) => {
      const left = f64.mul(this.#pivot(j + k, 0), x[j]);
      return f64.add(left, f64.mul(this.#pivot(j + k, 1), x[j + 1]));
    };
    local.set(a, sum(0));
    local.set(x[j + 1], sum(1));
    local.set(x[j], a);
  }

  forward(): void {
    const { width } = this.places.shape;
    const { own, inner } = this.at;
    const { x, y } = this.registers;
    const meets = this.places.met(this.places.count - 1);
    for (const [j, value] of x.entries()) local.set(value, f64.load({ offset: NUMBER * j }, own));
    for (const [j, value] of y.entries()) {
      if (j < meets) local.set(value, f64.load({ offset: NUMBER * j }, inner));
    }
    const take = (value: Local<'f64'>, entry: () => ReturnType<typeof f64.load>, p: number) => {
      local.get(value);
      f64.mul(entry(), x[p]);
      local.set(value, f64.sub());
    };
    for (const [j, next] of this.places.groups) {
      this.#turn(j, next);
      for (let p = j; p < next; p++) {
        for (let t = next; t < width; t++) take(x[t], () => this.#entry(t, p), p);
        for (let t = 0; t < this.places.met(j); t++) take(y[t], () => this.#beyond(t, p), p);
      }
    }
    for (const [j, value] of x.entries()) f64.store({ offset: NUMBER * j }, own, value);
    for (const [j, value] of y.entries()) {
      if (j < meets) f64.store({ offset: NUMBER * j }, inner, value);
    }
  }
}

/** code(rows, innerRows, pivots, own, inner, apart) for one site. */
const siteFunction = (shape: EliminationShape, kind: Kind, operation: Operation, vectors: 1 | 2) =>
  isTransposed(operation)
    ? transposedFunction(shape, kind, operation, vectors)
    : plainFunction(shape, kind, operation);

const plainFunction = (shape: EliminationShape, kind: Kind, operation: Plain) => {
  const { width } = shape;
  const numbers = Array.from({ length: 2 * width }, () => f64);
  return func(
    { in: [...ADDRESSES], locals: [v128, f64, f64, ...numbers], out: [] },
    (at, [sums, a, b, ...locals]) => {
      const values = locals as readonly Local<'f64'>[];
      const registers = { x: values.slice(0, width), y: values.slice(width), a, b, sums };
      new SiteCode(new SitePlaces(shape, kind), addressesOf(at), registers)[operation]();
    },
  );
};

function transposedFunction(
  shape: EliminationShape,
  kind: Kind,
  operation: Transposed,
  count: 1 | 2,
) {
  const twos = Math.ceil(shape.width / 2);
  const ofVector = 2 * twos + 2;
  const numbers = Array.from({ length: count * ofVector }, () => v128);
  return func(
    { in: [...ADDRESSES], locals: [i32, i32, v128, ...numbers], out: [] },
    (addresses, [own, inner, entries, ...locals]) => {
      const at = addressesOf(addresses);
      const values = locals as readonly Local<'v128'>[];
      const vectors = [at, { own, inner }].slice(0, count).map((places, k) => {
        const [number, product, ...rest] = values.slice(k * ofVector, (k + 1) * ofVector);
        const [x, y] = [rest.slice(0, twos), rest.slice(twos)];
        return { own: places.own, inner: places.inner, number, product, x, y };
      });
      if (count === 2) {
        local.set(own, i32.add(at.own, at.apart));
        local.set(inner, i32.add(at.inner, at.apart));
      }
      const code = new TransposedSite(new SitePlaces(shape, kind), at, vectors, entries);
      if (operation === 'forwardTransposed') code.forward();
      else code.substitute();
    },
  );
}

/** Runs the body as long as something holds. */
const asLongAs = (holds: () => unknown, body: () => void) =>
  loop(nothing, (again) => {
    holds();
    if_(nothing, () => {
      body();
      br(again);
    });
  });

/**
 * code(entries, pivots, x, sites, centre, apart): all sites, inwards or from the centre outwards.
 * @param vectors with transposed factors, of two at once the second stands so many bytes apart
 */
export function walk(shape: EliminationShape, operation: Operation, vectors: 1 | 2 = 1) {
  const { width } = shape;
  const row = 3 * width * NUMBER;
  const step = width * row;
  const own = width * NUMBER;
  const [below, above, centred] = (['below', 'above', 'centre'] as const).map((kind) =>
    siteFunction(shape, kind, operation, vectors),
  );
  const isInwards = operation !== 'substitute' && operation !== 'forwardTransposed';
  return func(
    { in: [i32, i32, i32, i32, i32, i32], locals: [i32, i32, i32, i32, i32, i32], out: [] },
    (
      [entries, pivots, x, sites, centre, apart],
      [low, high, rows, innerRows, inverse, numbers],
    ) => {
      const place = (site: Address) => {
        local.set(rows, i32.add(entries, i32.mul(site, step)));
        local.set(inverse, i32.add(pivots, i32.mul(site, 2 * own)));
        local.set(numbers, i32.add(x, i32.mul(site, own)));
      };
      const atLow = () => {
        place(low);
        local.set(innerRows, i32.add(rows, step));
        // The lower neighbour of the centre has its columns in the last block there.
        i32.eq(i32.add(low, 1), centre);
        if_(nothing, () => {
          local.set(innerRows, i32.add(innerRows, 2 * own));
        });
        call(below, [rows, innerRows, inverse, numbers, i32.add(numbers, own), apart]);
      };
      const atHigh = () => {
        place(high);
        call(above, [rows, i32.sub(rows, step), inverse, numbers, i32.sub(numbers, own), apart]);
      };
      const atCentre = () => {
        place(centre);
        call(centred, [rows, rows, inverse, numbers, numbers, apart]);
      };
      const go = (site: Local<'i32'>, by: 1 | -1) => local.set(site, i32.add(site, by));
      const inwards = {
        isLowLeft: () => i32.lt_u(low, centre),
        isHighLeft: () => i32.gt_u(high, i32.add(centre, 1)),
        takeLow: () => {
          atLow();
          go(low, 1);
        },
        takeHigh: () => {
          go(high, -1);
          atHigh();
        },
      };
      const outwards = {
        isLowLeft: () => i32.gt_u(low, 0),
        isHighLeft: () => i32.lt_u(high, sites),
        takeLow: () => {
          go(low, -1);
          atLow();
        },
        takeHigh: () => {
          atHigh();
          go(high, 1);
        },
      };
      const { isLowLeft, isHighLeft, takeLow, takeHigh } = isInwards ? inwards : outwards;
      const both = () => i32.and(isLowLeft(), isHighLeft());
      if (isInwards) {
        local.set(low, i32.const(0));
        local.set(high, sites);
      } else {
        atCentre();
        local.set(low, centre);
        local.set(high, i32.add(centre, 1));
      }
      // One from each side in turn: neither waits for the other's numbers.
      asLongAs(both, () => {
        takeLow();
        takeHigh();
      });
      asLongAs(isLowLeft, takeLow);
      asLongAs(isHighLeft, takeHigh);
      if (isInwards) atCentre();
    },
  );
}
