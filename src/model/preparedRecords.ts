/** What was prepared of the paper's machine when this was bundled. */
import type { SectorRecord } from '../lindblad/preparedSector.js';
import type { DeviceOperators } from './deviceOperators.js';
import { preparedText } from './preparedTexts.js';

/** Of the paper's machine with a master equation and the terms that are there. */
export interface MillRecord {
  readonly sector: SectorRecord;
  readonly operators: DeviceOperators;
}

/** @param activity tells the terms that are there */
export const preparedKey = (equation: string, activity: string): string =>
  `${equation}-${activity}`;

const read = new Map<string, MillRecord | null>();

/** Null where there is none. */
export function preparedRecord(key: string): MillRecord | null {
  let known = read.get(key);
  if (known === undefined) {
    const text = preparedText(key);
    known = text === null ? null : readRecord(text);
    read.set(key, known);
  }
  return known;
}

/** What JSON would write as something else, by how it reads them. */
const SPELT: readonly (readonly [number, string])[] = [
  [Number.POSITIVE_INFINITY, '1e999'],
  [-0, '-0'],
];

const written = (part: unknown): string =>
  SPELT.reduce(
    (text, [, spelt]) => text.replaceAll(`"${spelt}"`, spelt),
    JSON.stringify(part, (_, value) => {
      const own = SPELT.find(([number]) => Object.is(number, value));
      return own === undefined ? value : own[1];
    }),
  );

/**
 * A record as JSON that is read to the same numbers: a line for all but the steps of numbers without a level, whose
 * operations are in it, and a line for these.
 */
export function writtenRecord({ sector, operators }: MillRecord): string {
  const { scalars, ...tape } = sector.tape;
  return `${written({ sector: { ...sector, tape }, operators })}\n${written(scalars)}`;
}

/** The record of a text, of which the second line is read when it is asked for. */
export function readRecord(text: string): MillRecord {
  const end = text.indexOf('\n');
  const { sector, operators } = JSON.parse(text.slice(0, end)) as MillRecord;
  let scalars: MillRecord['sector']['tape']['scalars'] | undefined;
  const { tables, program } = sector.tape;
  const tape = {
    tables,
    program,
    get scalars() {
      scalars ??= JSON.parse(text.slice(end)) as typeof scalars & object;
      return scalars;
    },
  };
  return { sector: { ...sector, tape }, operators };
}
