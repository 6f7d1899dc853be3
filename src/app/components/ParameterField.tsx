/** One parameter: a slider to turn, and a number to type. */
import { useState } from 'preact/hooks';
import {
  type DeviceParameters,
  deviceParameters,
  deviceSchema,
  fieldNotes,
} from '../../model/parameters.js';
import {
  type NumericParameter,
  SLIDER_STEPS,
  sliderRanges,
  toPosition,
  toValue,
} from '../content/ranges.js';
import { Explained } from './Explained.js';

interface Props {
  readonly name: NumericParameter;
  readonly parameters: DeviceParameters;
  readonly change: (parameters: DeviceParameters, settled: boolean) => void;
}

export function ParameterField({ name, parameters, change }: Props) {
  const value = parameters[name];
  const { description, unit } = fieldNotes(deviceSchema, name);
  const range = sliderRanges[name];
  /** Text that is no value of the parameter, and why, while it is being typed. */
  const [wrong, setWrong] = useState<{ text: string; why: string } | null>(null);

  const enter = (text: string, settled: boolean) => {
    const entered = text.trim() === '' ? Number.NaN : Number(text);
    try {
      change(deviceParameters({ ...parameters, [name]: entered }), settled);
      setWrong(null);
    } catch (error) {
      setWrong({ text, why: (error as Error).message });
    }
  };
  const slide = (position: number, settled: boolean) => {
    setWrong(null);
    change({ ...parameters, [name]: toValue(range, position) }, settled);
  };
  const id = `parameter-${name}`;
  return (
    <div class="parameter">
      <Explained name={name} />
      <label for={id}>
        {description.split(',')[0]}
        {unit === '' ? null : <span class="unit"> [{unit}]</span>}
      </label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        spellcheck={false}
        autocomplete="off"
        value={wrong?.text ?? String(value)}
        aria-invalid={wrong !== null}
        aria-describedby={wrong === null ? undefined : `${id}-wrong`}
        onChange={(event) => enter(event.currentTarget.value, true)}
      />
      <input
        type="range"
        min={0}
        max={SLIDER_STEPS}
        step={1}
        value={toPosition(range, value)}
        aria-label={`${name}, slider`}
        aria-valuetext={String(value)}
        onInput={(event) => slide(event.currentTarget.valueAsNumber, false)}
        onChange={(event) => slide(event.currentTarget.valueAsNumber, true)}
      />
      {wrong === null ? null : (
        <p id={`${id}-wrong`} class="wrong" role="alert">
          {wrong.why}
        </p>
      )}
    </div>
  );
}
