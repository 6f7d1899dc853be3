/** What the map varies, over what range, and what it shows. */

import { AxisControls } from '../../components/AxisControls.js';
import { Choice, SettingChoice } from '../../components/Choice.js';
import { isToldOf, titleOf } from '../../content/observables.js';
import { mapRequest } from '../../map/atlas.js';
import { MAP_SHOWN, MOST_IN_POTENTIAL, reachesPotential } from '../../map/grid.js';
import { changeSettings, page } from '../../state/store.js';

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
        <SettingChoice
          name="mapShow"
          title="Shown"
          options={MAP_SHOWN.filter(
            (name) => name === settings.mapShow || isToldOf(name, withPotential),
          ).map((name) => [name, titleOf(name)])}
        />
        <Choice
          title="Points along each axis"
          value={size}
          options={sizes.map((one) => [one, String(one)])}
          choose={(mapSize) => changeSettings({ mapSize })}
        />
      </div>
      <AxisControls of="mapX" title="Horizontal axis" except={settings.mapY} />
      <AxisControls of="mapY" title="Vertical axis" except={settings.mapX} />
    </div>
  );
}
