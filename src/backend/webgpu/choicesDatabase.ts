/** Choices of kernels in a browser's own database, which workers have as well as pages. */
// IndexedDB alone takes a page of callbacks for a value.
import { get, update } from 'idb-keyval';
import type { ChoiceStore, KeptChoices } from './choiceStore.js';

const KEY = 'quantum-mill kernels';

export const choicesDatabase = (): ChoiceStore => ({
  place: 'the browser',
  read: async () => (await get<KeptChoices>(KEY)) ?? {},
  update: (change) => update<KeptChoices>(KEY, (kept) => change(kept ?? {})),
});
