/** Tables of the page as netCDF, which HDF5's library writes into its own memory. */
import type { Dataset } from '../../figures/dataset.js';
import {
  addContent,
  FILE_OPTIONS,
  type NetcdfContent,
  type NetcdfVariable,
} from '../../netcdfContent.js';
import type { Origin } from './origin.js';

/** Of tables whose rows have no name. */
const ROW = 'row';

/** What words.indexOf has for what is no word. */
const ABSENT = -1;

type Cell = number | string | null;

/** The distinct values of a column in the order of their first row. */
const distinct = (cells: readonly Cell[]): Cell[] => [...new Set(cells)];

/** Words are numbers with a meaning, as the CF conventions have them; what is absent is the fill value. */
function variableOf(
  { name, unit, description }: Dataset['columns'][number],
  cells: readonly Cell[],
  dimensions: readonly string[],
  shape: readonly number[],
): NetcdfVariable {
  const common = { name, dimensions, shape };
  const attributes = { long_name: description, ...(unit === '' ? {} : { units: unit }) };
  const words = distinct(cells).filter((cell) => typeof cell === 'string');
  if (words.length > 0) {
    return {
      ...common,
      type: 'int8',
      attributes: {
        ...attributes,
        _FillValue: ABSENT,
        flag_values: words.map((_, k) => k),
        flag_meanings: words.map((word) => String(word).replaceAll(' ', '_')).join(' '),
      },
      values: Int8Array.from(cells, (cell) => words.indexOf(cell as string)),
    };
  }
  return {
    ...common,
    type: 'float64',
    attributes,
    values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))),
  };
}

/**
 * A table as variables over its first columns.
 * @param axes how many of the columns are axes; where the rows are not all of the grid that these make, or the rows of
 *   one axis have the same value, they are counted instead
 */
export function netcdfContent(
  { columns, rows }: Dataset,
  axes: number,
  origin: Origin,
): NetcdfContent {
  const of = (name: string) => rows.map((row) => row[name] ?? null);
  const grid = columns
    .slice(0, axes)
    .map((column) => ({ column, values: distinct(of(column.name)) }));
  const isGrid =
    grid.reduce((product, { values }) => product * values.length, 1) === rows.length &&
    grid.every(({ values }) => values.every((value) => typeof value === 'number'));
  // A map has its rows from below, each from left to right: the first column is the fastest.
  const slowestFirst = isGrid ? [...grid].reverse() : [];
  const dimensions = isGrid ? slowestFirst.map(({ column }) => column.name) : [ROW];
  const shape = isGrid ? slowestFirst.map(({ values }) => values.length) : [rows.length];
  const coordinates = isGrid
    ? slowestFirst.map(({ column, values }) =>
        variableOf(column, values, [column.name], [values.length]),
      )
    : [
        variableOf(
          { name: ROW, unit: '', description: 'number of the row' },
          rows.map((_, k) => k),
          [ROW],
          [rows.length],
        ),
      ];
  return {
    attributes: {
      Conventions: 'CF-1.10',
      ...Object.fromEntries(origin.map(([name, value]) => [name.replaceAll(' ', '_'), value])),
    },
    dimensions,
    coordinates,
    variables: columns
      .slice(isGrid ? axes : 0)
      .map((column) => variableOf(column, of(column.name), dimensions, shape)),
  };
}

const PATH = 'table.nc';

export async function netcdfFile(dataset: Dataset, axes: number, origin: Origin): Promise<Blob> {
  const content = netcdfContent(dataset, axes, origin);
  const { default: h5wasm } = await import('h5wasm');
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File(PATH, 'w', FILE_OPTIONS);
  try {
    addContent(file, content);
  } finally {
    file.close();
  }
  const bytes = Uint8Array.from(FS.readFile(PATH));
  FS.unlink(PATH);
  return new Blob([bytes], { type: 'application/x-netcdf' });
}
