/** From which state, and how far. */
import { fieldNotes, readFields } from '../../../model/parameters.js';
import { NumberField } from '../../components/NumberField.js';
import { type Settings, settingsSchema } from '../../state/page.js';
import { changeSettings, page } from '../../state/store.js';

export function EvolutionControls() {
  const { until, times, rotor } = page.value.settings;
  return (
    <div class="controls">
      <label class="choice">
        <span>Rotor at the start</span>
        <select
          value={rotor}
          onChange={(event) =>
            changeSettings({ rotor: event.currentTarget.value as Settings['rotor'] })
          }
        >
          <option value="level">at rest: the level 0</option>
          <option value="packet">a packet around φ = 0</option>
        </select>
      </label>
      <div class="choice">
        <label for="until">Until t</label>
        <NumberField
          id="until"
          name="until"
          value={until}
          allowed={fieldNotes(settingsSchema, 'until').allowed}
          take={(value) =>
            changeSettings(readFields(settingsSchema, { ...page.value.settings, until: value }))
          }
        />
      </div>
      <label class="choice">
        <span>Times</span>
        <select
          value={times}
          onChange={(event) =>
            changeSettings({ times: event.currentTarget.value as Settings['times'] })
          }
        >
          <option value="linear">equally spaced</option>
          <option value="logarithmic">logarithmic</option>
        </select>
      </label>
      <p class="note">The qubits start thermal, each at its own bath.</p>
    </div>
  );
}
