/** From which state, and how far. */
import type { ComponentChildren } from 'preact';
import { fieldNotes, readFields } from '../../../model/parameters.js';
import { NumberField } from '../../components/NumberField.js';
import { type Settings, settingsSchema } from '../../state/page.js';
import { changeSettings, page } from '../../state/store.js';

type NumberSetting =
  | 'until'
  | 'rotorLevel'
  | 'rotorBeta'
  | 'packetAngle'
  | 'packetConcentration'
  | 'packetMomentum'
  | 'trajectories'
  | 'seed'
  | 'tau';

/** A setting that is a number, with what is allowed. */
export function Setting({ name, title }: { readonly name: NumberSetting; readonly title: string }) {
  return (
    <div class="choice">
      <label for={name}>{title}</label>
      <NumberField
        id={name}
        name={name}
        value={page.value.settings[name]}
        allowed={fieldNotes(settingsSchema, name).allowed}
        take={(value) =>
          changeSettings(readFields(settingsSchema, { ...page.value.settings, [name]: value }))
        }
      />
    </div>
  );
}

interface ChoiceProps<K extends keyof Settings> {
  readonly name: K;
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Choice<K extends 'rotor' | 'times' | 'qubit1' | 'qubit2' | 'beside'>({
  name,
  title,
  children,
}: ChoiceProps<K>) {
  return (
    <label class="choice">
      <span>{title}</span>
      <select
        value={page.value.settings[name]}
        onChange={(event) => changeSettings({ [name]: event.currentTarget.value })}
      >
        {children}
      </select>
    </label>
  );
}

/** What the kind of the rotor's state leaves open. */
function RotorState() {
  const { rotor, amplitudes } = page.value.settings;
  switch (rotor) {
    case 'level':
      return <Setting name="rotorLevel" title="Level l" />;
    case 'thermal':
      return <Setting name="rotorBeta" title="Inverse temperature β" />;
    case 'superposition':
      return (
        <label class="choice">
          <span>Amplitudes, l:a for each level</span>
          <input
            type="text"
            value={amplitudes}
            onChange={(event) => changeSettings({ amplitudes: event.currentTarget.value })}
          />
        </label>
      );
    case 'packet':
      return (
        <>
          <Setting name="packetAngle" title="Angle φ" />
          <Setting name="packetConcentration" title="Concentration κ" />
          <Setting name="packetMomentum" title="Momentum l" />
        </>
      );
  }
}

const QUBITS = [
  ['qubit1', 'Qubit 1 at the start'],
  ['qubit2', 'Qubit 2 at the start'],
] as const;

export function EvolutionControls() {
  return (
    <div class="controls">
      <Choice name="rotor" title="Rotor at the start">
        <option value="level">in one level</option>
        <option value="thermal">thermal</option>
        <option value="superposition">a superposition of levels</option>
        <option value="packet">a packet around an angle</option>
      </Choice>
      <RotorState />
      {QUBITS.map(([name, title]) => (
        <Choice key={name} name={name} title={title}>
          <option value="thermal">thermal, at its own bath</option>
          <option value="up">up</option>
          <option value="down">down</option>
        </Choice>
      ))}
      <Setting name="until" title="Until t" />
      <Choice name="times" title="Times">
        <option value="linear">equally spaced</option>
        <option value="logarithmic">logarithmic</option>
      </Choice>
    </div>
  );
}
