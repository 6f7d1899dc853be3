/** Vite's plugin for the page's formulas: typeset as MathML when the page is built. */
import temml from 'temml';
import type { Plugin } from 'vite';
import { quantities } from '../content/quantities.js';

const NAME = 'virtual:formulas';
const RESOLVED = `\0${NAME}`;

/** A content security policy may forbid styles in attributes: the page's style sheet has this one. */
const typeset = (tex: string): string =>
  temml.renderToString(tex, { throwOnError: true }).replaceAll(' style="math-depth:0;"', '');

/** Every formula of the quantities by its TeX. */
function typesetAll(): Record<string, string> {
  const all = Object.values(quantities)
    .flatMap(({ tex, formula }) => [tex, formula])
    .filter((tex) => tex !== '');
  return Object.fromEntries(all.map((tex) => [tex, typeset(tex)]));
}

export const formulas = (): Plugin => ({
  name: 'formulas',
  resolveId: (id) => (id === NAME ? RESOLVED : undefined),
  load: (id) => (id === RESOLVED ? `export default ${JSON.stringify(typesetAll())};` : undefined),
});
