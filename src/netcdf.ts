/** netCDF-4: HDF5 with dimension scales, which xarray, netCDF4 and Panoply open as it is. */
import type { Dataset, File } from 'h5wasm/node';
import { loadOptional } from './optionalPackage.js';

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

/**
 * HDF5's library, which only these files need.
 * @throws {MissingPackageError}
 */
export const loadNetcdf = () => loadOptional('netCDF', ['h5wasm'], () => import('h5wasm/node'));

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

/**
 * Writes a file; one that exists is replaced.
 * @throws {MissingPackageError} where HDF5's library is not installed
 */
export async function writeNetcdfFile(path: string, content: NetcdfContent): Promise<void> {
  const { attributes, dimensions, coordinates, variables } = content;
  const { default: h5wasm } = await loadNetcdf();
  await h5wasm.ready;
  // In the order of creation, without which netCDF refuses to add to a file; in the format of HDF5 1.8, in
  // which an attribute may be larger than 64 KiB.
  const file = new h5wasm.File(path, 'w', { track_order: true, libver: ['v108', 'v110'] });
  try {
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
  } finally {
    file.close();
  }
}
