/** Vite's plugin for the page's service worker, which knows every file of the page. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const SOURCE = new URL('../offline/serviceWorker.js', import.meta.url);

/** Large, and for one choice of what computes, or for one kind of file: stored when it is first used. */
const RARE = /gpu-browser|hdf5/;

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name !== 'sw.js' && !entry.name.endsWith('.map'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

export const offline = (): Plugin => ({
  name: 'offline',
  apply: 'build',
  async writeBundle({ dir }) {
    if (dir === undefined) throw new Error('the page is built into a folder');
    const files = await filesOf(dir);
    const hash = createHash('sha256');
    for (const file of files) hash.update(file).update(await readFile(join(dir, file)));
    const source = await readFile(SOURCE, 'utf8');
    const known = [
      `const VERSION = ${JSON.stringify(hash.update(source).digest('hex').slice(0, 16))};`,
      `const FILES = ${JSON.stringify(files.filter((file) => !RARE.test(file)))};`,
    ];
    await writeFile(join(dir, 'sw.js'), `${known.join('\n')}\n${source}`);
  },
});
