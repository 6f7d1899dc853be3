/** From which state, and how far. */
import { useState } from 'preact/hooks';
import type { Settings } from '../../state/page.js';
import { changeSettings, page } from '../../state/store.js';

export function EvolutionControls() {
  const { until, times, rotor } = page.value.settings;
  const [wrong, setWrong] = useState<string | null>(null);
  const enter = (text: string) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value > 0 && Number.isFinite(value))) {
      setWrong(`until = ${text}: must be a number > 0`);
      return;
    }
    setWrong(null);
    changeSettings({ until: value });
  };
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
      <label class="choice">
        <span>Until t</span>
        <input
          type="text"
          inputMode="decimal"
          value={String(until)}
          aria-invalid={wrong !== null}
          onChange={(event) => enter(event.currentTarget.value)}
        />
        {wrong === null ? null : (
          <span class="wrong" role="alert">
            {wrong}
          </span>
        )}
      </label>
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
