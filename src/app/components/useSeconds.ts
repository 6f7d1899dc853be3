/** The clock, for what tells how long it has been under way. */
import { useEffect, useState } from 'preact/hooks';

/** Milliseconds between two looks at the clock. */
const TICK = 500;

/** For how many seconds something has been under way. */
export function useSeconds(isRunning: boolean): number {
  const [seconds, set] = useState(0);
  useEffect(() => {
    set(0);
    if (!isRunning) return undefined;
    const begin = performance.now();
    const timer = setInterval(() => set((performance.now() - begin) / 1e3), TICK);
    return () => clearInterval(timer);
  }, [isRunning]);
  return seconds;
}
