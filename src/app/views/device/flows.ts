/** The energy flows of a steady state, in the order and at the places of the diagram. */
import type { Dataset } from '../../../figures/dataset.js';
import type { QuantityName } from '../../content/quantities.js';
import type { SteadyResult } from '../../solver/protocol.js';

export type Side = 'left' | 'right' | 'top' | 'bottom';

export interface Flow {
  readonly name: QuantityName;
  /** As plain text: the diagram is also a file. */
  readonly symbol: string;
  readonly side: Side;
  readonly kind: 'heat' | 'work';
  readonly value: number;
}

export function flowsOf({ observables }: SteadyResult): readonly Flow[] {
  const { heat, work } = observables;
  return [
    { name: 'Q1', symbol: 'Q̇₁', side: 'left', kind: 'heat', value: heat.Q1 },
    { name: 'Q2', symbol: 'Q̇₂', side: 'right', kind: 'heat', value: heat.Q2 },
    { name: 'Qr', symbol: 'Q̇ᵣ', side: 'bottom', kind: 'heat', value: heat.Qr },
    { name: 'WQ', symbol: 'Ẇ(Q)', side: 'top', kind: 'work', value: work.WQ },
  ];
}

export const flowDataset = (result: SteadyResult): Dataset => ({
  columns: [
    { name: 'flow', unit: '', description: 'heat or work, positive into the device' },
    { name: 'value', unit: 'energy/time', description: 'energy per time' },
  ],
  rows: [
    ...flowsOf(result).map(({ name, value }) => ({ flow: name, value })),
    { flow: 'Wr', value: result.observables.work.Wr },
    { flow: 'V', value: result.observables.work.V },
    { flow: 'firstLaw', value: result.observables.firstLaw },
  ],
});
