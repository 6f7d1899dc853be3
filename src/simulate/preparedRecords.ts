/** What was prepared of the paper's machine when this was bundled. */
import type { SectorRecord } from '../lindblad/preparedSector.js';
import { preparedText } from './preparedTexts.js';

/** Of the name of an equation and the terms that are there. */
export const preparedKey = (equation: string, activity: string): string =>
  `${equation} ${activity}`;

/** Null where there is none. */
export function preparedRecord(equation: string, activity: string): SectorRecord | null {
  const text = preparedText(preparedKey(equation, activity));
  return text === null ? null : (JSON.parse(text) as SectorRecord);
}
