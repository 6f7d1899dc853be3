/**
 * Which of several kernels is the fastest on an adapter: measured once, and kept between runs where there is a place
 * for that. A choice changes how long something takes, and no number by more than its error.
 */
import { version } from '../../version.js';
import type { ChoiceStore, KeptChoices } from './choiceStore.js';

/** A file in Node and Deno; in a browser, beside what else the page keeps there. */
async function choiceStore(): Promise<ChoiceStore | null> {
  if (typeof process !== 'undefined' && 'node' in process.versions) {
    return (await import('./choicesFile.js')).choicesFile();
  }
  if (typeof indexedDB === 'undefined') return null;
  return (await import('./choicesDatabase.js')).choicesDatabase();
}

/** Drivers differ in speed, and versions of this program in kernels. */
const nameOf = ({ vendor, architecture, device, description }: GPUAdapterInfo): string =>
  [`quantum-mill ${version}`, vendor, architecture, device, description]
    .filter((part) => part !== '')
    .join(', ');

/** n as a power of two, for sizes that want the same kernel. */
export const power = (n: number): number => Math.round(Math.log2(Math.max(1, n)));

/** Those of one adapter. */
export class Choices {
  readonly #adapter: string;
  #kept: Promise<{
    readonly store: ChoiceStore | null;
    readonly known: Map<string, string>;
  }> | null = null;

  /** @param open where choices are kept: by default on this machine, and else in this process alone */
  constructor(
    info: GPUAdapterInfo,
    private readonly open: () => Promise<ChoiceStore | null> = choiceStore,
  ) {
    this.#adapter = nameOf(info);
  }

  /** What was chosen so far, here or in earlier runs, and where that is kept; null for nowhere. */
  async known(): Promise<{
    readonly keptIn: string | null;
    readonly choices: Readonly<Record<string, string>>;
  }> {
    const { store, known } = await this.#loaded();
    return { keptIn: store?.place ?? null, choices: Object.fromEntries(known) };
  }

  /**
   * The place of the fastest in a list.
   * @param what is chosen, and for what sizes
   * @param names of the candidates
   * @param measure finds that place, where it is not known
   */
  async fastest(
    what: string,
    names: readonly string[],
    measure: () => Promise<number>,
  ): Promise<number> {
    const { store, known } = await this.#loaded();
    const place = names.indexOf(known.get(what) ?? '');
    if (place >= 0) return place;
    const found = await measure();
    known.set(what, names[found]);
    const adapter = this.#adapter;
    await store
      ?.update((kept) => ({ ...kept, [adapter]: { ...kept[adapter], [what]: names[found] } }))
      // It is measured again in the next run.
      .catch(() => {});
    return found;
  }

  #loaded() {
    this.#kept ??= this.open().then(async (store) => {
      // Where nothing was kept, or it cannot be read.
      const kept = await store?.read().catch((): KeptChoices => ({}));
      return { store, known: new Map(Object.entries(kept?.[this.#adapter] ?? {})) };
    });
    return this.#kept;
  }
}
