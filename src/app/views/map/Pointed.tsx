/** The numbers of the point of the map that is pointed at, or else pinned. */
import type { ObservableName } from '../../../simulate/observableRecords.js';
import { OPERATIONS } from '../../../thermo/operation.js';
import { Explained } from '../../components/Explained.js';
import { brief, signed } from '../../components/format.js';
import { titleOf } from '../../content/observables.js';
import { atlas, drawn } from '../../map/atlas.js';
import { coordinates, MAP_OBSERVABLES, valueAt } from '../../map/grid.js';

export function Pointed({ place }: { readonly place: number | null }) {
  const map = atlas.answer.value?.result ?? null;
  // The values change in place.
  void drawn.value;
  if (map === null || place === null) {
    return (
      <p class="pointed note" aria-live="polite">
        Point at the map for its numbers; click to pin them. Drag over a part to see it larger, with
        Shift to move; Ctrl and the wheel zoom.
      </p>
    );
  }
  const at = coordinates(map.request, place);
  const known = map.strides[place] > 0;
  const operation = OPERATIONS[valueAt(map.values, place, 'operation')];
  const { extra } = map.request;
  const textOf = (name: ObservableName) => {
    const value = valueAt(map.values, place, name);
    return !known || Number.isNaN(value) ? '–' : signed(value);
  };
  return (
    <dl class="pointed" aria-live="polite">
      {(['x', 'y'] as const).map((axis, k) => (
        <div key={axis}>
          <dt>
            <Explained name={map.request[axis].name} />
          </dt>
          <dd>{brief(at[k], 5)}</dd>
        </div>
      ))}
      {extra === null ? null : (
        <div>
          <dt>{titleOf(extra)}</dt>
          <dd data-pointed={extra}>{textOf(extra)}</dd>
        </div>
      )}
      {MAP_OBSERVABLES.map((name) => (
        <div key={name}>
          <dt>
            <Explained name={name} />
          </dt>
          <dd data-pointed={name}>
            {name === 'operation' ? (known ? (operation ?? '–') : '–') : textOf(name)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
