/**
 * Compiled code of this program, kept between processes: half of what a short command takes is V8 that compiles it. Node's
 * own cache (module.enableCompileCache) has what is compiled when a file is loaded; this one has the functions, too, that
 * a command has run, since it is written at its end.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { cacheFolder } from '../cacheFolder.js';

/** Ends of a command by which its code is written again, since it may have become more: the first ones … */
const FIRST = 8;
/** … and then the first one after so many milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** Of a file of the program: what tells it from another one, and its code and what tells that. */
interface Kept {
  readonly source: number;
  readonly check: number;
  readonly code: Buffer;
}

/** What is kept of a command. */
interface Shelf {
  readonly ends: number;
  readonly files: ReadonlyMap<string, Kept>;
}

/** Of a shelf's file: lengths are of the code that follows, one after another. */
interface Contents {
  readonly ends: number;
  readonly files: readonly (readonly [
    name: string,
    source: number,
    check: number,
    length: number,
  ])[];
}

const EMPTY: Shelf = { ends: 0, files: new Map() };

/** @throws {Error} where there is none, or it is no shelf */
function readShelf(path: string): Shelf {
  const bytes = readFileSync(path);
  let at = bytes.indexOf('\n') + 1;
  const { ends, files } = JSON.parse(bytes.toString('utf8', 0, at)) as Contents;
  const kept = files.map(([name, source, check, length]) => {
    const code = bytes.subarray(at, at + length);
    at += length;
    return [name, { source, check, code }] as const;
  });
  return { ends, files: new Map(kept) };
}

/** Another process finds the file of before, or this one, and never a part of it. */
function writeShelf(path: string, { ends, files }: Shelf): void {
  const all = [...files];
  const contents: Contents = {
    ends,
    files: all.map(([name, { source, check, code }]) => [name, source, check, code.length]),
  };
  const whole = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    whole,
    Buffer.concat([
      Buffer.from(`${JSON.stringify(contents)}\n`),
      ...all.map(([, { code }]) => code),
    ]),
  );
  renameSync(whole, path);
}

/** Node compiles a file of CommonJS here; from 22 on with what kind of file it is. */
interface Compiling {
  _compile(content: string, filename: string, ...more: unknown[]): unknown;
}

/**
 * Files of a program that are required from now on are compiled from what is kept of them, and what there is of them at
 * the end of the process is kept. What cannot be read or written is done without, and NODE_DISABLE_COMPILE_CACHE turns
 * it off, as it does Node's own.
 * @param folder where the program's files are
 * @param command whose functions are kept together
 */
export function keepCode(folder: string, command: string): void {
  if (process.env.NODE_DISABLE_COMPILE_CACHE !== undefined) return;
  const path = join(cacheFolder(), 'code', `${command}-${process.version}-${process.arch}`);
  let shelf = EMPTY;
  let isNew = true;
  try {
    shelf = readShelf(path);
    isNew = shelf.ends < FIRST || Date.now() - statSync(path).mtimeMs > DAY;
  } catch {}
  const scripts = new Map<string, { readonly script: Script; readonly source: number }>();
  const loading = Module.prototype as unknown as Compiling;
  const compile = loading._compile;
  const program = folder + sep;
  loading._compile = function (this: Module, content, filename, ...more) {
    if (!filename.startsWith(program) || !filename.endsWith('.js'))
      return compile.call(this, content, filename, ...more);
    const source = crc32(content);
    const kept = shelf.files.get(filename);
    const isKept = kept?.source === source && crc32(kept.code) === kept.check;
    const script = new Script(Module.wrap(content), {
      filename,
      ...(isKept ? { cachedData: kept.code } : {}),
    });
    isNew ||= !isKept || script.cachedDataRejected === true;
    scripts.set(filename, { script, source });
    const run = script.runInThisContext() as (...of: unknown[]) => unknown;
    const { exports } = this;
    return run.call(exports, exports, createRequire(filename), this, filename, dirname(filename));
  };
  process.once('exit', () => {
    if (!isNew || scripts.size === 0) return;
    const files = new Map(shelf.files);
    for (const [name, { script, source }] of scripts) {
      const code = script.createCachedData();
      files.set(name, { source, check: crc32(code), code });
    }
    try {
      writeShelf(path, { ends: shelf.ends + 1, files });
    } catch {}
  });
}
