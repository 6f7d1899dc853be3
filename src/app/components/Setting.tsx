/** A setting that is a number, with what is allowed. */
import { fieldNotes, readFields } from '../../model/parameters.js';
import { type Settings, settingsSchema } from '../state/page.js';
import { changeSettings, page } from '../state/store.js';
import { NumberField } from './NumberField.js';

type NumberSetting = {
  [K in keyof Settings]: Settings[K] extends number ? K : never;
}[keyof Settings];

interface Props {
  readonly name: NumberSetting;
  readonly title: string;
  /** In a line with others. */
  readonly isInline?: boolean;
  /** Throws where the settings do not go together. */
  readonly check?: (settings: Settings) => void;
}

export function Setting({ name, title, isInline = false, check }: Props) {
  const { settings } = page.value;
  return (
    <div class={isInline ? 'inline' : 'choice'}>
      <label for={name}>{title}</label>
      <NumberField
        id={name}
        name={name}
        {...(isInline ? { size: 7 } : {})}
        value={settings[name]}
        allowed={fieldNotes(settingsSchema, name).allowed}
        take={(value) => {
          const changed = readFields(settingsSchema, { ...settings, [name]: value });
          check?.(changed);
          changeSettings(changed);
        }}
      />
    </div>
  );
}
