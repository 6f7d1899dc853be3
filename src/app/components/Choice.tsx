/** One of several things, chosen from a list. */
import type { Settings } from '../state/page.js';
import { changeSettings, page } from '../state/store.js';

/** A value, what the list calls it, and whether it cannot be chosen. */
type Option<T> = readonly [value: T, text: string, isOff?: boolean];

interface Listed<T> {
  readonly title: string;
  readonly options: readonly Option<T>[];
  /** In a line, with its title for those alone who do not see it. */
  readonly isInline?: boolean;
}

interface ChoiceProps<T> extends Listed<T> {
  readonly value: T;
  readonly choose: (value: T) => void;
}

export function Choice<T extends string | number>({
  title,
  options,
  isInline = false,
  value,
  choose,
}: ChoiceProps<T>) {
  return (
    <label class={isInline ? 'inline' : 'choice'}>
      <span {...(isInline ? { class: 'hidden' } : {})}>{title}</span>
      <select
        value={String(value)}
        onChange={(event) => choose(options[event.currentTarget.selectedIndex][0])}
      >
        {options.map(([one, text, isOff = false]) => (
          <option key={one} value={String(one)} disabled={isOff}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

type Choosable = {
  [K in keyof Settings]: Settings[K] extends string | number ? K : never;
}[keyof Settings];

/** A setting. */
export function SettingChoice<K extends Choosable>({
  name,
  ...listed
}: Listed<Settings[K]> & { readonly name: K }) {
  return (
    <Choice
      value={page.value.settings[name]}
      choose={(value) => changeSettings({ [name]: value })}
      {...listed}
    />
  );
}
