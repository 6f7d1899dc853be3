/** The formats of `--out FILE`: JSON, CSV and netCDF. */
import { writeFile } from 'node:fs/promises';
import { csvFormatRows } from 'd3-dsv';
import { type NetcdfVariable, writeNetcdfFile } from '../netcdf.js';
import { jsonPieces } from './json.js';
import { outputSchema, tableSchema } from './outputSchemas.js';
import type { FileProvenance } from './provenance.js';
import type { Ending, Reporting } from './resultKinds.js';
import {
  type Dimension,
  unitsOf,
  type Variable,
  type Variables,
  variablesOf,
} from './resultVariables.js';

type Write = (
  path: string,
  report: object,
  table: object,
  command: Reporting,
  from: FileProvenance,
) => Promise<void>;

/** Variables by the schema of what a command prints. */
const variablesBy = (command: Reporting, report: object): Variables =>
  variablesOf(report, tableSchema(command));

const writeJson: Write = async (path, report, _table, command, from) => {
  const units = Object.fromEntries(unitsOf(outputSchema(command), report));
  await writeFile(path, [...jsonPieces({ ...report, units, provenance: from }), '\n'].join(''));
};

/** A column of a table: of a vector, one for each of its places. */
interface Column {
  readonly name: string;
  readonly unit: string;
  readonly cell: (row: number) => string;
}

function columnsOf(variable: Variable, rows: Dimension | null, all: Variables): Column[] {
  const { name, unit, dimensions, values, words } = variable;
  const inRow = rows === null ? dimensions : dimensions.slice(1);
  // Rows of one kind among several have a prefix that says of which.
  const short =
    rows !== null && name.startsWith(`${rows.name}_`) ? name.slice(rows.name.length + 1) : name;
  const places = inRow.reduce<readonly string[]>(
    (before, along) => {
      const dimension = all.dimensions.find((one) => one.name === along);
      const { length = 0, coordinate = null } = dimension ?? {};
      return before.flatMap((place) =>
        Array.from({ length }, (_, k) => {
          const at = coordinate?.values[k] ?? k;
          return `${place}[${coordinate?.words?.[k] ?? at}]`;
        }),
      );
    },
    [''],
  );
  return places.map((place, k) => ({
    name: `${short}${place}`,
    unit,
    cell: (row) => {
      const value = values[row * places.length + k];
      if (Number.isNaN(value)) return '';
      return words === null ? String(value) : words[value];
    },
  }));
}

interface Table {
  readonly columns: readonly Column[];
  readonly length: number;
}

/** Every table of a result: one for each kind of rows, or a single row of everything. */
function tablesOf(all: Variables): ReadonlyMap<string, Table> {
  const kinds = all.dimensions.filter(({ isOfRows }) => isOfRows);
  const tables = new Map<string, Table>();
  if (kinds.length === 0) {
    const columns = all.variables.flatMap((variable) => columnsOf(variable, null, all));
    tables.set('', { columns, length: 1 });
  }
  for (const rows of kinds) {
    const columns = all.variables
      .filter(({ dimensions }) => dimensions[0] === rows.name)
      .flatMap((variable) => columnsOf(variable, rows, all));
    tables.set(rows.name, { columns, length: rows.length });
  }
  return tables;
}

const isTable = (value: unknown): boolean =>
  Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null;

/** What is no table of a report. */
const withoutTables = (report: object): object =>
  JSON.parse(JSON.stringify(report, (_, value) => (isTable(value) ? undefined : value)));

/** CSV, where lines that begin with # say where it comes from and what the units are. */
const writeCsv: Write = async (path, _report, report, command, from) => {
  const tables = tablesOf(variablesBy(command, report));
  const columns = [...tables.values()].flatMap((table) => table.columns);
  const names = [...new Set(columns.map(({ name }) => name))];
  const units = Object.fromEntries(columns.map(({ name, unit }) => [name, unit]));
  const isOne = tables.size === 1;
  const rows = [...tables].flatMap(([table, { columns, length }]) => {
    const cells = new Map(columns.map(({ name, cell }) => [name, cell]));
    return Array.from({ length }, (_, row) => [
      ...(isOne ? [] : [table]),
      ...names.map((name) => cells.get(name)?.(row) ?? ''),
    ]);
  });
  const said = {
    provenance: from,
    ...(tables.has('') ? {} : { run: withoutTables(report) }),
    units: Object.fromEntries(Object.entries(units).filter(([, unit]) => unit !== '')),
  };
  const remarks = Object.entries(said).map(([key, value]) => `# ${key}: ${JSON.stringify(value)}`);
  const header = [...(isOne ? [] : ['table']), ...names];
  await writeFile(path, `${[...remarks, csvFormatRows([header, ...rows])].join('\n')}\n`);
};

const arrays = { float64: Float64Array, int32: Int32Array, int8: Int8Array } as const;

const netcdfVariable = (variable: Variable, dimensions: readonly Dimension[]): NetcdfVariable => {
  const { name, type, description, unit, words, values } = variable;
  return {
    name,
    type,
    dimensions: variable.dimensions,
    shape: variable.dimensions.map(
      (along) => dimensions.find((one) => one.name === along)?.length ?? 0,
    ),
    attributes: {
      ...(description === '' ? {} : { long_name: description }),
      ...(unit === '' ? {} : { units: unit }),
      ...(words === null
        ? {}
        : { flag_values: words.map((_, k) => k), flag_meanings: words.join(' ') }),
    },
    // What is missing among words or whole numbers cannot be NaN.
    values: new arrays[type](
      type === 'float64' ? values : values.map((value) => (Number.isNaN(value) ? -1 : value)),
    ),
  };
};

const writeNetcdf: Write = async (path, _report, report, command, from) => {
  const { dimensions, variables, texts } = variablesBy(command, report);
  const coordinates = dimensions.flatMap((dimension): Variable[] => {
    const { name, length, coordinate } = dimension;
    const own = variables.find((variable) => variable.name === name);
    if (own !== undefined) return [];
    const places = Array.from({ length }, (_, k) => k + 1);
    const counted = { unit: '', description: 'number', type: 'int32', words: null } as const;
    return [coordinate ?? { name, ...counted, dimensions: [name], values: places }];
  });
  const isCoordinate = ({ name }: Variable) => dimensions.some((one) => one.name === name);
  const all = [...coordinates, ...variables].map((one) => ({
    isCoordinate: isCoordinate(one),
    variable: netcdfVariable(one, dimensions),
  }));
  await writeNetcdfFile(path, {
    attributes: {
      Conventions: 'CF-1.10',
      title: `qmill ${command}`,
      source: `quantum-mill ${from.version}`,
      history: `${from.created}: ${from.command}`,
      provenance: JSON.stringify(from),
      ...texts,
    },
    dimensions: dimensions.map(({ name }) => name),
    coordinates: all.filter((one) => one.isCoordinate).map(({ variable }) => variable),
    variables: all.filter((one) => !one.isCoordinate).map(({ variable }) => variable),
  });
};

/** By the endings of files. */
export const writers: Readonly<Record<Ending, Write>> = {
  '.json': writeJson,
  '.csv': writeCsv,
  '.nc': writeNetcdf,
};
