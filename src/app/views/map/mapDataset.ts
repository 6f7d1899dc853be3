/** A map's numbers as a table: one row for each point that is computed. */
import { type Column, type Dataset, observableColumn } from '../../../figures/dataset.js';
import { observableRecord } from '../../../simulate/observableRecords.js';
import type { Atlas } from '../../map/atlas.js';
import { coordinates, EDGE, MAP_OBSERVABLES, MAP_WIDTH, valueAt } from '../../map/grid.js';

export function mapDataset({ request, values, strides }: Atlas): Dataset {
  const { x, y, size, extra } = request;
  const names = [...MAP_OBSERVABLES, ...(extra === null ? [] : [extra])];
  const columns: Column[] = [
    { name: x.name, unit: '', description: 'horizontal axis' },
    { name: y.name, unit: '', description: 'vertical axis' },
    ...names.map((name) => observableColumn(name, name)),
    { name: 'edge', unit: '', description: 'larger population at an edge of the window' },
  ];
  const rows: Record<string, number | string | null>[] = [];
  for (let place = 0; place < size * size; place++) {
    if (strides[place] === 0) continue;
    const [atX, atY] = coordinates(request, place);
    const row: Record<string, number | string | null> = { [x.name]: atX, [y.name]: atY };
    names.forEach((name) => {
      const value = valueAt(values, place, name);
      if (Number.isNaN(value)) row[name] = null;
      else row[name] = observableRecord(name).words?.[value] ?? value;
    });
    row.edge = values[place * MAP_WIDTH + EDGE];
    rows.push(row);
  }
  return { columns, rows };
}
