/** What a state of the page is called in the browser's tabs, history and bookmarks. */
import { presetOf } from '../content/presets.js';
import { symbolOf } from '../content/symbols.js';
import { viewTitles } from '../content/views.js';
import { defaultPage, type Page } from './page.js';

/** Of an own device so many parameters are named. */
const MOST = 4;

function deviceName(page: Page): string {
  const preset = presetOf(page);
  if (preset !== undefined) return preset.name;
  const usual: Readonly<Record<string, unknown>> = { ...defaultPage().parameters };
  const own = Object.entries(page.parameters)
    .filter(([name, value]) => value !== usual[name])
    .map(([name, value]) => (name === 'model' ? `${value} model` : `${symbolOf(name)} = ${value}`));
  const { lmin, lmax } = page.truncation;
  if (lmin !== undefined) own.push(`l from ${lmin} to ${lmax}`);
  const rest = own.length > MOST ? ', …' : '';
  return `${own.slice(0, MOST).join(', ')}${rest}`.replaceAll('-', '−');
}

function shown(page: Page): string {
  const { view, settings } = page;
  switch (view) {
    case 'figures':
      return `Fig. ${settings.figure} of the paper`;
    case 'machines':
      return settings.yaml === '' ? `Machine: ${settings.machine}` : 'Machine of your own';
    case 'performance':
      return viewTitles.performance;
    case 'map':
      return `Map over ${symbolOf(settings.mapX)} and ${symbolOf(settings.mapY)}: ${deviceName(page)}`;
    default:
      return `${viewTitles[view]}: ${deviceName(page)}`;
  }
}

export const titleOf = (page: Page): string => `${shown(page)} | quantum-mill`;
