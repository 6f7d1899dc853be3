/** Sweeps for tests: their folders, and what is in them. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import * as zarr from 'zarrita';
import { registerChecksum } from '../../src/sweep/checksum.js';
import { StoreFiles } from '../../src/sweep/storeFiles.js';

registerChecksum();

export interface Workshop {
  /** A path in a folder of the test's own. */
  readonly path: (name: string) => string;
  /** Writes a plan and returns its path. */
  readonly plan: (name: string, content: object) => string;
  readonly clear: () => void;
}

export function workshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'qmill-sweep-'));
  const path = (name: string) => join(folder, name);
  return {
    path,
    plan: (name, content) => {
      writeFileSync(path(name), stringify(content));
      return path(name);
    },
    clear: () => rmSync(folder, { recursive: true }),
  };
}

/** Every file under a folder, by its path there, as a hash of its content. */
export function contentsOf(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  const visit = (at: string) => {
    for (const name of readdirSync(join(folder, at)).sort()) {
      const path = join(at, name);
      if (statSync(join(folder, path)).isDirectory()) visit(path);
      else {
        const hash = createHash('sha256').update(readFileSync(join(folder, path)));
        files.set(path, hash.digest('hex'));
      }
    }
  };
  visit('');
  return files;
}

/** The numbers of one variable of a store, in C order, read as any Zarr reader would. */
export async function variable(folder: string, name: string): Promise<number[]> {
  const root = zarr.root(new StoreFiles(folder));
  const array = await zarr.open.v3(root.resolve(name), { kind: 'array' });
  const { data } = await zarr.get(array as zarr.Array<'float64', StoreFiles>);
  return Array.from(data);
}

/** What a sweep says on stderr besides its progress, which a slow machine gets to see. */
export const complaints = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line !== '' && !/^\d+\/\d+ points/.test(line));
