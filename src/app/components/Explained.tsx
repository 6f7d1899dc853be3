/** A quantity's name as a button that explains it. */

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { type QuantityName, quantities } from '../content/quantities.js';
import { Button } from './Button.js';
import { Tex } from './Tex.js';

interface Props {
  readonly name: QuantityName;
  /** What stands there in place of the quantity's symbol. */
  readonly children?: ComponentChildren;
}

/** A popover of its own, opened by what it explains. */
export function Explained({ name, children }: Props) {
  const { tex, name: title, equation, formula, text } = quantities[name];
  // The same quantity may stand at several places of a page.
  const id = useId();
  return (
    <span class="explained">
      <Button class="about" popovertarget={id} title={`About: ${title}`}>
        {children ?? (tex === '' ? title : <Tex tex={tex} />)}
      </Button>
      <div id={id} popover="auto" class="explanation">
        <h3>
          {tex === '' ? null : <Tex tex={tex} />} {title}
        </h3>
        {formula === '' ? null : (
          <p class="formula">
            <Tex tex={formula} />
          </p>
        )}
        <p>{text}</p>
        <p class="equation">
          {equation === ''
            ? 'Not part of the paper'
            : equation.startsWith('(')
              ? `Paper, Eq. ${equation}`
              : `Paper, ${equation}`}
        </p>
      </div>
    </span>
  );
}
