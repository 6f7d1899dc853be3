/** What is loaded when it is first shown. */
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';

/** @param load the component's module; asked for once */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  const loaded = signal<ComponentType<Props> | null>(null);
  const why = signal('');
  let begun = false;
  return function Later(props: Props) {
    if (!begun) {
      begun = true;
      load().then(
        (component) => {
          loaded.value = component;
        },
        (error: Error) => {
          begun = false;
          why.value = error.message;
        },
      );
    }
    const Component = loaded.value;
    if (Component !== null) return <Component {...props} />;
    return (
      <p class="note" role="status">
        {why.value === '' ? 'loading' : why.value}
      </p>
    );
  };
}
