/** Compiled code that is kept between processes: by programs of their own, since it is how a process loads them. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, inject, test } from 'vitest';

if (!inject('compiled')) throw new Error('a test of compiled code needs the lane cli');

const folder = mkdtempSync(join(tmpdir(), 'qmill-code-'));
const program = join(folder, 'program');
const cache = join(folder, 'cache');
const keeping = new URL('../../dist/storage/codeCache.js', import.meta.url).href;
afterAll(() => rmSync(folder, { recursive: true }));

/** A file whose function says a word, and one that is loaded where it is asked for. */
const write = (word: string): void => {
  writeFileSync(join(program, 'word.js'), `exports.word = () => '${word}';`);
  writeFileSync(
    join(program, 'more.js'),
    `exports.more = () => require('./word.js').word() + '!';`,
  );
};

beforeEach(() => {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(program, { recursive: true });
  writeFileSync(join(program, 'package.json'), '{"type": "commonjs"}');
  write('one');
  writeFileSync(
    join(program, 'main.mjs'),
    `import { createRequire } from 'node:module';
     import { keepCode } from ${JSON.stringify(keeping)};
     keepCode(${JSON.stringify(program)}, 'command');
     const { more } = createRequire(import.meta.url)('./more.js');
     console.log(more());`,
  );
});

/** @returns what it says, and on stderr nothing */
function run(environment: Record<string, string> = {}): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(program, 'main.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, QMILL_CACHE: cache, ...environment },
  });
  expect(stderr).toBe('');
  return stdout.trim();
}

const kept = (): string => {
  const files = readdirSync(join(cache, 'code'));
  expect(files).toEqual([`command-${process.version}-${process.arch}`]);
  return join(cache, 'code', files[0]);
};

/** How often it was written. */
const ends = (): number => {
  const bytes = readFileSync(kept());
  return JSON.parse(bytes.toString('utf8', 0, bytes.indexOf('\n'))).ends;
};

/** Runs it until nothing more is gathered. @returns how often that was */
function gather(): number {
  for (let count = 0; ; count++) {
    expect(run()).toBe('one!');
    if (ends() === count) return count;
  }
}

test('is gathered by the first ends of a command, used as it is, and gathered anew after a day', () => {
  const count = gather();
  expect(count).toBeGreaterThan(1);
  const whole = readFileSync(kept());
  expect(run()).toBe('one!');
  expect(readFileSync(kept()).equals(whole)).toBe(true);
  const yesterday = Date.now() / 1000 - 25 * 60 * 60;
  utimesSync(kept(), yesterday, yesterday);
  expect(run()).toBe('one!');
  expect(ends()).toBe(count + 1);
  expect(run()).toBe('one!');
  expect(ends()).toBe(count + 1);
});

test('of a file that has become another one is not used, though it is as long', () => {
  gather();
  write('two');
  expect(run()).toBe('two!');
  write('one');
  expect(run()).toBe('one!');
});

test('is made anew where it is damaged', () => {
  gather();
  const whole = readFileSync(kept());
  const begin = whole.indexOf('\n') + 1;
  for (const damaged of [
    whole.map((byte, at) => (at < begin ? byte : byte ^ (at % 7))),
    whole.subarray(0, begin + 100),
    whole.subarray(0, 20),
    Buffer.alloc(0),
  ]) {
    writeFileSync(kept(), damaged);
    expect(run()).toBe('one!');
    expect(readFileSync(kept()).equals(damaged)).toBe(false);
    expect(run()).toBe('one!');
  }
});

test('is done without where it may not be kept, or there is no place for it', () => {
  expect(run({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('one!');
  expect(existsSync(cache)).toBe(false);
  writeFileSync(cache, 'no folder');
  expect(run()).toBe('one!');
});
