/** The package as those have it who install it: packed, and imported by its name. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extract } from 'tar';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { steadyState } from '../../src/index.js';
import { writtenCode, writtenMill } from '../../src/model/preparedMill.js';

if (!inject('compiled')) throw new Error('a test of the package needs the lane cli');

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'qmill-package-'));
const installed = join(folder, 'node_modules/quantum-mill');
afterAll(() => rmSync(folder, { recursive: true }));

/** The bytes of a folder's files. */
function sizeOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.reduce(
    (sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size,
    0,
  );
}

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The packages that npm installs with this one, theirs included, where this machine has them. */
function installedWith(optional: boolean): Set<string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const names = new Set<string>();
  const add = ({ dependencies = {}, optionalDependencies = {} }: Locked) => {
    const optionals = Object.keys(optionalDependencies);
    const wanted = Object.keys(dependencies).filter((name) => !optionals.includes(name));
    for (const name of optional ? [...wanted, ...optionals] : wanted) {
      if (names.has(name) || !existsSync(join(root, 'node_modules', name))) continue;
      names.add(name);
      add(packages[`node_modules/${name}`]);
    }
  };
  add(packages['']);
  return names;
}

/** What npm would have fetched, from where the tests have it: no network is needed. */
function installDependencies(): void {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  );
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

let unpackedSize = 0;

beforeAll(async () => {
  mkdirSync(installed, { recursive: true });
  await build({ root, configFile: join(root, 'vite.browser.config.ts') });
  // The lane of the page has built it; this one alone has not.
  if (!existsSync(join(root, 'dist/app/index.html'))) {
    await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  }
  const packed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: root, encoding: 'utf8' },
  );
  const [{ filename, unpackedSize: bytes }] = JSON.parse(packed);
  unpackedSize = bytes;
  await extract({ file: join(folder, filename), cwd: installed, strip: 1 });
  installDependencies();
  write('package.json', JSON.stringify({ type: 'module' }));
});

const write = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const STEADY = `
  import { steadyState } from 'quantum-mill';
  const { rotor, operation } = await steadyState({ beta2: 0.05 });
  console.log(JSON.stringify({ Lz: rotor.Lz, operation }));
`;

