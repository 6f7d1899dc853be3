/** Choices of kernels in a file of the user's folder for caches. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
// What a system's folder for caches is called, it knows on each.
import envPaths from 'env-paths';
import { z } from 'zod';
import type { ChoiceStore, KeptChoices } from './choiceStore.js';

const schema = z.record(z.string(), z.record(z.string(), z.string()));

/** The folder that QMILL_CACHE names, or the system's own for what may be lost. */
const folder = (): string =>
  process.env.QMILL_CACHE ?? envPaths('quantum-mill', { suffix: '' }).cache;

/** @param path for tests; by default the user's own */
export function choicesFile(path: string = join(folder(), 'kernels.json')): ChoiceStore {
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
