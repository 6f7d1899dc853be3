/** Results as tidy CSV: a row for each solved point, a column for each coordinate and variable. */
import { type FileHandle, open } from 'node:fs/promises';
import { csvFormatRows } from 'd3-dsv';
import { STATUS } from './layout.js';
import { isAbsent, meanings, type Results, type ResultVariable } from './results.js';

/** Rows that are turned into text at once. */
const BLOCK = 5000;

/** How far apart a variable's values are along each dimension of the grid; 0 along those it has not. */
function stridesOf({ dimensions, shape }: ResultVariable, grid: Results['dimensions']): number[] {
  return grid.map(({ name }) => {
    const d = dimensions.indexOf(name);
    return d < 0 ? 0 : shape.slice(d + 1).reduce((a, b) => a * b, 1);
  });
}

/** A variable's value at each point of the grid, as text; empty where there is none. */
function cells(variable: ResultVariable, grid: Results['dimensions']): (point: number) => string {
  const strides = stridesOf(variable, grid);
  const words = meanings(variable);
  return (point) => {
    let rest = point;
    let at = 0;
    for (let d = grid.length - 1; d >= 0; d--) {
      at += (rest % grid[d].length) * strides[d];
      rest = Math.floor(rest / grid[d].length);
    }
    const value = variable.values[at];
    return isAbsent(variable, value) ? '' : words === null ? String(value) : words[value];
  };
}

async function writeRows(results: Results, file: FileHandle): Promise<void> {
  const { dimensions, coordinates, variables, count } = results;
  const columns = [...coordinates, ...variables];
  const readers = columns.map((column) => cells(column, dimensions));
  const status = variables.find(({ name }) => name === STATUS)!;
  let rows: string[][] = [columns.map(({ name }) => name)];
  for (let point = 0; point < count; point++) {
    if (status.values[point] !== 0) rows.push(readers.map((cell) => cell(point)));
    if (rows.length < BLOCK && point < count - 1) continue;
    if (rows.length > 0) await file.write(`${csvFormatRows(rows)}\n`);
    rows = [];
  }
}

/** Writes a file; one that exists is replaced. */
export async function writeCsv(results: Results, path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await writeRows(results, file);
  } finally {
    await file.close();
  }
}