/** Runs a program beside the installed package. @returns what it prints, as JSON */
function run(command: string, args: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const expected = async () => {
  const { rotor, operation } = await steadyState({ beta2: 0.05 });
  return { Lz: rotor.Lz, operation };
};

describe('the packed package', () => {
  test('is imported in Node', async () => {
    expect(run(process.execPath, [write('steady.mjs', STEADY)])).toEqual(await expected());
  });

  test('has what is prepared of the machine of the paper, as it is derived', () => {
    for (const [key, text] of Object.entries(writtenMill())) {
      expect(readFileSync(join(installed, 'dist/node', `${key}.jsonl`), 'utf8')).toBe(text);
    }
    const code = readFileSync(join(installed, 'dist/node/code.bin'));
    expect(code.equals(Buffer.concat(Object.values(writtenCode())))).toBe(true);
  });

  test('has its threads, for sweeps and trajectories', () => {
    const program = write(
      'threads.mjs',
      `import { sweep, trajectories } from 'quantum-mill';
       const [one, two] = [{ threads: 1 }, { threads: 2 }];
       const plan = { axes: { chi: [-0.5, 0, 0.5] } };
       const sweeps = await Promise.all([sweep(plan, one), sweep(plan, two)]);
       const runs = { times: [1], count: 150 };
       const means = [await trajectories({}, { ...runs, ...one }), await trajectories({}, { ...runs, ...two })];
       console.log(JSON.stringify([
         sweeps.map(({ variables }) => [...variables.heat_Q1.values]),
         means.map(({ snapshots }) => snapshots),
       ]));`,
    );
    const [sweeps, means] = run(process.execPath, [program]) as unknown[][];
    expect(sweeps[1]).toEqual(sweeps[0]);
    expect(means[1]).toEqual(means[0]);
  });

  test('brings types that a strict compiler takes, and no others', () => {
    write(
      'typed.ts',
      `import { ParameterError, steadyState, type SteadyResult } from 'quantum-mill';
       const result: SteadyResult = await steadyState({ beta2: 0.05 }, { threads: 1 });
       const flow: number = result.heat.Q1;
       // @ts-expect-error: there is no such parameter
       await steadyState({ beta3: 1 }).catch((error) => error instanceof ParameterError);
       export { flow };`,
    );
    const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
    const { stdout, status } = spawnSync(
      process.execPath,
      [
        ...[tsc, '--noEmit', ...strict, '--target', 'es2022', '--module', 'nodenext'],
        ...['--types', '', '--lib', 'es2023,dom', join(folder, 'typed.ts')],
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  test('is bundled by Vite for browsers, without a warning', async () => {
    const entry = write(
      'entry.js',
      `import { steadyState, sweep, trajectories } from 'quantum-mill';
       export const run = async () => {
         const { rotor, operation } = await steadyState({ beta2: 0.05 });
         const runs = await trajectories({}, { times: [1], count: 60 });
         const { variables } = await sweep({ axes: { beta2: [0.05] }, observables: ['rotor.Lz'] });
         return JSON.stringify({
           Lz: rotor.Lz, operation, count: runs.count, swept: variables.rotor_Lz.values[0],
         });
       };`,
    );
    const warnings: string[] = [];
    await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir: join(folder, 'bundle'),
        // Links in a document, which is not there.
        modulePreload: false,
        rolldownOptions: {
          input: entry,
          preserveEntrySignatures: 'strict',
          output: { entryFileNames: 'bundle.js' },
          onwarn: ({ message }) => warnings.push(message),
        },
      },
    });
    expect(warnings).toEqual([]);
    // A place without anything that Node has and browsers have not.
    const program = write(
      'asBrowser.mjs',
      `for (const name of ['process', 'Buffer', 'setImmediate', 'global']) delete globalThis[name];
       const { run } = await import('./bundle/bundle.js');
       console.log(await run());`,
    );
    const { Lz, operation } = await expected();
    expect(run(process.execPath, [program])).toEqual({ Lz, operation, count: 60, swept: Lz });
  });

  test('is imported in Deno, where npm has it for this machine', async (context) => {
    const program = (() => {
      try {
        return require.resolve('deno/bin.cjs');
      } catch {
        return null;
      }
    })();
    if (program === null) return context.skip('npm has no Deno for this machine');
    const args = [program, 'run', '--allow-all', '--node-modules-dir=manual', '--quiet'];
    const found = run(process.execPath, [...args, write('deno.mjs', STEADY)]);
    // Another engine's exponentials may differ in their last digit.
    const { Lz, operation } = await expected();
    expect(found).toEqual({ Lz: expect.closeTo(Lz, 14), operation });
  });

  test('has its commands, with threads and what they read of the package', () => {
    const qmill = (...args: string[]) =>
      run(process.execPath, [join(installed, 'dist/node/main.js'), ...args, '--json']);
    expect(qmill('steady', '--machine', 'piston')).toMatchObject({ solver: { converged: true } });
    write('plan.yaml', 'axes: {beta2: [0.03, 0.05]}');
    const args = ['sweep', 'plan.yaml', '--out', 'swept', '--workers', '2', '--backend', 'cpu'];
    const sweep = spawnSync(process.execPath, [join(installed, 'dist/node/main.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(sweep.status, sweep.stderr).toBe(0);
  });

  test('is as strict as the modules that it is made of', () => {
    const folder = join(installed, 'dist/node');
    const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const begin = /^(#!.*\n)?"use strict";/;
    const loose = files.filter((name) => !begin.test(readFileSync(join(folder, name), 'utf8')));
    expect(files.length).toBeGreaterThan(100);
    expect(loose).toEqual([]);
  });

  test('is small, and asks for few others', () => {
    const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(Object.keys(dependencies)).toEqual(['cli-progress', 'piscina', 'yaml', 'zod']);
    // The page writes netCDF by a library and its WebAssembly, which are loaded when a file is asked for.
    const assets = join(installed, 'dist/app/assets');
    const netcdf = readdirSync(assets).filter((name) => name.startsWith('hdf5_hl'));
    expect(netcdf.map((name) => extname(name)).sort()).toEqual(['.js', '.wasm']);
    const size = netcdf.reduce((sum, name) => sum + statSync(join(assets, name)).size, 0);
    expect(unpackedSize - size).toBeLessThan(10e6);
    expect(unpackedSize).toBeLessThan(15e6);
  });

  test('takes the room that the documents say, and no more than it may', () => {
    const megabytes = (optional: boolean) => {
      const folders = [...installedWith(optional)].map((name) => join(root, 'node_modules', name));
      return (unpackedSize + folders.reduce((sum, at) => sum + sizeOf(at), 0)) / 1e6;
    };
    const [whole, without] = [megabytes(true), megabytes(false)];
    expect(whole).toBeLessThan(160);
    expect(without).toBeLessThan(40);
    const text = readFileSync(join(root, 'docs/packages.md'), 'utf8').replace(/\s+/g, ' ');
    const said =
      /takes (\d+) MB, of which (\d+) MB are Dawn; with `--omit=optional`, which leaves Dawn out, it takes (\d+) MB .* brings (\d+) packages/;
    const [total, dawn, small, packages] = said.exec(text)!.slice(1).map(Number);
    expect(Math.abs(total - whole)).toBeLessThan(1);
    expect(Math.abs(dawn - sizeOf(join(root, 'node_modules/webgpu')) / 1e6)).toBeLessThan(1);
    expect(Math.abs(small - without)).toBeLessThan(1);
    expect(installedWith(true).size).toBe(packages);
  });

  test('holds nothing that its users do not need', () => {
    const list = execFileSync('find', [installed, '-type', 'f'], { encoding: 'utf8' });
    const files = list.trim().split('\n');
    expect(files.filter((file) => /\.(map|ttf|woff)$|\/(test|src)\//.test(file))).toEqual([]);
  });
});
