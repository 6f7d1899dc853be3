/** The device's parameters: presets, the model, sliders, the window of rotor levels. */

import { MODELS, masterEquations } from '../../model/masterEquations/registry.js';
import { fieldNotes, truncation, truncationSchema } from '../../model/parameters.js';
import { presetOf, presets } from '../content/presets.js';
import { type NumericParameter, sliderRanges } from '../content/ranges.js';
import { steady } from '../solver/client.js';
import { leftOutBy } from '../state/leftOut.js';
import { goTo, page, takeDevice } from '../state/store.js';
import { Backend } from './Backend.js';
import { Card } from './Card.js';
import { Check } from './Check.js';
import { Choice } from './Choice.js';
import { Explained } from './Explained.js';
import { minus } from './format.js';
import { NumberField } from './NumberField.js';
import { ofModel } from './ofModel.js';
import { ParameterField } from './ParameterField.js';
import { Recipe } from './Recipe.js';
import { Comparison, Steps } from './Steps.js';

const names = Object.keys(sliderRanges) as NumericParameter[];

function PresetChoice() {
  const preset = presetOf(page.value);
  const at = preset === undefined ? -1 : presets.indexOf(preset);
  return (
    <Choice
      title="Device of the paper"
      value={at}
      options={[[-1, 'own parameters', true], ...presets.map(({ name }, i) => [i, name] as const)]}
      choose={(chosen) => {
        const { parameters, truncation } = presets[chosen];
        takeDevice({ parameters, truncation });
      }}
    />
  );
}

const BOUNDS = ['lmin', 'lmax'] as const;

function WindowFields() {
  const { lmin, lmax } = page.value.truncation;
  const automatic = lmin === undefined;
  const chosen = steady.answer.value?.result.observables.truncation ?? null;
  return (
    <fieldset class="window">
      <legend>
        <Explained name="rotorPopulations" /> Window of rotor levels
      </legend>
      <Check
        title="chosen automatically"
        checked={automatic}
        choose={(is) => goTo({ truncation: truncation(is ? {} : { lmin: -20, lmax: 40 }) })}
      />
      {BOUNDS.map((which) => (
        <span key={which} class="inline">
          <label for={`window-${which}`}>{which}</label>
          <NumberField
            id={`window-${which}`}
            name={which}
            size={5}
            disabled={automatic}
            placeholder={chosen === null ? '' : minus(String(chosen[which]))}
            value={page.value.truncation[which] ?? null}
            allowed={fieldNotes(truncationSchema, which).allowed}
            take={(entered) => goTo({ truncation: truncation({ lmin, lmax, [which]: entered }) })}
          />
        </span>
      ))}
    </fieldset>
  );
}

/** @param backend of the views that obey the choice of what computes */
export function ParameterPanel({ backend }: { readonly backend?: 'device' | 'map' }) {
  const { parameters } = page.value;
  return (
    <Card label="Parameters" kind="parameters">
      <Steps />
      <PresetChoice />
      <Choice
        title="Master equation"
        value={parameters.model}
        options={MODELS.map((name) => [name, masterEquations[name].label])}
        choose={(model) => goTo({ parameters: ofModel(page.value.parameters, model) })}
      />
      {backend === 'device' ? <Comparison /> : null}
      {names
        .filter((name) => !leftOutBy(parameters).includes(name))
        .map((name) => (
          <ParameterField
            key={name}
            name={name}
            parameters={parameters}
            change={(changed, slides) =>
              goTo(
                { parameters: changed },
                slides === undefined ? {} : { settled: slides === 'moved', by: name },
              )
            }
          />
        ))}
      <WindowFields />
      {backend === undefined ? null : <Backend of={backend} />}
      <Recipe />
    </Card>
  );
}
