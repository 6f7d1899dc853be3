import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { main, qmill } from '../support/commandLine.js';

const COMMANDS = [
  'steady',
  'fluctuations',
  'sensitivity',
  'modes',
  'correlate',
  'evolve',
  'collide',
  'trajectories',
  'machines',
  'levels',
  'sweep',
  'slurm',
  'export',
  'plot',
  'rectify',
  'optimise',
  'figure',
  'bench',
  'adapters',
  'schema',
  'completion',
  'serve',
];

describe('help', () => {
  test('lists every command', () => {
    const { status, stdout } = qmill(['--help']);
    expect(status).toBe(0);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b.* \\w`, 'm'));
  });

  test.each(COMMANDS)('%s tells its own options', (name) => {
    const { status, stdout } = qmill(['help', name]);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: qmill ${name}\\b`));
    if (!['adapters', 'schema', 'completion'].includes(name))
      expect(stdout).toMatch(/^ {2}--[a-z]/m);
  });

  test('a command can be asked itself', () => {
    expect(qmill(['serve', '--help'])).toEqual(qmill(['help', 'serve']));
  });

  test('a misspelt command is refused, with the one that was meant', () => {
    const { status, stderr } = qmill(['stedy']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/Did you mean steady\?/);
  });
});

/** Before it is bundled, where a package is still seen that will be part of a file. */
const compiled = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** The packages that a command line loads. */
function packagesLoaded(program: string, args: readonly string[]): Set<string> {
  const hook = `export async function load(url, context, next) {
    process._rawDebug('loaded ' + url);
    return next(url, context);
  }`;
  const listen = `import Module, { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (...of) => {
      const found = resolve(...of);
      process._rawDebug('loaded ' + found);
      return found;
    };`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(listen)}`, program, ...args],
    { encoding: 'utf8' },
  );
  expect(status).toBe(0);
  const found = stderr.matchAll(/^loaded .*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm);
  return new Set([...found].map(([, name]) => name));
}

describe('a command loads', () => {
  test('nothing but the parser of its arguments for --help, and what knows where code is kept', () => {
    expect([...packagesLoaded(compiled, ['--help'])].sort()).toEqual([
      'commander',
      'env-paths',
      'is-safe-filename',
    ]);
  });

  test('no drawing, no files and no GPU for one device on the CPU', () => {
    expect([...packagesLoaded(compiled, ['steady'])].sort()).toEqual([
      'commander',
      'env-paths',
      'fastest-levenshtein',
      'is-safe-filename',
      'ml-matrix',
      'zod',
    ]);
  });

  test.each(['--help', 'steady'])('as it is published, no package for %s', (arg) => {
    expect([...packagesLoaded(main, [arg])]).toEqual([]);
  });

  test('as it is published, others by their names', () => {
    const loaded = packagesLoaded(main, ['steady', '--machine', 'piston']);
    expect([...loaded]).toEqual(['yaml']);
  });
});

describe('the help of a command lists what it takes', () => {
  const ONE_VALUE = {
    collide: ['model', 'V', 'cutoff', 'backend', 'space', 'dmax', 'method', 'precision'],
    trajectories: ['space', 'dmax', 'method'],
    rectify: ['V', 'backend', 'space', 'dmax', 'method', 'precision'],
  } as const;

  test.each(Object.entries(ONE_VALUE))('%s, and not what it only refuses', async (name, only) => {
    const command = new Command(name);
    const { addCollide } = await import('../../src/cli/collide.js');
    const { addTrajectories } = await import('../../src/cli/trajectories.js');
    const { addRectify } = await import('../../src/cli/rectify.js');
    const add = { collide: addCollide, trajectories: addTrajectories, rectify: addRectify };
    add[name as keyof typeof add](
      command,
      (run) =>
        async (...args) =>
          void run(...args),
      async () => new Command(),
    );
    const help = command.helpInformation();
    expect(help).toContain('--beta1 <value>');
    for (const field of only) {
      expect(help).not.toMatch(new RegExp(`^ *--${field} `, 'm'));
      // A file of parameters may have it.
      expect(command.options.some(({ long }) => long === `--${field}`)).toBe(true);
    }
  });
});
