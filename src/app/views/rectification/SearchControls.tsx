/** What is searched, and by which figure of merit. */
import { isPotentialParameter } from '../../../model/potentialParameters.js';
import { sliderRanges } from '../../content/ranges.js';
import { symbolOf } from '../../content/symbols.js';
import type { Settings } from '../../state/page.js';
import { changeSettings, page } from '../../state/store.js';

const names = Object.keys(sliderRanges).filter(
  (name) => !isPotentialParameter(name),
) as Settings['over'][];

export function SearchControls() {
  const { over, and, quantity, alpha, definition } = page.value.settings;
  return (
    <div class="controls">
      <label class="choice">
        <span>Rectified</span>
        <select
          value={quantity}
          onChange={(event) =>
            changeSettings({ quantity: event.currentTarget.value as Settings['quantity'] })
          }
        >
          <option value="heat">heat</option>
          <option value="angular">angular momentum</option>
        </select>
      </label>
      <label class="choice">
        <span>Searched over</span>
        <select
          value={over}
          onChange={(event) =>
            changeSettings({ over: event.currentTarget.value as Settings['over'] })
          }
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {symbolOf(name)}
            </option>
          ))}
        </select>
      </label>
      <label class="choice">
        <span>and</span>
        <select
          value={and}
          onChange={(event) =>
            changeSettings({ and: event.currentTarget.value as Settings['and'] })
          }
        >
          <option value="nothing">nothing else</option>
          {names
            .filter((name) => name !== over)
            .map((name) => (
              <option key={name} value={name}>
                {symbolOf(name)}
              </option>
            ))}
        </select>
      </label>
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
      <label class="choice">
        <span>R angular</span>
        <select
          value={definition}
          onChange={(event) =>
            changeSettings({ definition: event.currentTarget.value as Settings['definition'] })
          }
        >
          <option value="signed">as printed, Eq. (42)</option>
          <option value="magnitude">of the magnitudes of ⟨L_z⟩</option>
        </select>
      </label>
    </div>
  );
}
