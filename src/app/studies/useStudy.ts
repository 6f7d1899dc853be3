/** A study that follows what a view shows. */
import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Study } from './study.js';

/**
 * Asks a study for what the view shows, whenever that changes, and ends it when the view is left.
 * @param request what it is asked for, read from the page's state: the same function at every rendering
 * @returns what was found last, or null
 */
export function useStudy<Request, Result>(
  study: Study<Request, Result>,
  request: () => Request,
): Result | null {
  useSignalEffect(() => study.ask(request()));
  useEffect(() => () => study.leave(), []);
  return study.answer.value?.result ?? null;
}
