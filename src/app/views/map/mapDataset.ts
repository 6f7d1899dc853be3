/** A map's numbers as a table: one row for each point that is computed. */
import type { Column, Dataset } from '../../../figures/dataset.js';
import { describedObservable, observableRecord } from '../../../simulate/observableRecords.js';
import type { Atlas } from '../../map/atlas.js';
import { along, EDGE, MAP_OBSERVABLES, MAP_WIDTH, slotOf } from '../../map/grid.js';

export function mapDataset({ request: { x, y, size, extra }, values, strides }: Atlas): Dataset {
  const names = [...MAP_OBSERVABLES, ...(extra === null ? [] : [extra])];
  const columns: Column[] = [
    { name: x.name, unit: '', description: 'horizontal axis' },
    { name: y.name, unit: '', description: 'vertical axis' },
    ...names.map((name) => ({
      name,
      unit: observableRecord(name).unit,
      description: describedObservable(name),
    })),
    { name: 'edge', unit: '', description: 'larger population at an edge of the window' },
  ];
  const rows: Record<string, number | string | null>[] = [];
  for (let place = 0; place < size * size; place++) {
    if (strides[place] === 0) continue;
    const i = place % size;
    const row: Record<string, number | string | null> = {
      [x.name]: along(x, i / (size - 1)),
      [y.name]: along(y, (place - i) / size / (size - 1)),
    };
    names.forEach((name) => {
      const value = values[place * MAP_WIDTH + slotOf(name)];
      if (Number.isNaN(value)) row[name] = null;
      else row[name] = observableRecord(name).words?.[value] ?? value;
    });
    row.edge = values[place * MAP_WIDTH + EDGE];
    rows.push(row);
  }
  return { columns, rows };
}
