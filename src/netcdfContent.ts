/** netCDF-4 in an open file of HDF5, wherever that library runs. */
import type { Dataset, File } from 'h5wasm/node';

export type NetcdfAttributes = Readonly<Record<string, string | number | readonly number[]>>;

export interface NetcdfVariable {
  readonly name: string;
  readonly type: 'float64' | 'int32' | 'int8';
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly attributes: NetcdfAttributes;
  /** In C order: the last dimension fastest. */
  readonly values: Float64Array | Int32Array | Int8Array;
}

export interface NetcdfContent {
  readonly attributes: NetcdfAttributes;
  /** Names; each has a coordinate of the same name. */
  readonly dimensions: readonly string[];
  readonly coordinates: readonly NetcdfVariable[];
  readonly variables: readonly NetcdfVariable[];
}

const types = { float64: '<d', int32: '<i', int8: '<b' } as const;

/**
 * Attributes of a variable or a file. Text has a fixed length: of variable length it would be NC_STRING, which
 * the classic model, and Fortran with it, does not have.
 */
function addAttributes(
  target: Dataset | File,
  attributes: NetcdfAttributes,
  type: NetcdfVariable['type'] = 'float64',
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') {
      const { length } = new TextEncoder().encode(value);
      target.create_attribute(name, value, null, `S${Math.max(1, length)}`);
    } else {
      // Numbers are of the variable's own type, as the CF conventions want them.
      const numbers = typeof value === 'number' ? [value] : [...value];
      target.create_attribute(name, numbers, [numbers.length], types[type]);
    }
  }
}

function addVariable(file: File, variable: NetcdfVariable): Dataset {
  const { name, type, shape, values, attributes } = variable;
  file.create_dataset({
    name,
    data: values,
    shape: [...shape],
    dtype: types[type],
    track_order: true,
  });
  const dataset = file.get(name) as Dataset;
  const fill = type === 'float64' ? { _FillValue: Number.NaN } : {};
  addAttributes(dataset, { ...attributes, ...fill }, type);
  return dataset;
}

/** Writes all of it into an empty file that was opened as `FILE_OPTIONS` say. */
export function addContent(file: File, content: NetcdfContent): void {
  const { attributes, dimensions, coordinates, variables } = content;
  addAttributes(file, attributes);
  // Scales first: variables are attached to them.
  for (const name of dimensions) {
    const scale = coordinates.find((coordinate) => coordinate.name === name);
    if (scale !== undefined) addVariable(file, scale).make_scale(name);
  }
  const others = coordinates.filter(({ name }) => !dimensions.includes(name));
  for (const variable of [...others, ...variables]) {
    const dataset = addVariable(file, variable);
    variable.dimensions.forEach((name, d) => {
      dataset.attach_scale(d, name);
    });
  }
}

/**
 * In the order of creation, without which netCDF refuses to add to a file; in the format of HDF5 1.8, in which an
 * attribute may be larger than 64 KiB.
 */
export const FILE_OPTIONS: { track_order: boolean; libver: ['v108', 'v110'] } = {
  track_order: true,
  libver: ['v108', 'v110'],
};
