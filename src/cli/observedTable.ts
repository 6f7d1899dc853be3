/** Observables of a run, by their records, as a table for people. */
import { SECTIONS, type Section } from '../simulate/observable.js';
import {
  OBSERVABLE_NAMES,
  type ObservableName,
  observableRecord,
} from '../simulate/observableRecords.js';
import { RUN_NAMES, type RunName, recordOf, runRecords } from './runRecords.js';
import { type TextColumn, type TextSection, textTable } from './textTable.js';

type Row = object;

/** A number of a row by its name, whose groups are objects: `heat.Q1`; undefined where there is none. */
export function fieldOf(row: Row, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>(
      (inside, key) => (inside as Readonly<Record<string, unknown>> | undefined)?.[key],
      row,
    );
}

/** Whether people are shown an observable of a run. */
function isShown(name: ObservableName, hasPotential: boolean): boolean {
  const { leftOutOf = [], isOfPotential = false } = observableRecord(name);
  if (leftOutOf.includes('text') || leftOutOf.includes('table')) return false;
  return hasPotential || !isOfPotential;
}

/** What of the runs' own stands with the observables of a section. */
const together: Readonly<Partial<Record<RunName, Section>>> = {
  dU: 'Heat and work',
  entropyProduction: 'Heat and work',
  n1: 'State',
  n2: 'State',
  coherence: 'State',
  coherence_imag: 'State',
};

/**
 * @param along what numbers the rows
 * @param keyOf an observable's name in a row
 */
export function observedTable(
  rows: readonly Row[],
  along: 't' | 'step',
  hasPotential: boolean,
  keyOf: (name: ObservableName) => string = (name) => name,
): string[] {
  const column = (
    { symbol, unit }: { readonly symbol: string; readonly unit: string },
    key: string,
  ): TextColumn | null =>
    rows.some((row) => typeof fieldOf(row, key) === 'number')
      ? { symbol, unit, values: rows.map((row) => Number(fieldOf(row, key) ?? Number.NaN)) }
      : null;
  const sections = SECTIONS.map((title): TextSection => {
    const observables = OBSERVABLE_NAMES.filter(
      (name) => observableRecord(name).section === title && isShown(name, hasPotential),
    ).map((name) => column(recordOf(name), keyOf(name)));
    const own = RUN_NAMES.filter((name) => together[name] === title).map((name) =>
      column(runRecords[name], name),
    );
    const columns = [...observables, ...own].filter((one) => one !== null);
    return { title, columns };
  });
  const first = column(runRecords[along], along);
  return first === null ? [] : textTable(first, sections);
}
