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
    known = text === null ? null : (JSON.parse(text) as MillRecord);
    read.set(key, known);
  }
  return known;
}

/** What JSON would write as something else, by how it reads them. */
const SPELT: readonly (readonly [number, string])[] = [
  [Number.POSITIVE_INFINITY, '1e999'],
  [-0, '-0'],
];

/** A record as JSON that is read to the same numbers. */
export const writtenRecord = (record: MillRecord): string =>
  SPELT.reduce(
    (text, [, spelt]) => text.replaceAll(`"${spelt}"`, spelt),
    JSON.stringify(record, (_, value) => {
      const own = SPELT.find(([number]) => Object.is(number, value));
      return own === undefined ? value : own[1];
    }),
  );
