/** What of a device is drawn against time, several curves at once. */
import { type Curve, looks } from '../../../figures/theme.js';
import type { ObservableName, Observables } from '../../../simulate/observableRecords.js';
import { observed } from '../../../simulate/observe.js';
import type { Snapshot } from '../../../simulate/snapshot.js';
import type { QuantityName } from '../../content/quantities.js';
import type { SeriesName } from '../../content/seriesNames.js';

type DrawnName = ObservableName & QuantityName;

export interface Series {
  readonly title: string;
  readonly axis: string;
  readonly unit: string;
  readonly curves: readonly (Curve & {
    readonly name: DrawnName;
    /** Of its column in tables. */
    readonly column: string;
    readonly read: (snapshot: Snapshot) => number;
  })[];
}

/** What a snapshot has of an observable. */
export const readOf = (name: ObservableName) => (snapshot: Snapshot) =>
  Number(observed(snapshot as unknown as Observables, name));

/** @param labels by the names of what is drawn */
const curvesOf = (labels: Readonly<Partial<Record<DrawnName, string>>>): Series['curves'] =>
  (Object.entries(labels) as [DrawnName, string][]).map(([name, label], k) => ({
    name,
    column: name.split('.')[1],
    label,
    ...looks[k],
    read: readOf(name),
  }));

export const SERIES: Readonly<Record<SeriesName, Series>> = {
  power: {
    title: 'Powers',
    axis: 'power',
    unit: 'energy/time',
    curves: curvesOf({
      'power.kinetic': 'kinetic',
      'power.intrinsic': 'intrinsic',
      'power.net': 'net',
      'power.backAction': 'back-action',
    }),
  },
  flows: {
    title: 'Heat and work',
    axis: 'heat, work',
    unit: 'energy/time',
    curves: curvesOf({
      'heat.Q1': 'Q̇₁',
      'heat.Q2': 'Q̇₂',
      'heat.Qr': 'Q̇ᵣ',
      'work.WQ': 'Ẇ(Q)',
    }),
  },
  momentum: {
    title: 'Angular momentum',
    axis: '⟨L_z⟩',
    unit: 'ħ',
    curves: curvesOf({ 'rotor.Lz': '⟨L_z⟩' }),
  },
};
