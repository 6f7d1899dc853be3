/** One parameter: a slider to turn, and a number to type. */
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
import { NumberField } from './NumberField.js';

interface Props {
  readonly name: NumericParameter;
  readonly parameters: DeviceParameters;
  readonly change: (parameters: DeviceParameters, settled: boolean) => void;
}

export function ParameterField({ name, parameters, change }: Props) {
  const value = parameters[name];
  const { description, unit, allowed } = fieldNotes(deviceSchema, name);
  const range = sliderRanges[name];
  const slide = (position: number, settled: boolean) =>
    change({ ...parameters, [name]: toValue(range, position) }, settled);
  const id = `parameter-${name}`;
  return (
    <div class="parameter">
      <Explained name={name} />
      <label for={id}>
        {description.split(',')[0]}
        {unit === '' ? null : <span class="unit"> [{unit}]</span>}
      </label>
      <NumberField
        id={id}
        name={name}
        value={value}
        allowed={allowed}
        take={(entered) => change(deviceParameters({ ...parameters, [name]: entered }), true)}
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
    </div>
  );
}
