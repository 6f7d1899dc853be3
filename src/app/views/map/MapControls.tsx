/** What the map varies, over what range, and what it shows. */
import { useRef } from 'preact/hooks';
import { deviceParameters, deviceSchema, fieldNotes } from '../../../model/parameters.js';
import { isPotentialParameter } from '../../../model/potentialParameters.js';
import { NumberField } from '../../components/NumberField.js';
import { type NumericParameter, sliderRanges } from '../../content/ranges.js';
import { symbolOf } from '../../content/symbols.js';
import { MAP_OBSERVABLES, type MapObservable } from '../../map/grid.js';
import { changeSettings, page } from '../../state/store.js';
import { mapTitle } from './mapPlot.js';

const names = (Object.keys(sliderRanges) as NumericParameter[]).filter(
  (name) => !isPotentialParameter(name),
);

const ENDS = ['From', 'To'] as const;
type End = (typeof ENDS)[number];

interface Waiting {
  /** The axis and its range when it was typed: with another it means nothing. */
  readonly of: string;
  readonly end: End;
  readonly value: number;
}

function AxisControls({ which }: { readonly which: 'X' | 'Y' }) {
  const { settings, parameters } = page.value;
  const name = settings[`map${which}`];
  const spacing = settings[`map${which}Spacing`];
  const other = settings[which === 'X' ? 'mapY' : 'mapX'];
  /** An end that lies beyond the other, which the reader may be about to move. */
  const waiting = useRef<Waiting | null>(null);
  const range: Readonly<Record<End, number>> = {
    From: settings[`map${which}From`],
    To: settings[`map${which}To`],
  };
  const choose = (chosen: NumericParameter) => {
    const { from, to, spacing: usual } = sliderRanges[chosen];
    changeSettings({
      [`map${which}`]: chosen,
      [`map${which}From`]: from,
      [`map${which}To`]: to,
      [`map${which}Spacing`]: usual,
    });
  };
  const take = (end: End, value: number) => {
    deviceParameters({ ...parameters, [name]: value });
    const of = JSON.stringify([name, range]);
    const earlier = waiting.current?.of === of ? waiting.current : null;
    const wanted: Record<End, number> = { ...range };
    if (earlier !== null) wanted[earlier.end] = earlier.value;
    wanted[end] = value;
    const { From, To } = wanted;
    if (!(From < To)) {
      waiting.current = { of, end, value };
      throw new RangeError(
        `${name}: from ${From} to ${To} is no range. If the other end is to move too, type it next.`,
      );
    }
    waiting.current = null;
    changeSettings({ [`map${which}From`]: From, [`map${which}To`]: To });
  };
  return (
    <fieldset class="axis">
      <legend>{which === 'X' ? 'Horizontal axis' : 'Vertical axis'}</legend>
      <select
        aria-label={which === 'X' ? 'horizontal axis' : 'vertical axis'}
        value={name}
        onChange={(event) => choose(event.currentTarget.value as NumericParameter)}
      >
        {names
          .filter((n) => n !== other)
          .map((n) => (
            <option key={n} value={n}>
              {symbolOf(n)}: {fieldNotes(deviceSchema, n).description.split(',')[0]}
            </option>
          ))}
      </select>
      {ENDS.map((end) => (
        <span key={end} class="inline">
          <label for={`axis-${which}-${end}`}>{end.toLowerCase()}</label>
          <NumberField
            id={`axis-${which}-${end}`}
            key={name}
            name={name}
            size={7}
            value={range[end]}
            allowed={fieldNotes(deviceSchema, name).allowed}
            take={(value) => take(end, value)}
          />
        </span>
      ))}
      <label class="inline">
        <input
          type="checkbox"
          checked={spacing === 'logarithmic'}
          disabled={settings[`map${which}From`] <= 0}
          onChange={(event) =>
            changeSettings({
              [`map${which}Spacing`]: event.currentTarget.checked ? 'logarithmic' : 'linear',
            })
          }
        />
        logarithmic
      </label>
    </fieldset>
  );
}

/** Any number may be in the address; these are offered. */
const SIZES = [50, 100, 200, 400, 800];

export function MapControls() {
  const { settings } = page.value;
  const sizes = [...new Set([...SIZES, settings.mapSize])].sort((a, b) => a - b);
  return (
    <div class="controls">
      <div class="stack">
        <label class="choice">
          <span>Shown</span>
          <select
            value={settings.mapShow}
            onChange={(event) =>
              changeSettings({ mapShow: event.currentTarget.value as MapObservable })
            }
          >
            {MAP_OBSERVABLES.map((name) => (
              <option key={name} value={name}>
                {mapTitle(name)}
              </option>
            ))}
          </select>
        </label>
        <label class="choice">
          <span>Points along each axis</span>
          <select
            value={String(settings.mapSize)}
            onChange={(event) => changeSettings({ mapSize: Number(event.currentTarget.value) })}
          >
            {sizes.map((size) => (
              <option key={size} value={String(size)}>
                {size}
              </option>
            ))}
          </select>
        </label>
      </div>
      <AxisControls which="X" />
      <AxisControls which="Y" />
    </div>
  );
}
