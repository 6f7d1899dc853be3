/** Lists of times as users write them. */
import { ParameterError } from '../model/parameters.js';

export const TIMES_ALLOWED =
  'increasing numbers ≥ 0 such as 1,10,100, or ranges log:FROM:TO:COUNT and lin:FROM:TO:COUNT';

function range(text: string): number[] | null {
  const match = /^(log|lin):([^:]+):([^:]+):(\d+)$/.exec(text);
  if (match === null) return null;
  const [, kind] = match;
  const [from, to, count] = match.slice(2).map(Number);
  if (!(from < to) || count < 2 || (kind === 'log' && from <= 0)) return null;
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return from;
    if (i === count - 1) return to;
    const share = i / (count - 1);
    return kind === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  });
}

/**
 * The times of `1,10,100`, of a range, of several of them, or of a YAML list of any of these.
 * @throws {ParameterError}
 */
export function readTimes(input: unknown): number[] {
  const refuse = (): never => {
    throw new ParameterError('times', input, TIMES_ALLOWED);
  };
  const items = Array.isArray(input) ? input : String(input).split(',');
  const times = items.flatMap((item): number[] => {
    if (typeof item === 'number') return [item];
    const text = String(item).trim();
    return range(text) ?? (text === '' ? refuse() : [Number(text)]);
  });
  const increasing = times.every(
    (t, i) => t >= 0 && Number.isFinite(t) && (i === 0 || t > times[i - 1]),
  );
  if (times.length === 0 || !increasing) refuse();
  return times;
}
