/** Light or dark: the reader's system says which, unless the reader does. Wide or narrow. */
import { computed, effect, signal } from '@preact/signals';

export type Appearance = 'system' | 'light' | 'dark';

/** Whether the page has one column: what the styles have at 50rem. */
const phone = matchMedia('(max-width: 50rem)');
export const narrow = signal(phone.matches);
phone.addEventListener('change', ({ matches }) => {
  narrow.value = matches;
});

/** Whether it is as narrow as a phone held upright: what the styles have at 34rem. */
const uprightPhone = matchMedia('(max-width: 34rem)');
export const upright = signal(uprightPhone.matches);
uprightPhone.addEventListener('change', ({ matches }) => {
  upright.value = matches;
});

const KEY = 'appearance';
const system = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(system.matches);
system.addEventListener('change', ({ matches }) => {
  systemDark.value = matches;
});

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
