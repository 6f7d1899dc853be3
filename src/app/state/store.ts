/** The page's state as a signal that follows the address bar, and the other way round. */
import { signal } from '@preact/signals';
import { defaultPage, type Page, readHash, type Settings, writeHash } from './page.js';

export const page = signal<Page>(defaultPage());

/** Rises whenever another state takes the place of the whole one: whatever was half typed is gone. */
export const replaced = signal(0);

/** Why the address bar was not understood, in one line; null where it was. */
export const addressProblem = signal<string | null>(null);

function followAddress(): void {
  replaced.value++;
  try {
    page.value = readHash(location.hash);
    addressProblem.value = null;
  } catch (error) {
    page.value = defaultPage();
    addressProblem.value = (error as Error).message;
  }
}

export function startStore(): void {
  followAddress();
  // Fires on back and forward as well as on a typed address; pushState does not fire it.
  addEventListener('hashchange', followAddress);
}

/**
 * Goes to another state of the page.
 * @param settled false while a slider moves: the state changes at once, and history has one entry for
 * the whole movement, made when it ends.
 */
export function goTo(change: Partial<Page>, settled = true): void {
  page.value = { ...page.value, ...change };
  if (!settled) return;
  addressProblem.value = null;
  const hash = writeHash(page.value);
  if (hash !== location.hash) history.pushState(null, '', hash);
}

/** Goes to another device altogether. */
export function takeDevice(device: Pick<Page, 'parameters'> & Partial<Page>): void {
  replaced.value++;
  goTo(device);
}

export const changeSettings = (change: Partial<Settings>): void =>
  goTo({ settings: { ...page.value.settings, ...change } });
