/** A table that scrolls by itself where the page is narrower. */
import type { ComponentChildren } from 'preact';

export interface Column {
  readonly title: string;
  /** Of a column whose cells say what they are. */
  readonly hidden?: boolean;
}

interface Props {
  /** What it is a table of, for those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column[];
  /** What has no room on a phone scrolls: in columns of their usual width. */
  readonly wide?: boolean;
  /** Its rows. */
  readonly children: ComponentChildren;
}

export function Table({ label, columns, wide = false, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
    <section class="scrolling" aria-label={label} tabIndex={0}>
      <table class={wide ? 'wide' : undefined}>
        <thead>
          <tr>
            {columns.map(({ title, hidden = false }) => (
              <th key={title} scope="col">
                {hidden ? <span class="hidden">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
