/** The check of imports: that it knows every room in the order of the documents, and that it does fail. */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import configuration from '../../rooms.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '../..');

/** Rooms from the ground up, each with what its files may not import. */
const rooms = configuration.overrides.slice(1).map(({ includes, linter }) => ({
  name: includes[0].split('/')[1],
  forbidden: linter.rules.style.noRestrictedImports.options.patterns.flatMap(({ group }) => group),
}));
const names = rooms.map(({ name }) => name);

const patternOf = (above: readonly string[]): string[] =>
  above.length === 0 ? [] : [above.length === 1 ? `**/${above[0]}/**` : `**/{${above.join()}}/**`];

describe('rooms', () => {
  test('are the folders of src', async () => {
    const entries = await readdir(join(root, 'src'), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect([...names].sort()).toEqual(folders.sort());
  });

  test('may not import those after them, nor the page and the command line each other', () => {
    rooms.forEach(({ name, forbidden }, at) => {
      const above = name === 'app' ? ['cli'] : names.slice(at + 1);
      expect(forbidden, name).toEqual([...patternOf(above), '**/index.js']);
    });
    expect(names.slice(-2)).toEqual(['cli', 'app']);
  });

  test('stand in the same order in the document on architecture', async () => {
    const text = await readFile(join(root, 'docs/architecture.md'), 'utf8');
    const [, section] = text.split('## Rooms\n');
    const listed = [...section.split('\n## ')[0].matchAll(/^\| `src\/(\w+)\/` \|/gm)];
    expect(listed.map(([, name]) => name)).toEqual(names);
  });
});

describe('the check fails', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qmill-rooms-'));
    const biome = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
    const alone = { ...biome, vcs: { enabled: false }, $schema: undefined };
    await writeFile(join(folder, 'biome.json'), JSON.stringify(alone));
    await cp(join(root, 'rooms.json'), join(folder, 'rooms.json'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module", "dependencies": {} }');
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** What the check says of some files: all of its findings' names. */
  async function findings(files: Readonly<Record<string, string>>): Promise<string[]> {
    await rm(join(folder, 'src'), { recursive: true, force: true });
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    const run = spawnSync(process.execPath, [biome, 'lint', '--colors=off', 'src'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const found = [...`${run.stdout}${run.stderr}`.matchAll(/ lint\/\w+\/(\w+) /g)];
    expect(run.status === 0).toBe(found.length === 0);
    return [...new Set(found.map(([, name]) => name))];
  }

  const use = (name: string, path: string, type = '') =>
    `import ${type}{ ${name} } from '${path}';\nexport const of${name} = (x: ${type === '' ? 'number' : name}) => ${type === '' ? `${name} + x` : 'x'};\n`;

  test('on nothing where all is well', async () => {
    const files = {
      'src/operators/a.ts': 'export const a = 1;\n',
      'src/simulate/b.ts': use('a', '../operators/a.js'),
    };
    expect(await findings(files)).toEqual([]);
  });

  test('on a circle of files that is one of types alone', async () => {
    const files = {
      'src/solve/a.ts': `export type A = number;\n${use('B', './b.js', 'type ')}`,
      'src/solve/b.ts': `export type B = number;\n${use('A', './a.js', 'type ')}`,
    };
    expect(await findings(files)).toEqual(['noImportCycles']);
  });

  test('on an import of a room above, of a type, too, or when it is needed', async () => {
    const above = { 'src/model/a.ts': 'export type A = number;\nexport const a = 1;\n' };
    for (const text of [
      use('a', '../model/a.js'),
      use('A', '../model/a.js', 'type '),
      "export const later = () => import('../model/a.js');\n",
    ]) {
      expect(await findings({ ...above, 'src/solve/b.ts': text })).toEqual(['noRestrictedImports']);
    }
  });

  test('on an import of the command line by the page, and of a room by the ground floor', async () => {
    expect(
      await findings({
        'src/cli/a.ts': 'export const a = 1;\n',
        'src/app/map/b.ts': use('a', '../../cli/a.js'),
      }),
    ).toEqual(['noRestrictedImports']);
    expect(
      await findings({
        'src/numbers/a.ts': 'export const a = 1;\n',
        'src/zeros.ts': use('a', './numbers/a.js'),
      }),
    ).toEqual(['noRestrictedImports']);
  });

  test('on a package that package.json does not name', async () => {
    expect(await findings({ 'src/solve/a.ts': use('z', 'zod') })).toEqual([
      'noUndeclaredDependencies',
    ]);
  });
});
