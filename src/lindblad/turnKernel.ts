/** A pair of states turned back by its angle as WebAssembly, two levels at a time: as stateElements.ts has it. */
import { f64x2, func, i32, type Local, local, v128 } from 'wasmati';
import type { Address } from '../whileLess.js';
import { byTwos, loadNext, setNext } from './alongRuns.js';
import { ROUNDING } from './stateReader.js';

const NUMBER = 8;
const VECTORS = Array.from({ length: 10 }, () => v128);

/** Puts two numbers at a distance, or the first one alone. */
function putNext(at: Address, distance: Address, value: Local<'v128'>, isTwo: boolean): void {
  v128.store64_lane({}, 0, at, value);
  if (isTwo) v128.store64_lane({}, 1, i32.add(at, distance), value);
}

/**
 * turnBack(cosines, sines, left, upper, lower, coherence, step, apart): in place, from the first level on that has a
 * partner; errors are so many bytes apart from what they are of, and imaginary parts behind real ones.
 */
export const turnBack = func(
  {
    in: [i32, i32, i32, i32, i32, i32, i32, i32],
    locals: [i32, i32, i32, i32, i32, i32, ...VECTORS],
    out: [],
  },
  (
    [cosines, sines, left, upper, lower, coherence, step, apart],
    [dUpper, dLower, dCoherence, imaginary, dImaginary, twoSteps, ...vectors],
  ) => {
    const [c, s, gap, x, moved, more, cs, both, lost, value] = vectors as Local<'v128'>[];
    const all = (n: number) => v128.const('f64x2', [n, n]);
    local.set(dUpper, i32.add(upper, apart));
    local.set(dLower, i32.add(lower, apart));
    local.set(dCoherence, i32.add(coherence, apart));
    local.set(imaginary, i32.add(coherence, NUMBER));
    local.set(dImaginary, i32.add(imaginary, apart));
    local.set(twoSteps, i32.mul(step, 2));
    const setAngle = (isTwo: boolean) => {
      local.set(c, loadNext(cosines, isTwo));
      local.set(s, loadNext(sines, isTwo));
    };
    const places = [upper, lower, coherence, dUpper, dLower, dCoherence, imaginary, dImaginary];
    const onward = [
      [cosines, 2 * NUMBER],
      [sines, 2 * NUMBER],
      ...places.map((at) => [at, twoSteps] as const),
    ] as const;
    byTwos(left, setAngle, onward, (isTwo) => {
      const set = (to: Local<'v128'>, at: Address) => setNext(to, at, step, isTwo);
      const put = (at: Address, what: Local<'v128'>) => putNext(at, step, what, isTwo);
      set(gap, upper);
      set(value, lower);
      local.set(gap, f64x2.sub(gap, value));
      set(x, coherence);
      local.set(more, f64x2.mul(f64x2.mul(s, s), gap));
      local.set(lost, f64x2.mul(f64x2.mul(f64x2.mul(all(2), c), s), x));
      local.set(moved, f64x2.add(more, lost));
      local.set(value, f64x2.add(value, moved));
      put(lower, value);
      set(value, upper);
      local.set(value, f64x2.sub(value, moved));
      put(upper, value);
      local.set(more, f64x2.mul(all(ROUNDING), f64x2.add(f64x2.abs(more), f64x2.abs(lost))));
      local.set(moved, f64x2.mul(c, s));
      local.set(cs, f64x2.abs(moved));
      set(both, dUpper);
      set(value, dLower);
      local.set(both, f64x2.add(both, value));
      set(lost, dCoherence);
      f64x2.mul(f64x2.mul(s, s), both);
      f64x2.mul(f64x2.mul(all(2), cs), lost);
      f64x2.add();
      local.get(more);
      f64x2.add();
      local.set(more);
      for (const at of [dUpper, dLower]) {
        set(value, at);
        local.set(value, f64x2.add(value, more));
        put(at, value);
      }
      local.set(moved, f64x2.mul(moved, gap));
      local.set(value, f64x2.mul(f64x2.sub(f64x2.mul(c, c), f64x2.mul(s, s)), x));
      local.set(value, f64x2.add(moved, value));
      put(coherence, value);
      f64x2.add(f64x2.mul(cs, both), lost);
      f64x2.add(f64x2.mul(cs, f64x2.abs(gap)), f64x2.abs(x));
      local.set(value);
      f64x2.mul(all(ROUNDING), value);
      f64x2.add();
      local.set(value);
      put(dCoherence, value);
      set(value, imaginary);
      local.set(value, f64x2.mul(all(ROUNDING), f64x2.abs(value)));
      set(lost, dImaginary);
      local.set(value, f64x2.add(lost, value));
      put(dImaginary, value);
    });
  },
);
