import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import packageJson from './package.json' with { type: 'json' };

const compiled = fileURLToPath(new URL('dist', import.meta.url));
const out = fileURLToPath(new URL('dist/node', import.meta.url));

/** What is started, imported or run in a thread by its own file; each has a name of its own. */
const entries = [
  'index.js',
  'cli/main.js',
  // What main.js runs, for whoever calls it more than once.
  'cli/program.js',
  'cli/ending.js',
  'cli/adapterProbe.js',
  'backend/cpu/thread.js',
  'performance/coldSteady.js',
  'simulate/trajectoryThread.js',
  'sweep/hostWorker.js',
  'sweep/machineWorker.js',
];

const nameOf = (entry: string): string => entry.replace(/^.*\/|\.js$/g, '');
const names = entries.map(nameOf).join('|');
const entryUrl = new RegExp(`new URL\\('[./]*(${names})\\.js', import\\.meta\\.url\\)`, 'g');

/** Files are found from where a module was before it became part of a bundle; entries, beside it. */
const places = (): Plugin => ({
  name: 'places',
  transform(code, id) {
    if (!id.startsWith(compiled + sep) || !code.includes('import.meta.url')) return null;
    const place = relative(out, id).replaceAll(sep, '/');
    return code
      .replaceAll(entryUrl, (_, name) => `new URL('./${name}.js', import.meta.BESIDE)`)
      .replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`)
      .replaceAll('import.meta.BESIDE', 'import.meta.url');
  },
});

/** Modules that stand for one that uses prepared code where there is none. */
const withoutCode: Readonly<Record<string, string>> = {
  [join('machine', 'preparedLoops.js')]: './tableLoops.js',
  [join('solve', 'preparedNullVector.js')]: './preparedElimination.js',
};

/** What is the same for every device of the paper's machine is made now, by the code that is bundled. */
const prepared = (): Plugin => ({
  name: 'prepared',
  async load(id) {
    const file = relative(compiled, id);
    if (file in withoutCode) return `export * from '${withoutCode[file]}';`;
    if (file !== join('model', 'preparedTexts.js') && file !== 'preparedCode.js') return null;
    const { writtenMill, writtenCode } = await import(`${compiled}/model/preparedMill.js`);
    if (file === 'preparedCode.js') {
      const code = Object.entries(writtenCode() as Record<string, Uint8Array>);
      const source = Buffer.concat(code.map(([, bytes]) => bytes));
      this.emitFile({ type: 'asset', fileName: 'code.bin', source });
      let end = 0;
      const places = code.map(([key, { length }]) => {
        end += length;
        return [key, [end - length, end]];
      });
      return `import { readFileSync } from 'node:fs';
        const places = ${JSON.stringify(Object.fromEntries(places))};
        let code;
        export const preparedCode = (key) => {
          const place = places[key];
          if (place === undefined) return null;
          code ??= readFileSync(import.meta.dirname + '/code.bin');
          return code.subarray(...place);
        };`;
    }
    const texts: Record<string, string> = writtenMill();
    for (const [key, source] of Object.entries(texts)) {
      this.emitFile({ type: 'asset', fileName: `${key}.jsonl`, source });
    }
    return `import { readFileSync } from 'node:fs';
      const keys = ${JSON.stringify(Object.keys(texts))};
      export const preparedText = (key) =>
        keys.includes(key) ? readFileSync(import.meta.dirname + '/' + key + '.jsonl', 'utf8') : null;`;
  },
});

/** Types that the library's do not lead to are of no use to anyone, and two thirds of them all. */
const types = (): Plugin => ({
  name: 'types',
  closeBundle() {
    const reached = new Set([join(compiled, 'index.d.ts')]);
    for (const file of reached) {
      for (const [, name] of readFileSync(file, 'utf8').matchAll(/['"](\.[^'"]+)\.js['"]/g)) {
        reached.add(join(dirname(file), `${name}.d.ts`));
      }
    }
    for (const name of readdirSync(compiled, { recursive: true, encoding: 'utf8' })) {
      const file = join(compiled, name);
      if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
    }
  },
});

/** What is written beside CommonJS: the library as it is imported, with its names, and how code that is kept imports. */
const commonJs = (): Plugin => ({
  name: 'commonJs',
  generateBundle(_, files) {
    const chunks = Object.values(files).filter((file) => file.type === 'chunk');
    const exported = chunks.find(({ fileName }) => fileName === 'index.js')?.exports ?? [];
    const sources = {
      'index.mjs': `export { ${exported.join(', ')} } from './index.js';\n`,
      'others.cjs': 'module.exports = (name) => import(name);\n',
      'package.json': JSON.stringify({ type: 'commonjs' }),
    };
    for (const [fileName, source] of Object.entries(sources)) {
      this.emitFile({ type: 'asset', fileName, source });
    }
    for (const chunk of chunks) {
      // Parts are called after all that share them: a quarter of all text.
      const parts: string[] = [];
      const short = (name: string) => {
        if (!parts.includes(name)) parts.push(name);
        return `part$${parts.indexOf(name)}`;
      };
      chunk.code = chunk.code
        .replace(/\brequire_\w+/g, short)
        .replace(/\bimport\((`node:[^`]+`)\)/g, 'Promise.resolve(require($1))')
        .replace(/\bimport\((`[^`]+`)\)/g, 'require("./others.cjs")($1)');
    }
  },
});

/** Stores are written without compression: a megabyte of codecs for others is left out. */
const codecs = (): Plugin => ({
  name: 'codecs',
  enforce: 'pre',
  resolveId: (name) => (name.startsWith('numcodecs/') ? `\0${name}` : null),
  load: (name) =>
    name.startsWith('\0numcodecs/')
      ? `throw new Error('chunks are compressed by ${name.slice(11)}, which no sweep does');`
      : null,
});

/**
 * The command line, the library and their threads as few files with what they need, from what the compiler has
 * written: a command then starts in half the time, and a dozen packages need not be installed.
 */
export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  plugins: [places(), prepared(), codecs(), commonJs(), types()],
  ssr: {
    noExternal: true,
    external: Object.keys({
      ...packageJson.dependencies,
      ...packageJson.optionalDependencies,
      ...packageJson.peerDependencies,
      // Of a clone alone.
      tar: '',
      typescript: '',
    }).filter((name) => name !== 'zod'),
  },
  build: {
    ssr: true,
    ssrEmitAssets: true,
    outDir: out,
    emptyOutDir: true,
    target: 'es2022',
    license: { fileName: 'licences.md' },
    rolldownOptions: {
      input: Object.fromEntries(entries.map((entry) => [nameOf(entry), `${compiled}/${entry}`])),
      output: {
        // Which can be compiled from what was kept of it: storage/codeCache.ts.
        format: 'cjs',
        strict: true,
        entryFileNames: '[name].js',
        // Shared parts would be named after all that share them.
        chunkFileNames: ({ name }) =>
          name.startsWith('shared') ? 'shared-[hash].js' : '[name]-[hash].js',
        // What many parts share goes into few files: a command opened hundreds of small ones. Larger files than these
        // hold what a command does not need, such as the parser of machine files, and YAML with it.
        strictExecutionOrder: true,
        codeSplitting: {
          groups: [
            {
              name: 'shared',
              minShareCount: 8,
              entriesAware: true,
              entriesAwareMergeThreshold: 2_000,
            },
          ],
        },
        // Names stay as they are, in traces of errors and in profiles.
        minify: { compress: true, mangle: false, codegen: true },
      },
    },
  },
});
