/** netCDF-4: HDF5 with dimension scales, which xarray, netCDF4 and Panoply open as it is. */
import type { Dataset, File } from 'h5wasm/node';
import { loadOptional } from './optionalPackage.js';

export interface NetcdfVariable {
  readonly name: string;
  readonly type: 'float64' | 'int32' | 'int8';
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** In C order: the last dimension fastest. */
  readonly values: Float64Array | Int32Array | Int8Array;
}

export interface NetcdfContent {
  readonly attributes: Readonly<Record<string, unknown>>;
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

function addAttributes(
  target: Dataset | File,
  attributes: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (Array.isArray(value)) target.create_attribute(name, Int8Array.from(value), null, '<b');
    else target.create_attribute(name, value as string | number);
  }
}

function addVariable(file: File, variable: NetcdfVariable): Dataset {
  const { name, type, shape, values, attributes } = variable;
  file.create_dataset({ name, data: values, shape: [...shape], dtype: types[type] });
  const dataset = file.get(name) as Dataset;
  addAttributes(dataset, attributes);
  if (type === 'float64') dataset.create_attribute('_FillValue', Number.NaN, null, '<d');
  return dataset;
}

/**
 * Writes a file, which must not exist.
 * @throws {MissingPackageError} where HDF5's library is not installed
 */
export async function writeNetcdfFile(path: string, content: NetcdfContent): Promise<void> {
  const { attributes, dimensions, coordinates, variables } = content;
  const { default: h5wasm } = await loadNetcdf();
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
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
