/** Tables of numbers behind the figures, and their CSV form. */
import { csvFormat } from 'd3-dsv';
import {
  describedObservable,
  type ObservableName,
  observableRecord,
} from '../simulate/observableRecords.js';

export interface Column {
  readonly name: string;
  /** Empty for pure numbers. */
  readonly unit: string;
  readonly description: string;
}

export interface Dataset {
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, number | string | null>>[];
}

/** A column of an observable, under the name that a figure's file has for it. */
export function observableColumn(observable: ObservableName, name: string): Column {
  const { unit } = observableRecord(observable);
  return { name, unit: unit === '1' ? '' : unit, description: describedObservable(observable) };
}

/** Columns of observables, under their names without their groups. */
export const observableColumns = (...names: readonly ObservableName[]): Column[] =>
  names.map((name) => observableColumn(name, name.slice(name.lastIndexOf('.') + 1)));

/** CSV with one header line; numbers in full precision, empty where there is none. */
export function toCsv({ columns, rows }: Dataset): string {
  return `${csvFormat(
    rows as Record<string, number | string | null>[],
    columns.map(({ name }) => name),
  )}\n`;
}
