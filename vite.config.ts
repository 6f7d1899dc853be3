import { defineConfig } from 'vite';
import { formulas } from './src/app/build/formulas.js';
import { leftOut } from './src/app/build/leftOut.js';
import { netcdfLibrary } from './src/app/build/netcdfLibrary.js';
import { offline } from './src/app/build/offline.js';
import { plainShaders } from './src/app/build/plainShaders.js';

/** The browser app: a static folder that works under any path. */
export default defineConfig({
  root: 'src/app',
  base: './',
  // Whatever NODE_ENV is, so that tests have the page that is published.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  plugins: [formulas(), offline(), leftOut(), plainShaders(), netcdfLibrary()],
  worker: { format: 'es', plugins: () => [leftOut()] },
  build: {
    outDir: '../../dist/app',
    emptyOutDir: true,
    target: 'es2022',
    // Files of their own: a content security policy may forbid data URLs.
    assetsInlineLimit: 0,
    // Libraries of that size are loaded when they are first asked for.
    chunkSizeWarningLimit: 700,
  },
});
