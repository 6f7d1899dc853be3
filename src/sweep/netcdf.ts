/** Results as netCDF-4. */
import { writeNetcdfFile } from '../netcdf.js';
import type { Results } from './results.js';

/** Writes a file; one that exists is replaced. */
export const writeNetcdf = (results: Results, path: string): Promise<void> =>
  writeNetcdfFile(path, {
    attributes: {
      Conventions: 'CF-1.10',
      title: 'parameter sweep',
      source: `quantum-mill ${results.identity.version}`,
      plan: JSON.stringify(results.identity.plan),
      solvers: JSON.stringify(results.solvers),
    },
    dimensions: results.dimensions.map(({ name }) => name),
    coordinates: results.coordinates,
    variables: results.variables,
  });
