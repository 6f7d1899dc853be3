/** Stores the page for later visits without a network, once it has nothing better to do. */
import { effect } from '@preact/signals';
import { steady } from '../solver/client.js';
import { page } from '../state/store.js';

/** After the first numbers the plots are loaded. */
const LATER_MS = 3000;

/** Where the browser has no service workers, as in pages without encryption, the page needs its network. */
export function workOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  const stop = effect(() => {
    const busy = page.value.view === 'device' && steady.answer.value === null;
    if (busy) return;
    setTimeout(() => {
      stop();
      navigator.serviceWorker
        .register(new URL('sw.js', document.baseURI))
        .catch((error: Error) => console.info(`not stored for use offline: ${error.message}`));
    }, LATER_MS);
  });
}
