/** The device's parameters: presets, the model, sliders, the window of rotor levels. */
import { useState } from 'preact/hooks';
import { type DeviceParameters, deviceParameters, truncation } from '../../model/parameters.js';
import { presets } from '../content/presets.js';
import { type NumericParameter, sliderRanges } from '../content/ranges.js';
import { steady } from '../solver/client.js';
import { goTo, page } from '../state/store.js';
import { Explained } from './Explained.js';
import { minus } from './format.js';
import { ParameterField } from './ParameterField.js';
import { Recipe } from './Recipe.js';

const names = Object.keys(sliderRanges) as NumericParameter[];

const change = (parameters: DeviceParameters, settled: boolean) => goTo({ parameters }, settled);

function changeModel(model: DeviceParameters['model']): void {
  const { cutoff: _, ...parameters } = page.value.parameters;
  // The global model's eigenstates are those without a potential.
  goTo({
    parameters: deviceParameters({ ...parameters, model, ...(model === 'global' ? { V: 0 } : {}) }),
  });
}

function PresetChoice() {
  const { parameters } = page.value;
  const at = presets.findIndex((p) => JSON.stringify(p.parameters) === JSON.stringify(parameters));
  return (
    <label class="choice">
      <span>Device of the paper</span>
      <select
        value={String(at)}
        onChange={(event) => {
          const preset = presets[Number(event.currentTarget.value)];
          if (preset !== undefined) {
            goTo({ parameters: preset.parameters, truncation: preset.truncation });
          }
        }}
      >
        <option value="-1" disabled>
          own parameters
        </option>
        {presets.map(({ name }, i) => (
          <option key={name} value={String(i)}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function WindowFields() {
  const { lmin, lmax } = page.value.truncation;
  const [wrong, setWrong] = useState<string | null>(null);
  const enter = (which: 'lmin' | 'lmax', text: string) => {
    const other = which === 'lmin' ? lmax : lmin;
    const entered = text.trim() === '' ? Number.NaN : Number(text);
    try {
      const bounds =
        which === 'lmin' ? { lmin: entered, lmax: other } : { lmin: other, lmax: entered };
      goTo({ truncation: truncation(bounds) });
      setWrong(null);
    } catch (error) {
      setWrong((error as Error).message);
    }
  };
  const automatic = lmin === undefined;
  const chosen = steady.answer.value?.result.observables.truncation ?? null;
  return (
    <fieldset class="window">
      <legend>
        <Explained name="rotorPopulations" /> Window of rotor levels
      </legend>
      <label class="inline">
        <input
          type="checkbox"
          checked={automatic}
          onChange={(event) => {
            setWrong(null);
            goTo({
              truncation: event.currentTarget.checked
                ? truncation()
                : truncation({ lmin: -20, lmax: 40 }),
            });
          }}
        />
        chosen automatically
      </label>
      {(['lmin', 'lmax'] as const).map((which) => (
        <label key={which} class="inline">
          {which}
          <input
            type="text"
            inputMode="numeric"
            size={5}
            disabled={automatic}
            placeholder={chosen === null ? '' : minus(String(chosen[which]))}
            value={automatic ? '' : String(page.value.truncation[which])}
            onChange={(event) => enter(which, event.currentTarget.value)}
          />
        </label>
      ))}
      {wrong === null ? null : (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}

export function ParameterPanel() {
  const { parameters } = page.value;
  return (
    <section class="card parameters" aria-label="Parameters">
      <PresetChoice />
      <label class="choice">
        <span>Master equation</span>
        <select
          value={parameters.model}
          onChange={(event) =>
            changeModel(event.currentTarget.value === 'global' ? 'global' : 'local')
          }
        >
          <option value="local">local (collision model)</option>
          <option value="global">semi-global (spin-boson model)</option>
        </select>
      </label>
      {names
        .filter((name) => name !== 'V' || parameters.model === 'local')
        .map((name) => (
          <ParameterField key={name} name={name} parameters={parameters} change={change} />
        ))}
      <WindowFields />
      <Recipe />
    </section>
  );
}
