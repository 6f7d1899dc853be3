/** netCDF-4: HDF5 with dimension scales, which xarray, netCDF4 and Panoply open as it is. */
import { addContent, FILE_OPTIONS, type NetcdfContent } from './netcdfContent.js';
import { loadOptional } from './optionalPackage.js';

export type { NetcdfAttributes, NetcdfContent, NetcdfVariable } from './netcdfContent.js';

/**
 * HDF5's library, which only these files need.
 * @throws {MissingPackageError}
 */
export const loadNetcdf = () => loadOptional('netCDF', ['h5wasm'], () => import('h5wasm/node'));

/**
 * Writes a file; one that exists is replaced.
 * @throws {MissingPackageError} where HDF5's library is not installed
 */
export async function writeNetcdfFile(path: string, content: NetcdfContent): Promise<void> {
  const { default: h5wasm } = await loadNetcdf();
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w', FILE_OPTIONS);
  try {
    addContent(file, content);
  } finally {
    file.close();
  }
}
