/** The page's state as a signal that follows the address bar, and the other way round. */
import { computed, signal } from '@preact/signals';
import { defaultPage, type Page, readHash, type Settings, writeHash } from './page.js';

export const page = signal<Page>(defaultPage());

/** Rises whenever another state takes the place of the whole one: whatever was half typed is gone. */
export const replaced = signal(0);

/** What of the address bar was not understood, each in one line. */
export const addressProblems = signal<readonly string[]>([]);

/** Changes by the same control within so many milliseconds are one entry of the history. */
const TOGETHER_MS = 1500;
let last: { readonly by: string; readonly at: number } | null = null;

/** Where in the history of this page its entry is: what the browser keeps with each. */
const place = signal(0);
const furthest = signal(0);
export const canUndo = computed(() => place.value > 0);
export const canRedo = computed(() => place.value < furthest.value);

let begun = false;

/** The entry that is shown now: one of ours, or a new one by a link or a typed address. */
function findPlace(): void {
  const known: unknown = history.state?.place;
  place.value = typeof known === 'number' ? known : begun ? place.value + 1 : 0;
  begun = true;
  furthest.value = typeof known === 'number' ? Math.max(furthest.value, known) : place.value;
  if (typeof known !== 'number') history.replaceState({ place: place.value }, '', location.href);
}

function followAddress(): void {
  last = null;
  findPlace();
  replaced.value++;
  const address = readHash(location.hash);
  page.value = address.page;
  addressProblems.value = address.problems;
}

export function startStore(): void {
  followAddress();
  // Fires on back and forward as well as on a typed address; pushState does not fire it.
  addEventListener('hashchange', followAddress);
}

/** How a change comes about. */
interface Manner {
  /** False while a control moves: the state changes at once, and the address when the movement ends. */
  readonly settled?: boolean;
  /** The control, where it is one that is moved in steps: a whole walk of it is one entry of the history. */
  readonly by?: string;
}

/** Goes to another state of the page. */
export function goTo(change: Partial<Page>, { settled = true, by }: Manner = {}): void {
  page.value = { ...page.value, ...change };
  if (!settled) return;
  addressProblems.value = [];
  const hash = writeHash(page.value);
  const at = performance.now();
  const together = by !== undefined && last?.by === by && at - last.at < TOGETHER_MS;
  last = by === undefined ? null : { by, at };
  if (hash === location.hash) return;
  if (together) {
    history.replaceState({ place: place.value }, '', hash);
    return;
  }
  place.value++;
  furthest.value = place.value;
  history.pushState({ place: place.value }, '', hash);
}

/** Goes to another device altogether. */
export function takeDevice(device: Pick<Page, 'parameters'> & Partial<Page>): void {
  replaced.value++;
  goTo(device);
}

export const changeSettings = (change: Partial<Settings>, manner?: Manner): void =>
  goTo({ settings: { ...page.value.settings, ...change } }, manner);
