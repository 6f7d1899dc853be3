/** What the map varies, over what range, and what it shows. */
import { useState } from 'preact/hooks';
import { deviceParameters, deviceSchema, fieldNotes } from '../../../model/parameters.js';
import { type NumericParameter, sliderRanges } from '../../content/ranges.js';
import { MAP_OBSERVABLES, type MapObservable } from '../../map/grid.js';
import { changeSettings, page } from '../../state/store.js';
import { axisTitle, mapTitles } from './mapPlot.js';

const names = (Object.keys(sliderRanges) as NumericParameter[]).filter((name) => name !== 'V');

function AxisControls({ which }: { readonly which: 'X' | 'Y' }) {
  const { settings, parameters } = page.value;
  const name = settings[`map${which}`];
  const spacing = settings[`map${which}Spacing`];
  const other = settings[which === 'X' ? 'mapY' : 'mapX'];
  const [wrong, setWrong] = useState<string | null>(null);
  const choose = (chosen: NumericParameter) => {
    const { from, to, spacing: usual } = sliderRanges[chosen];
    setWrong(null);
    changeSettings({
      [`map${which}`]: chosen,
      [`map${which}From`]: from,
      [`map${which}To`]: to,
      [`map${which}Spacing`]: usual,
    });
  };
  const enter = (end: 'From' | 'To', text: string) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    try {
      deviceParameters({ ...parameters, [name]: value });
      const from = end === 'From' ? value : settings[`map${which}From`];
      const to = end === 'To' ? value : settings[`map${which}To`];
      if (!(from < to)) throw new RangeError(`${name}: the left end must be below the right end`);
      changeSettings({ [`map${which}${end}`]: value });
      setWrong(null);
    } catch (error) {
      setWrong((error as Error).message);
    }
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
              {axisTitle(n)}: {fieldNotes(deviceSchema, n).description.split(',')[0]}
            </option>
          ))}
      </select>
      {(['From', 'To'] as const).map((end) => (
        <label key={end} class="inline">
          {end.toLowerCase()}
          <input
            type="text"
            inputMode="decimal"
            size={7}
            value={String(settings[`map${which}${end}`])}
            onChange={(event) => enter(end, event.currentTarget.value)}
          />
        </label>
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
      {wrong === null ? null : (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
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
                {mapTitles[name]}
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
