/** What stands beside the master equation, as points on its curves and as a table. */
import type { Dataset } from '../../../figures/dataset.js';
import { observableColumn } from '../../../figures/dataset.js';
import type { Rows } from '../../plot/vega.js';
import { BESIDE_NAMES, type BesideName, type BesideResult } from '../../studies/beside.js';
import { type Spacing, timesOf } from './evolutionPlots.js';
import type { Series } from './series.js';

const isBeside = (name: string): name is BesideName =>
  (BESIDE_NAMES as readonly string[]).includes(name);

/** @param unit in which the curves are drawn */
export const pointRows = (
  { moments }: BesideResult,
  { curves }: Series,
  spacing: Spacing,
  unit: number,
): Rows =>
  timesOf(moments, spacing).flatMap(({ t, told }) =>
    curves.flatMap(({ name, label }) => {
      const found = isBeside(name) ? told[name] : undefined;
      if (found === undefined) return [];
      const { mean, error } = found;
      const bar = error ?? 0;
      return [
        {
          t,
          curve: label,
          value: mean / unit,
          low: (mean - bar) / unit,
          high: (mean + bar) / unit,
        },
      ];
    }),
  );

const columnOf = (name: BesideName): string => name.split('.')[1];

export function besideDataset({ moments }: BesideResult): Dataset {
  const names = BESIDE_NAMES.filter((name) => moments[0].told[name] !== undefined);
  const hasBars = moments[0].told['rotor.Lz']?.error !== null;
  return {
    columns: [
      { name: 't', unit: '1/energy', description: 'time' },
      ...names.flatMap((name) => {
        const column = observableColumn(name, columnOf(name));
        if (!hasBars) return [column];
        const description = `how far the mean ${columnOf(name)} may be off`;
        return [column, { ...column, name: `${columnOf(name)}_error`, description }];
      }),
    ],
    rows: moments.map(({ t, told }) => ({
      t,
      ...Object.fromEntries(
        names.flatMap((name) => [
          [columnOf(name), told[name]?.mean ?? null],
          [`${columnOf(name)}_error`, told[name]?.error ?? null],
        ]),
      ),
    })),
  };
}
