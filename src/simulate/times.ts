/** Lists of times as users write them. */
import { ParameterError } from '../model/parameters.js';

export const TIMES_ALLOWED =
  'increasing numbers ≥ 0 such as 1,10,100, or ranges log:FROM:TO:COUNT and lin:FROM:TO:COUNT';

/** More times than any output could hold; and later than any device changes. */
const MOST_TIMES = 1_000_000;
const LATEST = 1e30;

type Refuse = (why: string) => never;

function range(text: string, refuse: Refuse): number[] | null {
  const match = /^(log|lin):([^:]+):([^:]+):([^:]+)$/.exec(text);
  if (match === null) return null;
  const [, kind] = match;
  const [from, to, count] = match.slice(2).map(Number);
  if (!(from < to)) return refuse(`${text} does not rise`);
  if (!Number.isInteger(count) || count < 2 || count > MOST_TIMES) {
    return refuse(`the COUNT of ${text} is no integer from 2 to ${MOST_TIMES}`);
  }
  if (kind === 'log' && from <= 0) return refuse(`${text} does not start above 0`);
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return from;
    if (i === count - 1) return to;
    const share = i / (count - 1);
    return kind === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  });
}

/**
 * The times of `1,10,100`, of a range, of several of them, or of a YAML list of any of these.
 * @throws {ParameterError} which says what is wrong with them
 */
export function readTimes(input: unknown): number[] {
  const refuse: Refuse = (why) => {
    throw new ParameterError('times', input, `${TIMES_ALLOWED} (${why})`);
  };
  if (input === undefined) throw new ParameterError('times', input, TIMES_ALLOWED);
  const items = Array.isArray(input) ? input : String(input).split(',');
  const times: number[] = [];
  for (const item of items) {
    const text = String(item).trim();
    for (const t of range(text, refuse) ?? [text === '' ? Number.NaN : Number(text)]) {
      if (Number.isNaN(t)) refuse(text === '' ? 'one is empty' : `${text} is no number`);
      if (t < 0) refuse(`${t} is negative`);
      if (t > LATEST) refuse(`${t} is later than ${LATEST}`);
      const last = times[times.length - 1];
      if (t <= last) refuse(`${t} does not come after ${last}`);
      times.push(t);
    }
    if (times.length > MOST_TIMES) refuse(`there are more than ${MOST_TIMES}`);
  }
  if (times.length === 0) refuse('there is none');
  return times;
}
