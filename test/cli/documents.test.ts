/** What the documents say is there, and what they show runs. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { addCommands } from '../../src/cli/commands.js';
import { parseYaml } from '../../src/cli/yaml.js';
import { qmill } from '../support/commandLine.js';
import { documents, missingLine, root, type Snippet } from '../support/documents.js';

const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'qmill-documents-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Words in a sentence of the README. */
const LONGEST = 40;
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const paths = documents.map(({ path }) => path);
const documentOf = (path: string) => documents.find((document) => document.path === path)!;

describe('links', () => {
  test.each(paths)('of %s lead somewhere', (path) => {
    const dead = documentOf(path).links.filter((link) => {
      if (/^(https?|mailto):/.test(link)) return false;
      const [file, anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), decodeURIComponent(file));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !documentOf(target)?.anchors.has(anchor);
    });
    expect(dead).toEqual([]);
  });
});

test.each(paths)('files that %s names are there', (path) => {
  // NAME stands for whatever is to be added.
  const named = documentOf(path).codes.filter(
    (code) => /^(src|test|docs|shaders)\/[\w/.-]+\.\w+$/.test(code) && !/\bNAME\b/.test(code),
  );
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('no sentence of the README is long', () => {
  const words = (sentence: string) => sentence.split(/\s+/).filter((word) => /\w/.test(word));
  const long = documentOf('README.md').sentences.filter((s) => words(s).length > LONGEST);
  expect(long).toEqual([]);
});

/** A line of a shell as words; of quotes only those that documents use. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c);

/** Its commands, without comments. */
const commandsOf = (text: string): string[] =>
  text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split('&&'))
    .map((line) => line.trim().replace(/^npx (?=qmill\b)/, ''))
    .filter((line) => line !== '');

const isNpm = (words: readonly string[]): boolean => {
  const [program, verb, name] = words;
  if (program !== 'npm') return false;
  if (verb === 'run') return name in scripts;
  return ['ci', 'install', 'start', 'test'].includes(verb);
};

/** A place of its own for each document, with the files that it shows. */
function placeOf(path: string): string {
  const place = join(folder, path.replaceAll('/', '_'));
  if (existsSync(place)) return place;
  mkdirSync(place, { recursive: true });
  for (const { language, text } of documentOf(path).snippets) {
    const name = /^(?:#|\/\/|<!--) (\S+\.\w+)/.exec(text)?.[1];
    if (name !== undefined && language !== 'ts') writeFileSync(join(place, name), `${text}\n`);
  }
  return place;
}

/** What the commands of a block print. */
function printedBy(path: string, { text, marker }: Snippet): string {
  const given = /^tested as: (.*)$/s.exec(marker)?.[1] ?? text;
  let printed = '';
  for (const line of commandsOf(given)) {
    const [program, ...args] = wordsOf(line);
    if (program !== 'qmill') {
      expect(isNpm([program, ...args]), `${line} is no command that is known`).toBe(true);
      continue;
    }
    const { status, stdout, stderr } = qmill(args, placeOf(path));
    expect(status, `${line}: ${stderr}`).toBe(0);
    printed += stdout;
  }
  return printed;
}

const isNotRun = ({ marker }: Snippet): boolean => marker.startsWith('not run:');

/** What a document shows of an output was printed, and is not nothing. */
function expectShown({ output }: Snippet, printed: string): void {
  if (output === null) return;
  expect(output.trim()).not.toBe('');
  expect(missingLine(output, printed)).toBeNull();
}

const blocks = documents.flatMap(({ path, snippets }) =>
  snippets.map((snippet) => ({ path, snippet, first: snippet.text.split('\n')[0] })),
);
const ofLanguage = (...languages: readonly string[]) =>
  blocks.filter(({ snippet }) => languages.includes(snippet.language));

describe('commands', () => {
  const shown = ofLanguage('sh').filter(({ snippet }) => !isNotRun(snippet));

  test.each(shown)('of $path run: $first', ({ path, snippet }) => {
    const printed = printedBy(path, snippet);
    expectShown(snippet, printed);
  });

  /** A command by its name, with its options. */
  const commandNamed = async (name: string) => {
    const program = new Command('qmill');
    await addCommands(program, () => async () => {}, name);
    return program.commands.find((command) => command.name() === name);
  };

  test.each(paths)('named in the text of %s have their options', async (path) => {
    const { codes, snippets } = documentOf(path);
    const notRun = snippets.filter(({ language, marker }) => language === 'sh' && marker !== '');
    const lines = [...codes, ...notRun.flatMap(({ text }) => commandsOf(text))];
    for (const line of lines.filter((code) => code.startsWith('qmill '))) {
      const [, name, ...args] = wordsOf(line.split(' -- ')[0]);
      if (name.startsWith('-') || name === 'help') continue;
      const command = await commandNamed(name);
      expect(command, line).toBeDefined();
      const flags = args.filter((arg) => arg.startsWith('--')).map((flag) => flag.split('=')[0]);
      const known = command?.options.map(({ long }) => long);
      for (const flag of flags) expect(known, line).toContain(flag);
    }
  });
});

test.each(ofLanguage('yaml'))('YAML of $path is YAML: $first', ({ snippet }) => {
  expect(parseYaml(snippet.text)).toBeTypeOf('object');
});

test.each(ofLanguage('json'))('JSON of $path is JSON: $first', ({ snippet }) => {
  expect(JSON.parse(snippet.text)).toBeTypeOf('object');
});

describe('programs', () => {
  const programs = ofLanguage('ts');
  const place = join(folder, 'programs');

  test('have the types that they should', () => {
    mkdirSync(join(place, 'node_modules'), { recursive: true });
    symlinkSync(root, join(place, 'node_modules/quantum-mill'));
    writeFileSync(join(place, 'package.json'), JSON.stringify({ type: 'module' }));
    const files = programs.map(({ snippet }, i) => {
      const file = join(place, `program${i}.ts`);
      // A module, so that every snippet may have the same names.
      writeFileSync(file, `${snippet.text}\nexport {};\n`);
      return file;
    });
    const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--skipLibCheck'];
    const types = ['--types', 'node', '--typeRoots', resolve(root, 'node_modules/@types')];
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, ...types, ...files], {
      cwd: place,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });

  const shown = programs
    .map((program, i) => ({ ...program, i }))
    .filter(({ snippet }) => !isNotRun(snippet));

  test.each(shown)('of $path run: $first', ({ snippet, i }) => {
    const file = join(place, `program${i}.js`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
      cwd: place,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    expectShown(snippet, stdout);
  });
});

test('blocks are in languages that are tested, or plain text', () => {
  const known = ['', 'text', 'sh', 'ts', 'yaml', 'json'];
  expect(blocks.filter(({ snippet }) => !known.includes(snippet.language))).toEqual([]);
});

describe('an output is compared', () => {
  const printed = 'one line\nflow  1.25e-3 ± 2.0e-17 in 3.1 ms\nlast 7';

  test.each(['flow 0.00125 ± 9.9e-16 in 250 ms\n…\nlast 7', '…\nlast 7', 'one line'])(
    '%j',
    (shown) => {
      expect(missingLine(shown, printed)).toBeNull();
    },
  );

  test.each([
    'flow 1.26e-3 ± 2.0e-17 in 3.1 ms',
    'flow 1.25e-3 ± 2.0e-7 in 3.1 ms',
    'flux 1.25e-3 ± 2.0e-17 in 3.1 ms',
    'flow 1.25e-3 in 3.1 ms',
    'one',
  ])('and is not %j', (shown) => {
    expect(missingLine(shown, printed)).toBe(shown);
  });

  test('in its order', () => {
    expect(missingLine('last 7\none line', printed)).toBe('one line');
  });
});

test('a block that is not run says why', () => {
  const known = /^$|^not run: .{10}|^tested as: (?:npx )?qmill /;
  expect(blocks.filter(({ snippet }) => !known.test(snippet.marker))).toEqual([]);
});
