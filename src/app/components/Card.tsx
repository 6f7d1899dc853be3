/** The frame that everything on the page stands in. */

import type { ComponentChildren } from 'preact';
import type { QuantityName } from '../content/quantities.js';
import { Explained } from './Explained.js';

interface Props {
  /** What is in it, for those who do not see it. */
  readonly label: string;
  /** What heads it, where it has a heading. */
  readonly title?: ComponentChildren;
  /** What is explained beside the title. */
  readonly about?: QuantityName;
  /** What the style sheet calls it, where it has a layout of its own. */
  readonly kind?: string;
  /** Where the focus goes of those who skip the controls. */
  readonly id?: string;
  readonly children: ComponentChildren;
}

export function Card({ label, title, about, kind, id, children }: Props) {
  return (
    <section
      class={kind === undefined ? 'card' : `card ${kind}`}
      aria-label={label}
      {...(id === undefined ? {} : { id, tabIndex: -1 })}
    >
      {title === undefined ? null : (
        <h2>
          {title} {about === undefined ? null : <Explained name={about} />}
        </h2>
      )}
      {children}
    </section>
  );
}
