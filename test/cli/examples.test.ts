/** The programs of examples/, each run as its reader would. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../support/commandLine.js';
import { root } from '../support/documents.js';
import { pythonWith, runPython } from '../support/python.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

const examples = join(root, 'examples');
const named = (ending: string) => readdirSync(examples).filter((name) => name.endsWith(ending));

describe('programs in TypeScript', () => {
  beforeAll(() => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/quantum-mill'));
    const files = named('.ts').map((name) => {
      copyFileSync(join(examples, name), join(folder, name));
      return join(folder, name);
    });
    const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck'];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const { stdout } = spawnSync(
      process.execPath,
      [join(dirname(compiler), 'bin/tsc'), ...options, ...types, ...files],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stdout).toBe('');
  });

  const shown: Readonly<Record<string, readonly string[]>> = {
    'first-device': ['engine, converged: true', '0.001423599', 'efficiency 0.1874 of at most 0.7'],
    'spin-up': ['t = 1e+2  ⟨L_z⟩ = 0.2 %', 't = 1e+6  ⟨L_z⟩ = 100.0 %'],
    'where-it-turns': ['beta2 = 0.010: engine', '0.044: accelerator', '0.051: refrigerator'],
  };

  test('are all looked at', () => {
    expect(named('.ts').map((name) => name.slice(0, -3))).toEqual(Object.keys(shown));
  });

  test.each(Object.entries(shown))('%s prints what it says', (name, words) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [`${name}.js`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    for (const one of words) expect(stdout).toContain(one);
  });
});

const QMILL = `'${process.execPath}' '${main}'`;

test('the Python script reads JSON, an evolution and a sweep', (context) => {
  const python = pythonWith('xarray', 'netCDF4');
  if ('missing' in python) return context.skip(python.missing);
  const program = `import os, runpy, sys; os.environ["QMILL"] = sys.argv[1]; runpy.run_path(sys.argv[2])`;
  const printed = runPython(python.path, program, QMILL, join(examples, 'from_python.py'));
  expect(printed.split('\n').slice(0, 4)).toEqual([
    'engine 0.187365',
    'hbar 1.423599',
    'from the populations 1.423599',
    '0.02 -4.868358e-04',
  ]);
});

test('the notebook runs as a whole', (context) => {
  const python = pythonWith('nbclient', 'ipykernel', 'nbformat', 'xarray', 'zarr', 'pandas');
  if ('missing' in python) return context.skip(python.missing);
  const program = `
import os, sys, nbformat, nbclient
os.environ["QMILL"] = sys.argv[1]
notebook = nbformat.read(sys.argv[2], 4)
nbformat.validate(notebook)
nbclient.NotebookClient(notebook, timeout=300).execute()
for cell in notebook.cells:
    for output in cell.get("outputs", []):
        print(output.get("text", output.get("data", {}).get("text/plain", "")))
`;
  const printed = runPython(python.path, program, QMILL, join(examples, 'sweep.ipynb'));
  expect(printed).toMatch(/\('engine',\s+\{'Q1': -0\.0005694397/);
  expect(printed).toContain('qmill evolve --beta2 0.03 --times log:10:1e6:31 --out run.nc');
});
