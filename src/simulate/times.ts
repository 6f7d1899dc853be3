/** Lists of times and frequencies as users write them. */
import { ParameterError } from '../model/parameters.js';

const RANGES = 'such as 1,10,100, or ranges log:FROM:TO:COUNT and lin:FROM:TO:COUNT';
export const TIMES_ALLOWED = `increasing numbers ≥ 0 ${RANGES}`;
export const FREQUENCIES_ALLOWED = `increasing numbers ${RANGES}`;

/** More numbers than any output could hold; and later than any device changes. */
const MOST_NUMBERS = 1_000_000;
const LATEST = 1e30;

type Refuse = (why: string) => never;

function range(text: string, refuse: Refuse): number[] | null {
  const match = /^(log|lin):([^:]+):([^:]+):([^:]+)$/.exec(text);
  if (match === null) return null;
  const [, kind] = match;
  const [from, to, count] = match.slice(2).map(Number);
  if (!(from < to)) return refuse(`${text} does not rise`);
  if (!Number.isInteger(count) || count < 2 || count > MOST_NUMBERS) {
    return refuse(`the COUNT of ${text} is no integer from 2 to ${MOST_NUMBERS}`);
  }
  if (kind === 'log' && from <= 0) return refuse(`${text} does not start above 0`);
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return from;
    if (i === count - 1) return to;
    const share = i / (count - 1);
    return kind === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  });
}

/** What a list is of. */
interface Listed {
  readonly field: string;
  readonly allowed: string;
  /** What is wrong with a number; null where nothing is. */
  readonly wrong: (x: number) => string | null;
}

function readList(input: unknown, { field, allowed, wrong }: Listed): number[] {
  const refuse: Refuse = (why) => {
    throw new ParameterError(field, input, `${allowed} (${why})`);
  };
  if (input === undefined) throw new ParameterError(field, input, allowed);
  const items = Array.isArray(input) ? input : String(input).split(',');
  const numbers: number[] = [];
  for (const item of items) {
    const text = String(item).trim();
    for (const x of range(text, refuse) ?? [text === '' ? Number.NaN : Number(text)]) {
      if (Number.isNaN(x)) refuse(text === '' ? 'one is empty' : `${text} is no number`);
      const why = wrong(x);
      if (why !== null) refuse(why);
      const last = numbers[numbers.length - 1];
      if (x <= last) refuse(`${x} does not come after ${last}`);
      numbers.push(x);
    }
    if (numbers.length > MOST_NUMBERS) refuse(`there are more than ${MOST_NUMBERS}`);
  }
  if (numbers.length === 0) refuse('there is none');
  return numbers;
}

/**
 * The times of `1,10,100`, of a range, of several of them, or of a YAML list of any of these.
 * @throws {ParameterError} which says what is wrong with them
 */
export const readTimes = (input: unknown, field = 'times'): number[] =>
  readList(input, {
    field,
    allowed: TIMES_ALLOWED,
    wrong: (t) => (t < 0 ? `${t} is negative` : t > LATEST ? `${t} is later than ${LATEST}` : null),
  });

/** The same of frequencies, of either sign. @throws {ParameterError} */
export const readFrequencies = (input: unknown, field = 'frequency'): number[] =>
  readList(input, {
    field,
    allowed: FREQUENCIES_ALLOWED,
    wrong: (omega) => (Number.isFinite(omega) ? null : `${omega} is not finite`),
  });
