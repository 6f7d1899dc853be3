/** Tables of numbers behind the figures, and their CSV form. */
import { csvFormat } from 'd3-dsv';

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

/** CSV with one header line; numbers in full precision, empty where there is none. */
export function toCsv({ columns, rows }: Dataset): string {
  return `${csvFormat(
    rows as Record<string, number | string | null>[],
    columns.map(({ name }) => name),
  )}\n`;
}
