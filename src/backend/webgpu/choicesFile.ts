/** Choices of kernels in a file of the user's folder for caches. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../../cacheFolder.js';
import type { ChoiceStore, KeptChoices } from './choiceStore.js';

const schema = z.record(z.string(), z.record(z.string(), z.string()));

/** @param path for tests; by default the user's own */
export function choicesFile(path: string = join(cacheFolder(), 'kernels.json')): ChoiceStore {
  const read = async (): Promise<KeptChoices> =>
    schema.parse(JSON.parse(await readFile(path, 'utf8')));
  return {
    place: path,
    read,
    update: async (change) => {
      const kept = await read().catch(() => ({}));
      await mkdir(dirname(path), { recursive: true });
      // Another process finds the file of before, or this one, and never a part of it.
      const whole = `${path}.${randomUUID()}`;
      await writeFile(whole, `${JSON.stringify(change(kept), null, 2)}\n`);
      await rename(whole, path);
    },
  };
}
