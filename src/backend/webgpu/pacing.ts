/** How long Dawn may look for news without a pause (ms): as long as a short kernel and its result take. */
const WITHOUT_PAUSE = 4;
/** The pause between two looks thereafter (ms): the shortest that a timer has. */
const PAUSE = 1;

const isNative = (callback: unknown): boolean =>
  typeof callback === 'function' && /\{\s*\[native code\]\s*\}$/.test(String(callback));

/**
 * While Dawn waits for anything it takes every turn of the event loop (`setImmediate`, again and again), and
 * so a whole core, which a GPU in software computes on, too. From now on it gets those turns for the first
 * milliseconds only and then one a millisecond. All other callers of `setImmediate` are served as before.
 */
export function paceDawn(): void {
  const { setImmediate: immediately, setTimeout: later } = globalThis;
  let waitingSince: number | null = null;
  let asked = 0;
  const paced = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
    if (!isNative(callback)) return immediately(callback, ...args);
    const now = performance.now();
    waitingSince ??= now;
    const mine = ++asked;
    const look = () => {
      callback(...args);
      // It asks for another turn at once where it still waits.
      if (asked === mine) waitingSince = null;
    };
    return now - waitingSince < WITHOUT_PAUSE ? immediately(look) : later(look, PAUSE);
  };
  // What Node hangs on the function, such as its form with a promise.
  Object.defineProperties(paced, Object.getOwnPropertyDescriptors(immediately));
  globalThis.setImmediate = paced as unknown as typeof setImmediate;
}
