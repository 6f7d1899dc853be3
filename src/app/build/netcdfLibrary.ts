import { runInNewContext } from 'node:vm';
import type { Plugin } from 'vite';

const LIBRARY = /\/h5wasm\/dist\/esm\/hdf5_util\.js$/;
const BEFORE = 'function findWasmBinary(){return binaryDecode(';
const AFTER = ')}function getBinarySync(';

/** HDF5's library brings its WebAssembly as text in a script, a byte for each letter: here it is a file of its own. */
export const netcdfLibrary = (): Plugin => ({
  name: 'netcdf-library',
  apply: 'build',
  transform(code, id) {
    if (!LIBRARY.test(id)) return null;
    const start = code.indexOf(BEFORE);
    const end = code.indexOf(AFTER, start);
    if (start < 0 || end < 0) throw new Error(`${id} has its WebAssembly at another place`);
    const text = runInNewContext(code.slice(start + BEFORE.length, end)) as string;
    const name = 'hdf5_hl.wasm';
    const file = this.emitFile({ type: 'asset', name, source: Buffer.from(text, 'latin1') });
    const fetched = `fetch(import.meta.ROLLUP_FILE_URL_${file}).then((file)=>file.arrayBuffer())`;
    const after = code.slice(end + ')'.length);
    return `${code.slice(0, start)}function findWasmBinary(){return ${fetched}${after}`;
  },
});
