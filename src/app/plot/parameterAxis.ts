/** The axis of a parameter that a picture varies. */
import { quantitative } from '../../figures/theme.js';
import { deviceSchema, fieldNotes } from '../../model/parameters.js';
import { symbolOf } from '../content/symbols.js';
import type { Axis } from '../map/grid.js';

/** A unit beside a name, where there is one. */
export const unitBeside = (unit: string): string =>
  unit === '' || unit === '1' ? '' : ` (${unit.replace('hbar', 'ħ')})`;

/** @param field of the data @param domain from where to where it is drawn */
export const alongParameter = (
  field: string,
  { name, spacing }: Axis,
  domain: readonly [number, number],
) =>
  quantitative(field, `${symbolOf(name)}${unitBeside(fieldNotes(deviceSchema, name).unit)}`, {
    scale: {
      domain,
      nice: false,
      ...(spacing === 'logarithmic' ? { type: 'log' } : { zero: false }),
    },
    axis: { tickCount: 6 },
  });
