/** A run as `--out` has written it, read back from JSON or netCDF. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Dataset } from 'h5wasm/node';
import { ParameterError } from '../model/parameters.js';
import { loadNetcdf } from '../netcdf.js';
import { modesTable } from './modesReport.js';
import { OUTPUT_NAMES, type OutputName, tableSchema } from './outputSchemas.js';
import { variablesOf } from './resultVariables.js';

export interface RunVariable {
  readonly name: string;
  /** Empty for pure numbers. */
  readonly unit: string;
  readonly dimensions: readonly string[];
  /** The last dimension fastest. */
  readonly values: ArrayLike<number>;
}

export interface Run {
  readonly command: string;
  /** With the coordinates, each along the dimension of its name. */
  readonly variables: readonly RunVariable[];
}

/** Endings of files that are runs. */
export const RUN_ENDINGS = ['.json', '.nc'];

const refused = (file: string, why = ''): ParameterError =>
  new ParameterError(
    'results',
    file,
    `a folder that qmill sweep has written, or a .json or .nc file that --out has written${why}`,
  );

/** The command that a title or a command line names. */
function commandIn(words: unknown, file: string): OutputName {
  const name = /^qmill (\w+)/.exec(String(words))?.[1];
  const found = OUTPUT_NAMES.find((known) => known === name);
  if (found === undefined) throw refused(file);
  return found;
}

function fromJson(file: string): Run {
  let content: { readonly units?: unknown; readonly provenance?: { readonly command?: string } };
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw refused(file, ` (${(error as Error).message.split('\n')[0]})`);
  }
  // Units are those of the schema.
  const { units: _, provenance, ...report } = content;
  const command = commandIn(provenance?.command, file);
  const table =
    command === 'modes' ? modesTable(report as Parameters<typeof modesTable>[0]) : report;
  const { dimensions, variables } = variablesOf(table, tableSchema(command));
  const coordinates = dimensions.flatMap(({ coordinate }) => coordinate ?? []);
  return { command, variables: [...coordinates, ...variables] };
}

async function fromNetcdf(file: string): Promise<Run> {
  const { default: h5wasm } = await loadNetcdf();
  await h5wasm.ready;
  const content = new h5wasm.File(file, 'r');
  try {
    const command = commandIn(content.attrs.title?.value, file);
    const variables = content.keys().map((name): RunVariable => {
      const dataset = content.get(name) as Dataset;
      const { attrs, shape, value } = dataset;
      // A scale has none attached to it: it is its own.
      const dimensions = (shape ?? []).map(
        (_, d) => dataset.get_attached_scales(d)[0]?.replace('/', '') ?? name,
      );
      const values = typeof value === 'number' ? [value] : (value as Float64Array);
      return { name, unit: String(attrs.units?.value ?? ''), dimensions, values };
    });
    return { command, variables };
  } finally {
    content.close();
  }
}

/** @throws {ParameterError | MissingPackageError} */
export const readRun = async (file: string): Promise<Run> =>
  extname(file) === '.nc' ? fromNetcdf(file) : fromJson(file);
