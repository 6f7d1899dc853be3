/** Light or dark: the reader's system says which, unless the reader does. Wide or narrow. */
import { computed, effect, signal } from '@preact/signals';

export type Appearance = 'system' | 'light' | 'dark';

function matching(query: string) {
  const media = matchMedia(query);
  const matches = signal(media.matches);
  media.addEventListener('change', () => {
    matches.value = media.matches;
  });
  return matches;
}

/** Whether the page has one column: what the styles have at 50rem. */
export const narrow = matching('(max-width: 50rem)');
/** Whether it is as narrow as a phone held upright: what they have at 34rem. */
export const phone = matching('(max-width: 34rem)');

const KEY = 'appearance';
const systemDark = matching('(prefers-color-scheme: dark)');

const stored = localStorage.getItem(KEY);
export const appearance = signal<Appearance>(
  stored === 'light' || stored === 'dark' ? stored : 'system',
);
export const dark = computed(() =>
  appearance.value === 'system' ? systemDark.value : appearance.value === 'dark',
);

effect(() => {
  localStorage.setItem(KEY, appearance.value);
  document.documentElement.dataset.appearance = dark.value ? 'dark' : 'light';
});
