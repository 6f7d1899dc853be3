import { defineConfig } from 'vite';

/** The library as one ES module for pages without a bundler, made from what the compiler has written. */
export default defineConfig({
  // What is published beside it is the page's.
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: 'dist/browser',
    emptyOutDir: true,
    target: 'es2022',
    lib: { entry: 'dist/index.js', formats: ['es'], fileName: 'quantum-mill' },
    minify: true,
    license: { fileName: 'licences.md' },
    // As large as the rest; a page that wants it names it in an import map.
    rolldownOptions: {
      external: ['gpu.js'],
      // Vite leaves spaces in libraries.
      output: { minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } } },
    },
  },
});
