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
  /** @param slides while the slider moves, and when it has: typed numbers settle at once */
  readonly change: (parameters: DeviceParameters, slides?: 'moving' | 'moved') => void;
}

export function ParameterField({ name, parameters, change }: Props) {
  const value = parameters[name];
  const { description, unit, allowed } = fieldNotes(deviceSchema, name);
  const range = sliderRanges[name];
  const slide = (position: number, slides: 'moving' | 'moved') =>
    change({ ...parameters, [name]: toValue(range, position) }, slides);
  const id = `parameter-${name}`;
  return (
    <div class="parameter">
      <Explained name={name} />
      <label id={`${id}-label`} for={id}>
        {description.split(',')[0]}
        {unit === '' ? null : <span class="unit"> [{unit}]</span>}
      </label>
      <NumberField
        id={id}
        name={name}
        value={value}
        allowed={allowed}
        take={(entered) => change(deviceParameters({ ...parameters, [name]: entered }))}
      />
      <input
        type="range"
        min={0}
        max={SLIDER_STEPS}
        step={1}
        value={toPosition(range, value)}
        id={`slider-${name}`}
        aria-labelledby={`${id}-label`}
        aria-valuetext={String(value)}
        onInput={(event) => slide(event.currentTarget.valueAsNumber, 'moving')}
        onChange={(event) => slide(event.currentTarget.valueAsNumber, 'moved')}
      />
    </div>
  );
}
