/** Tables for people: a row for each time, blocks that fit a terminal, one notation and a unit in each column. */
import { LINE, lengthOf } from './printText.js';
import { unitInText } from './words.js';

export interface TextColumn {
  readonly symbol: string;
  /** `1` of pure numbers. */
  readonly unit: string;
  readonly values: readonly number[];
}

/** Makes columns of rows. */
export const columnsOf =
  <R>(rows: readonly R[]) =>
  (symbol: string, of: (row: R) => number, unit = '1'): TextColumn => ({
    symbol,
    unit,
    values: rows.map(of),
  });

/** Columns that stand together. */
export interface TextSection {
  readonly title: string;
  readonly columns: readonly TextColumn[];
}

const GAP = 2;
/** Significant digits of the smallest number in a column. */
const DIGITS = 8;
/** Wider numbers are written with a power of ten. */
const WIDEST_FIXED = 13;

/** How all numbers of a column are written: with a point where that is short enough, else as powers of ten. */
function notation(values: readonly number[]): (value: number) => string {
  const sizes = values.map(Math.abs).filter((size) => size > 0 && Number.isFinite(size));
  const power = (size: number) => Math.floor(Math.log10(size));
  const decimals = Math.max(0, DIGITS - 1 - power(sizes.length === 0 ? 1 : Math.min(...sizes)));
  const whole = Math.max(1, 1 + power(sizes.length === 0 ? 1 : Math.max(...sizes)));
  const isFixed = whole + 1 + decimals <= WIDEST_FIXED;
  return (value) => {
    if (Number.isNaN(value)) return '–';
    if (value === 0 || !Number.isFinite(value)) return String(value);
    return isFixed ? value.toFixed(decimals) : value.toExponential(DIGITS - 1);
  };
}

/** A column as cells of one width: symbol, unit, numbers. */
function cellsOf({ symbol, unit, values }: TextColumn, shown = notation(values)): string[] {
  const cells = [symbol, unit === '1' ? '' : unitInText(unit), ...values.map(shown)];
  const width = GAP + Math.max(...cells.map(lengthOf));
  return cells.map((cell) => ' '.repeat(width - lengthOf(cell)) + cell);
}

/** Places along the table are as they were given. */
const asGiven = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? '∞' : String(Number(value.toPrecision(DIGITS)));

/**
 * @param along what the rows are at, repeated in each block
 * @returns lines of at most 100 characters
 */
export function textTable(along: TextColumn, sections: readonly TextSection[]): string[] {
  const first = cellsOf(along, asGiven);
  const lines: string[] = [];
  for (const { title, columns } of sections) {
    const waiting = columns.map((column) => cellsOf(column));
    while (waiting.length > 0) {
      const block = [...first];
      do {
        const cells = waiting.shift() as string[];
        for (const [k, cell] of cells.entries()) block[k] += cell;
      } while (waiting.length > 0 && lengthOf(block[0]) + lengthOf(waiting[0][0]) <= LINE);
      lines.push(
        ...(lines.length === 0 ? [] : ['']),
        title,
        ...block.map((line) => line.trimEnd()).filter((line) => line !== ''),
      );
    }
  }
  return lines;
}
