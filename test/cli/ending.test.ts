import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { endingOf } from '../../src/cli/ending.js';
import { oneLine } from '../../src/cli/terminal.js';
import { readYaml } from '../../src/cli/yaml.js';
import { ParameterError, UnknownKeyError } from '../../src/model/parameters.js';
import { StoreError } from '../../src/storage/errors.js';
import { main } from '../support/commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'qmill-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A line for the shell, in which $QMILL is the command line. */
const shell = (line: string) =>
  spawnSync('bash', ['-c', line], {
    encoding: 'utf8',
    env: { ...process.env, QMILL: `${process.execPath} ${main}` },
  });

describe('output that nobody reads, or that has no room', () => {
  test('a closed pipe is no error', () => {
    const { status, stdout, stderr } = shell(
      '$QMILL steady --json | head -c 1 >/dev/null; echo $PIPESTATUS; $QMILL --help | head -n 1',
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^0\nUsage: qmill/);
    expect(status).toBe(0);
  });

  test('a full disk is one line and exit status 1', () => {
    const { status, stderr } = shell('$QMILL steady > /dev/full');
    expect(stderr).toBe(
      'error: cannot write to the standard output: no space left on device (ENOSPC)\n',
    );
    expect(status).toBe(1);
  });

  test('so are too few files', () => {
    const limited = (files: number) => shell(`ulimit -n ${files}; $QMILL steady`);
    // Node needs some of them itself: of fewer than this one it tells in its own way.
    let files = 32;
    while (limited(files).status === 0) files--;
    const { status, stderr } = limited(files);
    // Which of both depends on the file that is one too many.
    expect(stderr).toMatch(/^error: .*(too many open files \(EMFILE\)|\(ulimit -n\)\?)\n$/);
    expect(status).toBe(1);
  });
});

describe('an error becomes an exit status and one line', () => {
  test.each([
    [new ParameterError('chi', 2, 'a number < 1'), 2, 'error: chi = 2: must be a number < 1'],
    [
      new UnknownKeyError('lamda', 'lambda'),
      2,
      "error: unknown key 'lamda': did you mean 'lambda'?",
    ],
    [
      new StoreError('cannot write x: the disk is full'),
      1,
      'error: cannot write x: the disk is full',
    ],
    [
      Object.assign(new Error('EMFILE'), {
        code: 'EMFILE',
        errno: -24,
        syscall: 'open',
        path: 'x',
      }),
      1,
      'error: x: too many open files (EMFILE)',
    ],
    ['thrown', 1, 'error: thrown'],
  ])('%s', (error, status, line) => {
    expect(endingOf(error)).toEqual({ status, line });
  });

  test('where memory was not enough', () => {
    let error: unknown;
    try {
      new Float64Array(2 ** 53 - 1);
    } catch (caught) {
      error = caught;
    }
    expect(endingOf(error)).toEqual({
      status: 1,
      line: expect.stringMatching(/^error: memory was not enough .*: ask for less at once$/),
    });
  });

  test('a fault of ours names its place, not its stack', () => {
    const { status, line } = endingOf(new TypeError('x is not\n a function'));
    expect(status).toBe(1);
    expect(line).toMatch(
      /^error: a fault of this program: TypeError: x is not a function at ending\.test\.ts:\d+$/,
    );
  });
});

describe('text of others', () => {
  test('cannot steer a terminal', () => {
    expect(oneLine('a\u001b[31m\r\nb\u009b2J\u202Ec\u0007')).toBe(
      'a\\u{1b}[31m b\\u{9b}2J\\u{202e}c\\u{7}',
    );
    expect(oneLine('η, ⟨L_z⟩ ≥ 0')).toBe('η, ⟨L_z⟩ ≥ 0');
    expect(oneLine('x'.repeat(10_000)).length).toBeLessThan(1100);
  });

  test('in the keys of a YAML file is spelt out', () => {
    const config = join(folder, 'keys.yaml');
    writeFileSync(config, '"\\e]0;owned\\a\\e[2J": 1\n');
    const { status, stdout, stderr } = shell(`$QMILL steady --config ${config}`);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: unknown key '\\u\{1b\}\]0;owned\\u\{7\}\\u\{1b\}\[2J'/);
    expect(stderr.trimEnd()).not.toMatch(/\p{Cc}/u);
  });
});

describe('a YAML file', () => {
  const notes: string[] = [];
  const read = (content: string) => {
    const file = join(folder, 'some.yaml');
    writeFileSync(file, content);
    return readYaml(file, 'config', (line) => notes.push(line));
  };

  test.each([
    ['an alias of nothing', 'a: *nowhere\n', /valid YAML \(Unresolved alias/],
    [
      'an alias of very much',
      `a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefgh'
        .split('')
        .map((c, i) => `${c}: &${c} [${Array(10).fill(`*${'abcdefg'[i]}`).join(', ')}]\n`)
        .join('')}`,
      /valid YAML \(Excessive alias count/,
    ],
    ['a deep one', `a: ${'['.repeat(3000)}`, /valid YAML \(it is nested too deeply\)/],
    ['an open list', 'a: [1, 2', /valid YAML \(Flow sequence/],
    ['a key twice', 'a: 1\na: 2\n', /valid YAML \(Map keys must be unique/],
    ['a list', '[1, 2]', /a YAML mapping/],
    ['a text', 'just words', /a YAML mapping/],
  ])('%s is refused', (_, content, message) => {
    expect(() => read(content)).toThrow(ParameterError);
    expect(() => read(content)).toThrow(message);
  });

  test('that is no file, or has no end, is refused', () => {
    expect(() => readYaml(folder)).toThrow(/a readable YAML file \(EISDIR\)/);
    expect(() => readYaml('/dev/zero')).toThrow(/more than 134217728 bytes/);
  });

  test('may merge mappings', () => {
    expect(read('x: &x {a: 1}\ny: {<<: *x, b: 2}\n')).toEqual({ x: { a: 1 }, y: { a: 1, b: 2 } });
  });

  test('that holds nothing says that defaults are used', () => {
    expect(read('# nothing\n')).toEqual({});
    expect(notes.at(-1)).toMatch(/^config ".*some\.yaml" holds nothing: defaults are used$/);
  });
});
