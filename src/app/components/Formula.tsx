/** A formula that was read while the page runs, as MathML. */
import { h, type VNode } from 'preact';
import type { Markup } from '../machines/markup.js';

const element = (markup: Markup): VNode =>
  'text' in markup
    ? h(markup.tag, null, markup.text)
    : h(markup.tag, null, ...markup.of.map(element));

export const Formula = ({ markup }: { readonly markup: Markup }) => <math>{element(markup)}</math>;
