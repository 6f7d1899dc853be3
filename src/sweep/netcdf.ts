/** Results as netCDF-4: HDF5 with dimension scales, which xarray, netCDF4 and Panoply open as they are. */
import h5wasm, { type Dataset, type File } from 'h5wasm/node';
import type { NumberType } from './layout.js';
import type { Results, ResultVariable } from './results.js';

const types: Readonly<Record<NumberType, string>> = { float64: '<d', int32: '<i', int8: '<b' };

function addAttributes(
  target: Dataset | File,
  attributes: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (Array.isArray(value)) target.create_attribute(name, Int8Array.from(value), null, '<b');
    else target.create_attribute(name, value as string | number);
  }
}

function addVariable(file: File, variable: ResultVariable): Dataset {
  const { name, type, shape, values, attributes } = variable;
  file.create_dataset({ name, data: values, shape: [...shape], dtype: types[type] });
  const dataset = file.get(name) as Dataset;
  addAttributes(dataset, attributes);
  if (type === 'float64') dataset.create_attribute('_FillValue', Number.NaN, null, '<d');
  return dataset;
}

/** Writes a file, which must not exist. */
export async function writeNetcdf(results: Results, path: string): Promise<void> {
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  try {
    addAttributes(file, {
      Conventions: 'CF-1.10',
      title: 'parameter sweep',
      source: `quantum-mill ${results.identity.version}`,
      plan: JSON.stringify(results.identity.plan),
      solvers: JSON.stringify(results.solvers),
    });
    // Scales first: variables are attached to them.
    for (const { name } of results.dimensions) {
      const scale = results.coordinates.find((coordinate) => coordinate.name === name);
      if (scale !== undefined) addVariable(file, scale).make_scale(name);
    }
    const isScale = ({ name }: ResultVariable) => results.dimensions.some((d) => d.name === name);
    const others = results.coordinates.filter((coordinate) => !isScale(coordinate));
    for (const variable of [...others, ...results.variables]) {
      const dataset = addVariable(file, variable);
      variable.dimensions.forEach((name, d) => {
        dataset.attach_scale(d, name);
      });
    }
  } finally {
    file.close();
  }
}
