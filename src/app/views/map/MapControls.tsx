/** What the map varies, over what range, and what it shows. */

import type { ObservableName } from '../../../simulate/observableRecords.js';
import { AxisControls } from '../../components/AxisControls.js';
import { isToldOf } from '../../content/observables.js';
import { mapRequest } from '../../map/atlas.js';
import { MAP_SHOWN, MOST_IN_POTENTIAL, reachesPotential } from '../../map/grid.js';
import { changeSettings, page } from '../../state/store.js';
import { mapTitle } from './mapPlot.js';

/** Any number may be in the address; these are offered. */
const SIZES = [50, 100, 200, 400, 800];

export function MapControls() {
  const { parameters, settings } = page.value;
  const { x, y, size } = mapRequest();
  const withPotential = reachesPotential(parameters, [x, y]);
  const sizes = [...new Set([...SIZES, size])]
    .filter((one) => !withPotential || one <= MOST_IN_POTENTIAL)
    .sort((a, b) => a - b);
  return (
    <div class="controls">
      <div class="stack">
        <label class="choice">
          <span>Shown</span>
          <select
            value={settings.mapShow}
            onChange={(event) =>
              changeSettings({ mapShow: event.currentTarget.value as ObservableName })
            }
          >
            {MAP_SHOWN.filter(
              (name) => name === settings.mapShow || isToldOf(name, withPotential),
            ).map((name) => (
              <option key={name} value={name}>
                {mapTitle(name)}
              </option>
            ))}
          </select>
        </label>
        <label class="choice">
          <span>Points along each axis</span>
          <select
            value={String(size)}
            onChange={(event) => changeSettings({ mapSize: Number(event.currentTarget.value) })}
          >
            {sizes.map((one) => (
              <option key={one} value={String(one)}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </div>
      <AxisControls of="mapX" title="Horizontal axis" except={settings.mapY} />
      <AxisControls of="mapY" title="Vertical axis" except={settings.mapX} />
    </div>
  );
}
