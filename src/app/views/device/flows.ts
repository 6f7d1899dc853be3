/** The energy flows of a steady state, in the order and at the places of the diagram. */
import type { Dataset } from '../../../figures/dataset.js';
import { observableRecords } from '../../../simulate/observableRecords.js';
import { observed } from '../../../simulate/observe.js';
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

const drawn = [
  { name: 'heat.Q1', side: 'left', kind: 'heat' },
  { name: 'heat.Q2', side: 'right', kind: 'heat' },
  { name: 'heat.Qr', side: 'bottom', kind: 'heat' },
  { name: 'work.WQ', side: 'top', kind: 'work' },
] as const satisfies readonly Omit<Flow, 'symbol' | 'value'>[];

export const flowsOf = ({ observables }: SteadyResult): readonly Flow[] =>
  drawn.map((flow) => ({
    ...flow,
    symbol: observableRecords[flow.name].symbol.replace('^', ''),
    value: Number(observed(observables, flow.name)),
  }));

export const flowDataset = (result: SteadyResult): Dataset => ({
  columns: [
    { name: 'flow', unit: '', description: 'heat or work, positive into the device' },
    { name: 'value', unit: 'energy/time', description: 'energy per time' },
  ],
  rows: [
    ...flowsOf(result).map(({ name, value }) => ({
      // As its column has always called it: without its group.
      flow: name.split('.')[1],
      value,
    })),
    { flow: 'Wr', value: result.observables.work.Wr },
    { flow: 'V', value: result.observables.work.V },
    { flow: 'firstLaw', value: result.observables.firstLaw },
  ],
});
