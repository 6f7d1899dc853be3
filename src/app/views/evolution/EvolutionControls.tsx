/** From which state, and how far. */
import { SettingChoice } from '../../components/Choice.js';
import { Setting } from '../../components/Setting.js';
import { changeSettings, page } from '../../state/store.js';

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
      <SettingChoice
        name="rotor"
        title="Rotor at the start"
        options={[
          ['level', 'in one level'],
          ['thermal', 'thermal'],
          ['superposition', 'a superposition of levels'],
          ['packet', 'a packet around an angle'],
        ]}
      />
      <RotorState />
      {QUBITS.map(([name, title]) => (
        <SettingChoice
          key={name}
          name={name}
          title={title}
          options={[
            ['thermal', 'thermal, at its own bath'],
            ['up', 'up'],
            ['down', 'down'],
          ]}
        />
      ))}
      <Setting name="until" title="Until t" />
      <SettingChoice
        name="times"
        title="Times"
        options={[
          ['linear', 'equally spaced'],
          ['logarithmic', 'logarithmic'],
        ]}
      />
    </div>
  );
}
