/** Which parameter an axis varies, and over what range. */

import { useRef } from 'preact/hooks';
import { deviceParameters, deviceSchema, fieldNotes } from '../../model/parameters.js';
import { type NumericParameter, sliderRanges } from '../content/ranges.js';
import { symbolOf } from '../content/symbols.js';
import { leftOutBy } from '../state/leftOut.js';
import { changeSettings, page } from '../state/store.js';
import { Check } from './Check.js';
import { NumberField } from './NumberField.js';

const names = Object.keys(sliderRanges) as NumericParameter[];

const ENDS = ['From', 'To'] as const;
type End = (typeof ENDS)[number];

interface Waiting {
  /** The axis and its range when it was typed: with another it means nothing. */
  readonly of: string;
  readonly end: End;
  readonly value: number;
}

interface Props {
  /** The settings that it changes begin with this. */
  readonly of: 'mapX' | 'mapY' | 'curve';
  readonly title: string;
  /** A parameter that is varied already. */
  readonly except?: NumericParameter;
}

export function AxisControls({ of: axis, title, except }: Props) {
  const { settings, parameters } = page.value;
  const name = settings[axis];
  const spacing = settings[`${axis}Spacing`];
  const leftOut = leftOutBy(parameters);
  /** An end that lies beyond the other, which the reader may be about to move. */
  const waiting = useRef<Waiting | null>(null);
  const range: Readonly<Record<End, number>> = {
    From: settings[`${axis}From`],
    To: settings[`${axis}To`],
  };
  const choose = (chosen: NumericParameter) => {
    const { from, to, spacing: usual } = sliderRanges[chosen];
    changeSettings({
      [axis]: chosen,
      [`${axis}From`]: from,
      [`${axis}To`]: to,
      [`${axis}Spacing`]: usual,
    });
  };
  const take = (end: End, value: number) => {
    deviceParameters({ ...parameters, [name]: value });
    const from = JSON.stringify([name, range]);
    const earlier = waiting.current?.of === from ? waiting.current : null;
    const wanted: Record<End, number> = { ...range };
    if (earlier !== null) wanted[earlier.end] = earlier.value;
    wanted[end] = value;
    const { From, To } = wanted;
    if (!(From < To)) {
      waiting.current = { of: from, end, value };
      throw new RangeError(
        `${name}: from ${From} to ${To} is no range. If the other end is to move too, type it next.`,
      );
    }
    waiting.current = null;
    changeSettings({ [`${axis}From`]: From, [`${axis}To`]: To });
  };
  return (
    <fieldset class="axis">
      <legend>{title}</legend>
      <select
        aria-label={title.toLowerCase()}
        value={name}
        onChange={(event) => choose(event.currentTarget.value as NumericParameter)}
      >
        {names
          .filter((n) => n !== except && (n === name || !leftOut.includes(n)))
          .map((n) => (
            <option key={n} value={n}>
              {symbolOf(n)}: {fieldNotes(deviceSchema, n).description.split(',')[0]}
            </option>
          ))}
      </select>
      {ENDS.map((end) => (
        <span key={end} class="inline">
          <label for={`${axis}-${end}`}>{end.toLowerCase()}</label>
          <NumberField
            id={`${axis}-${end}`}
            key={name}
            name={name}
            size={7}
            value={range[end]}
            allowed={fieldNotes(deviceSchema, name).allowed}
            take={(value) => take(end, value)}
          />
        </span>
      ))}
      <Check
        title="logarithmic"
        checked={spacing === 'logarithmic'}
        disabled={range.From <= 0}
        choose={(is) => changeSettings({ [`${axis}Spacing`]: is ? 'logarithmic' : 'linear' })}
      />
    </fieldset>
  );
}
