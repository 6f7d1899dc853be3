/** A study that follows what a view shows. */
import { useEffect } from 'preact/hooks';
import type { Study } from './study.js';

/**
 * Runs a study anew when what it is asked for has changed, and ends it when its view is left.
 * @param request what it is asked for, as plain data
 * @param settle milliseconds without a change that are waited for first
 * @returns what was found last, or null
 */
export function useStudy<T>(
  study: Study<T>,
  request: unknown,
  settle: number,
  run: () => void,
): T | null {
  useEffect(() => {
    const timer = setTimeout(run, settle);
    return () => clearTimeout(timer);
  }, [JSON.stringify(request)]);
  useEffect(() => () => study.leave(), []);
  return study.result.value;
}
