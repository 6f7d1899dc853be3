/** The frame that everything on the page stands in. */
import type { ComponentChildren } from 'preact';

interface Props {
  /** What is in it, for those who do not see it. */
  readonly label: string;
  /** What heads it, where it has a heading. */
  readonly title?: ComponentChildren;
  /** What the style sheet calls it, where it has a layout of its own. */
  readonly kind?: string;
  /** Where the focus goes of those who skip the controls. */
  readonly id?: string;
  readonly children: ComponentChildren;
}

export function Card({ label, title, kind, id, children }: Props) {
  return (
    <section
      class={kind === undefined ? 'card' : `card ${kind}`}
      aria-label={label}
      {...(id === undefined ? {} : { id, tabIndex: -1 })}
    >
      {title === undefined ? null : <h2>{title}</h2>}
      {children}
    </section>
  );
}
