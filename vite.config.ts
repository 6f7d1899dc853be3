import { defineConfig } from 'vite';
import { formulas } from './src/app/build/formulas.js';
import { offline } from './src/app/build/offline.js';
import { withoutJsonSchemas } from './src/app/build/withoutJsonSchemas.js';

/** The browser app: a static folder that works under any path. */
export default defineConfig({
  root: 'src/app',
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [formulas(), offline(), withoutJsonSchemas()],
  worker: { format: 'es', plugins: () => [withoutJsonSchemas()] },
  build: {
    outDir: '../../dist/app',
    emptyOutDir: true,
    target: 'es2022',
    // Files of their own: a content security policy may forbid data URLs.
    assetsInlineLimit: 0,
    // HDF5's library is one chunk of that size, loaded with the first netCDF file that is asked for.
    chunkSizeWarningLimit: 5000,
  },
});
