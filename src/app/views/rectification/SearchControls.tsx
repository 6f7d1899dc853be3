/** What is searched, and by which figure of merit. */
import { isPotentialParameter } from '../../../model/potentialParameters.js';
import { SettingChoice } from '../../components/Choice.js';
import { sliderRanges } from '../../content/ranges.js';
import { symbolOf } from '../../content/symbols.js';
import type { Settings } from '../../state/page.js';
import { changeSettings, page } from '../../state/store.js';

const names = Object.keys(sliderRanges).filter(
  (name) => !isPotentialParameter(name),
) as Settings['over'][];

export function SearchControls() {
  const { over, alpha } = page.value.settings;
  return (
    <div class="controls">
      <SettingChoice
        name="quantity"
        title="Rectified"
        options={[
          ['heat', 'heat'],
          ['angular', 'angular momentum'],
        ]}
      />
      <SettingChoice
        name="over"
        title="Searched over"
        options={names.map((name) => [name, symbolOf(name)])}
      />
      <SettingChoice
        name="and"
        title="and"
        options={[
          ['nothing', 'nothing else'],
          ...names.filter((name) => name !== over).map((name) => [name, symbolOf(name)] as const),
        ]}
      />
      <label class="choice">
        <span>Weight α of R against J: {alpha}</span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={alpha}
          onChange={(event) =>
            changeSettings({ alpha: event.currentTarget.valueAsNumber }, { by: 'alpha' })
          }
        />
      </label>
      <SettingChoice
        name="definition"
        title="R angular"
        options={[
          ['signed', 'as printed, Eq. (42)'],
          ['magnitude', 'of the magnitudes of ⟨L_z⟩'],
        ]}
      />
    </div>
  );
}
